/** How devices write times: patterns of digits, RFC 3339, and counts since 1970. */
import {
  DAY_LENGTH,
  dayOfDate,
  HOUR,
  instantOf,
  MINUTE,
  type Ms,
  parseInstant,
  SECOND,
  type Zone,
} from '../rules/time.ts';

const NAMED = ['rfc3339', 'unix', 'unix-ms'] as const;
const TOKENS = /yyyy|MM|dd|HH|mm|ss|SSS/g;
const NEEDED = ['yyyy', 'MM', 'dd', 'HH', 'mm'] as const;
const LONGEST = 40;
/** Behind it a count of seconds is no time of this or the next century. */
const LAST_MS: Ms = 253_402_300_799_999;

/** Whether it is one of the names, or has each of year, month, day, hour and minute once and no other letters that look like one. */
export function isTimeFormat(format: string): boolean {
  if (NAMED.some((name) => name === format)) return true;
  const tokens: readonly string[] = format.match(TOKENS) ?? [];
  const isOnce = new Set(tokens).size === tokens.length && NEEDED.every((token) => tokens.includes(token));
  return isOnce && format.length <= LONGEST && !/[yMdHhmsS]/.test(format.replace(TOKENS, ''));
}

/**
 * The instant that a device wrote; null where it is none in this format, such as 30 February. What has no offset is local to
 * `zone`.
 */
export function readTime(format: string, written: unknown, zone: Zone): Ms | null {
  const text = typeof written === 'number' ? String(written) : typeof written === 'string' ? written.trim() : '';
  if (text === '' || text.length > LONGEST) return null;
  if (format === 'rfc3339') return parseInstant(text);
  if (format === 'unix' || format === 'unix-ms') return countOf(text, format === 'unix' ? SECOND : 1);
  return localOf(format, text, zone);
}

function countOf(text: string, unitMs: Ms): Ms | null {
  if (!/^\d{1,14}(\.\d{1,9})?$/.test(text)) return null;
  const at = Math.floor(Number(text) * unitMs);
  return at <= LAST_MS ? at : null;
}

function localOf(format: string, text: string, zone: Zone): Ms | null {
  if (text.length !== format.length) return null;
  const part = (token: string): string => {
    const at = format.indexOf(token);
    return at < 0 ? '0' : text.slice(at, at + token.length);
  };
  for (const { index, 0: between } of format.matchAll(/[^yMdHmsS]+/g)) {
    if (text.slice(index, index + between.length) !== between) return null;
  }
  if (![...(format.match(TOKENS) ?? [])].every((token) => /^\d+$/.test(part(token)))) return null;
  const day = dayOfDate(`${part('yyyy')}-${part('MM')}-${part('dd')}`);
  const [hour, minute, second, milli] = ['HH', 'mm', 'ss', 'SSS'].map((token) => Number(part(token))) as [
    number,
    number,
    number,
    number,
  ];
  if (day === null || hour > 23 || minute > 59 || second > 59) return null;
  const timeOfDay = hour * HOUR + minute * MINUTE + second * SECOND + milli;
  return timeOfDay < DAY_LENGTH ? instantOf(zone, day, timeOfDay) : null;
}
