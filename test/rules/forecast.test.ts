/** What nobody can hold tomorrow, against the oracle, and as somebody who plans leave would ask. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact } from '../../rules/facts.ts';
import { forecastAt } from '../../rules/forecast.ts';
import type { Hall } from '../../rules/hall.ts';
import { dateOf, type Ms, parseInstant } from '../../rules/time.ts';
import { forecastAt as oracleForecastAt } from '../oracle/forecast.ts';
import { hallWith, instantAt } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { type ReadWorld, readWorld } from '../support/world-check.ts';

/** Everything known at an instant, as an engine would hold it. */
function bookAt(facts: readonly Fact[], now: Ms): Book {
  const book = new Book();
  const known = facts.filter(({ recordedAt }) => recordedAt <= now);
  for (const fact of known) if (fact.fact === 'cancel') book.add(fact);
  for (const fact of known) book.add(fact);
  return book;
}

function forecastOf(hall: Hall, facts: readonly Fact[], now: Ms): string[] {
  const configs = new Configs(() => hall, hall);
  configs.learn(facts.filter(({ recordedAt }) => recordedAt <= now));
  return forecastAt(hall, (day) => configs.on(day) ?? hall, bookAt(facts, now), now).map(
    ({ day, window, session }) => `${dateOf(day)} ${window} ${session}`,
  );
}

const SEEDS = Array.from({ length: 60 }, (_, i) => 7000 + i);

/** The instants of a world at which is asked, with what the oracle foretells then. */
function foretold({ world }: ReadWorld): (readonly [at: string, wanted: readonly string[]])[] {
  const some = world.instants.filter((_, i) => i % 7 === 0);
  return some.map((at) => [
    at,
    oracleForecastAt(world, at).map(({ date, window, session }) => `${date} ${window} ${session}`),
  ]);
}

test.each(SEEDS)('a world is foretold as the oracle foretells it (seed %i)', (seed) => {
  const read = readWorld(seed);
  for (const [at, wanted] of foretold(read)) {
    expect(forecastOf(read.hall, read.facts, parseInstant(at) ?? Number.NaN), `at ${at}`).toEqual(wanted);
  }
});

test('there are shortages to foretell', () => {
  const wanted = SEEDS.flatMap((seed) => foretold(readWorld(seed)).flatMap(([, shortages]) => shortages));
  expect(wanted.length).toBeGreaterThan(100);
});

describe('nobody at all can hold a window', () => {
  const NOW = instantAt('12:00:00');
  const window = (id: string, forecastDays: number, b: readonly string[] = []) => {
    return { id, name: id, schedule: 's', a: [], b, rules: { forecastDays } };
  };
  const hallOf = (more: object): Hall => hallWith({ schedules: { s: { weekly: everyDay('09:00-12:00') } }, ...more });
  const foretoldBy = (hall: Hall, then = hall): string[] =>
    forecastAt(hall, () => then, new Book(), NOW).map(({ day, window: id }) => `${dateOf(day)} ${id}`);

  test('which is told as far ahead as the window asks', () => {
    expect(foretoldBy(hallOf({ windows: [window('V', 0), window('W', 1), window('X', 2)] }))).toEqual([
      '2026-03-03 W',
      '2026-03-03 X',
      '2026-03-04 X',
    ]);
  });

  test('of whatever the configuration of today knows', () => {
    const [today, tomorrow] = [['W'], ['W', 'X']].map((ids) => hallOf({ windows: ids.map((id) => window(id, 1)) }));
    expect(foretoldBy(today as Hall, tomorrow as Hall)).toEqual(['2026-03-03 W']);
  });

  test('in the order of the configuration, whatever is judged together', () => {
    const windows = [window('W', 1, ['e9']), window('V', 1), window('U', 1, ['e9'])];
    const employees = [{ id: 'e9', name: 'E9', schedule: 'none' }];
    const schedules = { s: { weekly: everyDay('09:00-12:00') }, none: { weekly: {} } };
    const told = foretoldBy(hallWith({ schedules, employees, windows }));
    expect(told.map((one) => one.split(' ')[1])).toEqual(['W', 'V', 'U']);
  });

  test.each([
    ['2027-04-06', ['2027-04-06 W']],
    ['2027-04-07', []],
  ])('when it opens on %s, with 400 days to look ahead', (from, wanted) => {
    const schedules = { s: { versions: [{ from, weekly: everyDay('09:00-12:00') }] } };
    expect(foretoldBy(hallWith({ schedules, windows: [window('W', 1)] }))).toEqual(wanted);
  });
});
