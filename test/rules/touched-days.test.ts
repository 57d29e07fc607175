/** Days on which something has become known: each stretch once, and anew after somebody has asked. */
import { expect, test } from 'vitest';
import { TouchedDays } from '../../rules/touched-days.ts';

test('stretches of days are told once each, in the order in which they were touched', () => {
  const days = new TouchedDays();
  for (const [from, to] of [
    [1, 2],
    [1, 2],
    [1, 3],
    [0, 3],
    [1, 2],
  ] as const)
    days.note(from, to);
  const wanted = [
    { from: 1, to: 2 },
    { from: 1, to: 3 },
    { from: 0, to: 3 },
  ];
  expect(days.take()).toEqual(wanted);
  expect(days.take()).toEqual([]);
  days.note(0, 3);
  days.note(1, 2);
  expect(days.take()).toEqual([wanted[2], wanted[0]]);
});
