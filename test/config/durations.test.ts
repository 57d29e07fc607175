import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, parseDuration, parseSize, SIZE_PATTERN } from '../../config/durations.ts';

test.each([
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1h30m', 5_400_000],
  ['500ms', 500],
  ['1d', 86_400_000],
  ['1m30s500ms', 90_500],
  ['0s', 0],
  ['120m', 7_200_000],
  ['', null],
  ['5', null],
  ['5 m', null],
  ['m', null],
  ['30m1h', null],
  ['1h30', null],
  ['1.5h', null],
  ['-5m', null],
  ['5M', null],
  ['5m5m', null],
  ['５m', null],
])('%s is %s ms', (text, length) => {
  expect(parseDuration(text)).toBe(length);
  expect(new RegExp(DURATION_PATTERN, 'u').test(text)).toBe(length !== null);
});

test('what is written is read back', () => {
  fc.assert(fc.property(fc.nat(86_400_000), (length) => parseDuration(formatDuration(length)) === length));
  expect([0, 5_400_000, 90_500, 86_400_000].map(formatDuration)).toEqual(['0s', '1h30m', '1m30s500ms', '24h']);
});

test.each([
  ['512MB', 512 * 1024 ** 2],
  ['2GB', 2 * 1024 ** 3],
  ['1KB', 1024],
  ['512', null],
  ['512 MB', null],
  ['512mb', null],
])('%s is %s bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
  expect(new RegExp(SIZE_PATTERN, 'u').test(text)).toBe(bytes !== null);
});
