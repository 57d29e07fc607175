/** In which order facts are looked at, and how lists are kept in it. */
import { describe, expect, test } from 'vitest';
import { drop, inApplicationOrder, inOrder, insert, laterRecorded, listOf } from '../../rules/fact-order.ts';
import type { DayFact, DutyFact, Fact, SlipFact } from '../../rules/facts.ts';
import { diceOf } from '../oracle/dice.ts';

const slip = (id: string, at: number, recordedAt = 0): SlipFact => ({ fact: 'slip', id, recordedAt, at, leave: 'l' });
const duty = (id: string, from: number, recordedAt = 0): DutyFact => {
  return { fact: 'duty', id, recordedAt, employee: 'e1', from, to: from + 1 };
};
const day = (id: string, recordedAt = 0): DayFact => {
  return { fact: 'day', id, recordedAt, date: '2026-03-02', kind: 'rest' };
};
const idsOf = (facts: readonly Fact[]): string[] => facts.map(({ id }) => id);

/** Each list as it has to come out, whatever the order in which it goes in. */
function expectSorted(wanted: readonly Fact[], sort: (facts: readonly Fact[]) => readonly Fact[]): void {
  const dice = diceOf(3);
  for (let i = 0; i < 20; i++) expect(idsOf(sort(dice.shuffled(wanted)))).toEqual(idsOf(wanted));
}

describe('facts of one kind are looked at', () => {
  test.each<[what: string, wanted: readonly Fact[]]>([
    ['by their time, then by id', [slip('b', 1), slip('a', 2), slip('b', 2), slip('c', 2), slip('a', 3)]],
    ['by their start, where they last', [duty('b', 1), duty('a', 2), duty('c', 2), duty('a', 3)]],
    ['by id, where they have no time', [day('a', 3), day('b', 1), day('c', 2)]],
  ])('%s', (_, wanted) => expectSorted(wanted, (facts) => facts.toSorted(inOrder)));

  test('as one, where it is one', () => {
    expect([inOrder(slip('a', 1), slip('a', 1)), laterRecorded(day('a', 1), day('a', 1))]).toEqual([0, 0]);
  });
});

test('facts that became known together are applied by kind, then time, then id', () => {
  const wanted = [day('x'), day('y'), duty('c', 8), duty('a', 9), slip('d', 1), slip('b', 2), slip('z', 2)];
  expectSorted(wanted, inApplicationOrder);
  const given = Object.freeze([slip('b', 1), day('a')]);
  expect(idsOf(inApplicationOrder(given))).toEqual(['a', 'b']);
});

test('of several the one recorded last comes first, then the one that begins later, then the greater id', () => {
  const wanted = [duty('a', 1, 9), duty('b', 7, 8), duty('d', 5, 8), duty('c', 5, 8), duty('e', 5, 7)];
  expectSorted(wanted, (facts) => facts.toSorted(laterRecorded));
  expect(laterRecorded(day('a'), day('b'))).toBeGreaterThan(0);
});

describe('a list', () => {
  test('is in order, whatever comes when, and has each fact once', () => {
    const wanted = Array.from({ length: 9 }, (_, i) => slip(`s${i}`, Math.floor(i / 2)));
    expectSorted(wanted, (facts) => {
      const list: SlipFact[] = [];
      for (const fact of [...facts, ...facts]) insert(list, fact as SlipFact);
      return list;
    });
  });

  test('is made where there is none, and kept', () => {
    const lists = new Map<string, number[]>();
    listOf(lists, 'a').push(1);
    listOf(lists, 'a').push(2);
    expect(lists).toEqual(new Map([['a', [1, 2]]]));
  });

  test('lets go of one fact, and of none that it does not have', () => {
    const list = [slip('a', 1), slip('b', 2), slip('c', 3)];
    drop(list, slip('z', 2));
    expect(idsOf(list)).toEqual(['a', 'b', 'c']);
    drop(list, slip('a', 1));
    expect(idsOf(list)).toEqual(['b', 'c']);
    drop(list, slip('c', 3));
    expect(idsOf(list)).toEqual(['b']);
    drop(undefined, slip('b', 2));
  });
});
