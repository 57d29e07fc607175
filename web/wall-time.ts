/** Instants as people in the hall read them: in the hall's time zone, whatever the browser's. */

export interface WallTime {
  /** `10:21` */
  minute(at: number): string;
  /** `10:21:36` */
  second(at: number): string;
  /** `2026年11月20日 星期五` of a civil date `2026-11-20`. */
  date(civil: string): string;
}

export function wallTime(locale: string, timeZone: string): WallTime {
  // h23 because en-GB with `hour12: false` writes midnight as 24:00 in some browsers.
  const time = { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' } as const;
  const minute = new Intl.DateTimeFormat('en-GB', time);
  const second = new Intl.DateTimeFormat('en-GB', { ...time, second: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long' });
  return {
    minute: (at) => minute.format(at),
    second: (at) => second.format(at),
    date(civil) {
      const at = Date.parse(`${civil}T00:00:00Z`);
      return `${day.format(at)} ${weekday.format(at)}`;
    },
  };
}

/** A running length: `06:12`, and from an hour on `1:06:12`. */
export function stopwatch(lengthMs: number): string {
  const total = Math.max(0, Math.floor(lengthMs / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

/** `2026-11-03T09:00:00`, by the clock of a zone. */
export function wallText(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  } as Intl.DateTimeFormatOptions).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}`;
}

/** `14:05:09` of an instant as the daemon writes it: in the hall's time, whatever the reader's machine has. */
export const clockOf = (instant: string): string => instant.slice(11, 19);
