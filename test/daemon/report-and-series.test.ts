/** The time series and the report count the same people: each day's last points against the month's list of verdicts. */
import { expect, test } from 'vitest';
import { SeriesStore } from '../../daemon/ledger/series.ts';
import { makeReport } from '../../daemon/reports/make.ts';
import { DAY_LENGTH, dateOf, HOUR } from '../../rules/time.ts';
import { ALL } from '../support/kept-reports.ts';
import { COUNTED, plantedMonth, sourceOf } from '../support/planted-month.ts';
import { rowsOf } from '../support/report-rows.ts';

const RULES = { late: 'late', absent: 'absent', early: 'early-leave' } as const;

test('late, absent and early people of each department and day', { timeout: 120_000 }, () => {
  using hall = plantedMonth();
  const report = makeReport(sourceOf(hall), { ...ALL, kind: 'month', period: '2026-03' });
  const said = rowsOf(report, 'verdicts').filter(({ state, window }) => state !== 'pending' && window === null);
  const points = new SeriesStore(hall.core.ledger.database, 'suixian').read(0, 1_000_000);
  const last = new Map(
    points
      .filter(({ point }) => point.measurement === 'attendance_day')
      .map(({ point }) => [
        `${dateOf(Math.floor((point.at + 8 * HOUR) / DAY_LENGTH))} ${point.tags['department']}`,
        point.fields,
      ]),
  );
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
