/** What nobody can hold tomorrow, against the oracle, and as somebody who plans leave would ask. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact } from '../../rules/facts.ts';
import { forecastAt } from '../../rules/forecast.ts';
import type { Hall } from '../../rules/hall.ts';
import { dateOf, type Ms, parseInstant } from '../../rules/time.ts';
import { forecastAt as oracleForecastAt } from '../oracle/forecast.ts';
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
