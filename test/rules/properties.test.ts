/** What must hold of every world, whatever is in it. A failure names its seed. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../rules/changes.ts';
import type { Fact, FactKind } from '../../rules/facts.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { DAY_LENGTH, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { Drive, type DriveOptions, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { foldedUntil, type ReadWorld, readWorld } from '../support/world-check.ts';

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const inputOf = ({ hall, facts }: ReadWorld) => ({ hall, facts, compile: () => hall });
const historyOf = (world: ReadWorld, now: Ms = world.end): Change[] => historyUntil({ ...inputOf(world), now });
const driveOf = (world: ReadWorld, options: Partial<DriveOptions> = {}): Drive =>
  new Drive({ hall: world.hall, from: firstDayOf(world.facts, world.hall), ...options });
const linesOf = (items: readonly (Change | Verdict)[]): string[] => items.map((item) => JSON.stringify(item));

/** Random instants of a world's time, ascending. */
function instantsOf(world: ReadWorld, dice: Dice, count: number): Ms[] {
  const first = Math.min(...groupsOf(world.facts).flatMap(([at]) => (Number.isFinite(at) && at > 0 ? [at] : [])));
  return Array.from({ length: count }, () => dice.between(first, world.end)).sort((a, b) => a - b);
}

/** Records a world's facts when they became known, and in between calls `between` with the instant of the next group. */
function play(world: ReadWorld, drive: Drive, between: (nextAt: Ms) => void = () => {}): void {
  for (const [at, facts] of groupsOf(world.facts)) {
    between(at);
    drive.record(facts, at);
  }
  between(world.end);
  drive.advance(world.end);
}

/** Of several of these the latest recorded holds, so when each became known is a part of what they say. */
const HOLDS_THE_LATEST: ReadonlySet<FactKind> = new Set<FactKind>(['assign', 'day', 'credential']);

describe('the order of arrival', () => {
  test.each(seeds(1000, 25))('of the same facts says nothing (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const shuffled = { ...world, facts: dice.shuffled(world.facts) };
    expect(linesOf(historyOf(shuffled))).toEqual(linesOf(historyOf(world)));
    for (const now of instantsOf(world, dice, 3)) {
      expect(linesOf(verdictsAt({ ...inputOf(shuffled), now }))).toEqual(
        linesOf(verdictsAt({ ...inputOf(world), now })),
      );
    }
  });

  test.each(seeds(1000, 25))('later than it was changes the way, not the end (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const facts = world.facts.map((fact) => {
      if (HOLDS_THE_LATEST.has(fact.fact) || dice.chance(0.3)) return fact;
      const earliest = Math.max(fact.recordedAt, world.end - 9 * DAY_LENGTH);
      return { ...fact, recordedAt: dice.between(earliest, world.end) };
    });
    const late = { ...world, facts };
    const wanted = linesOf(verdictsAt({ ...inputOf(world), now: world.end }));
    expect(linesOf(verdictsAt({ ...inputOf(late), now: world.end }))).toEqual(wanted);
    expect(linesOf(foldedUntil(historyOf(late), world.end))).toEqual(wanted);
  });
});

describe('waking the engine', () => {
  test.each(seeds(1100, 25))('at any instants in between changes no byte of the history (seed %i)', (seed) => {
    const world = readWorld(seed);
    const wakes = instantsOf(world, diceOf(seed), 60);
    const drive = driveOf(world);
    play(world, drive, (nextAt) => {
      while (wakes[0] !== undefined && wakes[0] <= nextAt) drive.advance(wakes.shift() ?? nextAt);
    });
    expect(linesOf(drive.changes)).toEqual(linesOf(historyOf(world)));
  });

  test.each(seeds(1100, 25))('before its deadline finds nothing new (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const drive = driveOf(world);
    play(world, drive, (nextAt) => {
      const { now } = drive.engine;
      if (now <= 0 || !dice.chance(0.15)) return;
      const until = Math.min(nextAt, drive.engine.nextAt) - 1;
      if (until <= now) return;
      const known = world.facts.filter((fact) => fact.recordedAt <= now);
      const from = firstDayOf(world.facts, world.hall);
      for (const at of [now, dice.between(now, until), until]) {
        const holding = verdictsAt({ ...inputOf(world), facts: known, now: at, from });
        expect(linesOf(drive.engine.verdicts()), `at ${at}`).toEqual(linesOf(holding));
      }
    });
  });
});

test.each(seeds(1200, 20))('the history up to an instant begins every longer one (seed %i)', (seed) => {
  const world = readWorld(seed);
  const whole = linesOf(historyOf(world));
  for (const now of instantsOf(world, diceOf(seed), 4)) {
    const part = linesOf(historyOf(world, now));
    expect(part).toEqual(whole.slice(0, part.length));
  }
});

describe('a restart', () => {
  /** Facts that become known days after their day was put away, besides those of the world itself. */
  function withStragglers(world: ReadWorld, dice: Dice): ReadWorld {
    const facts = world.facts.map((fact): Fact => {
      if (HOLDS_THE_LATEST.has(fact.fact) || !dice.chance(0.2)) return fact;
      return { ...fact, recordedAt: Math.max(fact.recordedAt, world.end) + dice.between(0, 6 * DAY_LENGTH) };
    });
    return { ...world, facts, end: world.end + 7 * DAY_LENGTH };
  }

  test.each(seeds(1300, 30))('goes on with the same bytes, whatever was in memory (seed %i)', (seed) => {
    const dice = diceOf(seed);
    const world = withStragglers(readWorld(seed), dice);
    const wanted = linesOf(historyOf(world));
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
        expect(linesOf(drive.restart())).toEqual([]);
      });
      expect(linesOf(drive.changes), `hotDays ${hotDays}, restarts ${probability}`).toEqual(wanted);
    }
  });
});
