/** Reports of a planted month: every figure worked out again from what was planted, by a script that knows no rules. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeReport } from '../../daemon/reports/make.ts';
import type { PeriodKind } from '../../daemon/reports/period.ts';
import { checksumOf, NoReport, type Report, type ReportRequest } from '../../daemon/reports/report.ts';
import type { CoreHall } from '../support/core-hall.ts';
import {
  COUNTED,
  DATES,
  HABITS,
  type Habit,
  habitOf,
  isWorkday,
  JUDGE_FROM,
  PEOPLE,
  type Person,
  type PlantedWindow,
  plantedMonth,
  SESSION_MINUTES,
  sourceOf,
  WINDOWS,
} from '../support/planted-month.ts';
import { type Row, rowsOf, totalsOf } from '../support/report-rows.ts';

// Dozens of reports of a month; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let hall: CoreHall;
let month: Report;
beforeAll(() => {
  hall = plantedMonth();
  month = reportOf({});
});
afterAll(() => hall[Symbol.dispose]());

function reportOf(wanted: Partial<ReportRequest>): Report {
  const all = { kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false, employee: null, department: null };
  return makeReport(sourceOf(hall), { ...all, ...wanted } as ReportRequest);
}

// ---- what was planted, counted by hand ---------------------------------------------------------------------------

const sessionsOf = (person: Person): Habit[] =>
  COUNTED.flatMap((date) => [1, 2].map((session) => habitOf(person, date, session)));

function expectedFigures(people: readonly Person[]): Row {
  const all = people.flatMap(sessionsOf);
  const count = (...habits: Habit[]): number => all.filter((habit) => habits.includes(habit)).length;
  const missed = count('away', 'veryLate');
  const attended = count('ok', 'late', 'early', 'noOut');
  const rate = (part: number): number => Math.round((10_000 * part) / (attended + missed)) / 10_000;
  return {
    sessions: all.length,
    excused: count('leave', 'errand'),
    attended,
    missed,
    pending: count('unproved'),
    ahead: 0,
    attendanceRate: rate(attended),
    punctualRate: rate(count('ok')),
    late: count('late'),
    lateMinutes: 7 * count('late'),
    early: count('early'),
    earlyMinutes: 20 * count('early'),
    absent: missed,
    absentMinutes: SESSION_MINUTES * count('away') + 40 * count('veryLate'),
    missing: count('noOut'),
    exempt: 0,
    waived: 0,
    leaveDays: count('leave') / 2,
    errandDays: count('errand') / 2,
  };
}

const MARKS: Readonly<Record<Habit, string>> = {
  ok: 'present',
  late: 'late',
  veryLate: 'absent',
  away: 'absent',
  early: 'early',
  noOut: 'missing',
  leave: 'leave',
  errand: 'errand',
  unproved: 'pending',
};
const ORDER = ['absent', 'late', 'early', 'missing', 'pending', 'leave', 'errand', 'present'];

function expectedMark(person: Person, date: string): string {
  if (date < JUDGE_FROM) return 'commissioning';
  if (!isWorkday(date)) return 'rest';
  const marks = new Set([1, 2].map((session) => MARKS[habitOf(person, date, session)]));
  if ([...marks].some((mark) => ['absent', 'late', 'early', 'missing', 'pending'].includes(mark)))
    marks.delete('present');
  return ORDER.filter((mark) => marks.has(mark)).join(' ');
}

/** Minute by minute: everything was planted in whole ones. */
function expectedService(windows: readonly PlantedWindow[]): Row {
  const sums = {
    service: 0,
    a: 0,
    b: 0,
    bare: 0,
    openings: 0,
    opened: 0,
    asked: 0,
    filled: 0,
    missing: 0,
    missingMinutes: 0,
  };
  for (const window of windows) {
    for (const date of COUNTED) {
      for (const session of [1, 2]) {
        const held = Array.from({ length: SESSION_MINUTES }, (_, minute) => {
          if (isThere(window.a, date, session, minute)) return 'a';
          return isThere(window.b, date, session, minute) ? 'b' : 'bare';
        });
        sums.service += SESSION_MINUTES;
        for (const by of held) sums[by as 'a' | 'b' | 'bare'] += 1;
        const bare = runsOf(held, (by) => by === 'bare');
        sums.openings += 1;
        if (!bare.some((run) => run.from === 0 && run.length >= 10)) sums.opened += 1;
        for (const ask of runsOf(held, (by) => by !== 'a').filter((run) => run.length >= 10)) {
          sums.asked += 1;
          const isLeft = bare.some(
            (run) => run.length >= 10 && ask.from <= run.from && run.from < ask.from + ask.length,
          );
          if (!isLeft) sums.filled += 1;
        }
        for (const run of bare.filter(({ length }) => length >= 10)) {
          sums.missing += 1;
          sums.missingMinutes += run.length;
        }
      }
    }
  }
  return sums;
}

