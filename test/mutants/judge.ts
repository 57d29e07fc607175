/** Judges mutants: reads a job from standard input, answers on its own channel. Each has modules of its own. */
import { readFileSync, writeSync } from 'node:fs';
import { ANSWERS_TO, startLimit } from './limit.ts';
import { collect } from './quick-vitest.ts';
import { serve, urlOf } from './serve.ts';
import type { Answer, Job, Trial } from './trial.ts';

type WorldTrial = Pick<typeof import('./world-trial.ts'), 'tryWorld'>;

const { folder, cases } = JSON.parse(readFileSync(0, 'utf8')) as Job;
const allow = startLimit();
serve(
  folder,
  cases.map(({ fault }) => fault),
);

/** Where it is, for what is thrown where nobody waits for it. */
let current = '';

function answer(said: Answer): void {
  writeSync(ANSWERS_TO, `${JSON.stringify(said)}\n`);
}

process.on('uncaughtException', (error) => {
  answer({ noticedBy: current, because: error.message });
  process.exit(0);
});

async function judge(place: number): Promise<Answer> {
  for (const { trial, limitMs } of cases[place]?.trials ?? []) {
    allow(limitMs);
    const noticed = await attempt(place, trial);
    if (noticed !== null) return noticed;
  }
  return { noticedBy: null };
}

async function attempt(place: number, trial: Trial): Promise<Answer | null> {
  current = 'world' in trial ? `world ${trial.world}` : trial.file;
  try {
    if ('world' in trial) {
      const { tryWorld } = (await import(urlOf('test/mutants/world-trial.ts', place))) as WorldTrial;
      tryWorld(folder, trial.world);
      return null;
    }
    const { tests, before, after } = await collect(urlOf(trial.file, place));
    for (const run of before) await run();
    for (const wanted of trial.tests) {
      const test = tests[wanted];
      // A table of cases may be shorter by the fault, and no case of it would notice.
      if (test === undefined) throw new Error('there are fewer tests');
      current = `${trial.file} › ${test.name}`;
      await test.run();
    }
    for (const run of after) await run();
    return null;
  } catch (error) {
    return { noticedBy: current, because: error instanceof Error ? error.message : String(error) };
  }
}

for (const place of cases.keys()) answer(await judge(place));
process.exit(0);
