/** What the calendars say of a date: the newest word first, and a doubt where nobody has published anything. */
import { expect, test } from 'vitest';
import { dayKind } from '../../rules/calendar.ts';

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