function isThere(id: string, date: string, session: number, minute: number): boolean {
  const person = PEOPLE.find((one) => one.id === id) as Person;
  const habit = habitOf(person, date, session);
  const { arrives, leaves } = HABITS[habit];
  // Who forgets to touch the clock on going counts as there to the end.
  return arrives !== null && minute >= arrives && minute < SESSION_MINUTES - (leaves ?? 0);
}

function runsOf(held: readonly string[], wanted: (by: string) => boolean): { from: number; length: number }[] {
  const runs: { from: number; length: number }[] = [];
  for (const [minute, by] of held.entries()) {
    const last = runs.at(-1);
    if (!wanted(by)) continue;
    if (last !== undefined && last.from + last.length === minute) last.length += 1;
    else runs.push({ from: minute, length: 1 });
  }
  return runs;
}

// ---- tests -------------------------------------------------------------------------------------------------------

describe('a month', () => {
  test('marks every day of everybody', () => {
    const rows = rowsOf(month, 'matrix');
    expect(rows.map(({ employee }) => employee)).toEqual(['e1', 'e2', 'e6', 'e3', 'e4', 'e5']);
    for (const row of rows) {
      const person = PEOPLE.find(({ id }) => id === row['employee']) as Person;
      const expected = Object.fromEntries(DATES.map((date) => [date, expectedMark(person, date)]));
      expect(row, person.id).toMatchObject({ name: person.name, ...expected });
    }
  });

  test('counts everybody, every department and all of them', () => {
    for (const row of rowsOf(month, 'people')) {
      const person = PEOPLE.filter(({ id }) => id === row['employee']);
      expect(row).toMatchObject(expectedFigures(person));
    }
    const departments = rowsOf(month, 'departments');
    expect(departments.map(({ departmentName, people }) => [departmentName, people])).toEqual([
      ['公安局', 3],
      ['住建局', 3],
    ]);
    for (const row of departments) {
      expect(row).toMatchObject(expectedFigures(PEOPLE.filter(({ department }) => department === row['department'])));
    }
    for (const id of ['departments', 'people'] as const)
      expect(totalsOf(month, id)).toMatchObject(expectedFigures(PEOPLE));
  });

  test('counts the service of windows and departments, and who stood in', () => {
    const check = (row: Row, windows: readonly PlantedWindow[]): void => {
      const { asked: _asked, filled: _filled, missing, missingMinutes, ...service } = expectedService(windows);
      expect(row).toMatchObject({ ...service, cover: 0, unknown: service['service'], seatRate: null, doubtful: 0 });
      expect(row).toMatchObject({ missingCover: missing, missingCoverMinutes: missingMinutes });
    };
    for (const row of rowsOf(month, 'windows'))
      check(
        row,
        WINDOWS.filter(({ id }) => id === row['window']),
      );
    for (const row of rowsOf(month, 'service'))
      check(
        row,
        WINDOWS.filter((one) => one.department === row['department']),
      );
    check(totalsOf(month, 'windows'), WINDOWS);
    for (const row of rowsOf(month, 'cover')) {
      const { asked, filled } = expectedService(WINDOWS.filter(({ id }) => id === row['window']));
      expect(row).toMatchObject({ asked, filled, asksPending: 0 });
    }
    expect(expectedService(WINDOWS)).toMatchObject({ asked: expect.any(Number), filled: expect.any(Number) });
    expect(Number(totalsOf(month, 'cover')['filled'])).toBeGreaterThan(0);
    expect(Number(totalsOf(month, 'cover')['asked'])).toBeGreaterThan(Number(totalsOf(month, 'cover')['filled']));
  });

  test('lists leave and errands with their days', () => {
    const rows = rowsOf(month, 'leave').map(({ employee, kind, errand, days, slip }) => [
      employee,
      kind,
      errand,
      days,
      slip,
    ]);
    expect(rows).toEqual([
      ['e3', '事假', 'no', 1, 'yes'],
      ['e3', '病假', 'no', 0.5, 'yes'],
      ['e4', '外出', 'yes', 0.5, 'yes'],
    ]);
    expect(totalsOf(month, 'leave')['days']).toBe(2);
  });

  test('names nobody of whom nothing is certain', () => {
    const rows = rowsOf(month, 'verdicts');
    const pending = rows.filter(({ state }) => state === 'pending');
    expect(pending).toEqual([
      expect.objectContaining({
        date: '2026-03-17',
        rule: 'absent',
        because: 'uncovered',
        employee: null,
        name: null,
        id: null,
      }),
    ]);
    const own = rowsOf(reportOf({ employee: 'e6' }), 'verdicts');
    expect(own.map(({ state, employee }) => [state, employee])).toEqual([
      ['pending', 'e6'],
      ['closed', 'e6'],
    ]);
    const habits = PEOPLE.flatMap(sessionsOf).filter((habit) => !['ok', 'leave', 'errand'].includes(habit)).length;
    expect(rows.filter(({ window }) => window === null)).toHaveLength(habits);
  });

  test('says what devices reported, and what they never said', () => {
    const devices = new Map(rowsOf(month, 'devices').map((row) => [row['device'], row]));
    expect(devices.get('clock-2')).toMatchObject({ deviceKind: 'attendance', offline: 270, outages: 1, unproved: 270 });
    const silent = devices.get('clock-1');
    expect(silent).toMatchObject({ offline: 0, online: 0, onlineRate: null, unheard: silent?.['elapsed'] });
  });

  test('says of what it is, and can be checked', () => {
    expect(month).toMatchObject({
      ...{ kind: 'month', period: '2026-03', from: '2026-03-01', to: '2026-03-31', judgeFrom: JUDGE_FROM },
      ...{ countedFrom: JUDGE_FROM, countedTo: '2026-03-31', settled: false, masked: false },
      knownAt: '2026-04-01T12:00:00+08:00',
      configs: [{ hash: hall.loaded.hash, from: '2026-03-01' }],
    });
    const file = JSON.parse(JSON.stringify(month)) as Report;
    expect(checksumOf(file)).toBe(month.checksum);
    const [sheet] = file.sheets;
    (sheet?.rows[0] as unknown[])[3] = 1;
    expect(checksumOf(file)).not.toBe(month.checksum);
    expect(reportOf({})).toEqual(month);
  });
});

