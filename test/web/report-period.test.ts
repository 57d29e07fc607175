/** Periods on the page are those of the daemon, on every day of some years. */
import { expect, test } from 'vitest';
import { PERIOD_KINDS, parsePeriod, periodOf } from '../../daemon/reports/period.ts';
import { type Day, dateOf, dayOfDate } from '../../rules/time.ts';
import { firstDateOf, periodAt, periodBeside, periodsBetween } from '../../web/reports/report-period.ts';

const [FIRST, LAST] = ['2023-12-20', '2027-01-10'].map((date) => dayOfDate(date) as Day) as [Day, Day];

test('every day is in the same period, and that begins and ends on the same dates', () => {
  for (const kind of PERIOD_KINDS) {
    for (let day = FIRST; day <= LAST; day++) {
      const { name, from, to } = periodOf(kind, day);
      expect(periodAt(kind, dateOf(day))).toBe(name);
      expect(firstDateOf(kind, name)).toBe(dateOf(from));
      expect(periodBeside(kind, name, 1)).toBe(periodOf(kind, to + 1).name);
      expect(periodBeside(kind, name, -1)).toBe(periodOf(kind, from - 1).name);
    }
  }
});

test('what is the name of no period is none', () => {
  for (const [kind, name] of [
    ['day', '2026-02-30'],
    ['day', 'heute'],
    ['week', '2026-W54'],
    ['week', '2026-W00'],
    ['month', '2026-13'],
    ['month', '2026-3'],
    ['quarter', '2026-Q5'],
    ['year', '26'],
  ] as const) {
    expect(parsePeriod(kind, name), name).toBeNull();
    expect(firstDateOf(kind, name), name).toBeNull();
    expect(periodBeside(kind, name, 1), name).toBeNull();
  }
});

test('lists go from the newest to the oldest, and not on for ever', () => {
  expect(periodsBetween('month', '2025-11-30', '2026-02-01', 9)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
  expect(periodsBetween('year', '1990-01-01', '2026-02-01', 3)).toEqual(['2026', '2025', '2024']);
  expect(periodsBetween('week', '2026-03-02', '2026-03-02', 3)).toEqual(['2026-W10']);
});
