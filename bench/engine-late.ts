/** A punch that comes days late: where its day is in memory, alone and among windows that are all judged together, and from the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hallOf } from '../config/judging.ts';
import { Engine } from '../rules/engine.ts';
import type { Fact, PunchFact } from '../rules/facts.ts';
import type { Judging } from '../rules/hall.ts';
import { verdictsAt } from '../rules/replay.ts';
import { DAY_LENGTH, type Day, HOUR, MINUTE, type Ms, SECOND } from '../rules/time.ts';
import { type Dice, diceOf } from '../test/oracle/dice.ts';
import { CityYear } from './city-year.ts';
import { archiveOf, factsIn, hallOfYear, noConfig } from './engine-facts.ts';
import { latencyFigures, mustBeSame, type PartOptions, print } from './engine-part.ts';
import { FilledHall, fillLedger } from './filled-ledger.ts';
import { credentialOf, employeeId, PEOPLE } from './hall.ts';

/** What is wanted at the 99th percentile, in milliseconds. */
const OF_FOUR = 0.05;
const OF_ALL = 2;
const FROM_DISK = 5;

const DAYS = 4;
/** What is called that often is compiled by the time that a third of them is over; of 1 500 it was not (p99 four times as long). */
const TIMES_OF_FOUR = 9000;
/** A hundred windows judged again take longer. */
const TIMES_OF_ALL = 300;
/** The part of them that is not counted: what is called often is compiled by then. */
const WARM_UP = 3;
const COLD_DAYS = 12;
const COLD_TIMES = 120;
const COLD_WARM_UP = 20;

export function benchLate({ seed }: PartOptions): void {
  print('\nA punch that comes days late, from when it is known until what it changes is');
  hot('4 windows judged together', seed, (judging) => judging, { times: TIMES_OF_FOUR, wantedMs: OF_FOUR });
  hot('104 windows judged together', seed, withOneForAll, { times: TIMES_OF_ALL, wantedMs: OF_ALL });
  fromDisk(seed);
}

/** Somebody who may stand in at every window. */
function withOneForAll(judging: Judging): Judging {
  const windows = judging.windows.map((window) => ({ ...window, b: [...window.b, employeeId(PEOPLE - 1)] }));
  return { ...judging, windows };
}

interface Hot {
  readonly times: number;
  readonly wantedMs: Ms;
}

function hot(what: string, seed: number, change: (judging: Judging) => Judging, { times, wantedMs }: Hot): void {
  const year = new CityYear(seed, DAYS);
  const { hall: as, judging } = hallOfYear(year, '/nowhere');
  const hall = hallOf(change(judging), as.config);
  const facts: Fact[] = [...factsIn(year.lines(), hall)];
  const engine = new Engine({ compile: noConfig, hall, archive: archiveOf(facts) });
  engine.record(facts, year.now);
  const dice = diceOf(seed);
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const punch = latePunch(year, dice.between(0, DAYS - 1), dice, i, year.now + i);
    // A thread's processor time comes in ticks that are longer than this takes.
    const from = performance.now();
    engine.record([punch], punch.recordedAt);
    took.push(performance.now() - from);
    facts.push(punch);
  }
  mustBeSame(engine.verdicts(), verdictsAt({ facts, hall, compile: noConfig, now: engine.now }), 'judged at once');
  latencyFigures(what, took.slice(took.length / WARM_UP), wantedMs);
}

/** A touch at some time of the hours of a day, by somebody. */
function latePunch(year: CityYear, place: number, dice: Dice, i: number, recordedAt: Ms): PunchFact {
  const day = year.workdays[place] as Day;
  const at = day * DAY_LENGTH + dice.between(0, (9 * HOUR) / SECOND) * SECOND + 5 * MINUTE;
  const credential = credentialOf(dice.between(0, PEOPLE - 1));
  return {
    fact: 'punch',
    id: `late-${i}`,
    at,
    device: 'clock-1',
    credential,
    seq: 900_000 + i,
    method: 'face',
    recordedAt,
  };
}

/** With the commit that keeps it and what follows from it: what a hall waits for. */
function fromDisk(seed: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    const year = new CityYear(seed, COLD_DAYS);
    const loaded = hallOfYear(year, folder);
    const diedAt = year.now + 10 * DAY_LENGTH;
    fillLedger(loaded, year.lines(), year.from, diedAt);
    let now = diedAt + MINUTE;
    using hall = new FilledHall(loaded, now, { isKept: true });
    const dice = diceOf(seed);
    const took: number[] = [];
    for (let i = 0; i < COLD_TIMES; i++) {
      now += SECOND;
      const punch = latePunch(year, i % COLD_DAYS, dice, i, now);
      const from = performance.now();
      hall.take([punch]);
      took.push(performance.now() - from);
    }
    hall.mustFollow();
    latencyFigures('read from the disk, kept and judged', took.slice(COLD_WARM_UP), FROM_DISK);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
