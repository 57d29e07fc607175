/** What the calendars say of a date: the newest word first, and a doubt where nobody has published anything. */
import { expect, test } from 'vitest';
import { dayKind, weekdayInForce } from '../../rules/calendar.ts';
import { dayOfDate } from '../../rules/time.ts';

const CALENDARS = {
  national: { from: 100, until: 199, days: new Map([[150, 'rest' as const]]) },
  days: new Map([[151, 'work' as const]]),
  makeUpDayUses: 1,
};

test.each<[number, 'rest' | 'work' | null, string]>([
  [99, null, 'unconfirmed'],
  [100, null, 'plain'],
  [199, null, 'plain'],
  [200, null, 'unconfirmed'],
  [200, 'work', 'work'],
  [150, null, 'rest'],
  [150, 'work', 'work'],
  [151, null, 'work'],
  [151, 'rest', 'rest'],
])('day %i, of which a fact says %s, is %s', (day, fact, kind) => expect(dayKind(CALENDARS, day, fact)).toBe(kind));

const [MONDAY, SATURDAY] = ['2026-03-02', '2026-03-07'].map((date) => dayOfDate(date) ?? 0) as [number, number];
const TUESDAYS = { ...CALENDARS, makeUpDayUses: 2 };
const onWeekdays = (weekday: number): boolean => weekday <= 5;

test.each<[what: string, day: number, kind: 'plain' | 'rest' | 'work' | 'unconfirmed', wanted: number | null]>([
  ['a plain day is its weekday', SATURDAY, 'plain', 6],
  ['so is one that nobody has published yet', SATURDAY, 'unconfirmed', 6],
  ['a day of rest is none', MONDAY, 'rest', null],
  ['a workday is its own weekday where that has sessions', MONDAY, 'work', 1],
  ['a make-up workday is the weekday that the configuration names', SATURDAY, 'work', 2],
])('%s', (_, day, kind, wanted) => expect(weekdayInForce(TUESDAYS, day, kind, onWeekdays)).toBe(wanted));
