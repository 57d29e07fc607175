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

/** What decides about dates: the country's calendar, and the configuration's own days. */
export interface Calendars {
  readonly national: NationalCalendar;
  readonly days: ReadonlyMap<Day, 'rest' | 'work'>;
  /** ISO weekday whose sessions a make-up workday uses that has none of its own. */
  readonly makeUpDayUses: number;
}

/** National calendar, then the configuration's days, then the `day` fact in force (rules.md section 2). */
export function dayKind(calendars: Calendars, day: Day, dayFact: 'rest' | 'work' | null): DayKind {
  const named = dayFact ?? calendars.days.get(day) ?? calendars.national.days.get(day);
  if (named !== undefined) return named;
  const { from, until } = calendars.national;
  return day < from || day > until ? 'unconfirmed' : 'plain';
}

/** The ISO weekday whose sessions apply, or null on a day of rest. */
export function weekdayInForce(
  calendars: Calendars,
  day: Day,
  kind: DayKind,
  hasSessions: (weekday: number) => boolean,
): number | null {
  if (kind === 'rest') return null;
  const weekday = weekdayOf(day);
  if (kind === 'work' && !hasSessions(weekday)) return calendars.makeUpDayUses;
  return weekday;
}
