/** Sessions and candidates of a day, at the edges that no random hall meets. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { Employee, Hall, Schedule, Window } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { candidatesOf, hallDay, isWorkedOn, scheduledSessions, sessionsOf } from '../../rules/plan.ts';
import { dayOfDate, formatInstant } from '../../rules/time.ts';
import { hallWith, lasting, MONDAY } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const dayIn = (hall: Hall, book = new Book(), date = MONDAY) => hallDay(hall, book, dayOfDate(date) ?? 0);
const scheduleOf = (hall: Hall): Schedule => hall.schedules.get('s') as Schedule;

test('of sessions near each other each is joined to the one before, not to the first', () => {
  const hall = hallWith({ schedules: { s: { weekly: { mon: ['08:00-09:00', '11:00-12:00', '12:10-13:00'] } } } });
  const spans = sessionsOf(dayIn(hall), new Book(), hall.employees.get('e1') as Employee);
  const clocks = spans.map(({ from, to }) => [from, to].map((at) => formatInstant(hall.zone, at).slice(11, 16)));
  expect(clocks).toEqual([
    ['08:00', '09:00'],
    ['11:00', '13:00'],
  ]);
});

test('a session that falls into the hour that clocks skip is none', () => {
  const weekly = { sun: ['02:00-03:00', '09:00-12:00'] };
  const hall = hallWith({
    hall: { id: 'h', name: 'H', timezone: 'America/New_York', dayStart: '00:00' },
    schedules: { s: { weekly } },
  });
  const countOn = (date: string): number => scheduledSessions(dayIn(hall, new Book(), date), scheduleOf(hall)).length;
  expect([countOn('2026-03-01'), countOn('2026-03-08')]).toEqual([2, 1]);
});

test('sessions are in order also where one has moved out of the hour that clocks skip, past the next', () => {
  const weekly = { sun: ['02:30-02:45', '03:00-03:15', '03:20-03:40', '09:00-12:00'] };
  const hall = hallWith({
    hall: { id: 'h', name: 'H', timezone: 'America/New_York', dayStart: '00:00' },
    schedules: { s: { weekly, rules: { joinGap: '1m' } } },
  });
  const today = dayIn(hall, new Book(), '2026-03-08');
  const shown = (spans: readonly Span[]): string[] =>
    spans.map(({ from, to }) => [from, to].map((at) => formatInstant(hall.zone, at).slice(11, 16)).join('-'));
  const sessions = shown(scheduledSessions(today, scheduleOf(hall)));
  expect(sessions).toEqual(['03:00-03:15', '03:20-03:40', '03:30-03:45', '09:00-12:00']);
  const owed = shown(sessionsOf(today, new Book(), hall.employees.get('e1') as Employee));
  expect(owed).toEqual(['03:00-03:15', '03:20-03:45', '09:00-12:00']);
});

test('a day is worked on where some window has a session, be it one', () => {
  const schedules = { s: { weekly: { mon: ['09:00-12:00'] } }, off: { weekly: {} } };
  const windows = ['s', 'off'].map((schedule) => ({ id: schedule, name: schedule, schedule, a: 'e1' }));
  const hall = hallWith({ schedules, windows });
  expect([MONDAY, '2026-03-03'].map((date) => isWorkedOn(dayIn(hall, new Book(), date)))).toEqual([true, false]);
});

describe('whoever could hold a window on a day', () => {
  const employees = ['e1', 'e2', 'e3'].map((id) => ({ id, name: id, schedule: 's' }));
  const hall = hallWith({ employees, windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1', b: ['e3'] }] });
  const assigned = (from: string, to: string | null): Line =>
    lasting('assign', from, to, { window: 'W', role: 'A', employees: ['e2'] });

  test.each<[what: string, lines: readonly Line[], wanted: readonly string[]]>([
    ['its A and B', [], ['e1', 'e3']],
    ['whoever is assigned within it', [assigned('10:00:00', '11:00:00')], ['e1', 'e2', 'e3']],
    ['whoever is assigned for it, alone', [assigned('04:00:00', '2026-03-03 04:00:00')], ['e2', 'e3']],
    ['whoever is assigned until it ends', [assigned('2026-02-01 04:00:00', null)], ['e2', 'e3']],
    ['nobody who was assigned until it began', [assigned('2026-02-01 04:00:00', '04:00:00')], ['e1', 'e3']],
    [
      'nobody who held it for an hour of the day before',
      [assigned('2026-02-01 04:00:00', '2026-03-01 06:00:00'), assigned('2026-03-01 07:00:00', null)],
      ['e2', 'e3'],
    ],
    ['nobody who is assigned from its end on', [assigned('2026-03-03 04:00:00', null)], ['e1', 'e3']],
    ['nobody who is assigned for the next day', [assigned('2026-03-03 05:00:00', '2026-03-03 06:00:00')], ['e1', 'e3']],
    [
      'nobody who was assigned for the day before',
      [assigned('2026-03-01 05:00:00', '2026-03-01 06:00:00')],
      ['e1', 'e3'],
    ],
  ])('is %s', (_, lines, wanted) => {
    const book = new Book();
    for (const fact of readWorldFacts(hall, lines)) book.add(fact);
    expect([...candidatesOf(dayIn(hall, book), book, hall.windows.get('W') as Window)].sort()).toEqual(wanted);
  });
});
