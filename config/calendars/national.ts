/** National calendars as data: holidays with their days in lieu, and make-up workdays. */
import type { NationalCalendar } from '../../rules/calendar.ts';
import { type Day, dayOfDate } from '../../rules/time.ts';
import cn from './cn.json' with { type: 'json' };
import type { CalendarFile } from './generate.ts';

const FILES: Readonly<Record<string, CalendarFile>> = { CN: cn };

const read = new Map<string, NationalCalendar>();

/** The calendar of a country (`CN`), or null where weekdays alone decide (`none`). Throws if the country has no data here. */
export function nationalCalendar(country: string): NationalCalendar | null {
  if (country === 'none') return null;
  const known = read.get(country);
  if (known !== undefined) return known;
  const file = Object.hasOwn(FILES, country) ? FILES[country] : undefined;
  if (file === undefined) throw new Error(`there is no national calendar of ${country}`);
  const days = new Map<Day, 'rest' | 'work'>();
  for (const date of Object.keys(file.rest)) days.set(dayIn(date), 'rest');
  for (const date of Object.keys(file.work)) days.set(dayIn(date), 'work');
  const calendar: NationalCalendar = { from: dayIn(file.from), until: dayIn(file.until), days };
  read.set(country, calendar);
  return calendar;
}

function dayIn(date: string): Day {
  const day = dayOfDate(date);
  if (day === null) throw new Error(`a calendar file has ${date}, which is no date`);
  return day;
}
