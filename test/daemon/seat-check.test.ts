/** The check on the spot: sit, leave for ten seconds, come back; with when each was asked and seen. */
import { describe, expect, test } from 'vitest';
import { SeatCheck } from '../../daemon/trials/seat-check.ts';
import type { PresenceState } from '../../rules/facts.ts';

const S = 1000;

/** What is said of the seat from which second on; a look a second until the end. */
function checked(seconds: number, said: readonly (readonly [from: number, state: PresenceState])[]) {
  const check = new SeatCheck(0);
  for (let second = 1; second <= seconds; second++) {
    const state = said.findLast(([from]) => from <= second)?.[1] ?? 'unknown';
    check.see(second * S, { state, reason: state === 'unknown' ? 'still' : null });
  }
  return check.reading();
}

const steps = (reading: ReturnType<typeof checked>) =>
  reading.steps.map(({ step, askedAt, seenAt }) => [step, askedAt / S, seenAt === null ? null : seenAt / S]);

test('passes when each is seen after it was asked', () => {
  const reading = checked(40, [
    [5, 'occupied'],
    [12, 'unknown'],
    [15, 'empty'],
    [25, 'occupied'],
  ]);
  expect(reading.state).toBe('passed');
  expect(steps(reading)).toEqual([
    ['sit', 0, 5],
    ['leave', 5, 15],
    ['return', 15, 25],
  ]);
});

test('whoever comes back sooner is asked to after ten seconds only', () => {
  const reading = checked(30, [
    [1, 'occupied'],
    [3, 'empty'],
    [6, 'occupied'],
  ]);
  expect(steps(reading)).toEqual([
    ['sit', 0, 1],
    ['leave', 1, 3],
    ['return', 11, 12],
  ]);
  expect(reading.state).toBe('passed');
});

describe('fails where it is not seen within a minute', () => {
  test.each<[string, readonly (readonly [number, PresenceState])[], string]>([
    ['somebody sits', [[1, 'unknown']], 'sit'],
    [
      'the seat is empty',
      [
        [1, 'occupied'],
        [20, 'unknown'],
      ],
      'leave',
    ],
    [
      'somebody is back',
      [
        [1, 'occupied'],
        [20, 'empty'],
      ],
      'return',
    ],
  ])('that %s', (_, said, step) => {
    const reading = checked(130, said);
    expect([reading.state, reading.steps.at(-1)?.step, reading.steps.at(-1)?.seenAt]).toEqual(['failed', step, null]);
    expect(reading.last).not.toBeNull();
  });

  test('also where nothing is seen at all any more', () => {
    const check = new SeatCheck(0);
    check.wait(60 * S);
    expect(check.reading().state).toBe('sit');
    check.wait(61 * S);
    expect(check.reading().state).toBe('failed');
  });
});
