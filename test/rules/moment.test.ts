/** What is found out once is not found out again before time can have changed it. */
import { expect, test } from 'vitest';
import { Kept, Moment } from '../../rules/moment.ts';

test('what is kept holds from the instant it was found out to the one before it may differ', () => {
  const kept = new Kept<number>();
  const foundAt = (now: number): number =>
    kept.at(new Moment(now), (own) => {
      own.due(20);
      return own.now;
    });
  expect([10, 10, 19, 20, 25, 15].map(foundAt)).toEqual([10, 10, 10, 20, 20, 15]);
  kept.forget();
  expect([16, 16].map(foundAt)).toEqual([16, 16]);
});
