/** Runs the trials of a unit on the sound code once and says, of each, how long it took and to which places it got. */
import { readFileSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { ANSWERS_TO, usedMs } from './limit.ts';
import { collect } from './quick-vitest.ts';
import { serve } from './serve.ts';
import type { Surveyed, SurveyJob, Trial } from './trial.ts';

type Reached = Record<string, number[]>;

const session = new Session();
const { folder, unit, fileMs, places } = JSON.parse(readFileSync(0, 'utf8')) as SurveyJob;
const { urlOf } = serve(folder);
const fileOf = new Map(Object.keys(places).map((file) => [urlOf(file), file]));

/** The places that were got to since this was last asked, by V8's own counting of blocks. */
function reachedSince(): Reached {
  const reached: Reached = {};
  session.post('Profiler.takePreciseCoverage', (error, coverage) => {
    if (error !== null) throw error;
    for (const { url, functions } of coverage.result) {
      const file = fileOf.get(url);
      if (file === undefined) continue;
      const ranges = functions.flatMap((one) => one.ranges).sort((a, b) => lengthOf(a) - lengthOf(b));
      const isReached = (place: number): boolean =>
        (ranges.find(({ startOffset, endOffset }) => startOffset <= place && place < endOffset)?.count ?? 0) > 0;
      const found = (places[file] ?? []).flatMap((place, i) => (isReached(place) ? [i] : []));
      if (found.length > 0) reached[file] = found;
    }
  });
  return reached;
}

function lengthOf({ startOffset, endOffset }: { startOffset: number; endOffset: number }): number {
  return endOffset - startOffset;
}

async function survey(trial: Trial | null, name: string, run: () => unknown): Promise<void> {
  const before = usedMs();
  let failure: string | null = null;
  try {
    await run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const surveyed: Surveyed = { trial, name, cpuMs: usedMs() - before, failure, reached: reachedSince() };
  writeSync(ANSWERS_TO, `${JSON.stringify(surveyed)}\n`);
}

async function surveyWorlds(worlds: readonly number[]): Promise<void> {
  const { tryWorld } = (await import(urlOf('test/mutants/world-trial.ts'))) as typeof import('./world-trial.ts');
  await survey(null, 'loading the rules', () => {});
  for (const world of worlds) await survey({ world }, `world ${world}`, () => tryWorld(folder, world));
}

/** Says nothing of a fault: here the sound code is slow already. */
const MEASURES_TIME = /processor time/;

/** Which tests of a file come first: where there are more than is bearable, those that run lie all over the file. */
const STEP = 5;

async function surveyFile(file: string): Promise<void> {
  const collected = { tests: [], before: [], after: [] } as Awaited<ReturnType<typeof collect>>;
  const since = usedMs();
  await survey(null, `loading ${file}`, async () => {
    Object.assign(collected, await collect(urlOf(file)));
    for (const before of collected.before) await before();
  });
  const order = [...collected.tests.entries()].sort(([a], [b]) => (a % STEP) - (b % STEP) || a - b);
  for (const [test, { name, run }] of order) {
    if (usedMs() - since > fileMs) break;
    if (MEASURES_TIME.test(name)) continue;
    await survey({ file, test }, `${file} › ${name}`, run);
  }
  for (const after of collected.after) await after();
}

session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
if ('file' in unit) await surveyFile(unit.file);
else await surveyWorlds(unit.worlds);
process.exit(0);
