import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Receipts } from '../../adapters/receipts.ts';

test('whatever order they are committed in, each is released once, in the order of receipt, as soon as it can be', () => {
  const orders = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 100 });
  fc.assert(
    fc.property(orders, (commits) => {
      const released: number[] = [];
      const receipts = new Receipts<number>((item) => released.push(item));
      const commitOf = Array.from({ length: 31 }, (_, item) => receipts.take(item));
      const committed = new Set<number>();
      for (const item of commits) {
        commitOf[item]?.();
        committed.add(item);
        let due = 0;
        while (committed.has(due)) due++;
        expect(released).toEqual(Array.from({ length: due }, (_, i) => i));
        expect(receipts.size).toBe(31 - due);
      }
    }),
  );
});

test('new ones are taken while others are released', () => {
  const released: string[] = [];
  const receipts: Receipts<string> = new Receipts((item) => {
    released.push(item);
    if (item === 'first') receipts.take('third')();
  });
  const first = receipts.take('first');
  const second = receipts.take('second');
  first();
  expect(released).toEqual(['first']);
  second();
  expect(released).toEqual(['first', 'second', 'third']);
  expect(receipts.size).toBe(0);
});

test('after closing nothing is released any more, not even by a commit under way', () => {
  const released: number[] = [];
  const receipts: Receipts<number> = new Receipts((item) => {
    released.push(item);
    if (item === 1) receipts.close();
  });
  const commits = [0, 1, 2].map((item) => receipts.take(item));
  commits[2]?.();
  commits[1]?.();
  commits[0]?.();
  expect(released).toEqual([0, 1]);
  expect(receipts.size).toBe(0);
  receipts.take(3)();
  expect(released).toEqual([0, 1]);
});
