/** The lines that differ between two texts, as `diff -u` has them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textDifference } from '../../config/text-difference.ts';

const sides = (lines: readonly string[]) => ({ compared: lines, shown: lines });

/** A text with a difference applied, strictly: what it says was there has to be there. */
function patched(before: readonly string[], difference: string): string[] {
  const after: string[] = [];
  let at = 0;
  for (const line of difference.split('\n').slice(2)) {
    const hunk = /^@@ -(\d+),\d+ \+(\d+),\d+ @@$/.exec(line);
    if (hunk !== null) {
      after.push(...before.slice(at, Number(hunk[1]) - 1));
      at = Number(hunk[1]) - 1;
      expect(after.length).toBe(Number(hunk[2]) - 1);
    } else {
      const [sign, text] = [line[0], line.slice(1)];
      if (sign !== '+') expect(before[at++]).toBe(text);
      if (sign !== '-') after.push(text);
    }
  }
  return [...after, ...before.slice(at)];
}

test('whatever differs, the difference makes the one of the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '- x', '+ y', ''), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const difference = textDifference(sides(before), sides(after), 'text');
      if (difference === '') expect(after).toEqual(before);
      else expect(patched(before, difference)).toEqual(after);
    }),
  );
});

test('lines that are shown alike and are not the same stand there as changed', () => {
  const [before, after] = [
    { compared: ['user: a', 'password: old'], shown: ['user: a', 'password: ***'] },
    { compared: ['user: a', 'password: new'], shown: ['user: a', 'password: ***'] },
  ];
  expect(textDifference(before, after, 'hall.yaml').split('\n')).toEqual([
    '--- hall.yaml',
    '+++ hall.yaml',
    '@@ -1,2 +1,2 @@',
    ' user: a',
    '-password: ***',
    '+password: ***',
  ]);
  expect(textDifference(before, before, 'hall.yaml')).toBe('');
});
