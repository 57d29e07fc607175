/** What follows from what a device says of itself. Times are of Monday 2026-03-02. */
import { describe, expect, test } from 'vitest';
import { DeviceLog, firstEndingAfter, type Outage } from '../../rules/device-log.ts';
import type { DeviceFact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import { instantAt } from '../support/hand-hall.ts';

const at = instantAt;
const orNull = (time: string | null): Ms | null => (time === null ? null : at(time));

function said(state: DeviceFact['state'], time: string, more: Partial<DeviceFact> = {}): DeviceFact {
  return { fact: 'device', id: `${state} ${time}`, recordedAt: 0, device: 'k1', state, at: at(time), ...more };
}

function logOf(...facts: readonly DeviceFact[]): DeviceLog {
  const log = new DeviceLog();
  for (const fact of facts) log.add(fact);
  return log;
}

/** Away from nine to ten, from eleven to twelve, and since one o'clock. */
const THRICE = [
  said('offline', '09:00:00'),
  said('online', '10:00:00'),
  said('offline', '11:00:00'),
  said('online', '12:00:00'),
  said('offline', '13:00:00'),
];
const [NINE, ELEVEN, ONE] = [
  ['09:00:00', '10:00:00'],
  ['11:00:00', '12:00:00'],
  ['13:00:00', null],
] as const;
const outages = (...wanted: readonly (readonly [from: string, to: string | null])[]): Outage[] =>
  wanted.map(([from, to]) => ({ from: at(from), to: orNull(to) }));

describe('what a device says next', () => {
  test.each([
    ['08:00:00', '09:00:00'],
    ['09:00:00', '10:00:00'],
    ['10:30:00', '11:00:00'],
    ['12:59:59.999', '13:00:00'],
    ['13:00:00', null],
    ['14:00:00', null],
  ])('after %s comes at %s', (time, wanted) => expect(logOf(...THRICE).nextAfter(at(time))).toBe(orNull(wanted)));

  test('is nothing where it never says anything', () => expect(logOf().nextAfter(0)).toBeNull());
});

describe('outages', () => {
  test.each([
    ['08:59:59.999', []],
    ['09:00:00', [NINE]],
    ['11:00:00', [NINE, ELEVEN]],
    ['12:59:59.999', [NINE, ELEVEN]],
    ['13:00:00', [NINE, ELEVEN, ONE]],
  ] as const)('that have begun by %s', (time, wanted) =>
    expect(logOf(...THRICE).outagesBy(at(time))).toEqual(outages(...wanted)),
  );

  test('begin with the first of several words that say the same, and end with the first', () => {
    const [offline, online] = [said('offline', '09:30:00'), said('online', '10:30:00')];
    const twice = logOf(said('online', '08:00:00'), ...THRICE.slice(0, 2), offline, online);
    expect(twice.outagesBy(at('12:00:00'))).toEqual(outages(NINE));
    twice.remove(said('online', '10:00:00'));
    expect(twice.outagesBy(at('12:00:00'))).toEqual(outages(['09:00:00', '10:30:00']));
  });

  test.each([
    ['08:00:00', 0],
    ['09:59:59.999', 0],
    ['10:00:00', 1],
    ['11:59:59.999', 1],
    ['12:00:00', 2],
    ['14:00:00', 2],
  ])('the first that ends after %s is number %i', (time, wanted) =>
    expect(firstEndingAfter(outages(NINE, ELEVEN, ONE), at(time))).toBe(wanted),
  );

  test('none ends after the last is over', () => expect(firstEndingAfter(outages(NINE), at('10:00:00'))).toBe(1));
});

test('what was lost with a ledger is what came in before, what had been on its way for ten minutes too', () => {
  const log = logOf(
    said('offline', '09:00:00', { lostUntil: at('09:00:00.001') }),
    said('offline', '10:00:00', { lostUntil: at('10:00:00') }),
    said('offline', '11:00:00'),
  );
  expect(log.losses).toEqual([{ from: at('08:50:00'), to: at('09:00:00.001') }]);
  log.add(said('offline', '12:00:00', { lostUntil: at('12:30:00') }));
  expect(log.losses).toHaveLength(2);
});
