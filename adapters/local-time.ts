/** Times as devices show them: civil, and without a word on the zone they are in. */
import {
  civilDay,
  civilOf,
  DAY_LENGTH,
  dayOfCivil,
  HOUR,
  instantOf,
  MINUTE,
  type Ms,
  offsetAt,
  SECOND,
  type Zone,
} from '../rules/time.ts';

export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instant that a clock in this zone shows so; null where there is no such date or time of day. */
export function instantOfLocal(zone: Zone, local: LocalTime): Ms | null {
  const { year, month, day, hour, minute, second } = local;
  const date = dayOfCivil(year, month, day);
  const [y, m, d] = civilOf(date);
  if (y !== year || m !== month || d !== day) return null;
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59)) return null;
  return instantOf(zone, date, hour * HOUR + minute * MINUTE + second * SECOND);
}

/** The same, of its parts as they are written, from the year to the second. */
export function instantOfDigits(zone: Zone, digits: readonly string[]): Ms | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map(Number);
  return instantOfLocal(zone, { year, month, day, hour, minute, second });
}

/** What a clock in this zone shows at an instant, to the second. */
export function localTimeOf(zone: Zone, at: Ms): LocalTime {
  const day = civilDay(zone, at);
  const [year, month, dayOfMonth] = civilOf(day);
  const inDay = Math.floor((at + offsetAt(zone, at) - day * DAY_LENGTH) / SECOND);
  return {
    year,
    month,
    day: dayOfMonth,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
  };
}

/** `2026-03-02 08:55:10` as a clock in this zone shows it. */
export function localText(zone: Zone, at: Ms): string {
  const { year, month, day, hour, minute, second } = localTimeOf(zone, at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}
