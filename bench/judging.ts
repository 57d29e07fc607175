/**
 * A process of its own that reads facts, goes once over them with the simplest loop there is, and then judges them as
 * `replay` does. `node bench/judging.ts <hall.yaml> <facts> <now>` prints what it found and took as JSON.
 */
import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../config/load.ts';
import type { Io } from '../daemon/commands/io.ts';
import { linesTogether } from '../daemon/commands/lines.ts';
import { FactLineReader } from '../daemon/lines/fact-lines.ts';
import type { Fact } from '../rules/facts.ts';
import type { Hall } from '../rules/hall.ts';
import { verdictsAt } from '../rules/replay.ts';
import { columnsOf, factLoop, type RawResult, rawLoop } from './raw-loop.ts';
import { Stopwatch, severalTimes, type Took } from './stopwatch.ts';

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

/** Of a command; what is wrong with the file ends this one. */
const IO: Io = { out: () => {}, say: () => {}, env: process.env, lang: 'en' };
const RAW_GOES = 7;
const JUDGING_GOES = 5;

async function readFacts(file: string, hall: Hall): Promise<readonly Fact[]> {
  const reader = new FactLineReader({ hall, find: () => null });
  let number = 0;
  for await (const lines of linesTogether(file, IO)) for (const line of lines) reader.read(line, ++number);
  const { facts, problems } = reader.finish();
  if (problems.length > 0) throw new Error(`line ${problems[0]?.line}: ${problems[0]?.problem}`);
  return facts;
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