test('a department’s report is its part of the hall’s', () => {
  const part = reportOf({ department: 'zjj' });
  expect(part.sheets.map(({ id }) => id)).toEqual([
    ...['departments', 'matrix', 'people', 'course', 'verdicts', 'handling', 'final', 'leave'],
    ...['service', 'windows', 'cover', 'serviceCourse'],
  ]);
  expect(totalsOf(part, 'people')).toMatchObject(
    expectedFigures(PEOPLE.filter(({ department }) => department === 'zjj')),
  );
  expect(rowsOf(part, 'windows')).toEqual(rowsOf(month, 'windows').filter(({ window }) => window === 'W2'));
});

test('a person’s report has every session with its punches', () => {
  const own = reportOf({ employee: 'e1' });
  const rows = rowsOf(own, 'sessions');
  expect(rows).toHaveLength(sessionsOf(PEOPLE[0] as Person).length);
  expect(rows.find(({ date, session }) => date === '2026-03-05' && session === 2)).toMatchObject({
    ...{ from: '2026-03-05T14:00:00+08:00', to: '2026-03-05T17:00:00+08:00', mark: 'early' },
    ...{ arrival: '2026-03-05T13:50:00+08:00', departure: '2026-03-05T16:40:00+08:00' },
  });
  expect(own.sheets.map(({ id }) => id)).toEqual([
    ...['matrix', 'people', 'course', 'sessions', 'verdicts', 'handling', 'final', 'leave'],
  ]);
});

