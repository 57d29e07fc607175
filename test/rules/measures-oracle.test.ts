/** Figures: against slow ones of the oracle's, from the live engine as from a replay, and added up in any way. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { type LookedDay, lookAtDay } from '../../rules/looked-day.ts';
import {
  attendanceDay,
  attendanceRate,
  NO_PERSON_FIGURES,
  type PersonFigures,
  personFigures,
  sumOf,
} from '../../rules/measures.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { type Day, dateOf, type Ms, parseInstant } from '../../rules/time.ts';
import { coverRate, NO_WINDOW_FIGURES, type WindowFigures, windowFigures } from '../../rules/window-measures.ts';
import { slowPersonFigures, slowWindowFigures } from '../oracle/figures.ts';
import { knownFacts } from '../oracle/known.ts';
import { oracle, sceneOf } from '../oracle/oracle.ts';
import { configOn } from '../oracle/people.ts';
import { dayStartOf, isJudgedDate } from '../oracle/shape.ts';
import { hallDay } from '../oracle/time.ts';
import { type World, world } from '../oracle/worlds.ts';
import { Drive, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { hallOfWorld, readWorldFacts } from '../support/world-run.ts';

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

interface Played {
  readonly world: World;
  readonly hall: Hall;
  readonly facts: readonly Fact[];
  readonly from: Day;
  readonly to: Day;
}

function played(seed: number): Played {
  const made = world(seed);
  const hall = hallOfWorld(made.config);
  const facts = readWorldFacts(hall, made.facts);
  const from = firstDayOf(facts, hall);
  return { world: made, hall, facts, from, to: from + 6 };
}

/** Days from facts alone. */
function lookedAt({ hall, facts, from, to }: Played, now: Ms): LookedDay[] {
  const book = new Book();
  for (const fact of facts) if (fact.fact === 'cancel' && fact.recordedAt <= now) book.add(fact);
  for (const fact of facts) if (fact.fact !== 'cancel' && fact.recordedAt <= now) book.add(fact);
  const verdicts = Map.groupBy(verdictsAt({ facts, compile: () => hall, hall, now }), ({ day }) => day);
  const configs = new Configs(() => hall, hall);
  configs.learn(facts.filter((fact) => fact.recordedAt <= now));
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const looked = lookAtDay(from + i, { book, configs, now, verdictsOn: (day) => verdicts.get(day) ?? [] });
    if (looked === null) throw new Error('a hall that is given is known');
    return looked;
  });
}

const instantsOf = ({ world: { instants } }: Played): Ms[] => instants.map((text) => parseInstant(text) ?? Number.NaN);

test.each(SEEDS)('of every person and window as an oracle counts them (seed %i)', (seed) => {
  const one = played(seed);
  const { config, facts } = one.world;
  for (const now of instantsOf(one)) {
    const said = oracle(config, facts, now);
    const known = knownFacts(facts, now);
    for (const looked of lookedAt(one, now)) {
      const date = dateOf(looked.today.day);
      if (!isJudgedDate(config, date) || looked.today.from > now) continue;
      const today = configOn(config, known, date);
      const scene = sceneOf(today, known, hallDay(config.hall.timezone, dayStartOf(config), date), now);
      for (const counted of looked.people) {
        const { id } = counted.attendance.employee;
        const person = scene.people.get(id);
        if (person === undefined) throw new Error(`the oracle does not know ${id}`);
        const { leaveDays: _, errandDays: __, ...figures } = personFigures(counted);
        const where = `seed ${seed}, ${id} on ${date} at ${now}`;
        expect(figures, where).toEqual(slowPersonFigures(today, scene, person, said));
      }
      for (const counted of looked.windows) {
        const entry = scene.windows.find(({ window }) => window.id === counted.day.window.id);
        if (entry === undefined) throw new Error('the oracle does not know the window');
        const where = `seed ${seed}, ${entry.window.id} on ${date} at ${now}`;
        const figures = windowFigures(counted);
        expect(figures, where).toEqual(slowWindowFigures(today, scene, entry, said));
      }
    }
  }
});

