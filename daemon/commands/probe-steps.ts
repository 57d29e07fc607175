/** A probe as its steps: each timed, told as it ends, and the first that fails ends it. */
import type { Ms } from '../../rules/time.ts';
import { systemElapsed } from '../clock.ts';
import { Exit, type Io, tell } from './io.ts';

export type StepName =
  | 'address'
  | 'port'
  | 'onvif'
  | 'login'
  | 'profiles'
  | 'stream'
  | 'first-frame'
  | 'interval'
  | 'picture'
  | 'snapshot'
  | 'broker'
  | 'status'
  | 'message';

const NAMES: Readonly<Record<StepName, readonly [zh: string, en: string]>> = {
  address: ['地址', 'address'],
  port: ['端口', 'port'],
  onvif: ['ONVIF', 'ONVIF'],
  login: ['登录', 'login'],
  profiles: ['码流列表', 'profiles'],
  stream: ['打开码流', 'stream'],
  'first-frame': ['第一幅', 'first frame'],
  interval: ['间隔', 'interval'],
  picture: ['画面', 'picture'],
  snapshot: ['抓拍', 'snapshot'],
  broker: ['MQTT', 'MQTT broker'],
  status: ['状态', 'status'],
  message: ['消息', 'message'],
};

/** What a step found: for people, and by itself for `--json`. */
export interface Finding {
  readonly said: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A step did not do. `code`: how the command ends. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly code: number;
  /** The cause in a word, for `--json`. */
  readonly reason: string;
  /** What to do about it, in the reader's language. */
  readonly remedy: string;

  constructor(code: number, reason: string, said: string, remedy: string) {
    super(said);
    this.code = code;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** A line of `--json`'s `steps`. */
interface Told {
  readonly step: StepName;
  readonly ok: boolean;
  readonly ms: Ms;
  readonly said: string;
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const NAME_WIDTH = { zh: 8, en: 11 } as const;

export class Steps {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #told: Told[] = [];

  constructor(io: Io, json: boolean) {
    this.#io = io;
    this.#json = json;
  }

  /** Does a step and tells it. Rejects with the `StepFailure` of one that did not do. */
  async run<T>(step: StepName, act: () => Promise<readonly [T, Finding]>): Promise<T> {
    const startedAt = systemElapsed();
    try {
      const [result, { said, data }] = await act();
      this.#tell({ step, ok: true, ms: systemElapsed() - startedAt, said, ...(data === undefined ? {} : { data }) });
      return result;
    } catch (error) {
      if (error instanceof StepFailure) {
        const { message: said, reason } = error;
        this.#tell({ step, ok: false, ms: systemElapsed() - startedAt, said, reason });
      }
      throw error;
    }
  }

  /** Ends the command: with its JSON, and with the code and remedy of the step that failed. */
  end(source: string, failure: StepFailure | null): void {
    if (this.#json) {
      const remedy = failure?.remedy ?? null;
      this.#io.out(`${JSON.stringify({ source, ok: failure === null, remedy, steps: this.#told })}\n`);
    }
    if (failure === null) this.#io.say(tell(this.#io, '全部通过。', 'Everything is fine.'));
    else throw new Exit(failure.code, tell(this.#io, `怎么办：${failure.remedy}`, `What to do: ${failure.remedy}`));
  }

  #tell(told: Told): void {
    this.#told.push({ ...told, ms: Math.round(told.ms) });
    if (this.#json) return;
    const name = tell(this.#io, ...NAMES[told.step]);
    const width =
      this.#io.lang === 'zh' ? [...name].reduce((sum, char) => sum + (char > '\xff' ? 2 : 1), 0) : name.length;
    const padded = name + ' '.repeat(Math.max(0, NAME_WIDTH[this.#io.lang] - width));
    const seconds = (told.ms / 1000).toFixed(2).padStart(6);
    this.#io.out(`${told.ok ? '✓' : '✗'} ${padded} ${seconds} s  ${told.said}\n`);
  }
}
