/** Facts in columns, chained by subject: each chain is in order and has every fact once, whatever is entered when. */
import { expect, test } from 'vitest';
import type { PresenceFact } from '../../rules/facts.ts';
import { Instants } from '../../rules/instants.ts';
import { diceOf } from '../oracle/dice.ts';

const seen = (id: string, at: number): PresenceFact => {
  return { fact: 'presence', id, recordedAt: 0, at, window: 'W', state: 'empty' };
};
const idsIn = (instants: Instants<PresenceFact>, chain: number, from: number, to: number): string[] =>
  instants.in(chain, { from, to }).map(({ id }) => id);

test('a chain is in order of time and id, and apart from the others', () => {
  const instants = new Instants<PresenceFact>();
  const [one, other] = [instants.open(), instants.open()];
  for (const [id, at] of [
    ['c', 5],
    ['a', 7],
    ['b', 5],
    ['d', 1],
  ] as const)
    instants.add(one, seen(id, at));
  instants.add(other, seen('x', 4));
  expect(idsIn(instants, one, 0, 9)).toEqual(['d', 'b', 'c', 'a']);
  expect(idsIn(instants, other, 0, 9)).toEqual(['x']);
  instants.add(one, seen('e', 6));
  expect(idsIn(instants, one, 0, 9)).toEqual(['d', 'b', 'c', 'e', 'a']);
});

test('a stretch of time has its beginning and not its end', () => {
  const instants = new Instants<PresenceFact>();
  const chain = instants.open();
  for (const at of [1, 2, 3, 4]) instants.add(chain, seen(`s${at}`, at));
  expect(idsIn(instants, chain, 2, 4)).toEqual(['s2', 's3']);
  expect(idsIn(instants, chain, 5, 9)).toEqual([]);
});

test('what is entered twice is there once', () => {
  const instants = new Instants<PresenceFact>();
  const chain = instants.open();
  for (const id of ['a', 'b', 'a', 'b']) instants.add(chain, seen(id, 3));
  expect(idsIn(instants, chain, 0, 9)).toEqual(['a', 'b']);
});

test('a chain may be emptied and begun again', () => {
  const instants = new Instants<PresenceFact>();
  const chain = instants.open();
  for (const id of ['a', 'b']) instants.add(chain, seen(id, 3));
  instants.remove(chain, seen('b', 3));
  expect(idsIn(instants, chain, 0, 9)).toEqual(['a']);
  instants.remove(chain, seen('a', 3));
  expect(idsIn(instants, chain, 0, 9)).toEqual([]);
  instants.add(chain, seen('c', 4));
  expect(idsIn(instants, chain, 0, 9)).toEqual(['c']);
});

test('what was marked stays so while there is more and more', () => {
  const instants = new Instants<PresenceFact>();
  const chain = instants.open();
  const dice = diceOf(8);
  const entered = Array.from({ length: 3000 }, (_, i) => ({ fact: seen(`s${i}`, i), mark: dice.between(0, 255) }));
  for (const { fact, mark } of entered) instants.add(chain, fact, mark);
  instants.add(chain, seen('unmarked', 3000));
  const found: { fact: PresenceFact; mark: number }[] = [];
  for (let place = instants.firstFrom(chain, 0); place >= 0; place = instants.next(place)) {
    found.push({ fact: instants.fact(place), mark: instants.mark(place) });
    expect(instants.at(place)).toBe(instants.fact(place).at);
  }
  expect(found).toEqual([...entered, { fact: seen('unmarked', 3000), mark: 0 }]);
});
