/** Judges mutants, one after the other: a line with a case comes in, a line with what came of it goes out on its own channel. */
import { readSync, writeSync } from 'node:fs';
import { ANSWERS_TO, startLimit, usedMs } from './limit.ts';
import { collect } from './quick-vitest.ts';
import { serve } from './serve.ts';
import type { Answer, Case, Trial } from './trial.ts';

type WorldTrial = Pick<typeof import('./world-trial.ts'), 'tryWorld'>;
type Collected = Awaited<ReturnType<typeof collect>>;

/** Lines are read as they are wanted: while a case runs, nothing else keeps the process alive. */
function* lines(): Generator<string> {
  const chunk = Buffer.alloc(1 << 16);
  let text = '';
  for (let size = 1; size > 0; ) {
    size = readSync(0, chunk);
    text += chunk.toString('latin1', 0, size);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield Buffer.from(text.slice(0, end), 'latin1').toString('utf8');
      text = text.slice(end + 1);
    }
  }
}

const input = lines();
const { folder } = JSON.parse(input.next().value ?? '') as { readonly folder: string };
const limit = startLimit();
const serving = serve(folder);

/** Where it is, for what is thrown where nobody waits for it. */
let current = '';

function answer(said: Answer): void {
  writeSync(ANSWERS_TO, `${JSON.stringify(said)}\n`);
}

process.on('uncaughtException', (error) => {
  answer({ noticedBy: current, because: error.message, begun: limit.begun(), isLast: true });
  process.exit(0);
});

async function judge({ fault, trials, patienceMs }: Case): Promise<Answer> {
  serving.begin(fault);
  const files = new Map<string, Collected>();
  const until = usedMs() + patienceMs;
  for (const [place, { trial, limitMs }] of trials.entries()) {
    if (place > 0 && usedMs() > until) return { noticedBy: null, because: 'patience', begun: place, isLast: false };
    limit.allow(limitMs, place + 1);
    const because = await attempt(trial, files);
    if (because !== null) return { noticedBy: current, because, begun: place + 1, isLast: false };
  }
  return { noticedBy: null, because: '', begun: trials.length, isLast: false };
}

/** What a trial notices, or null. */
async function attempt(trial: Trial, files: Map<string, Collected>): Promise<string | null> {
  current = 'world' in trial ? `world ${trial.world}` : trial.file;
  try {
    if ('world' in trial) {
      const { tryWorld } = (await import(serving.urlOf('test/mutants/world-trial.ts'))) as WorldTrial;
      tryWorld(folder, trial.world);
      return null;
    }
    const test = (await collected(trial.file, files)).tests[trial.test];
    // A table of cases may be shorter by the fault, and no case of it would notice.
    if (test === undefined) throw new Error('there are fewer tests');
    current = `${trial.file} › ${test.name}`;
    await test.run();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function collected(file: string, files: Map<string, Collected>): Promise<Collected> {
  const known = files.get(file);
  if (known !== undefined) return known;
  const found = await collect(serving.urlOf(file));
  for (const run of found.before) await run();
  files.set(file, found);
  return found;
}

for (const line of input) answer(await judge(JSON.parse(line) as Case));
process.exit(0);
