/**
 * Figures of days that are kept say what counting anew would: after random facts, late punches, cancellations, decisions, changed
 * configurations, restarts and backlogs; and those that other rules counted are never used.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Report } from '../../daemon/reports/report.ts';
import type { CoreHall, FactLine } from '../support/core-hall.ts';
import { ALL, bothReports, keptRows, keptThroughWorld } from '../support/kept-reports.ts';
import { plantedMonth } from '../support/planted-month.ts';
import { expectSame } from '../support/same.ts';

test('reports of a world are the same', { timeout: 180_000 }, () => keptThroughWorld(7002));

/** Of days that are over: all of them change figures, and most of them no verdict. */
const LATER: readonly FactLine[] = [
  { fact: 'presence', id: 'v1', at: '2026-03-05T10:00:00+08:00', window: 'W1', state: 'occupied' },
  {
    fact: 'leave',
    id: 'l9',
    employee: 'e2',
    kind: '外出',
    from: '2026-03-06T14:00:00+08:00',
    to: '2026-03-06T17:00:00+08:00',
  },
  { fact: 'cancel', id: 'q1', at: '2026-04-01T12:00:00+08:00', target: 'l9' },
  { fact: 'pause', id: 'z1', from: '2026-03-25T14:00:00+08:00', to: '2026-03-25T15:00:00+08:00' },
  { fact: 'device', id: 'o1', at: '2026-03-26T18:00:00+08:00', device: 'clock-1', state: 'offline' },
  { fact: 'device', id: 'o2', at: '2026-03-26T19:00:00+08:00', device: 'clock-1', state: 'online' },
  { fact: 'device', id: 'o3', at: '2026-03-26T20:00:00+08:00', device: 'clock-1', state: 'complete' },
  { fact: 'assign', id: 'a1', window: 'W2', role: 'A', employees: ['e5'], from: '2026-03-27T00:00:00+08:00', to: null },
];

test('what becomes known of a day makes void what was kept of it, whether or not a verdict changes', async () => {
  using hall = plantedMonth();
  const request = { ...ALL, kind: 'month', period: '2026-03' } as const;
  const sheetsOf = (text: string): string => JSON.stringify((JSON.parse(text) as Report).sheets);
  const changes = (): number => [...hall.core.history.changes()].length;
  const silent: unknown[] = [];
  let before = sheetsOf(bothReports(hall, request)[0]);
  for (const line of LATER) {
    const said = changes();
    expect(await hall.record(line)).toEqual(['new']);
    const [kept, anew] = bothReports(hall, request).map(sheetsOf) as [string, string];
    expectSame([kept], [anew]);
    expect([line['id'], kept === before]).toEqual([line['id'], false]);
    before = kept;
    if (changes() === said) silent.push(line['id']);
  }
  expect(silent.length).toBeGreaterThan(3);
}, 120_000);

test('a year is made of months that are kept, and a day of them that is healed is healed in its month', async () => {
  using hall = plantedMonth();
  hall.pass('2026-04-03T12:00:00+08:00');
  const request = { ...ALL, kind: 'year', period: '2026' } as const;
  const kept = (): string => {
    const [text, anew] = bothReports(hall, request);
    expectSame([text], [anew]);
    return text;
  };
  const first = kept();
  expect(keptRows(hall, 'month_result')).toBe(1);
  const monthsOf = (text: string, employee: string): readonly unknown[] => {
    const { columns, rows } = (JSON.parse(text) as Report).sheets.find(({ id }) => id === 'months') ?? fail();
    const at = columns.findIndex(({ id }) => id === '2026-03');
    return rows.filter(([id]) => id === employee).map((row) => row[at]);
  };
  // By hand from the table of what was planted.
  expect(monthsOf(first, 'e1')).toEqual(['absent:3 late:1 early:1 missing:1']);
  expect(monthsOf(first, 'e3')).toEqual(['early:1 leave:1.5']);

  changeKept(hall, `update month_result set figures = replace(figures, '"e1"', '"e99"')`);
  expect(bothReports(hall, request)[0]).toContain('"e99"');
  // A department's year is made of the same months.
  expect(bothReports(hall, { ...request, department: 'gaj' })[0]).toContain('"e99"');

  // Nobody was there on the 9th, it was said; the touches of two sessions come a month late.
  const touch = (id: string, at: string): FactLine => ({ fact: 'punch', id, at, employee: 'e1', device: 'clock-1' });
  await hall.record(
    touch('t1', '2026-03-09T08:50:00+08:00'),
    touch('t2', '2026-03-09T12:02:00+08:00'),
    touch('t3', '2026-03-09T13:50:00+08:00'),
    touch('t4', '2026-03-09T17:02:00+08:00'),
  );
  expect(monthsOf(kept(), 'e1')).toEqual(['absent:1 late:1 early:1 missing:1']);
  for (const line of LATER.slice(0, 4)) {
    const before = kept();
    await hall.record(line);
    expect([line['id'], JSON.parse(kept()).sheets]).not.toEqual([line['id'], JSON.parse(before).sheets]);
  }
}, 120_000);

function fail(): never {
  throw new Error('there is no such sheet');
}

function changeKept(hall: CoreHall, sql: string): void {
  const file = new DatabaseSync(join(hall.loaded.config.data, 'day-results.db'));
  file.exec(sql);
  file.close();
}

test('what is kept is used, until it is of other rules or is damaged', () => {
  using hall = plantedMonth();
  const request = { ...ALL, kind: 'month', period: '2026-03' } as const;
  const [first, anew] = bothReports(hall, request);
  expectSame([first], [anew]);
  expect(keptRows(hall)).toBe(30);

  const path = join(hall.loaded.config.data, 'day-results.db');
  const change = (sql: string): void => changeKept(hall, sql);
  // Nobody else would write this: it shows that figures come from here.
  change(`update day_result set figures = replace(figures, '"e1"', '"e99"')`);
  expect(bothReports(hall, request)[0]).toContain('"e99"');
  // A person's own report has more than figures in it.
  expect(bothReports(hall, { ...request, employee: 'e1' })[0]).not.toContain('"e99"');
  change(`update seal set seal = 'of other rules'`);
  expectSame([bothReports(hall, request)[0]], [anew]);
  change(`update day_result set figures = replace(figures, '"e1"', '"e99"'), next_at = 0`);
  expectSame([bothReports(hall, request)[0]], [anew]);

  writeFileSync(path, readFileSync(path).fill('x', 0, 4096));
  expectSame([bothReports(hall, request)[0]], [anew]);
  expectSame([bothReports(hall, request)[0]], [anew]);
  expect(keptRows(hall)).toBe(30);
}, 120_000);
