/** Numbers that have not come, as a clock counts its touches. */
import { expect, test } from 'vitest';
import { Numbering } from '../../../daemon/clocks/numbering.ts';
import { MINUTE } from '../../../rules/time.ts';

/** What is missing after numbers that came at minutes. */
function after(...came: readonly (readonly [minute: number, number: number])[]): string[] {
  const numbering = new Numbering();
  let missing: readonly { readonly from: number; readonly to: number }[] = [];
  for (const [minute, number] of came) missing = numbering.came(number, minute * MINUTE);
  return missing.map(({ from, to }) => `${from}–${to}`);
}

test('nothing is missing of what comes in order, from whatever number on', () => {
  expect(after([0, 4711], [1, 4712], [9, 4713])).toEqual([]);
});

test('what has not come is named a minute later', () => {
  expect(after([0, 1], [1, 5])).toEqual([]);
  expect(after([0, 1], [1, 5], [1.9, 6])).toEqual([]);
  expect(after([0, 1], [1, 5], [2, 6])).toEqual(['2–4']);
});

test('what is overtaken is not missing once it is there, in whatever order', () => {
  expect(after([0, 1], [1, 5], [1, 3], [2, 6])).toEqual(['2–2', '4–4']);
  expect(after([0, 1], [1, 5], [1, 4], [1, 2], [1, 3], [9, 6])).toEqual([]);
});

test('a number that comes again says nothing', () => {
  expect(after([0, 7], [1, 7], [5, 6], [9, 8])).toEqual([]);
});

test('a clock that counts anew misses nothing of its former count', () => {
  const numbering = new Numbering();
  numbering.came(1, 0);
  numbering.came(9, 0);
  numbering.restart();
  expect(numbering.came(1, MINUTE)).toEqual([]);
  expect(numbering.came(2, 9 * MINUTE)).toEqual([]);
});