test('every figure is met', () => {
  const met = { ...NO_PERSON_FIGURES, ...NO_WINDOW_FIGURES } as Record<string, number>;
  for (const seed of SEEDS) {
    const one = played(seed);
    for (const { people, windows } of lookedAt(one, Math.max(...instantsOf(one)))) {
      for (const counted of people) note(met, { ...personFigures(counted) });
      for (const counted of windows) note(met, { ...windowFigures(counted) });
    }
  }
  // Worlds in which some figure is always zero would prove nothing of it; in those of the oracle nobody runs errands or decides on a case.
  expect(Object.keys(met).filter((name) => met[name] === 0)).toEqual(['exempt', 'waived', 'errandDays']);
}, 60_000);

function note(met: Record<string, number>, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) if (value > 0) met[name] = (met[name] ?? 0) + 1;
}

test.each(SEEDS)('from the live engine as from a replay (seed %i)', (seed) => {
  const one = played(seed);
  const drive = new Drive({ hall: one.hall, from: one.from });
  const now = Math.max(...instantsOf(one));
  for (const [at, facts] of groupsOf(one.facts)) if (at <= now) drive.record(facts, at);
  drive.advance(now);
  const standing = drive.engine.verdicts();
  for (const looked of lookedAt(one, now)) {
    const { day } = looked.today;
    if (looked.today.from > now) continue;
    const live = drive.engine.peopleOn(day, now);
    expect(live.map(personFigures), `seed ${seed}`).toEqual(looked.people.map(personFigures));
    expect(attendanceDay(live)).toEqual(attendanceDay(looked.people));
    const windows = drive.engine.windowsOn(day, now).map((window) => {
      const verdicts = standing.filter((verdict) => verdict.day === day && verdict.window === window.window.id);
      return windowFigures({ day: window, verdicts, waived: [] });
    });
    expect(windows, `seed ${seed}`).toEqual(looked.windows.map(windowFigures));
  }
});

test.each(SEEDS)('of everybody and every day, however they are split (seed %i)', (seed) => {
  const one = played(seed);
  const days = lookedAt(one, Math.max(...instantsOf(one)));
  const people = days.flatMap((looked) =>
    looked.people.map((counted) => ({
      day: looked.today.day,
      person: counted.attendance.employee.id,
      department: counted.attendance.employee.department,
      figures: personFigures(counted),
    })),
  );
  const windows = days.flatMap((looked) =>
    looked.windows.map((counted) => ({
      day: looked.today.day,
      window: counted.day.window.id,
      department: counted.day.window.department,
      figures: windowFigures(counted),
    })),
  );
  for (const key of ['day', 'person', 'department'] as const) {
    expectSum(NO_PERSON_FIGURES, people, (row) => row[key]);
  }
  for (const key of ['day', 'window', 'department'] as const) {
    expectSum(NO_WINDOW_FIGURES, windows, (row) => row[key]);
  }
  for (const { figures } of people) expectParts(figures);
  for (const { figures } of windows) expectShares(figures);
});

/** The sum of all is the sum of the sums of any groups; shares of days are fractions, and add up to the last digit but one. */
function expectSum<F extends { readonly [K in keyof F]: number }, R extends { readonly figures: F }>(
  none: F,
  rows: readonly R[],
  keyOf: (row: R) => unknown,
): void {
  const all = sumOf(
    none,
    rows.map(({ figures }) => figures),
  );
  const groups = [...Map.groupBy(rows, keyOf).values()].map((group) =>
    sumOf(
      none,
      group.map(({ figures }) => figures),
    ),
  );
  const together = sumOf(none, groups);
  for (const name in all) expect(together[name]).toBeCloseTo(all[name], 9);
}

function expectParts(figures: PersonFigures): void {
  const { sessions, excused, ahead, pending, attended, missed, punctual } = figures;
  expect(excused + ahead + pending + attended + missed).toBe(sessions);
  expect(punctual).toBeLessThanOrEqual(attended);
  if (attended + missed === 0) expect(attendanceRate(figures)).toBeNull();
  else expect(attendanceRate(figures)).toBe(attended / (attended + missed));
}

function expectShares(figures: WindowFigures): void {
  const { a, b, cover, uncovered, occupied, empty, unknown, bare, unverified, doubtful } = figures;
  expect(occupied + empty + unknown).toBe(a + b + cover + uncovered);
  expect(bare + unverified + doubtful).toBe(uncovered);
  expect(coverRate(figures)).toBe(a + b + cover + bare === 0 ? null : (a + b + cover) / (a + b + cover + bare));
}
