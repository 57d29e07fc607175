/** What must hold of every world, whatever is in it. The name of a failing test has its seed. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../rules/changes.ts';
import type { ConfigFact, Fact, FactKind } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { DAY_LENGTH, type Ms } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { Drive, type DriveOptions, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { expectSame } from '../support/same.ts';
import { foldedUntil, type ReadWorld, readWorld } from '../support/world-check.ts';
import { hallOfWorld } from '../support/world-run.ts';

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const inputOf = ({ hall, facts }: ReadWorld) => ({ hall, facts, compile: () => hall });
const historyOf = (world: ReadWorld, now: Ms = world.end): Change[] => historyUntil({ ...inputOf(world), now });
const driveOf = (world: ReadWorld, options: Partial<DriveOptions> = {}): Drive =>
  new Drive({ hall: world.hall, from: firstDayOf(world.facts, world.hall), ...options });

/** Random instants of the time in which a world's facts became known, ascending. */
function instantsOf(world: ReadWorld, dice: Dice, count: number): Ms[] {
  const first = Math.min(...world.facts.map((fact) => fact.recordedAt).filter((at) => at > 0));
  return Array.from({ length: count }, () => dice.between(first, world.end)).sort((a, b) => a - b);
}

/** Records a world's facts when they became known; before each group of them `pause` is told when it comes. */
function play(world: ReadWorld, drive: Drive, pause: (nextAt: Ms) => void = () => {}): void {
  for (const [at, facts] of groupsOf(world.facts)) {
    pause(at);
    drive.record(facts, at);
  }
  pause(world.end);
  drive.advance(world.end);
}

/** Of several of these the latest recorded holds, so when each became known is a part of what they say. */
const THE_LATEST_HOLDS: ReadonlySet<FactKind> = new Set<FactKind>(['assign', 'day', 'credential', 'employee']);

describe('the order of arrival', () => {
  test.each(seeds(1000, 20))('of facts that became known when they did says nothing (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const shuffled = { ...world, facts: dice.shuffled(world.facts) };
    expectSame(historyOf(shuffled), historyOf(world));
    for (const now of instantsOf(world, dice, 3)) {
      expectSame(verdictsAt({ ...inputOf(shuffled), now }), verdictsAt({ ...inputOf(world), now }));
    }
  });

  test.each(seeds(1000, 20))('of facts that became known later changes the way, not the end (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const facts = world.facts.map((fact) => {
      if (THE_LATEST_HOLDS.has(fact.fact) || dice.chance(0.3)) return fact;
      const earliest = Math.max(fact.recordedAt, world.end - 9 * DAY_LENGTH);
      return { ...fact, recordedAt: dice.between(earliest, world.end) };
    });
    const late = { ...world, facts };
    const wanted = verdictsAt({ ...inputOf(world), now: world.end });
    expectSame(verdictsAt({ ...inputOf(late), now: world.end }), wanted);
    expectSame(foldedUntil(historyOf(late), world.end), wanted);
  });
});

describe('waking the engine', () => {
  test.each(seeds(1100, 20))('at any instants in between changes no byte of the history (seed %i)', (seed) => {
    const world = readWorld(seed);
    const wakes = instantsOf(world, diceOf(seed), 60);
    const drive = driveOf(world);
    play(world, drive, (nextAt) => {
      while (wakes[0] !== undefined && wakes[0] <= nextAt) drive.advance(wakes.shift() ?? nextAt);
    });
    expectSame(drive.changes, historyOf(world));
  });

  test.each(seeds(1100, 20))('before its deadline finds nothing new (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const drive = driveOf(world);
    const from = firstDayOf(world.facts, world.hall);
    play(world, drive, (nextAt) => {
      const { now } = drive.engine;
      const until = Math.min(nextAt, drive.engine.nextAt) - 1;
      if (now <= 0 || until <= now || !dice.chance(0.15)) return;
      const facts = world.facts.filter((fact) => fact.recordedAt <= now);
      for (const at of [now, dice.between(now, until), until]) {
        expectSame(drive.engine.verdicts(), verdictsAt({ ...inputOf(world), facts, now: at, from }), `at ${at}`);
      }
    });
  });
});

