import type { Hall } from './hall.ts';
import { type Day, weekdayOf } from './time.ts';

/** A country's published holidays and make-up workdays, handed in as data. */
export interface NationalCalendar {
  /** Dates for which the calendar has been published, inclusive; outside them a date is `unconfirmed`. */
  readonly from: Day;
  readonly until: Day;
  readonly days: ReadonlyMap<Day, 'rest' | 'work'>;
}

/** A hall without a national calendar: every date is confirmed and ordinary. */
export const NO_CALENDAR: NationalCalendar = {
  from: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  days: new Map(),
};

/** What the calendars say of a date. `plain` = the weekday decides; `unconfirmed` = it does, but nobody has published it yet. */
export type DayKind = 'plain' | 'rest' | 'work' | 'unconfirmed';

/** National calendar, then the configuration's days, then the `day` fact in force (rules.md section 2). */
export function dayKind(hall: Hall, day: Day, dayFact: 'rest' | 'work' | null): DayKind {
  const named = dayFact ?? hall.days.get(day) ?? hall.national.days.get(day);
  if (named !== undefined) return named;
  return day < hall.national.from || day > hall.national.until ? 'unconfirmed' : 'plain';
}

/** The ISO weekday whose sessions apply, or null on a day of rest. */
export function weekdayInForce(
  hall: Hall,
  day: Day,
  kind: DayKind,
  hasSessions: (weekday: number) => boolean,
): number | null {
  if (kind === 'rest') return null;
  const weekday = weekdayOf(day);
  if (kind === 'work' && !hasSessions(weekday)) return hall.makeUpDayUses;
  return weekday;
}
