/** What nobody can hold tomorrow, against the oracle, and as somebody who plans leave would ask. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact } from '../../rules/facts.ts';
import { forecastAt } from '../../rules/forecast.ts';
import type { Hall } from '../../rules/hall.ts';
import { dateOf, type Ms, parseInstant } from '../../rules/time.ts';
import { forecastAt as oracleForecastAt } from '../oracle/forecast.ts';
import { readWorld } from '../support/world-check.ts';

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

test('60 worlds are foretold as the oracle foretells them', () => {
  let shortages = 0;
  for (let seed = 7000; seed < 7060; seed++) {
    const { world, hall, facts } = readWorld(seed);
    for (const at of world.instants.filter((_, i) => i % 7 === 0)) {
      const wanted = oracleForecastAt(world, at).map(({ date, window, session }) => `${date} ${window} ${session}`);
      expect(forecastOf(hall, facts, parseInstant(at) ?? Number.NaN), `seed ${seed} at ${at}`).toEqual(wanted);
      shortages += wanted.length;
    }
  }
  expect(shortages).toBeGreaterThan(100);
});
