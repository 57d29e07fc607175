/** Reports that are made by themselves: when, of what, once, and after nobody ran. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTask } from 'node-cron';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import type { ReportConfig } from '../../config/schema.ts';
import { cronPattern, duePeriods, ReportSchedule } from '../../daemon/reports/schedule.ts';
import { formatInstant, HOUR, type Ms } from '../../rules/time.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { plantedMonth, sourceOf } from '../support/planted-month.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

const { hall, config } = parseConfig(
  `${SMALL_HALL}
reports:
  - { make: day, at: "18:30" }
  - { make: week, at: "08:00" }
  - { make: week, on: fri, at: "08:00" }
  - { make: month, at: "08:00" }
  - { make: quarter, on: 5, at: "00:30" }
  - { make: year, on: 28, at: "23:59" }
`,
  '/srv/hall.yaml',
  { env: {}, lang: 'en' },
);
const [daily, weekly, friday, monthly, quarterly, yearly] = config.reports as [
  ReportConfig,
  ReportConfig,
  ReportConfig,
  ReportConfig,
  ReportConfig,
  ReportConfig,
];
const at = (text: string): Ms => Date.parse(`${text}+08:00`);
const due = (one: ReportConfig, now: string, made: string | null = null): string[] =>
  duePeriods(one, hall, at(now), made).map(({ name }) => name);

test('paths are the file’s, and what is left out is usual', () => {
  expect(monthly).toEqual({
    ...{ make: 'month', on: 1, at: '08:00', formats: ['xlsx'], folder: '/srv/reports' },
    ...{ to: [], maskNames: null, department: null },
  });
});

test.each([
  [daily, '2026-03-04T18:29:59', ['2026-03-03']],
  [daily, '2026-03-04T18:30:00', ['2026-03-04']],
  // The 9th is a Monday.
  [weekly, '2026-03-09T07:59:59', ['2026-W09']],
  [weekly, '2026-03-09T08:00:00', ['2026-W10']],
  [friday, '2026-03-13T08:00:00', ['2026-W10']],
  [monthly, '2026-04-01T07:59:00', ['2026-02']],
  [monthly, '2026-04-01T08:00:00', ['2026-03']],
  [quarterly, '2026-04-05T00:30:00', ['2026-Q1']],
  [yearly, '2027-01-28T23:59:00', ['2026']],
] as const)('%o at %s: %j', (one, now, periods) => expect(due(one, now)).toEqual(periods));

test('what was made is not made again, and what was missed is made up, oldest first', () => {
  expect(due(monthly, '2026-04-01T08:00:00', '2026-03')).toEqual([]);
  expect(due(monthly, '2026-06-15T12:00:00', '2026-02')).toEqual(['2026-03', '2026-04', '2026-05']);
  expect(due(daily, '2026-06-30T20:00:00', '2026-01-01')).toHaveLength(31);
  expect(due(daily, '2026-06-30T20:00:00', '2026-01-01').at(-1)).toBe('2026-06-30');
});

test('node-cron wakes it at the very instants at which a report comes to be due', () => {
  for (const one of config.reports) {
    const task = createTask(cronPattern(one), () => {}, { timezone: hall.zone.id });
    for (const next of task.getNextRuns(20)) {
      const before = duePeriods(one, hall, next.getTime() - 1, null);
      const then = duePeriods(one, hall, next.getTime(), null);
      expect(then, formatInstant(hall.zone, next.getTime())).not.toEqual(before);
      expect(duePeriods(one, hall, next.getTime() + HOUR, then[0]?.name ?? null)).toEqual([]);
    }
    void task.destroy();
  }
});

describe('beside a ledger', () => {
  let month: CoreHall;
  let folder: string;
  const logged: string[] = [];
  beforeAll(() => {
    month = plantedMonth();
    folder = join(month.folder, 'reports');
  }, 60_000);
  afterAll(() => month[Symbol.dispose]());

  const say = (level: string) => (fields: object, phrase: string) =>
    void logged.push(`${level} ${phrase} ${JSON.stringify(fields)}`);
  const scheduleAt = (now: string, reports: readonly ReportConfig[]): ReportSchedule =>
    new ReportSchedule({
      reports,
      hall: () => month.loaded.hall,
      source: sourceOf(month),
      ledger: month.core.ledger,
      outbox: month.core.outbox,
      address: null,
      settle: () => {},
      now: () => at(now),
      language: 'zh',
      log: { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') },
    });
  const wanted = (): ReportConfig => ({ ...monthly, formats: ['json', 'xlsx'], folder }) as ReportConfig;

  test('a report whose time passed while nobody ran is made at the start, once', async () => {
    const schedule = scheduleAt('2026-04-01T09:00:00', [wanted()]);
    schedule.start();
    await schedule.makeDue();
    await schedule.stop();
    expect(readdirSync(folder).sort()).toEqual(['suixian-month-2026-03.json', 'suixian-month-2026-03.xlsx']);
    const file = join(folder, 'suixian-month-2026-03.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ period: '2026-03', countedFrom: '2026-03-04' });
    expect(logged.filter((line) => line.startsWith('info report was made'))).toHaveLength(1);
    rmSync(file);
    const again = scheduleAt('2026-04-02T09:00:00', [wanted()]);
    again.start();
    await again.makeDue();
    await again.stop();
    expect(existsSync(file)).toBe(false);
  });

  test('of a time before judging there is nothing to report on, and that is said once', async () => {
    const early = { ...wanted(), formats: ['csv'] } as ReportConfig;
    for (let i = 0; i < 2; i++) await scheduleAt('2026-03-15T12:00:00', [early]).makeDue();
    expect(logged.filter((line) => line.startsWith('info there was nothing to report on'))).toHaveLength(1);
  });

  test('what cannot be written is said, and made later', async () => {
    const place = join(month.folder, 'taken');
    writeFileSync(place, 'a file, and no folder');
    const barred = { ...wanted(), folder: join(place, 'reports') } as ReportConfig;
    const schedule = scheduleAt('2026-04-01T09:00:00', [barred]);
    await schedule.makeDue();
    expect(logged.at(-1)).toMatch(/^error report was not made; it is tried again within the hour .*ENOTDIR/);
    rmSync(place);
    mkdirSync(place);
    await schedule.makeDue();
    expect(readdirSync(barred.folder)).toHaveLength(2);
  });

  test('a failure while it is found out what is due ends nothing: the next report is made, and this one the next time', async () => {
    const { ledger } = month.core;
    const [first, second] = [join(month.folder, 'first'), join(month.folder, 'second')];
    const setting = vi.spyOn(ledger, 'setting').mockImplementationOnce(() => {
      throw new Error('database is locked');
    });
    const both = [first, second].map((into) => ({ ...wanted(), formats: ['csv'], folder: into }) as ReportConfig);
    const schedule = scheduleAt('2026-04-01T09:00:00', both);
    await schedule.makeDue();
    expect(logged.some((line) => /^error report was not made; .*"database is locked"/.test(line))).toBe(true);
    expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
    await schedule.makeDue();
    expect(existsSync(first)).toBe(true);
    setting.mockRestore();
  });
});
