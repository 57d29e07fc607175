/** Which days can be played: those on which the national calendar lets people work. */
import { nationalCalendar } from '../../config/calendars/national.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { type DayKind, dayKind, NO_CALENDAR } from '../../rules/calendar.ts';
import { civilDay, type Day, type Ms, weekdayOf } from '../../rules/time.ts';
import { TIME_ZONE } from './hall.ts';

const SATURDAY = 6;

/** 工作日、休息日, or not yet published. */
export type DayAnswer = 'work' | 'rest' | 'unconfirmed';

export function dayAnswer(day: Day): DayAnswer {
  const national = nationalCalendar('CN') ?? NO_CALENDAR;
  const kind: DayKind = dayKind({ national, days: new Map(), makeUpDayUses: 1 }, day, null);
  if (kind !== 'plain') return kind;
  return weekdayOf(day) < SATURDAY ? 'work' : 'rest';
}

/** The last day up to a given one on which people work, as far as that is published. */
export function workingDayUpTo(day: Day): Day {
  const national = nationalCalendar('CN') ?? NO_CALENDAR;
  let candidate = Math.min(day, national.until);
  while (dayAnswer(candidate) !== 'work') candidate--;
  return candidate;
}

/** The date in the hall at an instant. */
export function dateInHall(at: Ms): Day {
  return civilDay(zoneTable(TIME_ZONE), at);
}
