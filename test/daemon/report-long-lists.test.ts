/** A year of a large hall has more verdicts than anybody reads: they are counted, and the report says that they are not listed. */
import { expect, test } from 'vitest';
import { makeReport } from '../../daemon/reports/make.ts';
import { aboutLines } from '../../daemon/reports/words.ts';
import { ALL } from '../support/kept-reports.ts';
import { plantedMonth, sourceOf } from '../support/planted-month.ts';
import { totalsOf } from '../support/report-rows.ts';

const MORE = 50_000;

test('a list of more than fifty thousand is left out, and that is said', { timeout: 120_000 }, () => {
  using hall = plantedMonth();
  const month = { ...ALL, kind: 'month', period: '2026-03' } as const;
  const before = makeReport(sourceOf(hall), month);
  expect(before.leftOut).toEqual([]);
  const count = Number(totalsOf(before, 'handling')['said']);
  const { ledger } = hall.core;
  const [one] = ledger.database.prepare(`select day, verdict from standing where key like '%|late|e1|%'`).all();
  const put = ledger.database.prepare('insert into standing (hall, key, day, verdict) values (?, ?, ?, ?)');
  ledger.commit(() => {
    for (let i = 0; i < MORE; i++) put.run('suixian', `one of many ${i}`, one?.['day'] ?? 0, one?.['verdict'] ?? '');
  });

  const report = makeReport(sourceOf(hall), month);
  const sheets = report.sheets.map(({ id }) => id);
  expect(sheets).toContain('handling');
  expect(sheets).not.toContain('verdicts');
  expect(sheets).not.toContain('final');
  expect(totalsOf(report, 'handling')).toMatchObject({ said: count + MORE, undecided: expect.any(Number) });
  expect(report.leftOut).toEqual([{ sheet: 'verdicts', rows: count + MORE }]);
  const said = (lang: 'zh' | 'en'): string => JSON.stringify(aboutLines(report, lang));
  expect(said('zh')).toContain(`结论清单 ${count + MORE}：条数太多`);
  expect(said('en')).toContain(`Verdicts ${count + MORE}: too many rows`);

  // Another department has few, and its list.
  const part = makeReport(sourceOf(hall), { ...month, department: 'zjj' });
  expect(part.leftOut).toEqual([]);
  expect(part.sheets.find(({ id }) => id === 'verdicts')?.rows.length).toBeGreaterThan(0);
});
