/** A hall's days and people, at the edges that no random hall meets. */
import { describe, expect, test } from 'vitest';
import { Configs } from '../../rules/configs.ts';
import { dayAt, judgedFrom, peopleOf, startOfDay } from '../../rules/hall.ts';
import { BEGINNING, DAY_LENGTH, dayOfDate, HOUR, MINUTE } from '../../rules/time.ts';
import { hallWith, instantAt, MONDAY } from '../support/hand-hall.ts';

const DAY = dayOfDate(MONDAY) ?? 0;

test.each([
  ['mon', 1],
  ['wed', 3],
  ['sun', 7],
])('a make-up workday that uses %s is ISO weekday %i', (makeUpDayUses, weekday) => {
  expect(hallWith({ calendar: { country: 'none', makeUpDayUses } }).makeUpDayUses).toBe(weekday);
});

test('a day is judged from its midnight on, hours before it starts', () => {
  const hall = hallWith();
  expect([judgedFrom(hall, DAY), startOfDay(hall, DAY)]).toEqual([instantAt('00:00:00'), instantAt('04:00:00')]);
});

describe('the day of an instant', () => {
  test('ends when the next one starts, in whatever order is asked', () => {
    const hall = hallWith();
    const asked = ['2026-03-03 03:59:59.999', '2026-03-03 04:00:00', '04:00:00', '03:59:59.999', '12:00:00'];
    expect(asked.map((time) => dayAt(hall, instantAt(time)) - DAY)).toEqual([0, 1, 0, -1, 0]);
  });

  test('is the one that has started, also where clocks are put back over its midnight', () => {
    // At half past midnight it is half past eleven again; of the two midnights the earlier one starts the day.
    const half = 100 * DAY_LENGTH + 30 * MINUTE;
    const zone = { id: 'Nowhere', starts: [BEGINNING, half], offsets: [0, -HOUR] };
    const hall = hallWith();
    const instants = [100 * DAY_LENGTH - 1, 100 * DAY_LENGTH, half - 1, half, half + 40 * MINUTE];
    // Each is asked of a hall that has not been asked before: the day that was asked for last is kept.
    const dayIn = (at: number): number => dayAt({ ...hall, zone, dayStart: 0 }, at);
    expect(instants.map(dayIn)).toEqual([99, 100, 100, 100, 100]);
  });
});

test('people whom facts let come later are not there before; whom the configuration does is known all the time', () => {
  const later = { id: 'e2', name: 'E2', schedule: 's', from: '2026-04-01' };
  const hall = hallWith({ employees: [{ id: 'e1', name: 'E1', schedule: 's' }, later] });
  const configs = new Configs(() => hall, hall);
  const from = instantAt('2026-03-04 00:00:00');
  const entered = { employee: 'n1', name: 'N', department: null, schedule: 's', from, to: null };
  configs.add({ fact: 'employee', id: 'n', recordedAt: 0, ...entered });
  const idsOn = (date: string): string[] => {
    const day = dayOfDate(date) ?? 0;
    return peopleOf(configs.on(day) ?? hall, day).map(({ id }) => id);
  };
  expect(idsOn('2026-03-03')).toEqual(['e1', 'e2']);
  expect(idsOn('2026-03-04')).toEqual(['e1', 'e2', 'n1']);
  expect(idsOn('2026-03-05')).toEqual(['e1', 'e2', 'n1']);
});
