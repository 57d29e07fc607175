/** Periods by name, against the calendar of the language. */
import { expect, test } from 'vitest';
import { PERIOD_EXAMPLES, PERIOD_KINDS, parsePeriod, periodOf } from '../../daemon/reports/period.ts';
import { dateOf, dayOfDate } from '../../rules/time.ts';

test.each([
  ['day', '2024-02-29', '2024-02-29', '2024-02-29'],
  ['week', '2026-W01', '2025-12-29', '2026-01-04'],
  ['week', '2026-W53', '2026-12-28', '2027-01-03'],
  ['week', '2021-W01', '2021-01-04', '2021-01-10'],
  ['month', '2024-02', '2024-02-01', '2024-02-29'],
  ['quarter', '2026-Q4', '2026-10-01', '2026-12-31'],
  ['year', '2026', '2026-01-01', '2026-12-31'],
] as const)('%s %s is %s to %s', (kind, name, from, to) => {
  const period = parsePeriod(kind, name);
  expect(period).not.toBeNull();
  expect([dateOf(period?.from ?? 0), dateOf(period?.to ?? 0)]).toEqual([from, to]);
});

test.each([
  ['day', '2026-02-29'],
  ['day', '2026-2-3'],
  ['week', '2025-W53'],
  ['week', '2026-W00'],
  ['week', '2026-45'],
  ['month', '2026-13'],
  ['month', '2026-00'],
  ['month', '2026'],
  ['quarter', '2026-Q5'],
  ['year', '26'],
  ['year', ''],
] as const)('there is no %s %j', (kind, name) => expect(parsePeriod(kind, name)).toBeNull());

test('every date lies in one period of each kind, which is found by its name', () => {
  const start = dayOfDate('2019-12-25') ?? 0;
  for (let day = start; day < start + 3000; day++) {
    for (const kind of PERIOD_KINDS) {
      const period = periodOf(kind, day);
      expect(period.from <= day && day <= period.to).toBe(true);
      expect(parsePeriod(kind, period.name)).toEqual(period);
      if (day > period.from) expect(periodOf(kind, day - 1)).toEqual(period);
    }
    const date = new Date(`${dateOf(day)}T00:00:00Z`);
    expect(periodOf('week', day).name).toBe(isoWeek(date));
  }
});

/** By the definition: the week is that of its Thursday, and the first is the one with the year's first Thursday. */
function isoWeek(date: Date): string {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((thursday.getTime() - first) / 86_400_000 + 1) / 7);
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}

test('the examples that people are given are periods', () => {
  for (const kind of PERIOD_KINDS) expect(parsePeriod(kind, PERIOD_EXAMPLES[kind]), kind).not.toBeNull();
});
