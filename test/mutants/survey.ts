/** Runs every trial on the sound code once and says, of each, how long it took and to which places it got. */
import { readFileSync, writeSync } from 'node:fs';
import { Session } from 'node:inspector';
import { ANSWERS_TO, usedMs } from './limit.ts';
import { collect } from './quick-vitest.ts';
import { serve, urlOf } from './serve.ts';
import type { Surveyed, SurveyJob, Trial } from './trial.ts';

type Reached = Record<string, number[]>;

const session = new Session();
const { folder, worlds, files, fileMs, places } = JSON.parse(readFileSync(0, 'utf8')) as SurveyJob;
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

function say(surveyed: Surveyed): void {
  writeSync(ANSWERS_TO, `${JSON.stringify(surveyed)}\n`);
}

async function survey(trial: Trial, name: string, run: () => unknown): Promise<void> {
  const before = usedMs();
  let failure: string | null = null;
  try {
    await run();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  say({ trial, name, cpuMs: usedMs() - before, failure, reached: reachedSince() });
}

serve(folder, []);
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
for (const file of Object.keys(places)) await import(urlOf(file));
// What is got to by loading alone, every trial gets to.
say({ trial: { world: -1 }, name: 'loading', cpuMs: 0, failure: null, reached: reachedSince() });
const { tryWorld } = await import('./world-trial.ts');
for (const world of worlds) await survey({ world }, `world ${world}`, () => tryWorld(folder, world));
/** Which tests of a file come first: where there are more than is bearable, those that run lie all over the file. */
const STEP = 5;

for (const file of files) {
  const collected = { tests: [], before: [], after: [] } as Awaited<ReturnType<typeof collect>>;
  const since = usedMs();
  await survey({ file, tests: [] }, file, async () => {
    Object.assign(collected, await collect(urlOf(file)));
    for (const before of collected.before) await before();
  });
  const order = [...collected.tests.entries()].sort(([a], [b]) => (a % STEP) - (b % STEP) || a - b);
  for (const [place, { name, run }] of order) {
    if (usedMs() - since > fileMs) break;
    await survey({ file, tests: [place] }, `${file} › ${name}`, run);
  }
  for (const after of collected.after) await after();
}
process.exit(0);
