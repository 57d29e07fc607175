/** More leniency, more presence, more cover: none of it may make anything worse for the one whom it is meant for. */
import { describe, expect, test } from 'vitest';
import type { Fact, PresenceFact } from '../../rules/facts.ts';
import { startOfDay } from '../../rules/hall.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { BEGINNING, HOUR, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { diceOf } from '../oracle/dice.ts';
import type { OracleConfig } from '../oracle/shape.ts';
import { type ReadWorld, readWorld } from '../support/world-check.ts';
import { hallOfWorld } from '../support/world-run.ts';

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

function judged({ hall, end }: ReadWorld, facts: readonly Fact[], now: Ms = end): Verdict[] {
  return verdictsAt({ hall, facts, compile: () => hall, now });
}

/** A world by other thresholds, wherever they are set. */
function withRules(world: ReadWorld, rules: (own: Record<string, unknown>) => Record<string, unknown>): ReadWorld {
  const { config } = world.world;
  const changed = <T extends { rules?: object }>(of: T): T => ({
    ...of,
    ...(of.rules === undefined ? {} : { rules: rules(of.rules as Record<string, unknown>) }),
  });
  const lenient = {
    ...config,
    rules: rules((config.rules ?? {}) as Record<string, unknown>),
    windows: config.windows.map(changed),
    schedules: Object.fromEntries(Object.entries(config.schedules ?? {}).map(([id, one]) => [id, changed(one)])),
  } as OracleConfig;
  return { ...world, hall: hallOfWorld(lenient) };
}

/** Each of the first lies in time within one of the second, of the same rule and subject. */
function expectWithin(after: readonly Verdict[], before: readonly Verdict[], end: Ms): void {
  for (const verdict of after) {
    const holds = before.some(
      ({ rule, employee, window, from, to, day }) =>
        rule === verdict.rule &&
        day === verdict.day &&
        window === verdict.window &&
        (window !== null || employee === verdict.employee) &&
        from <= verdict.from &&
        (verdict.to ?? end) <= (to ?? end),
    );
    expect(holds, `${JSON.stringify(verdict)} follows from more leniency`).toBe(true);
  }
}

const of =
  (...rules: string[]) =>
  ({ rule }: Verdict): boolean =>
    rules.includes(rule);

describe('a longer limit', () => {
  test.each<[limit: string, rule: string]>([
    ['lateGrace', 'late'],
    ['leftPostAfter', 'left-post'],
    ['coverGrace', 'missing-cover'],
    // Not earlyGrace: it also says which punch is whose departure, and which the arrival after it.
  ])('%s never adds a %s, and never lengthens one', (limit, rule) => {
    let fewer = 0;
    for (const seed of seeds(6000, 25)) {
      const world = readWorld(seed);
      // Far beyond any that a world sets, and for lateness up to where absence begins.
      const longer = withRules(world, (own) => ({
        ...own,
        ...(limit === 'lateGrace' ? { absentAfter: '4h' } : {}),
        [limit]: '45m',
      }));
      const same = withRules(world, (own) => ({ ...own, ...(limit === 'lateGrace' ? { absentAfter: '4h' } : {}) }));
      const before = judged(same, world.facts).filter(of(rule));
      const after = judged(longer, world.facts).filter(of(rule));
      expectWithin(after, before, world.end);
      fewer += before.length - after.length;
    }
    expect(fewer).toBeGreaterThan(5);
  });
});

describe('a seat', () => {
  const presenceOf = (facts: readonly Fact[], window: string): PresenceFact[] =>
    facts.filter((fact): fact is PresenceFact => fact.fact === 'presence' && fact.window === window);

  test.each(['occupied', 'unknown'] as const)('seen as %s instead of empty adds nothing against it', (state) => {
    let fewer = 0;
    for (const seed of seeds(6100, 40)) {
      const world = readWorld(seed);
      const dice = diceOf(seed);
      const watched = world.hall.windows.values().filter(({ id }) => presenceOf(world.facts, id).length > 0);
      const windows = [...watched];
      if (windows.length === 0) continue;
      const { id } = dice.pick(windows);
      const facts = world.facts.map((fact) =>
        fact.fact === 'presence' && fact.window === id && fact.state === 'empty' ? { ...fact, state } : fact,
      );
      const against = ({ rule, window, state: said }: Verdict): boolean =>
        window === id && said !== 'pending' && ['missing-cover', 'left-post', 'left-post-total'].includes(rule);
      const before = judged(world, world.facts);
      const after = judged(world, facts).filter(against);
      if (state === 'occupied') expectWithin(after, before, world.end);
      // Nobody is there, for all that is known, is not the same as somebody sees that nobody is.
      else expect(after.filter(of('left-post', 'left-post-total'))).toEqual([]);
      fewer += before.filter(against).length - after.length;
    }
    expect(fewer).toBeGreaterThan(5);
  });
});

