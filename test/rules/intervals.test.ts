import { describe, expect, test } from 'vitest';
import { overlaps, type Span, sameSpans, subtract, within } from '../../rules/intervals.ts';
import { diceOf } from '../oracle/dice.ts';

const span = (from: number, to: number): Span => ({ from, to });

describe('two stretches', () => {
  test.each([
    ['apart', span(0, 2), span(3, 4), false],
    ['touching', span(0, 2), span(2, 4), false],
    ['sharing an instant', span(0, 3), span(2, 4), true],
    ['one in the other', span(0, 9), span(3, 4), true],
    ['the same', span(1, 2), span(1, 2), true],
    ['one of them empty', span(0, 9), span(3, 3), false],
    ['one of them reversed', span(0, 9), span(5, 3), false],
  ])('%s', (_, a, b, said) => {
    expect(overlaps(a, b)).toBe(said);
    expect(overlaps(b, a)).toBe(said);
  });
});

describe('taking holes out', () => {
  test.each([
    ['none', span(0, 10), [], [span(0, 10)]],
    ['in the middle', span(0, 10), [span(3, 5)], [span(0, 3), span(5, 10)]],
    ['at the start', span(0, 10), [span(-3, 5)], [span(5, 10)]],
    ['at the end', span(0, 10), [span(5, 99)], [span(0, 5)]],
    ['the whole', span(0, 10), [span(0, 10)], []],
    ['touching it', span(0, 10), [span(-5, 0), span(10, 12)], [span(0, 10)]],
    ['overlapping each other', span(0, 10), [span(2, 5), span(4, 6)], [span(0, 2), span(6, 10)]],
    ['an empty hole cuts nothing', span(0, 10), [span(4, 4), span(6, 5)], [span(0, 10)]],
    ['out of an empty stretch', span(4, 4), [], []],
  ])('%s', (_, whole, holes, parts) => expect(subtract(whole, holes)).toEqual(parts));

  test('leaves exactly the instants that are in no hole', () => {
    const dice = diceOf(3);
    for (let round = 0; round < 500; round++) {
      const holes = Array.from({ length: dice.between(0, 5) }, () => {
        const from = dice.between(-3, 22);
        return span(from, from + dice.between(-1, 8));
      });
      const parts = subtract(span(0, 20), holes);
      for (let at = -2; at < 23; at++) expect(within(parts, at)).toBe(at >= 0 && at < 20 && !within(holes, at));
      for (const [i, part] of parts.entries()) expect(part.from).toBeGreaterThanOrEqual(parts[i - 1]?.to ?? 0);
    }
  });
});

test.each([
  ['none', [], [], true],
  ['the same', [span(0, 2), span(3, 4)], [span(0, 2), span(3, 4)], true],
  ['one more', [span(0, 2)], [span(0, 2), span(3, 4)], false],
  ['the second begins elsewhere', [span(0, 2), span(3, 5)], [span(0, 2), span(4, 5)], false],
  ['the first ends elsewhere', [span(0, 1), span(3, 5)], [span(0, 2), span(3, 5)], false],
])('lists of stretches are compared: %s', (_, a, b, said) => {
  expect(sameSpans(a, b)).toBe(said);
  expect(sameSpans(b, a)).toBe(said);
});
