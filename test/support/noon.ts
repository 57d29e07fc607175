/** A zone in which it is about noon now: the hours around now belong to one day, whenever a test runs. */
import { HOUR, MINUTE, type Ms } from '../../rules/time.ts';

export interface Noon {
  /** An IANA name. */
  readonly timezone: string;
  /** Today's date in the hall. */
  readonly date: string;
  /** `HH:MM` on the hall's clock, rounded down to the minute. */
  clock(at: Ms): string;
  /** `HH:MM-HH:MM`, both rounded down. */
  session(from: Ms, to: Ms): string;
}

export function noonAt(now: Ms): Noon {
  const ahead = 12 - Math.floor((now % (24 * HOUR)) / HOUR);
  // The signs of these names are the other way round (POSIX).
  const timezone = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  const clock = (at: Ms): string => {
    const local = (at + ahead * HOUR) % (24 * HOUR);
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
    return `${two(local / HOUR)}:${two((local % HOUR) / MINUTE)}`;
  };
  const date = stamp(now + ahead * HOUR).slice(0, 10);
  return { timezone, date, clock, session: (from, to) => `${clock(from)}-${clock(to)}` };
}

/** A schedule that has the same sessions on each day of the week. */
export function everyDay(...sessions: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, sessions]));
}

/** An instant as facts and payloads write it. */
export const stamp = (at: Ms): string => new Date(at).toISOString();
