import { describe, expect, test } from 'vitest';
import { type Deadline, Deadlines } from '../../rules/heap.ts';
import { diceOf } from '../oracle/dice.ts';

const NEVER = Number.POSITIVE_INFINITY;
type Key = Deadline & { readonly name: number };
const keyOf = (name: number): Key => ({ name, dueAt: NEVER, slot: -1, day: { due: 0 } });

describe('deadlines', () => {
  test('of nobody are never', () => {
    const heap = new Deadlines<Key>();
    expect(heap.nextAt).toBe(NEVER);
    expect(heap.popNext()).toEqual([]);
  });

  test('of one instant come together, and no others', () => {
    const heap = new Deadlines<Key>();
    const keys = [5, 3, 9, 3, 5].map((dueAt, name) => {
      const key = keyOf(name);
      heap.set(key, dueAt);
      return key;
    });
    expect(
      heap
        .popNext()
        .map((key) => key.name)
        .sort(),
    ).toEqual([1, 3]);
    expect(keys.map((key) => key.slot >= 0)).toEqual([true, false, true, false, true]);
    expect(heap.nextAt).toBe(5);
  });

  test('of a good part of all leave the others in order', () => {
    const dice = diceOf(7);
    const heap = new Deadlines<Key>();
    const keys = Array.from({ length: 200 }, (_, name) => keyOf(name));
    for (const key of keys) heap.set(key, key.name % 3 === 0 ? dice.between(10, 30) : 9);
    const due = heap.popNext();
    expect(new Set(due)).toEqual(new Set(keys.filter(({ name }) => name % 3 !== 0)));
    expect(due.every(({ slot }) => slot < 0)).toBe(true);
    const others: number[] = [];
    while (heap.size > 0) others.push(...heap.popNext().map(({ dueAt }) => dueAt));
    expect(others).toEqual(keys.flatMap(({ name, dueAt }) => (name % 3 === 0 ? [dueAt] : [])).sort((a, b) => a - b));
  });

  test('move, go and come back as in a sorted list', () => {
    const dice = diceOf(5);
    const heap = new Deadlines<Key>();
    const days = [{ due: 0 }, { due: 0 }];
    const keys = Array.from({ length: 40 }, (_, name) => ({ ...keyOf(name), day: days[name % 2] as { due: number } }));
    const wanted = new Map<Key, number>();
    for (let step = 0; step < 20_000; step++) {
      if (dice.chance(0.25)) {
        const nextAt = Math.min(NEVER, ...wanted.values());
        expect(heap.nextAt).toBe(nextAt);
        const due = [...wanted].filter(([, dueAt]) => dueAt === nextAt).map(([key]) => key);
        expect(new Set(heap.popNext())).toEqual(new Set(due));
        for (const key of due) wanted.delete(key);
      } else {
        const key = dice.pick(keys);
        const dueAt = dice.chance(0.2) ? NEVER : dice.between(0, 60);
        heap.set(key, dueAt);
        if (dueAt === NEVER) wanted.delete(key);
        else wanted.set(key, dueAt);
      }
      expect(heap.size).toBe(wanted.size);
      expect(days.map((day) => day.due)).toEqual(
        days.map((day) => [...wanted.keys()].filter((key) => key.day === day).length),
      );
      expect(keys.every((key) => key.slot >= 0 === wanted.has(key))).toBe(true);
    }
  });
});
