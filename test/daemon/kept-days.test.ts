/**
 * Figures of days that are kept say what counting anew would: after random facts, late punches, cancellations, decisions, changed
 * configurations, restarts and backlogs; and those that other rules counted are never used.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Report } from '../../daemon/reports/report.ts';
import type { FactLine } from '../support/core-hall.ts';
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

test('what is kept is used, until it is of other rules or is damaged', () => {
  using hall = plantedMonth();
  const request = { ...ALL, kind: 'month', period: '2026-03' } as const;
  const [first, anew] = bothReports(hall, request);
  expectSame([first], [anew]);
  expect(keptRows(hall)).toBe(30);

  const path = join(hall.loaded.config.data, 'day-results.db');
  const change = (sql: string): void => {
    const file = new DatabaseSync(path);
    file.exec(sql);
    file.close();
  };
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