test('weeks and days add up to the month, and so do its quarter and year', () => {
  // On 1 April nobody came: as known in the night before, that day is not among them.
  const asKnownAt = Date.parse('2026-04-01T00:00:00+08:00');
  const sum = (kind: PeriodKind, periods: readonly string[], column: string): number =>
    periods.reduce((all, period) => all + Number(totalsOf(reportOf({ kind, period, asKnownAt }), 'people')[column]), 0);
  const days = DATES.filter((date) => date >= JUDGE_FROM);
  const weeks = ['2026-W10', '2026-W11', '2026-W12', '2026-W13', '2026-W14'];
  for (const column of ['sessions', 'attended', 'late', 'lateMinutes', 'absentMinutes', 'pending', 'leaveDays']) {
    const of = totalsOf(month, 'people')[column];
    for (const [kind, periods] of [
      ['day', days],
      ['week', weeks],
      ['quarter', ['2026-Q1']],
      ['year', ['2026']],
    ] as const) {
      expect(sum(kind, periods, column), `${column} by ${kind}`).toBe(of);
    }
  }
  expect(reportOf({ kind: 'quarter', period: '2026-Q1' }).sheets.map(({ id }) => id)).not.toContain('matrix');
});

test('the course of a month has its days, of a quarter its weeks, of a year its months', () => {
  const days = rowsOf(month, 'course');
  expect(days.map(({ date }) => date)).toEqual(DATES.filter((date) => date >= JUDGE_FROM));
  for (const row of days.filter(({ date }) => isWorkday(String(date)))) {
    const habits = PEOPLE.flatMap((person) => [1, 2].map((session) => habitOf(person, String(row['date']), session)));
    const late = habits.filter((habit) => habit === 'late').length;
    expect(row).toMatchObject({ until: row['date'], sessions: habits.length, late, lateMinutes: 7 * late });
  }
  expect(totalsOf(month, 'course')).toMatchObject(expectedFigures(PEOPLE));
  expect(totalsOf(month, 'serviceCourse')).toMatchObject({ service: totalsOf(month, 'windows')['service'] });
  const weeks = rowsOf(reportOf({ kind: 'quarter', period: '2026-Q1' }), 'course');
  expect(weeks.map(({ date, until }) => [date, until]).slice(0, 2)).toEqual([
    ['2026-03-02', '2026-03-08'],
    ['2026-03-09', '2026-03-15'],
  ]);
  expect(weeks.at(-1)).toMatchObject({ date: '2026-03-30', until: '2026-03-31' });
  const months = rowsOf(reportOf({ kind: 'year', period: '2026' }), 'course');
  expect(months.map(({ date, until }) => [date, until])).toEqual([
    ['2026-03-01', '2026-03-31'],
    ['2026-04-01', '2026-04-30'],
  ]);
});

