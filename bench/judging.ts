/**
 * A process of its own that reads facts, goes once over them with the simplest loop there is, and then judges them as
 * `replay` does. `node bench/judging.ts <hall.yaml> <facts> <now>` prints what it found and took as JSON.
 */

import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../config/load.ts';
import { linesTogether } from '../daemon/commands/lines.ts';
import { FactLineReader } from '../daemon/fact-lines.ts';
import type { Fact } from '../rules/facts.ts';
import type { Hall } from '../rules/hall.ts';
import { verdictsAt } from '../rules/replay.ts';
import { median } from './figures.ts';
import { columnsOf, factLoop, type RawResult, rawLoop } from './raw-loop.ts';

/** How long something took, in milliseconds: on the wall, and of the processor's time in all threads. */
export interface Took {
  readonly wall: number;
  readonly cpu: number;
}

export interface JudgingReport {
  readonly facts: number;
  readonly read: Took;
  /** The medians of several goes, the first of which compile what they run: over columns, over the facts, and judging them. */
  readonly raw: Took;
  readonly overFacts: Took;
  readonly judging: Took;
  /** The first go at judging. */
  readonly judgingCold: Took;
  readonly found: RawResult;
  readonly verdicts: number;
  readonly peakRssBytes: number;
}

const RAW_GOES = 7;
const JUDGING_GOES = 5;

async function readFacts(file: string, hall: Hall): Promise<readonly Fact[]> {
  const reader = new FactLineReader({ hall, find: () => null });
  let number = 0;
  for await (const lines of linesTogether(file)) for (const line of lines) reader.read(line, ++number);
  const { facts, problems } = reader.finish();
  if (problems.length > 0) throw new Error(`line ${problems[0]?.line}: ${problems[0]?.problem}`);
  return facts;
}

class Stopwatch {
  readonly #wall = performance.now();
  readonly #cpu = process.cpuUsage();

  took(): Took {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { wall: performance.now() - this.#wall, cpu: (user + system) / 1000 };
  }
}

/** What `work` finds, how long it took the first time, and the median of how long it took each time. */
function severalTimes<T>(
  times: number,
  work: () => T,
): { readonly found: T; readonly first: Took; readonly took: Took } {
  const goes = Array.from({ length: times }, () => {
    const going = new Stopwatch();
    const found = work();
    return { found, took: going.took() };
  });
  const middle = (of: keyof Took): number => median(goes.map(({ took }) => took[of]));
  const [{ found, took: first }] = goes as [(typeof goes)[number]];
  return { found, first, took: { wall: middle('wall'), cpu: middle('cpu') } };
}

async function main(config: string, file: string, now: number): Promise<JudgingReport> {
  const { hall } = await loadConfig(config, { env: process.env, lang: 'en', offline: true });
  const reading = new Stopwatch();
  const facts = await readFacts(file, hall);
  const read = reading.took();

  const columns = columnsOf(facts, hall);
  const raw = severalTimes(RAW_GOES, () => rawLoop(columns));
  const overFacts = severalTimes(RAW_GOES, () => factLoop(facts, hall));
  if (!isDeepStrictEqual(raw.found, overFacts.found)) throw new Error('the two loops find different things');
  const compile = (): Hall => {
    throw new Error('the year has no configuration among its facts');
  };
  const judging = severalTimes(JUDGING_GOES, () => verdictsAt({ facts, hall, now, compile }).length);
  return {
    facts: facts.length,
    read,
    raw: raw.took,
    overFacts: overFacts.took,
    judging: judging.took,
    judgingCold: judging.first,
    found: raw.found,
    verdicts: judging.found,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const [config = '', file = '', now = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await main(config, file, Number(now))));
