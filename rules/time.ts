/**
 * Time as plain numbers. Instants are integer milliseconds since the Unix epoch, days are civil days since
 * 1970-01-01, and a time zone is a table of offsets that is handed in as data: nothing here asks what time it is.
 */

/** An instant (milliseconds since the epoch) or a length of time (milliseconds). */
export type Ms = number;

/** A civil date as the number of days since 1970-01-01. */
export type Day = number;

export const SECOND: Ms = 1000;
export const MINUTE: Ms = 60_000;
export const HOUR: Ms = 3_600_000;
export const DAY_LENGTH: Ms = 86_400_000;

/** Before every instant a fact can name: what "has always been known" is dated with. */
export const BEGINNING: Ms = -8_640_000_000_000_000;

/** A zone's offsets from UTC: `offsets[i]` holds from `starts[i]` (inclusive) to `starts[i + 1]`. */
export interface Zone {
  readonly id: string;
  /** Ascending instants; the first is `BEGINNING`. */
  readonly starts: readonly Ms[];
  /** Local time less UTC, in milliseconds. */
  readonly offsets: readonly Ms[];
}

function segmentAt(zone: Zone, at: Ms): number {
  let low = 0;
  let high = zone.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((zone.starts[middle] as Ms) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Local time less UTC at an instant, in milliseconds. */
export function offsetAt(zone: Zone, at: Ms): Ms {
  return zone.offsets[segmentAt(zone, at)] as Ms;
}

/**
 * The instant of a local date and time of day. A local time that does not exist moves forward by the length of the
 * gap; one that exists twice is the earlier (rules.md section 2).
 */
export function instantOf(zone: Zone, day: Day, timeOfDay: Ms): Ms {
  const local = day * DAY_LENGTH + timeOfDay;
  const last = segmentAt(zone, local + DAY_LENGTH);
  let beforeGap = zone.offsets[0] as Ms;
  for (let i = segmentAt(zone, local - DAY_LENGTH); i <= last; i++) {
    const offset = zone.offsets[i] as Ms;
    const at = local - offset;
    const next = zone.starts[i + 1];
    if (at < (zone.starts[i] as Ms)) return local - beforeGap;
    if (next === undefined || at < next) return at;
    beforeGap = offset;
  }
  return local - beforeGap;
}

/** The civil date in a zone at an instant. */
export function civilDay(zone: Zone, at: Ms): Day {
  return Math.floor((at + offsetAt(zone, at)) / DAY_LENGTH);
}

/** ISO weekday: 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Days since the epoch of a proleptic Gregorian date (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayOfCivil(year: number, month: number, dayOfMonth: number): Day {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Year, month and day of month of a day number (same source). */
export function civilOf(day: Day): readonly [year: number, month: number, dayOfMonth: number] {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
}

/** The first day of the month that a day lies in. */
export function firstDayOfMonth(day: Day): Day {
  const [year, month] = civilOf(day);
  return dayOfCivil(year, month, 1);
}

/** The last day of the month that a day lies in. */
export function lastDayOfMonth(day: Day): Day {
  const [year, month] = civilOf(day);
  return (month === 12 ? dayOfCivil(year + 1, 1, 1) : dayOfCivil(year, month + 1, 1)) - 1;
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** `2026-03-02` of a day number. */
export function dateOf(day: Day): string {
  const [year, month, dayOfMonth] = civilOf(day);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
}

/** The day number of `2026-03-02`, or null if there is no such date. */
export function dayOfDate(text: string): Day | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return null;
  const day = dayOfCivil(Number(match[1]), Number(match[2]), Number(match[3]));
  return dateOf(day) === text ? day : null;
}

/**
 * Reads RFC 3339 with an offset; finer than a millisecond is cut off. Null if it is not such an instant. Every punch brings
 * one, so it goes by places: a regular expression takes several times as long.
 */
export function parseInstant(text: string): Ms | null {
  const day = dateAt(text);
  const [hour, minute, second] = [numberAt(text, 11, 2), numberAt(text, 14, 2), numberAt(text, 17, 2)];
  const isMarked = (text[10] === 'T' || text[10] === 't') && text[13] === ':' && text[16] === ':';
  if (day === null || !isMarked || !(hour <= 23 && minute <= 59 && second <= 59)) return null;
  const digits = text[19] === '.' ? digitsAt(text, 20) : 0;
  if (digits > 9 || (text[19] === '.' && digits === 0)) return null;
  const millis = digits === 0 ? 0 : numberAt(text, 20, Math.min(digits, 3)) * 10 ** (3 - Math.min(digits, 3));
  const offset = offsetFrom(text, digits === 0 ? 19 : 20 + digits);
  if (offset === null) return null;
  return day * DAY_LENGTH + hour * HOUR + minute * MINUTE + second * SECOND + millis - offset;
}

/** The day of the `2026-03-02` that a text begins with, or null. */
function dateAt(text: string): Day | null {
  const [year, month, dayOfMonth] = [numberAt(text, 0, 4), numberAt(text, 5, 2), numberAt(text, 8, 2)];
  if (text[4] !== '-' || text[7] !== '-' || !(year >= 0 && month >= 1 && month <= 12)) return null;
  const lastOfMonth =
    month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return dayOfMonth >= 1 && dayOfMonth <= lastOfMonth ? dayOfCivil(year, month, dayOfMonth) : null;
}

/** The `Z` or `+08:00` that a text ends with, from a place on; null if it ends otherwise. */
function offsetFrom(text: string, place: number): Ms | null {
  const sign = text[place];
  if (sign === 'Z' || sign === 'z') return text.length === place + 1 ? 0 : null;
  if ((sign !== '+' && sign !== '-') || text[place + 3] !== ':' || text.length !== place + 6) return null;
  const [hour, minute] = [numberAt(text, place + 1, 2), numberAt(text, place + 4, 2)];
  if (!(hour <= 23 && minute <= 59)) return null;
  return (sign === '-' ? -1 : 1) * (hour * HOUR + minute * MINUTE);
}

/** The number that so many digits at a place make; NaN, which is within no bounds, where something else is among them. */
function numberAt(text: string, place: number, length: number): number {
  let value = 0;
  for (let i = place; i < place + length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** How many digits follow from a place on. */
function digitsAt(text: string, place: number): number {
  let end = place;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return end - place;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** RFC 3339 in a zone's offset; milliseconds only where they are not zero. */
export function formatInstant(zone: Zone, at: Ms): string {
  const offset = offsetAt(zone, at);
  const local = at + offset;
  const day = Math.floor(local / DAY_LENGTH);
  const inDay = local - day * DAY_LENGTH;
  const millis = inDay % 1000;
  const fraction = millis === 0 ? '' : `.${String(millis).padStart(3, '0')}`;
  const size = Math.abs(offset);
  const suffix = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / HOUR))}:${two(Math.floor(size / MINUTE) % 60)}`;
  return `${dateOf(day)}T${clockTime(inDay - millis)}${fraction}${suffix}`;
}

/** `09:05:00` of a time of day in whole seconds. */
function clockTime(timeOfDay: Ms): string {
  const seconds = timeOfDay / SECOND;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Minutes of a length of time, rounded up: how every verdict counts (rules.md section 4). */
export function minutesUp(length: Ms): number {
  return Math.ceil(length / MINUTE);
}
