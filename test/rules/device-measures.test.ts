/** Figures of a clock's day, added up by hand. The hall's day begins at 04:00. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { type DeviceFigures, deviceFigures, onlineRate } from '../../rules/device-measures.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay } from '../../rules/plan.ts';
import { dayOfDate, HOUR, MINUTE } from '../../rules/time.ts';
import { device, hallWith, instantAt, MONDAY, punch } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const HALL = hallWith();
const [YESTERDAY, TOMORROW] = ['2026-03-01', '2026-03-03'];

function figuresAt(time: string, ...lines: readonly Line[]): DeviceFigures {
  const book = new Book();
  for (const fact of readWorldFacts(HALL, lines)) book.add(fact);
  return deviceFigures('k1', hallDay(HALL, book, dayOfDate(MONDAY) ?? 0), book, new Moment(instantAt(time)));
}

const said = (state: string, time: string): Line => device(time, 'k1', state);
const away = (from: string, to: string): Line[] => [said('offline', from), said('online', to)];
const heardYesterday = said('online', `${YESTERDAY} 12:00:00`);
const NOTHING = { elapsed: 0, online: 0, offline: 0, unheard: 0, unproved: 0, outages: 0 };
const online = (hours: number): DeviceFigures => {
  return { ...NOTHING, elapsed: hours * HOUR, online: hours * HOUR };
};

describe('a clock', () => {
  test('was online but for its outages, each of them proved or not, since it first spoke', () => {
    const outages = [...away('07:00:00', '08:00:00'), ...away('09:00:00', '10:30:00'), said('offline', '11:55:00')];
    const lines = [said('online', '06:00:00'), ...outages, punch('07:30:00')];
    expect(figuresAt('12:00:00', ...lines)).toEqual({
      elapsed: 8 * HOUR,
      unheard: 2 * HOUR,
      offline: 2 * HOUR + 35 * MINUTE,
      online: 3 * HOUR + 25 * MINUTE,
      unproved: HOUR + 35 * MINUTE,
      outages: 3,
    });
  });

  test.each<[what: string, time: string, lines: readonly Line[], wanted: DeviceFigures]>([
    ['has no figures of a day that has not begun', '03:00:00', [heardYesterday], NOTHING],
    ['has none at its very beginning', '04:00:00', [heardYesterday], NOTHING],
    ['is online as long as it says nothing else', '12:00:00', [heardYesterday], online(8)],
    ['has no more than the day', `${TOMORROW} 12:00:00`, [heardYesterday], online(24)],
    ['is unheard of all day', '12:00:00', [], { ...NOTHING, elapsed: 8 * HOUR, unheard: 8 * HOUR }],
    [
      'is unheard of all day, and speaks on the next',
      `${TOMORROW} 12:00:00`,
      [said('online', `${TOMORROW} 11:00:00`)],
      { ...NOTHING, elapsed: 24 * HOUR, unheard: 24 * HOUR },
    ],
    [
      'went away on the day before',
      '12:00:00',
      [heardYesterday, ...away(`${YESTERDAY} 22:00:00`, '05:00:00')],
      { ...online(7), elapsed: 8 * HOUR, offline: HOUR, unproved: HOUR },
    ],
    [
      'was away on the day before only',
      '12:00:00',
      [heardYesterday, ...away(`${YESTERDAY} 22:00:00`, `${YESTERDAY} 23:00:00`)],
      online(8),
    ],
    [
      'goes away at the first instant of the day',
      '12:00:00',
      [heardYesterday, ...away('04:00:00', '05:00:00')],
      { ...online(7), elapsed: 8 * HOUR, offline: HOUR, unproved: HOUR, outages: 1 },
    ],
    [
      'goes away in the evening, and is back on the next day',
      `${TOMORROW} 12:00:00`,
      [heardYesterday, ...away('23:00:00', `${TOMORROW} 06:00:00`)],
      { ...online(19), elapsed: 24 * HOUR, offline: 5 * HOUR, unproved: 5 * HOUR, outages: 1 },
    ],
    [
      'goes away when the day is over',
      `${TOMORROW} 12:00:00`,
      [heardYesterday, ...away(`${TOMORROW} 04:00:00`, `${TOMORROW} 05:00:00`)],
      online(24),
    ],
  ])('%s', (_, time, lines, wanted) => expect(figuresAt(time, ...lines)).toEqual(wanted));

  test('may deliver what proves an outage until it has settled', () => {
    const lines = [heardYesterday, ...away('11:00:00', '11:50:00'), punch('11:30:00')];
    expect(figuresAt('11:54:59', ...lines).unproved).toBe(50 * MINUTE);
    expect(figuresAt('11:55:00', ...lines)).toMatchObject({ offline: 50 * MINUTE, unproved: 0 });
  });
});

test('the rate of a clock is of the time of which something is known', () => {
  expect(onlineRate({ ...online(3), elapsed: 8 * HOUR, offline: HOUR, unheard: 4 * HOUR })).toBe(0.75);
  expect(onlineRate(NOTHING)).toBeNull();
});
