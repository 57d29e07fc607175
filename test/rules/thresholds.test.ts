/** What holds where no configuration says otherwise, as the rules have it. */
import { expect, test } from 'vitest';
import type { Employee, Window } from '../../rules/hall.ts';
import { parametersOfEmployee, parametersOfWindow } from '../../rules/parameters.ts';
import { resolveThresholds } from '../../rules/thresholds.ts';
import { MINUTE, SECOND } from '../../rules/time.ts';
import { hallWith } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

test('the defaults are those of the rules', () => {
  expect(resolveThresholds()).toEqual({
    dedupe: 60 * SECOND,
    lateGrace: 5 * MINUTE,
    earlyGrace: 5 * MINUTE,
    absentAfter: 30 * MINUTE,
    outWindow: 120 * MINUTE,
    settle: 5 * MINUTE,
    joinGap: 30 * MINUTE,
    minBreak: 15 * MINUTE,
    lunchNear: 20 * MINUTE,
    coverGrace: 10 * MINUTE,
    leftPostAfter: 15 * MINUTE,
    minAway: 2 * MINUTE,
    leftPostTotal: 30 * MINUTE,
    bridge: 60 * SECOND,
    minReturn: 20 * SECOND,
    offlineAfter: 2 * MINUTE,
    deliveryLag: 90 * SECOND,
    forecastDays: 1,
    slipKinds: ['事假', '病假', '公休'],
    slipDays: 1,
    slipMonthDays: 3,
  });
});

test('a window outranks its schedule, and that the hall', () => {
  const levels = [{ lateGrace: 1, dedupe: 1, settle: 1 }, { lateGrace: 2, dedupe: 2 }, undefined, { lateGrace: 3 }];
  expect(resolveThresholds(...levels)).toMatchObject({ lateGrace: 3, dedupe: 2, settle: 1, bridge: 60 * SECOND });
});

test('each says where it comes from: the level that outranks all others that set it', () => {
  const hall = hallWith({
    rules: { settle: '1m', coverGrace: '1m', bridge: '1s' },
    schedules: { s: { weekly: everyDay('09:00-12:00'), rules: { settle: '2m', coverGrace: '2m' } } },
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1', rules: { settle: '3m' } }],
  });
  const origin = { hall: { level: 'hall' }, schedule: { level: 'schedule', id: 's' } };
  const names = ['settle', 'coverGrace', 'bridge', 'minReturn'] as const;
  const ofPerson = parametersOfEmployee(hall, hall.employees.get('e1') as Employee, names);
  expect(ofPerson.map((one) => [one.value, one.origin])).toEqual([
    [2 * MINUTE, origin.schedule],
    [2 * MINUTE, origin.schedule],
    [SECOND, origin.hall],
    [20 * SECOND, { level: 'default' }],
  ]);
  const ofWindow = parametersOfWindow(hall, hall.windows.get('W') as Window, names);
  expect(ofWindow.map((one) => [one.value, one.origin])).toEqual([
    [3 * MINUTE, { level: 'window', id: 'W' }],
    [2 * MINUTE, origin.schedule],
    [SECOND, origin.hall],
    [20 * SECOND, { level: 'default' }],
  ]);
});