describe('as known at an earlier time', () => {
  test('the rows are as they were, and what changed since is listed', () => {
    const before = reportOf({ asKnownAt: Date.parse('2026-03-25T12:30:00+08:00') });
    expect(before.knownAt).toBe('2026-03-25T12:30:00+08:00');
    // The leave of the 12th was filed on the evening of the 25th.
    const then = rowsOf(before, 'verdicts').filter(({ employee, date }) => employee === 'e3' && date === '2026-03-12');
    expect(then).toEqual([expect.objectContaining({ rule: 'absent', state: 'closed', session: 2, minutes: 180 })]);
    expect(rowsOf(before, 'matrix').find(({ employee }) => employee === 'e3')?.['2026-03-12']).toBe('absent');
    expect(rowsOf(before, 'leave').map(({ kind }) => kind)).toEqual(['事假', '外出']);
    const changes = rowsOf(before, 'changes');
    expect(changes.find(({ op, employee }) => op === 'retract' && employee === 'e3')).toMatchObject({
      ...{
        rule: 'absent',
        date: '2026-03-12',
        cause: 'facts',
        facts: 'l2',
        changedAt: expect.stringMatching(/^2026-03-25T20:00:00/),
      },
    });
    expect(changes.every(({ changedAt }) => String(changedAt) > '2026-03-25T12:30')).toBe(true);
    expect(month.sheets.map(({ id }) => id)).not.toContain('changes');
  });

  test('it is the report that was made then', () => {
    for (const then of ['2026-03-12T15:00:00+08:00', '2026-03-17T11:00:00+08:00', '2026-03-25T12:30:00+08:00']) {
      using before = plantedMonth(then);
      const request = { kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false } as const;
      const made = makeReport(sourceOf(before), { ...request, employee: null, department: null });
      const { checksum: _made, ...said } = made;
      const { checksum: _later, sheets, ...later } = reportOf({ asKnownAt: Date.parse(then) });
      expect({ ...later, sheets: sheets.filter(({ id }) => id !== 'changes') }, then).toEqual(said);
      expect(made.knownAt).toBe(then);
    }
  });

  test('at the time of the data it is the report itself', () => {
    expect(reportOf({ asKnownAt: Date.parse('2026-04-01T12:00:00+08:00') })).toEqual(month);
    expect(reportOf({ asKnownAt: Date.parse('2027-01-01T00:00:00Z') })).toEqual(month);
  });

  test('an open verdict is open, and the rest of the day is ahead', () => {
    const noon = reportOf({ kind: 'day', period: '2026-03-09', asKnownAt: Date.parse('2026-03-09T09:20:00+08:00') });
    expect(rowsOf(noon, 'verdicts').find(({ employee }) => employee === 'e1')).toMatchObject({
      rule: 'late',
      state: 'open',
      minutes: 20,
    });
    expect(rowsOf(noon, 'people').find(({ employee }) => employee === 'e1')).toMatchObject({
      ahead: 2,
      attendanceRate: null,
      late: 1,
    });
    expect(noon.settled).toBe(false);
  });
});

test('names are masked everywhere', () => {
  const text = JSON.stringify(reportOf({ maskNames: true }));
  for (const { name } of PEOPLE) expect(text).not.toContain(JSON.stringify(name).slice(1, -1));
  expect(text).toContain('"徐*"');
});

test.each([
  ['month', '2026-02', 'commissioning', JUDGE_FROM],
  ['month', '2026-04', null, ''],
  ['month', '2026-05', 'future', '2026-04-01'],
  ['month', '2026-3', 'no-period', '2026-3'],
  ['day', '2026-02-30', 'no-period', '2026-02-30'],
] as const)('%s %s: %s', (kind, period, reason, about) => {
  if (reason === null) return expect(reportOf({ kind, period }).settled).toBe(false);
  const thrown = (() => {
    try {
      return reportOf({ kind, period });
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(NoReport);
  expect(thrown).toMatchObject({ reason, about });
});

test('nobody is invented', () => {
  expect(() => reportOf({ employee: 'e9' })).toThrow('no-employee: e9');
  expect(() => reportOf({ department: 'x' })).toThrow('no-department: x');
  expect(() => reportOf({ asKnownAt: Date.parse('2026-02-01T00:00:00Z') })).toThrow(/^unknown-then/);
  const request = { kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false } as const;
  const elsewhere = { ...sourceOf(hall), hall: 'another' };
  expect(() => makeReport(elsewhere, { ...request, employee: null, department: null })).toThrow(/^empty: /);
});
