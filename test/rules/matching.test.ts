import { expect, test } from 'vitest';
import { assignInOrder } from '../../rules/matching.ts';
import { diceOf } from '../oracle/dice.ts';

type Candidates = readonly (readonly string[])[];

/** Every way to give windows their candidates, one person each at most. */
function* ways(candidates: Candidates, i = 0, taken: ReadonlySet<string> = new Set()): Generator<(string | null)[]> {
  if (i === candidates.length) return yield [];
  for (const person of [...(candidates[i] ?? []), null]) {
    if (person !== null && taken.has(person)) continue;
    for (const rest of ways(candidates, i + 1, new Set([...taken, person ?? '']))) yield [person, ...rest];
  }
}

/** rules.md section 5, step 4, to the letter and the slow way. */
function bruteForce(candidates: Candidates): (string | null)[] {
  const all = [...ways(candidates)];
  const coverable: number[] = [];
  for (const i of candidates.keys()) {
    if (all.some((way) => [...coverable, i].every((k) => way[k] !== null))) coverable.push(i);
  }
  const rank = (way: readonly (string | null)[]) =>
    coverable
      .map((i) =>
        (candidates[i] ?? [])
          .indexOf(way[i] ?? '')
          .toString()
          .padStart(3, '0'),
      )
      .join();
  const covering = all.filter((way) => way.every((person, i) => (person !== null) === coverable.includes(i)));
  return covering.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0] ?? [];
}

test.each<[string, Candidates, (string | null)[]]>([
  ['the first of its list', [['b', 'c']], ['b']],
  ['nobody where there is nobody', [[], ['b']], [null, 'b']],
  ['one B for two windows: the earlier window has her', [['b'], ['b']], ['b', null]],
  ['the only B of the second is left for it', [['b', 'c'], ['b']], ['c', 'b']],
  ['all windows, through a chain', [['a', 'b'], ['a', 'c'], ['a']], ['b', 'c', 'a']],
  [
    'the first window gets its earliest candidate, then the second',
    [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['c', 'a'],
    ],
    ['a', 'b', 'c'],
  ],
  ['a later window is never covered at an earlier one’s cost', [['a'], ['a'], ['b']], ['a', null, 'b']],
])('%s', (_, candidates, wanted) => {
  expect(assignInOrder(candidates)).toEqual(wanted);
  expect(bruteForce(candidates)).toEqual(wanted);
});

test('as brute force says, on any lists', () => {
  const dice = diceOf(4);
  for (let round = 0; round < 1500; round++) {
    const people = ['a', 'b', 'c', 'd', 'e'].slice(0, dice.between(1, 5));
    const candidates = Array.from({ length: dice.between(0, 5) }, () => dice.shuffled(dice.some(people, 0.5)));
    expect(assignInOrder(candidates), JSON.stringify(candidates)).toEqual(bruteForce(candidates));
  }
});
