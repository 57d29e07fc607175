/** By how much a clock was off when it stamped a touch, from what was measured before and after. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClockOffsets } from '../../../daemon/clocks/offsets.ts';
import { HOUR, MINUTE, SECOND } from '../../../rules/time.ts';

const LIMITS = { correctFromMs: 10 * SECOND, steppedMs: 30 * SECOND, mostMs: 24 * HOUR };
const T = Date.UTC(2026, 2, 2, 1);

const measured = (...known: readonly (readonly [at: number, offset: number])[]): ClockOffsets => {
  const offsets = new ClockOffsets(LIMITS);
  for (const [at, offset] of known) offsets.measure(T + at + offset, T + at);
  return offsets;
};

describe('a touch is corrected', () => {
  test('not where nothing was measured', () => expect(measured().correctionAt(T)).toBe(0));
  test('by what was measured before and after', () => {
    const offsets = measured([0, 15 * MINUTE], [HOUR, 15 * MINUTE]);
    expect(offsets.correctionAt(T + 30 * MINUTE)).toBe(15 * MINUTE);
    expect(offsets.stretches).toHaveLength(1);
  });
  test('by the newest, when it is younger than any measurement', () => {
    expect(measured([0, -3 * MINUTE]).correctionAt(T + HOUR)).toBe(-3 * MINUTE);
  });
  test('by the first, when it is older', () =>
    expect(measured([0, 2 * MINUTE]).correctionAt(T - HOUR)).toBe(2 * MINUTE));
  test('not for a difference that may be the way of a message', () => {
    expect(measured([0, 9 * SECOND]).correctionAt(T)).toBe(0);
  });
  test('by the earlier of two, where a clock drifts', () => {
    const offsets = measured([0, 20 * SECOND], [HOUR, 27 * SECOND]);
    expect(offsets.correctionAt(T + 30 * MINUTE)).toBe(20 * SECOND);
  });
  test('not at all, where the clock was set in between', () => {
    const offsets = measured([0, 15 * MINUTE], [HOUR, 0]);
    expect(offsets.correctionAt(T + 40 * MINUTE)).toBeNull();
    expect(offsets.correctionAt(T + 15 * MINUTE)).toBe(15 * MINUTE);
    expect(offsets.correctionAt(T + 2 * HOUR)).toBe(0);
  });
  test('not by more than a day: such a clock has lost its time', () => {
    expect(measured([0, -26 * 365 * 24 * HOUR]).correctionAt(T)).toBe(0);
  });
});

test('what it remembers is what it knew', () => {
  const offsets = measured([0, 15 * MINUTE], [HOUR, 0], [2 * HOUR, SECOND]);
  const again = new ClockOffsets(LIMITS, JSON.parse(JSON.stringify(offsets.stretches)));
  for (let at = -HOUR; at < 3 * HOUR; at += MINUTE) {
    expect(again.correctionAt(T + at)).toBe(offsets.correctionAt(T + at));
  }
  expect(again.newest).toBe(0);
});

test('a touch between two measurements that agree is judged by its true time or not at all, however the clock is set besides', () => {
  const settings = fc.array(
    fc.record({ minutes: fc.integer({ min: 1, max: 360 }), offsetMin: fc.integer({ min: -60, max: 60 }) }),
    { minLength: 1, maxLength: 8 },
  );
  const isMeasuredAt = fc.array(fc.boolean(), { minLength: 300, maxLength: 300 });
  fc.assert(
    fc.property(settings, isMeasuredAt, (set, isMeasured) => {
      const offsets = new ClockOffsets(LIMITS);
      // A touch a minute, and the offset of its clock then.
      const clock = set.flatMap(({ minutes, offsetMin }) => Array<number>(minutes).fill(offsetMin * MINUTE));
      const touches = isMeasured.map((_, minute) => {
        const offset = clock[minute % clock.length] as number;
        return { at: T + minute * MINUTE, offset, deviceAt: T + minute * MINUTE + offset };
      });
      const known = touches.filter((_, minute) => isMeasured[minute]);
      for (const { at, deviceAt } of known) offsets.measure(deviceAt, at);
      const isOnlyOne = ({ deviceAt }: { readonly deviceAt: number }): boolean =>
        touches.filter(
          (other) => Math.abs(other.deviceAt - deviceAt) < 2 * 60 * MINUTE && other.offset !== touches[0]?.offset,
        ).length === 0;
      for (const touch of touches) {
        const [before, after] = [known.findLast(({ at }) => at <= touch.at), known.find(({ at }) => at >= touch.at)];
        if (before?.offset !== touch.offset || after?.offset !== touch.offset || !isOnlyOne(touch)) continue;
        const correction = offsets.correctionAt(touch.deviceAt);
        if (correction !== null) expect(touch.deviceAt - correction).toBe(touch.at);
      }
    }),
    { numRuns: 100 },
  );
});
