/** The rules against the oracle, which was written from their text alone, on worlds made to be awkward. */
import { expect, test } from 'vitest';
import { checkWorld, expectedSights, type Seen } from '../support/world-check.ts';

test('150 worlds are judged as the oracle judges them, and the history leads there', () => {
  const seen: Seen = new Map();
  for (let seed = 0; seed < 150; seed++) expect(checkWorld(seed, seen)).toBeNull();
  expect(expectedSights().filter((sight) => !seen.has(sight))).toEqual([]);
}, 120_000);
