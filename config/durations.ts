import { DAY_LENGTH, HOUR, MINUTE, type Ms, SECOND } from '../rules/time.ts';

/** The units of a written length of time, longest first: the order in which they must be written. */
const UNITS: readonly (readonly [unit: string, length: Ms])[] = [
  ['d', DAY_LENGTH],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
];

/** The same as `parseDuration` accepts, for JSON Schema. */
export const DURATION_PATTERN = '^(?=\\d)(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$';
const DURATION = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** Milliseconds of `90s`, `5m`, `1h30m`, `500ms`; null if it is not written like that. A number without unit is none. */
export function parseDuration(text: string): Ms | null {
  const match = DURATION.exec(text);
  if (match === null || text === '') return null;
  return UNITS.reduce((sum, [, length], i) => sum + Number(match[i + 1] ?? 0) * length, 0);
}

/** The shortest writing of a length of time that `parseDuration` reads back: `5400000` is `1h30m`. */
export function formatDuration(length: Ms): string {
  let rest = length;
  let text = '';
  // Days are left to the reader: a threshold of 36h is not 1d12h to anybody who sets it.
  for (const [unit, size] of UNITS.slice(1)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

/** The same as `parseSize` accepts, for JSON Schema. */
export const SIZE_PATTERN = '^\\d+(KB|MB|GB|TB)$';
const SIZE = /^(\d{1,6})(KB|MB|GB|TB)$/;
const SIZE_UNITS = ['KB', 'MB', 'GB', 'TB'];

/** Bytes of `512MB` (1 KB = 1024 bytes); null if it is not written like that. */
export function parseSize(text: string): number | null {
  const match = SIZE.exec(text);
  if (match === null) return null;
  return Number(match[1]) * 1024 ** (SIZE_UNITS.indexOf(match[2] as string) + 1);
}
