/** What people are promised, on every world: nothing old is changed, nobody else is touched, nobody is accused blindly. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../rules/changes.ts';
import type { Fact, LeaveFact, PunchFact } from '../../rules/facts.ts';
import { dayAt, startOfDay } from '../../rules/hall.ts';
import { overlaps } from '../../rules/intervals.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { type Day, HOUR, type Ms, parseInstant } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { Drive, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { expectSame } from '../support/same.ts';
import { type ReadWorld, readWorld } from '../support/world-check.ts';
import { hallOfWorld, readWorldFacts } from '../support/world-run.ts';

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const holdingAt = ({ hall, facts }: ReadWorld, now: Ms): Verdict[] =>
  verdictsAt({ hall, facts, compile: () => hall, now });

function playedThrough(world: ReadWorld): Drive {
  const drive = new Drive({ hall: world.hall, from: firstDayOf(world.facts, world.hall) });
  for (const [at, facts] of groupsOf(world.facts)) drive.record(facts, at);
  drive.advance(world.end);
  return drive;
}

/** The changes of one more commit, after everything else and without what came due until then. */
function changesOf(drive: Drive, facts: readonly Fact[], at: Ms): readonly Change[] {
  drive.advance(at);
  const before = drive.changes.length;
  drive.record(facts, at);
  return drive.changes.slice(before);
}

describe('a leave recorded afterwards', () => {
  const accused = ({ rule, employee }: Verdict): boolean => employee !== null && ['late', 'absent'].includes(rule);

  /** A leave over whole days, one of which holds a verdict against its person. */
  function leaveFor(verdict: Verdict, { hall, end }: ReadWorld, dice: Dice): LeaveFact {
    const first = verdict.day - dice.between(0, 1);
    const last = verdict.day + dice.between(0, 1);
    return {
      fact: 'leave',
      id: 'leave-afterwards',
      recordedAt: end + HOUR,
      employee: verdict.employee ?? '',
      kind: '病假',
      from: startOfDay(hall, first),
      to: startOfDay(hall, last + 1),
    };
  }

  /** The days whose sessions a leave can touch: those it covers, and one before where a duty reaches out of it. */
  function daysOf(leave: LeaveFact, { hall, facts }: ReadWorld): { first: Day; last: Day } {
    const reaches = facts.some(
      (fact) =>
        fact.fact === 'duty' && fact.employee === leave.employee && fact.from < leave.from && leave.from < fact.to,
    );
    const first = dayAt(hall, leave.from);
    return { first: reaches ? first - 1 : first, last: dayAt(hall, leave.to - 1) };
  }

  test('takes back what was said of its days, visibly, and touches no other day', () => {
    let takenBack = 0;
    for (const seed of seeds(3000, 25)) {
      const world = readWorld(seed);
      const dice = diceOf(seed);
      const drive = playedThrough(world);
      const against = drive.engine.verdicts().filter(accused);
      if (against.length === 0) continue;
      const leave = leaveFor(dice.pick(against), world, dice);
      const changes = changesOf(drive, [leave], leave.recordedAt);
      const { first, last } = daysOf(leave, world);
      for (const { cause, verdict } of changes) {
        expect(cause, `seed ${seed}`).toEqual({ facts: [leave.id] });
        expect(verdict.day >= first && verdict.day <= last, `seed ${seed}: ${JSON.stringify(verdict)}`).toBe(true);
      }
      const onLeave = (verdict: Verdict): boolean =>
        verdict.employee === leave.employee &&
        leave.from <= verdict.from &&
        (verdict.to ?? Number.POSITIVE_INFINITY) <= leave.to;
      expect(drive.engine.verdicts().filter(accused).filter(onLeave), `seed ${seed}`).toEqual([]);
      takenBack += changes.filter(({ op, verdict }) => op === 'retract' && accused(verdict)).length;
      // And undone again, everything is as it was before.
      const at = leave.recordedAt + 1;
      changesOf(drive, [{ fact: 'cancel', id: 'undo', at, recordedAt: at, target: leave.id }], at);
      expectSame(drive.engine.verdicts(), holdingAt(world, at), `seed ${seed}`);
    }
    expect(takenBack).toBeGreaterThan(20);
  });
});

describe('what is delivered again', () => {
  test.each(seeds(3100, 15))('to the letter changes nothing (seed %i)', (seed) => {
    const world = readWorld(seed);
    const drive = playedThrough(world);
    const again = diceOf(seed).some(world.facts, 0.5);
    expect(changesOf(drive, again, world.end + 1)).toEqual([]);
    expectSame(drive.engine.verdicts(), holdingAt(world, world.end + 1));
  });

  test.each(seeds(3100, 15))('under another id is the same touch of the clock (seed %i)', (seed) => {
    const world = readWorld(seed);
    const dice = diceOf(seed);
    const cancelled = new Set(world.facts.map((fact) => (fact.fact === 'cancel' ? fact.target : '')));
    const touches = world.facts.filter((fact): fact is PunchFact => fact.fact === 'punch' && !cancelled.has(fact.id));
    const copies = dice.some(touches, 0.6).map((fact) => ({ ...fact, id: `${fact.id}~again` }));
    const twice = { ...world, facts: [...world.facts, ...copies] };
    for (const at of world.world.instants.map((text) => parseInstant(text) ?? 0)) {
      expectSame(holdingAt(twice, at), holdingAt(world, at), `at ${at}`);
    }
  });
});

