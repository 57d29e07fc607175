/** A board that looks again only at what may have changed says what one says that looks at everything, on every world. */
import { expect, test } from 'vitest';
import { boardDifference } from '../support/board-life.ts';

const seeds = Array.from({ length: 60 }, (_, i) => 7000 + i);

test.each(seeds)('in the world of seed %i', { timeout: 60_000 }, (seed) => {
  const { found, looks } = boardDifference(seed);
  expect(found).toBeNull();
  expect(looks).toBeGreaterThan(20);
});