test('a cover never leaves its window without anybody', () => {
  let fewer = 0;
  for (const seed of seeds(6200, 40)) {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const before = judged(world, world.facts);
    const missing = before.filter(of('missing-cover'));
    if (missing.length === 0) continue;
    const { window, day } = dice.pick(missing);
    const cover: Fact = {
      fact: 'cover',
      id: 'one-more-cover',
      recordedAt: 0,
      window: window ?? '',
      employee: dice.pick([...world.hall.employees.keys()]),
      from: startOfDay(world.hall, day),
      to: startOfDay(world.hall, day + 1),
    };
    const own = (verdict: Verdict): boolean => verdict.rule === 'missing-cover' && verdict.window === window;
    const after = judged(world, [...world.facts, cover]).filter(own);
    expectWithin(after, before, world.end);
    fewer += before.filter(own).length - after.length;
  }
  expect(fewer).toBeGreaterThan(2);
});

test('whoever is on leave all day is neither late nor absent, and does not leave early', () => {
  let spared = 0;
  for (const seed of seeds(6300, 40)) {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const before = judged(world, world.facts);
    const accused = before.filter(of('late', 'absent', 'early-leave', 'missing-punch'));
    if (accused.length === 0) continue;
    const { employee, day } = dice.pick(accused);
    const leave: Fact = {
      fact: 'leave',
      id: 'one-more-leave',
      recordedAt: 0,
      employee: employee ?? '',
      kind: '公休',
      // A duty that begins on the day may last into the next.
      from: startOfDay(world.hall, day),
      to: startOfDay(world.hall, day + 1) + 24 * HOUR,
      slip: true,
    };
    const theirs = (verdict: Verdict): boolean =>
      verdict.employee === employee && verdict.window === null && verdict.day === day && verdict.rule !== 'leave-slip';
    expect(judged(world, [...world.facts, leave]).filter(theirs), `seed ${seed}`).toEqual([]);
    spared += before.filter(theirs).length;
  }
  expect(spared).toBeGreaterThan(20);
});

test('the same day elsewhere on earth is judged the same', () => {
  const AWAY = 11 * HOUR;
  let compared = 0;
  for (const seed of seeds(6400, 25)) {
    const here = readWorld(seed);
    const { config } = here.world;
    const at = (timezone: string): ReadWorld => ({
      ...here,
      hall: hallOfWorld({ ...config, hall: { ...config.hall, timezone } }),
    });
    const shifted = here.facts.map((fact) => moved(fact, AWAY));
    const east = judged(at('Etc/GMT-8'), here.facts);
    const west = judged(at('Etc/GMT+3'), shifted, here.end + AWAY);
    const plain = (verdict: Verdict, by: Ms) => ({
      ...verdict,
      from: verdict.from + by,
      to: verdict.to === null ? null : verdict.to + by,
      config: '',
    });
    expect(west.map((verdict) => plain(verdict, 0))).toEqual(east.map((verdict) => plain(verdict, AWAY)));
    compared += east.length;
  }
  expect(compared).toBeGreaterThan(100);
});

/** A fact with all its instants later. */
function moved(fact: Fact, by: Ms): Fact {
  const instants = ['at', 'from', 'to', 'deviceAt', 'recordedAt', 'lostUntil'];
  const later = Object.entries(fact).map(([key, value]) =>
    instants.includes(key) && typeof value === 'number' && value > BEGINNING ? [key, value + by] : [key, value],
  );
  return Object.fromEntries(later) as Fact;
}