describe('a touch between an arrival and a departure', () => {
  /** Nobody's: between them, inside the session, and so far from every other touch that none of them is set aside for it. */
  function placesOf(world: ReadWorld, drive: Drive): { readonly employee: string; readonly at: Ms }[] {
    const days = new Set(world.facts.flatMap((fact) => (fact.fact === 'punch' ? [dayAt(world.hall, fact.at)] : [])));
    const people = [...days].flatMap((day) => drive.engine.peopleOn(day, world.end));
    const touches = world.facts.filter((fact) => fact.fact === 'punch').map(({ at }) => at);
    return people.flatMap(({ attendance: { employee, sessions } }) =>
      sessions.flatMap(({ a, e, arrival, departure }) => {
        if (arrival === null || departure === null) return [];
        const from = Math.max(a, arrival.at) + 1;
        const to = Math.min(e, departure.at);
        const { dedupe } = employee.thresholds;
        const free = (at: Ms): boolean => from <= at && at < to && touches.every((one) => Math.abs(one - at) > dedupe);
        const at = [1, 2, 3, 4].map((quarter) => from + Math.floor(((to - from) * quarter) / 5)).find(free);
        return at === undefined ? [] : [{ employee: employee.id, at }];
      }),
    );
  }

  test('changes nothing', () => {
    let added = 0;
    for (const seed of seeds(3400, 25)) {
      const world = readWorld(seed);
      const drive = playedThrough(world);
      const recordedAt = world.end + HOUR;
      const punches = placesOf(world, drive).map(
        ({ employee, at }, i): PunchFact => ({ fact: 'punch', id: `between${i}`, employee, at, recordedAt }),
      );
      expect(changesOf(drive, punches, recordedAt), `seed ${seed}`).toEqual([]);
      added += punches.length;
    }
    expect(added).toBeGreaterThan(60);
  }, 120_000);
});

const SEAT_STATES = ['occupied', 'empty', 'unknown'];

test.each(seeds(3200, 15))('what people of another department do concerns nobody else (seed %i)', (seed) => {
  const world = readWorld(seed);
  const dice = diceOf(seed);
  const { config, facts } = world.world;
  const schedule = dice.pick(Object.keys(config.schedules ?? {}));
  const hall = hallOfWorld({
    ...config,
    departments: [...(config.departments ?? []), { id: 'next-door', name: 'Next door' }],
    employees: [...config.employees, { id: 'x1', name: 'X1', department: 'next-door', schedule }],
    windows: [...config.windows, { id: 'X', name: 'X', department: 'next-door', schedule, a: 'x1', b: [] }],
  });
  // At the instants of the others, so that no deadline is theirs alone; at no clock that could prove anything.
  const theirs = facts.flatMap((fact, i): Record<string, unknown>[] => {
    const { fact: kind, at, from, to, recordedAt } = fact;
    if (!dice.chance(0.3)) return [];
    const known = { id: `x${i}`, ...(recordedAt === undefined ? {} : { recordedAt }) };
    if (kind === 'punch') return [{ fact: kind, at, employee: 'x1', ...known }];
    if (kind === 'presence') return [{ fact: kind, at, window: 'X', state: dice.pick(SEAT_STATES), ...known }];
    return kind === 'leave' ? [{ fact: kind, employee: 'x1', kind: '公休', from, to, ...known }] : [];
  });
  const more = readWorldFacts(hall, [...facts, ...theirs]);
  const own = (verdict: Verdict): boolean => verdict.employee === 'x1' || verdict.window === 'X';
  const said = (changes: readonly Change[]) =>
    changes
      .filter(({ verdict }) => !own(verdict))
      .map((change) => ({ ...change, verdict: { ...change.verdict, config: '' } }));
  const history = historyUntil({ facts: more, hall, compile: () => hall, now: world.end });
  expectSame(
    said(history),
    said(historyUntil({ facts: world.facts, hall: world.hall, compile: () => world.hall, now: world.end })),
  );
  expect(theirs.length).toBeGreaterThan(0);
});

test('nobody is late or absent for a time in which a clock of theirs is offline', () => {
  let blind = 0;
  for (const seed of seeds(3300, 60)) {
    const world = readWorld(seed);
    const { hall, facts } = world;
    for (const now of world.world.instants.map((text) => parseInstant(text) ?? 0)) {
      const dark = darkSince(facts, now);
      for (const verdict of holdingAt(world, now)) {
        const clocks = [...(hall.employees.get(verdict.employee ?? '')?.clocks ?? []), 'daemon'];
        const waited = { from: verdict.from, to: verdict.to ?? now };
        const unseen = clocks.some((clock) => overlaps({ from: dark.get(clock) ?? now, to: now }, waited));
        if (verdict.window !== null || verdict.rule === 'leave-slip' || !unseen) continue;
        expect(verdict, `seed ${seed} at ${now}`).toMatchObject({ state: 'pending', because: 'uncovered' });
        blind++;
      }
    }
  }
  expect(blind).toBeGreaterThan(50);
});

/** Since when each device has been offline, of those that still are. */
function darkSince(facts: readonly Fact[], now: Ms): Map<string, Ms> {
  const known = facts.filter((fact) => fact.recordedAt <= now);
  const cancelled = new Set(known.map((fact) => (fact.fact === 'cancel' ? fact.target : '')));
  const dark = new Map<string, Ms>();
  const said = known.filter((fact) => fact.fact === 'device' && fact.at <= now && !cancelled.has(fact.id));
  said.sort((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1));
  for (const fact of said) {
    if (fact.fact !== 'device') continue;
    if (fact.state === 'offline' && !dark.has(fact.device)) dark.set(fact.device, fact.at);
    if (fact.state === 'online') dark.delete(fact.device);
  }
  return dark;
}

function timeOf(fact: Fact): Ms {
  return 'at' in fact ? Number(fact.at) : 0;
}
