/** What is found out once is not found out again before time can have changed it. */
import { expect, test } from 'vitest';
import { Kept, Moment } from '../../rules/moment.ts';

test('what is kept holds from the instant it was found out to the one before it may differ', () => {
  const kept = new Kept<number>();
  let found = 0;
  const foundAt = (now: number): number =>
    kept.at(new Moment(now), (own) => {
      own.due(20);
      found += 1;
      return found;
    });
  expect([10, 10, 19, 20, 25, 15].map(foundAt)).toEqual([1, 1, 1, 2, 2, 3]);
  kept.forget();
  expect([16, 16].map(foundAt)).toEqual([4, 4]);
});
