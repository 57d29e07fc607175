/** A year of a hall and a day of a province, event by event with their whole history and final verdicts alone, beside the raw loop. */
import { isDeepStrictEqual } from 'node:util';
import type { Archive } from '../rules/archive.ts';
import type { Change } from '../rules/changes.ts';
import { Engine } from '../rules/engine.ts';
import { firstDayOf, verdictsAt } from '../rules/replay.ts';
import { WrongOutput } from './check.ts';
import { archiveOf, cityYear, type Measured, provinceDay, replayOf } from './engine-facts.ts';
import { collect, figure, mustBePlanted, mustLeadTo, type PartOptions, print, say, whole } from './engine-part.ts';
import { columnsOf, factLoop, rawLoop } from './raw-loop.ts';
import { Stopwatch, severalTimes, type Took } from './stopwatch.ts';

/** What is wanted, as ratios to the raw loop; and of what an engine holds for a day of an employee. */
const LIVE_YEAR = 40;
const FINAL_YEAR = 8;
const LIVE_PROVINCE = 300;
const BYTES_A_DAY = 2000;

const GOES = 3;
const RAW_GOES = 9;

export function benchYear({ seed, days }: PartOptions): void {
  measure(`${days} days of a city`, cityYear(seed, days), { live: LIVE_YEAR, final: FINAL_YEAR });
}

export function benchProvince({ seed, halls }: PartOptions): void {
  const day = provinceDay(seed, halls);
  const heldBytes = measure('A day of a province', day, { live: LIVE_PROVINCE, final: null });
  const each = heldBytes / day.hall.employees.size;
  figure('memory of a day of an employee, facts left out', each, 'bytes', BYTES_A_DAY);
}

interface Wanted {
  readonly live: number;
  readonly final: number | null;
}

/** Returns what an engine holds at the end, beside the facts themselves, in bytes. */
function measure(what: string, measured: Measured, wanted: Wanted): number {
  const { facts, hall } = measured;
  const people = `${whole(hall.employees.size)} people, ${whole(hall.windows.size)} windows`;
  print(`\n${what}: ${whole(facts.length)} facts, ${people}`);
  const columns = columnsOf(facts, hall);
  collect();
  const raw = severalTimes(RAW_GOES, () => rawLoop(columns));
  const overFacts = severalTimes(RAW_GOES, () => factLoop(facts, hall));
  if (!isDeepStrictEqual(raw.found, overFacts.found) || raw.found.attended !== measured.attended)
    throw new WrongOutput(`the raw loops find ${raw.found.attended} and ${overFacts.found.attended} days attended`);
  const line = (of: string, took: Took, found: string, times: number | null): void => {
    figure(of, took.cpu, 'ms CPU', null, found);
    figure('  / raw', took.cpu / raw.took.cpu, '×', times);
    figure('  / the loop over the facts', took.cpu / overFacts.took.cpu, '×');
  };
  figure('raw: one loop over columns', raw.took.cpu, 'ms CPU');
  figure('the same loop over the facts', overFacts.took.cpu, 'ms CPU');
  const input = replayOf(measured);
  collect();
  const final = severalTimes(GOES, () => verdictsAt(input));
  mustBePlanted(final.found, measured.planted);
  line('final verdicts only', final.took, `${whole(final.found.length)} verdicts`, wanted.final);
  const archive = archiveOf(facts);
  const before = held();
  const live = eventByEvent(measured, archive);
  mustLeadTo(live.changes.splice(0), final.found);
  line('event by event, whole history', live.took, `${whole(live.count)} changes`, wanted.live);
  const bytes = held() - before;
  say(`until ${live.engine.now}: ${whole(bytes / 2 ** 20)} MiB`);
  return bytes;
}

function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Each fact judged when it becomes known, and each deadline at its own instant. */
function eventByEvent(measured: Measured, archive: Archive) {
  const { hall, facts, now } = measured;
  const input = replayOf(measured);
  const engine = new Engine({ compile: input.compile, hall, archive, from: firstDayOf(input) ?? 0 });
  const changes: Change[] = [];
  const going = new Stopwatch();
  for (const fact of facts)
    for (const change of engine.record([fact], Math.max(fact.recordedAt, engine.now))) changes.push(change);
  for (const change of engine.advance(now)) changes.push(change);
  return { engine, changes, count: changes.length, took: going.took() };
}
