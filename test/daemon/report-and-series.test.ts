/** The time series and the report say the same of the same month: each day's last points against its sheets. */
import { expect, test } from 'vitest';
import { SeriesStore } from '../../daemon/ledger/series.ts';
import { makeReport } from '../../daemon/reports/make.ts';
import { DAY_LENGTH, dateOf, HOUR } from '../../rules/time.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { ALL } from '../support/kept-reports.ts';
import { COUNTED, plantedMonth, sourceOf } from '../support/planted-month.ts';
import { rowsOf } from '../support/report-rows.ts';

const RULES = { late: 'late', absent: 'absent', early: 'early-leave' } as const;
/** The series' figures of a window, and the columns of the report that add up to each. */
const MINUTES = {
  a: ['a'],
  b: ['b'],
  cover: ['cover'],
  uncovered: ['bare', 'unverified', 'doubtful'],
  occupied: ['occupied'],
  empty: ['empty'],
  unknown: ['unknown'],
  extended: ['extended'],
} as const;

const monthOf = (hall: CoreHall) => makeReport(sourceOf(hall), { ...ALL, kind: 'month', period: '2026-03' });

/** The fields of a measurement's points, by their day and the value of one tag. */
function fieldsBy(hall: CoreHall, measurement: string, tag: string): Map<string, Readonly<Record<string, number>>> {
  const points = new SeriesStore(hall.core.ledger.database, 'suixian').read(0, 1_000_000);
  return new Map(
    points
      .filter(({ point }) => point.measurement === measurement)
      .map(({ point }) => [
        `${dateOf(Math.floor((point.at + 8 * HOUR) / DAY_LENGTH))} ${point.tags[tag]}`,
        point.fields,
      ]),
  );
}

test('late, absent and early people of each department and day', { timeout: 120_000 }, () => {
  using hall = plantedMonth();
  const said = rowsOf(monthOf(hall), 'verdicts').filter(({ state, window }) => state !== 'pending' && window === null);
  const last = fieldsBy(hall, 'attendance_day', 'department');
  let compared = 0;
  for (const date of COUNTED) {
    for (const department of ['gaj', 'zjj']) {
      const fields = last.get(`${date} ${department}`);
      for (const [field, rule] of Object.entries(RULES)) {
        const of = said.filter(
          (row) => row['date'] === date && row['department'] === department && row['rule'] === rule,
        );
        const people = new Set(of.map(({ employee }) => employee)).size;
        expect([date, department, field, fields?.[field]]).toEqual([date, department, field, people]);
        compared += people;
      }
    }
  }
  expect(compared).toBeGreaterThan(8);
});

test('the minutes of each window: who held it, and what was seen of its seat', { timeout: 120_000 }, () => {
  using hall = plantedMonth();
  const days = fieldsBy(hall, 'window_minutes', 'window');
  const rows = rowsOf(monthOf(hall), 'windows');
  expect(rows.map(({ window }) => window)).toEqual(['W1', 'W2']);
  for (const row of rows) {
    for (const [field, columns] of Object.entries(MINUTES)) {
      const shipped = COUNTED.reduce((sum, date) => sum + (days.get(`${date} ${row['window']}`)?.[field] ?? 0), 0);
      const reported = columns.reduce((sum, column) => sum + Number(row[column]), 0);
      expect([row['window'], field, shipped]).toEqual([row['window'], field, reported]);
    }
  }
  expect(rows.some(({ bare, b }) => Number(bare) > 0 && Number(b) > 0)).toBe(true);
});
