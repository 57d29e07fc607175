/** Time zones as tables, from the one source that every Node carries: the tz database inside Intl. */
import { BEGINNING, DAY_LENGTH, dayOfCivil, HOUR, MINUTE, type Ms, SECOND, type Zone } from '../rules/time.ts';

const FROM = dayOfCivil(1970, 1, 1) * DAY_LENGTH;
const UNTIL = dayOfCivil(2100, 1, 1) * DAY_LENGTH;
/**
 * How far apart offsets are looked at. Two changes that undo each other within a step would be missed; the nearest such
 * pair of the tz database since 1970 is six days apart (Asia/Gaza 2054; Brazil's of 2000 is a week; measured over all
 * zones of tzdata 2026c by looking every twelve hours).
 */
const STEP: Ms = 5 * DAY_LENGTH;
/** Nearly all changes happen on a quarter of an hour of UTC; the few others are searched to the second. */
const QUARTER: Ms = 15 * MINUTE;

const tables = new Map<string, Zone>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this is a zone of the tz database (`Asia/Shanghai`, `UTC`); bare offsets such as `+08:00` are not. */
export function isTimeZone(id: string): boolean {
  if (!/^[A-Za-z]/.test(id)) return false;
  try {
    formatOf(id);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The offsets of a zone from 1970 to 2099; before and after, the first and the last hold. Throws a RangeError if there is no such zone. */
export function zoneTable(id: string): Zone {
  const known = tables.get(id);
  if (known !== undefined) return known;
  const offsetOf = offsetReader(id);
  const starts: Ms[] = [BEGINNING];
  const offsets: Ms[] = [offsetOf(FROM)];
  let offset = offsets[0] as Ms;
  for (let at = FROM; at < UNTIL; at += STEP) {
    const next = Math.min(at + STEP, UNTIL);
    // Two changes inside one step that do not undo each other are found one after the other.
    for (let low = at; offsetOf(next) !== offset; ) {
      const change = firstChange(offsetOf, low, next, offset);
      offset = offsetOf(change);
      starts.push(change);
      offsets.push(offset);
      low = change;
    }
  }
  const zone: Zone = { id, starts, offsets };
  tables.set(id, zone);
  return zone;
}

/** The first instant in `(low, high]` at which another offset holds than `before`; at `high` another does. */
function firstChange(offsetOf: (at: Ms) => Ms, low: Ms, high: Ms, before: Ms): Ms {
  let [held, changed] = [low, high];
  for (const grain of [QUARTER, SECOND]) {
    while (changed - held > grain) {
      const middle = held + Math.ceil((changed - held) / 2 / grain) * grain;
      if (middle >= changed) break;
      if (offsetOf(middle) === before) held = middle;
      else changed = middle;
    }
    if (offsetOf(changed - SECOND) === before) break;
  }
  return changed;
}

/** Reads offsets off the text that Intl writes: `GMT-04:00`, and with seconds where a zone had them. */
function offsetReader(timeZone: string): (at: Ms) => Ms {
  const format = formatOf(timeZone);
  let lastAt = Number.NaN;
  let lastOffset = 0;
  return (at) => {
    if (at === lastAt) return lastOffset;
    lastAt = at;
    lastOffset = offsetIn(format.format(at));
    return lastOffset;
  };
}

/** Throws a RangeError if there is no such zone. Kept, because the first one of a process takes tens of milliseconds. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  // The minute is asked for only because something must be, and it is the shortest: formatting is the whole cost here.
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', minute: 'numeric' });
  formats.set(timeZone, format);
  return format;
}

function offsetIn(text: string): Ms {
  const start = text.indexOf('GMT');
  if (start < 0) throw new Error(`Intl wrote an offset that cannot be read: ${text}`);
  if (start + 3 === text.length) return 0;
  const [hours = '', minutes = '', seconds = '0'] = text.slice(start + 4).split(':');
  const size = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  return text[start + 3] === '-' ? -size : size;
}
