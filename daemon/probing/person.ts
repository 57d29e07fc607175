/** The model that knows people, loaded and asked once. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PersonSource } from '../../adapters/person-model.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { PersonAnswered, PersonAsked, PersonTrouble } from '../cameras/person-thread.ts';
import { type Reader, StepFailure, tell } from './steps.ts';

/** Reading it from a slow disk, and one look. */
const LIMIT_MS: Ms = MINUTE;
const SIDE = 128;

/** What it is, and how long it takes; throws an `Error` that says why it cannot be used. */
export async function tryPersonModel(source: PersonSource, reader: Reader): Promise<string> {
  const thread = new Worker(new URL('../cameras/person-thread.ts', import.meta.url), {
    ...{ execArgv: [], env: {}, workerData: source, stdout: true, stderr: true },
  });
  thread.stdout.resume();
  thread.stderr.resume();
  const signal = AbortSignal.timeout(LIMIT_MS);
  const answer = async (): Promise<PersonAnswered> => {
    const [answered] = (await once(thread, 'message', { signal })) as [PersonAnswered];
    if (answered.answer === 'refused') {
      const { reason, said, remedy } = personTroubleSaid(answered, reader);
      throw new StepFailure('no', reason, said, remedy ?? '');
    }
    return answered;
  };
  try {
    const ready = await answer();
    const pixels = new Uint8Array(SIDE * SIDE).fill(128);
    const picture = { width: SIDE, height: SIDE, pixels };
    const asked: PersonAsked = { number: 1, cut: { picture, seat: { x: 0, y: 0, width: 1, height: 1 } } };
    thread.postMessage(asked);
    const looked = await answer();
    const name = ready.answer === 'ready' ? ready.name : source.model;
    const took = Math.round(looked.answer === 'scored' ? looked.tookMs : 0);
    return tell(reader, `${name}，看一次 ${took} ms`, `${name}, ${took} ms a look`);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Error(tell(reader, `${LIMIT_MS / SECOND} s 内没有应答`, `no answer within ${LIMIT_MS / SECOND} s`));
  } finally {
    await thread.terminate();
  }
}

const FAULTS: Readonly<Record<PersonTrouble['fault'], readonly [zh: string, en: string]>> = {
  'not-installed': ['所需的包没有安装', 'the packages that it needs are not installed'],
  broken: ['所需的包不能用', 'the packages that it needs do not work'],
  unreadable: ['模型文件读不了', 'the file of the model cannot be read'],
  unfit: ['模型文件不合用', 'the file is not a model that is known here'],
  failed: ['模型出错，过一会儿再试', 'it failed, and is tried again after a while'],
};

/** Why there is no model, in the reader's language; the detail as it came. */
export function personTroubleSaid({ fault, because, remedy }: PersonTrouble, reader: Reader) {
  const plain = tell(reader, ...FAULTS[fault]);
  // What is not there, the remedy names.
  const said = fault === 'not-installed' ? plain : tell(reader, `${plain}（${because}）`, `${plain} (${because})`);
  return { reason: fault, said, remedy: remedy === null ? null : tell(reader, `运行：${remedy}`, `Run: ${remedy}`) };
}