test.each(seeds(1200, 15))('the history up to an instant begins every longer one (seed %i)', (seed) => {
  const world = readWorld(seed);
  const whole = historyOf(world);
  for (const now of instantsOf(world, diceOf(seed), 4)) {
    const part = historyOf(world, now);
    expectSame(part, whole.slice(0, part.length));
    expect(whole[part.length]?.at ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
  }
});

test.each(seeds(1500, 10))('halls that run side by side say what each says alone (seed %i)', (seed) => {
  const halls = [seed, seed + 10, seed + 20].map((one) => {
    const world = readWorld(one);
    return { world, drive: driveOf(world) };
  });
  const turns = halls.flatMap((hall) => groupsOf(hall.world.facts).map(([at, facts]) => ({ ...hall, at, facts })));
  for (const { drive, at, facts } of turns.sort((one, other) => one.at - other.at)) drive.record(facts, at);
  for (const { world, drive } of halls) {
    drive.advance(world.end);
    expectSame(drive.changes, historyOf(world));
  }
});

describe('a restart', () => {
  /** Some facts become known days after their day was put away. */
  function withStragglers(world: ReadWorld, dice: Dice): ReadWorld {
    const facts = world.facts.filter(withinItsDay(world)).map((fact): Fact => {
      if (THE_LATEST_HOLDS.has(fact.fact) || !dice.chance(0.2)) return fact;
      return { ...fact, recordedAt: Math.max(fact.recordedAt, world.end) + dice.between(0, 6 * DAY_LENGTH) };
    });
    return { ...world, facts, end: world.end + 7 * DAY_LENGTH };
  }

  /** One touch delivered with two times on different days is known to be one only while both days are in memory. */
  function withinItsDay({ hall }: ReadWorld): (fact: Fact) => boolean {
    return (fact) =>
      fact.fact !== 'punch' || fact.deviceAt === undefined || dayAt(hall, fact.deviceAt) === dayAt(hall, fact.at);
  }

  test.each(seeds(1300, 20))('goes on with the same bytes, whatever was in memory (seed %i)', (seed) => {
    const dice = diceOf(seed);
    const world = withStragglers(readWorld(seed), dice);
    const wanted = historyOf(world);
    let reads = 0;
    for (const [hotDays, probability] of [
      [1000, 0.05],
      [1, 0],
      [1, 0.3],
      [0, 0.1],
    ] as const) {
      const drive = driveOf(world, { hotDays });
      play(world, drive, (nextAt) => {
        if (drive.engine.now <= 0 || !dice.chance(probability)) return;
        if (dice.chance(0.5)) drive.advance(dice.between(drive.engine.now, nextAt));
        expectSame(drive.restart(), [], 'what a restart would have said differently');
      });
      expectSame(drive.changes, wanted, `hotDays ${hotDays}, restarted with probability ${probability}`);
      if (probability === 0) reads += drive.archive.reads;
    }
    // Days were put away and read again, or this showed nothing.
    expect(reads).toBeGreaterThan(world.facts.length / 50);
  });
});

describe('configurations among the facts', () => {
  /** The same hall with other thresholds, and without its last window or person. */
  function otherHall({ world: { config } }: ReadWorld, dice: Dice) {
    const rules = { ...config.rules, lateGrace: '11m', coverGrace: '3m', settle: '1m' };
    const windows = dice.chance(0.5) ? config.windows.slice(0, -1) : config.windows;
    return hallOfWorld({ ...config, rules, windows });
  }

  test.each(seeds(1400, 20))('judge each day by the one that was effective on it (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const halls = [world.hall, otherHall(world, dice), otherHall(world, dice)];
    const configs = instantsOf(world, dice, 3).map((at, i): ConfigFact => {
      const effectiveFrom = i === 0 || dice.chance(0.5) ? at : at + DAY_LENGTH;
      return { fact: 'config', id: `c${i}`, at, recordedAt: at, hash: String(i), effectiveFrom, judging: {} };
    });
    const compile = (fact: ConfigFact) => halls[Number(fact.hash)] ?? world.hall;
    const input = { facts: [...world.facts, ...configs], compile, hall: world.hall };
    const from = firstDayOf(world.facts, world.hall);
    const history = historyUntil({ ...input, from, now: world.end });
    for (const now of instantsOf(world, dice, 4)) {
      if (now < (configs[0]?.at ?? 0)) continue;
      expectSame(foldedUntil(history, now), verdictsAt({ ...input, from, now }), `at ${now}`);
    }
    const { end: now } = world;
    expectSame(foldedUntil(historyUntil({ ...input, now }), now), verdictsAt({ ...input, now }), 'at the end');
  });
});
