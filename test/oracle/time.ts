/** The oracle's own clockwork: instants, durations, local times and hall days. All from section 2, first two bullets. */

export type Ms = number;

/** Half-open, like every interval of the rules. */
export interface Span {
  from: Ms;
  to: Ms;
}

/** One day of the hall: its civil date and the instants between which it lies. */
export interface HallDay extends Span {
  date: string;
}

export const MINUTE: Ms = 60_000;
export const HOUR: Ms = 60 * MINUTE;
export const CIVIL_DAY: Ms = 24 * HOUR;

const UNITS: Record<string, Ms> = { ms: 1, s: 1000, m: MINUTE, h: HOUR, d: CIVIL_DAY };
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Contract 2: durations as `90s`, `5m`, `2h`; a number is milliseconds already. */
export function durationMs(value: string | number): Ms {
  if (typeof value === 'number') return value;
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(value);
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) throw new Error(`not a duration: ${value}`);
  return Number(match[1]) * unit;
}

/** Section 2: instants are integer milliseconds; at the interfaces RFC 3339 with an offset. */
export function instantOf(text: string): Ms {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new Error(`not an instant: ${text}`);
  return Date.parse(text);
}

/** `HH:MM` (up to `24:00`) as minutes after midnight. */
export function minutesOfDay(text: string): number {
  const match = /^(\d\d):(\d\d)$/.exec(text);
  if (match === null) throw new Error(`not a time of day: ${text}`);
  return Number(match[1]) * 60 + Number(match[2]);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * CIVIL_DAY).toISOString().slice(0, 10);
}

export function weekdayOf(date: string): string {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Ms>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Local time less UTC. Remembered by quarter hours: today's zones change their offset on no finer grid. */
export function offsetAt(zone: string, t: Ms): Ms {
  const quarter = Math.floor(t / (15 * MINUTE));
  const key = `${zone} ${quarter}`;
  const remembered = offsets.get(key);
  if (remembered !== undefined) return remembered;
  const at = quarter * 15 * MINUTE;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const local = Date.UTC(
    parts.get('year') ?? 0,
    (parts.get('month') ?? 1) - 1,
    parts.get('day') ?? 1,
    parts.get('hour') ?? 0,
    parts.get('minute') ?? 0,
    parts.get('second') ?? 0,
  );
  offsets.set(key, local - at);
  return local - at;
}

/**
 * Section 2, first bullet: a local time that does not exist moves forward (by the length of the hole, as if the old
 * offset still held); one that exists twice is the earlier. `minutes` may pass 24 h: then it is the next date's.
 */
export function localInstant(zone: string, date: string, minutes: number): Ms {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE;
  const before = offsetAt(zone, asUtc - CIVIL_DAY);
  const after = offsetAt(zone, asUtc + CIVIL_DAY);
  const existing = [before, after].filter((offset) => offsetAt(zone, asUtc - offset) === offset);
  if (existing.length === 0) return asUtc - before;
  return Math.min(...existing.map((offset) => asUtc - offset));
}

export function civilDateOf(zone: string, t: Ms): string {
  return new Date(t + offsetAt(zone, t)).toISOString().slice(0, 10);
}

/** Section 2, second bullet: day D is [D 00:00 + dayStart, D+1 00:00 + dayStart) of the local clock. */
export function hallDay(zone: string, dayStart: string, date: string): HallDay {
  const minutes = minutesOfDay(dayStart);
  return {
    date,
    from: localInstant(zone, date, minutes),
    to: localInstant(zone, addDays(date, 1), minutes),
  };
}

export function hallDayOf(zone: string, dayStart: string, t: Ms): HallDay {
  const civil = civilDateOf(zone, t);
  for (const date of [addDays(civil, -1), civil, addDays(civil, 1)]) {
    const day = hallDay(zone, dayStart, date);
    if (day.from <= t && t < day.to) return day;
  }
  throw new Error(`no hall day holds ${t}`);
}

/** Contract 4: in the hall's offset, milliseconds only where they are not zero. */
export function formatInstant(zone: string, t: Ms): string {
  const offset = offsetAt(zone, t);
  const local = new Date(t + offset).toISOString().slice(0, 23).replace('.000', '');
  const minutes = Math.abs(offset) / MINUTE;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

/** Touching is not overlapping (section 4, coverage). */
export function overlaps(one: Span, other: Span): boolean {
  return Math.max(one.from, other.from) < Math.min(one.to, other.to);
}

/** What is left of `span` when all of `away` is taken from it, in order. */
export function without(span: Span, away: readonly Span[]): Span[] {
  let parts: Span[] = [span];
  for (const hole of away) {
    parts = parts.flatMap((part) => {
      if (!overlaps(part, hole)) return [part];
      const rest: Span[] = [];
      if (part.from < hole.from) rest.push({ from: part.from, to: hole.from });
      if (hole.to < part.to) rest.push({ from: hole.to, to: part.to });
      return rest;
    });
  }
  return parts;
}
