/** How late deadlines speak while facts pour in: the daemon's own loop over a ledger on the disk, each commit durable before it is told. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hallOf } from '../config/judging.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Change } from '../rules/changes.ts';
import type { Fact } from '../rules/facts.ts';
import type { Hall } from '../rules/hall.ts';
import { DAY_LENGTH, type Day, HOUR, MINUTE, type Ms, SECOND } from '../rules/time.ts';
import { until } from '../test/support/until.ts';
import { WrongOutput } from './check.ts';
import { CityYear } from './city-year.ts';
import { hallOfYear, provinceOf } from './engine-facts.ts';
import { figure, latencyFigures, type PartOptions, print, whole } from './engine-part.ts';
import { FilledHall, OFFERED } from './filled-ledger.ts';
import { clockIds, SHANGHAI } from './hall.ts';

/** What is wanted at the 99th percentile, in milliseconds. */
const AT_MOST = 10;
const A_SECOND = 5000;
/** So many halls of the year as one. */
const HALLS = 10;
/** Not counted: what is called often is compiled by then. */
const WARM_UP = 5 * SECOND;
/** A seat that is left for so long is a verdict. */
const LEFT = 15 * MINUTE;
const OFFERED_EVERY: Ms = 2;
/** Of so many facts one is a punch, the others are changes of seats: as in the year. */
const PUNCH_EVERY = 5;
/** What `statfs` says of a file system in memory (linux/magic.h). */
const TMPFS = 0x01021994;

export async function benchDeadlines({ seed, seconds }: PartOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    if (statfsSync(folder).type === TMPFS) throw new WrongOutput(`${folder} is in memory; set TMPDIR to a disk`);
    const year = new CityYear(seed, 1);
    const loaded = hallOfYear(year, folder);
    const judging = provinceOf(loaded.judging, HALLS);
    await measure({ ...loaded, judging, hall: hallOf(judging, loaded.hash) }, year.workdays[0] as Day, seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everybody has come, and every other seat is left; a quarter of an hour later one after the other is a verdict. */
async function measure(loaded: LoadedConfig, day: Day, seconds: number): Promise<void> {
  const { hall: of } = loaded;
  const windows = [...of.windows.keys()];
  const left = windows.filter((_, i) => i % 2 === 0);
  print(
    `\nDeadlines while ${whole(A_SECOND)} facts a second come in, for ${of.employees.size} people at ${windows.length} windows`,
  );
  const startsAt = day * DAY_LENGTH - (SHANGHAI.offsets[0] as Ms) + 10 * HOUR;
  const endsAt = startsAt + WARM_UP + seconds * SECOND;
  const dueAt = new Map(
    left.map((id, i) => [id, startsAt + WARM_UP + Math.floor((i * seconds * SECOND) / left.length)]),
  );
  let [now, lateness]: [() => Ms, number[]] = [() => startsAt, []];
  const committed = (changes: readonly Change[]): void => {
    for (const { op, at, verdict } of changes) {
      if (op === 'open' && dueAt.get(verdict.window ?? '') === at) lateness.push(now() - at);
    }
  };
  using hall = new FilledHall(loaded, startsAt - 2 * HOUR, { isKept: true, committed });
  const facts = new SomeFacts(of);
  hall.take([...of.employees.keys()].map((_, i) => facts.punch(i, startsAt - HOUR - MINUTE)));
  hall.take(windows.map((id) => facts.seat(id, 'occupied', startsAt - HOUR)));
  hall.take(left.map((id) => facts.seat(id, 'empty', (dueAt.get(id) as Ms) - LEFT)));
  const from = performance.now();
  now = () => startsAt + performance.now() - from;
  hall.run(now);
  const taken = windows.filter((_, i) => i % 2 === 1);
  const { kept, aSecond } = await pour(hall, (i, at) => facts.next(i, taken, at), now, endsAt);
  hall.core.live.stop();
  hall.mustFollow();
  if (lateness.length !== left.length)
    throw new WrongOutput(`${left.length} seats were left, ${lateness.length} in time`);
  figure('facts kept a second', aSecond, '');
  latencyFigures('from when a fact is offered until it is durable', kept, null);
  latencyFigures('from a deadline until its verdict is durable', lateness, AT_MOST);
  figure('the latest', Math.max(...lateness), 'ms');
}

/** Offers facts at the rate whether or not they are taken in, and waits for the last; how long each took, and how many a second did. */
async function pour(hall: FilledHall, next: (i: number, at: Ms) => Fact, now: () => Ms, endsAt: Ms) {
  const from = performance.now();
  const kept: number[] = [];
  let offered = 0;
  for (; now() < endsAt; await sleep(OFFERED_EVERY)) {
    for (const due = ((performance.now() - from) * A_SECOND) / SECOND; offered < due; offered++) {
      const at = performance.now();
      const what = { fact: next(offered, Math.floor(now())), from: OFFERED };
      hall.core.live.offer({ what, kept: () => kept.push(performance.now() - at) });
    }
  }
  await until(() => kept.length === offered, { timeoutMs: 600_000, what: `${offered} facts to be kept` });
  return { kept: kept.slice((WARM_UP * A_SECOND) / SECOND), aSecond: (offered * SECOND) / (performance.now() - from) };
}

/** Touches of people in turn, and seats that are left and taken in turn. */
class SomeFacts {
  readonly #people: readonly (readonly string[])[];
  #made = 0;

  constructor({ employees }: Hall) {
    this.#people = [...employees.values()].map(({ credentials }) => credentials);
  }

  next(i: number, windows: readonly string[], at: Ms): Fact {
    if (i % PUNCH_EVERY === 0) return this.punch(i / PUNCH_EVERY, at);
    const seat = i - Math.ceil(i / PUNCH_EVERY);
    const isTaken = Math.floor(seat / windows.length) % 2 === 1;
    return this.seat(windows[seat % windows.length] as string, isTaken ? 'occupied' : 'empty', at);
  }

  punch(i: number, at: Ms): Fact {
    const [credential = ''] = this.#people[i % this.#people.length] ?? [];
    const [device = ''] = clockIds;
    const seq = ++this.#made;
    return { fact: 'punch', id: `made-${seq}`, at, device, credential, seq, method: 'face', recordedAt: at };
  }

  seat(window: string, state: 'occupied' | 'empty', at: Ms): Fact {
    const id = `made-${++this.#made}`;
    return { fact: 'presence', id, at, window, state, source: `camera-${window}`, recordedAt: at };
  }
}
