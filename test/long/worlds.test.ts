/** As test/rules/worlds.test.ts, over twenty times as many worlds. */
import { expect, test } from 'vitest';
import { checkWorld, expectedSights, type Seen } from '../support/world-check.ts';

const WORLDS = 3000;

test(`${WORLDS} worlds are judged as the oracle judges them, and the history leads there`, () => {
  const seen: Seen = new Map();
  const differing: string[] = [];
  for (let seed = 0; seed < WORLDS; seed++) {
    const difference = checkWorld(seed, seen);
    if (difference !== null) differing.push(difference);
  }
  expect(differing).toEqual([]);
  expect(expectedSights().filter((sight) => (seen.get(sight) ?? 0) < 100)).toEqual([]);
});
