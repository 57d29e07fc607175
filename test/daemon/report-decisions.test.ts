/** What people decide, in reports: counted by hand on the planted month, and as it was known at earlier times. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeReport } from '../../daemon/reports/make.ts';
import type { Report, ReportRequest } from '../../daemon/reports/report.ts';
import type { Deed } from '../../rules/case-life.ts';
import { dayOfDate } from '../../rules/time.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { plantedMonth, sourceOf } from '../support/planted-month.ts';
import { type Row, rowsOf, totalsOf } from '../support/report-rows.ts';

// A month is judged and reported on several times; a busy machine takes its time.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** When the month's figures were first asked for. */
const MADE_AT = '2026-04-01T12:00:00+08:00';

let hall: CoreHall;
/** The month before anybody decided anything, with all that was decided, and when an appeal's time was over. */
let before: Report;
let decided: Report;
let final: Report;

/** Of whom, on which date and session, what was done with the case by whom, in this order. */
const DEEDS: readonly (readonly [subject: string, date: string, session: number, deeds: readonly [Deed, string][]])[] =
  [
    // e1: an excused lateness, and an absence that was none; her early leaving is confirmed and told, and becomes final.
    ['e1', '2026-03-04', 1, [['excuse', 'user:du']]],
    ['e1', '2026-03-09', 1, [['false-alarm', 'user:du']]],
    [
      'e1',
      '2026-03-05',
      2,
      [
        ['confirm', 'user:du'],
        ['deliver', 'user:du'],
      ],
    ],
    // e2: an appeal that went through; e3: one that nobody has decided yet; e4: confirmed, and nobody told him.
    [
      'e2',
      '2026-03-11',
      1,
      [
        ['confirm', 'user:du'],
        ['deliver', 'user:du'],
        ['appeal', 'e2'],
        ['overturn', 'user:lead'],
      ],
    ],
    [
      'e3',
      '2026-03-16',
      1,
      [
        ['confirm', 'user:du'],
        ['deliver', 'user:du'],
        ['appeal', 'e3'],
      ],
    ],
    ['e4', '2026-03-30', 1, [['confirm', 'user:du']]],
    // Both of W1 stayed away on the afternoon of the 9th: the hall knew.
    ['W1', '2026-03-09', 2, [['excuse', 'user:du']]],
  ];

beforeAll(async () => {
  hall = plantedMonth();
  hall.pass(MADE_AT);
  before = reportOf({});
  for (const [subject, date, session, deeds] of DEEDS)
    for (const [deed, by] of deeds) await decide(subject, date, session, deed, by);
  hall.pass('2026-04-01T12:30:00+08:00');
  decided = reportOf({});
  hall.pass('2026-04-09T04:00:00+08:00');
  final = reportOf({});
});
afterAll(() => hall[Symbol.dispose]());

async function decide(subject: string, date: string, session: number, deed: Deed, by: string): Promise<void> {
  const day = dayOfDate(date) as number;
  const file = hall.core.desk.between(day, day).find(({ row }) => row.subject === subject && row.session === session);
  if (file === undefined) throw new Error(`${subject} has no case on ${date}`);
  const employee = /^e\d$/.test(by) ? by : null;
  const done = await hall.core.desk.do(file.row.id, {
    deed,
    by,
    employee,
    via: 'web',
    reason: '查过了',
    revision: null,
  });
  if (typeof done === 'string') throw new Error(`${deed} of ${subject} on ${date}: ${done}`);
}

function reportOf(wanted: Partial<ReportRequest>): Report {
  const all = { kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false, employee: null, department: null };
  return makeReport(sourceOf(hall), { ...all, ...wanted } as ReportRequest);
}

const person = (report: Report, id: string): Row => {
  const row = rowsOf(report, 'people').find(({ employee }) => employee === id);
  if (row === undefined) throw new Error(`no row of ${id}`);
  return row;
};

/** A figure, and what it was before anybody decided. */
const change = (id: string, column: string): number =>
  Number(person(decided, id)[column]) - Number(person(before, id)[column]);

describe('what people set aside', () => {
  test('an excused lateness is no lateness, and the session is one without a fault', () => {
    // Of e1: 7 minutes late excused, 180 minutes absent found to be false.
    expect([change('e1', 'late'), change('e1', 'lateMinutes'), change('e1', 'attended')]).toEqual([-1, -7, 0]);
    expect([change('e1', 'absent'), change('e1', 'absentMinutes'), change('e1', 'missed')]).toEqual([-1, -180, -1]);
    expect([change('e1', 'exempt'), change('e1', 'waived')]).toEqual([1, 2]);
    expect(person(decided, 'e1')).toMatchObject({ late: 0, waived: 2, exempt: 1, early: 1 });
    // 19 days of work; missed: the morning of the 5th and the afternoon of the 9th. 35 of 37; without a fault are all but the
    // early leaving and the missing touch: 33 of 37.
    expect(person(decided, 'e1')).toMatchObject({ sessions: 38, attended: 35, missed: 2 });
    expect(person(decided, 'e1')).toMatchObject({ attendanceRate: 0.9459, punctualRate: 0.8919 });
  });

  test('what was overturned counts no more; what is under appeal or only confirmed does', () => {
    expect([change('e2', 'late'), change('e2', 'waived'), change('e2', 'missed')]).toEqual([-1, 1, 0]);
    for (const id of ['e3', 'e4']) expect(person(decided, id)).toEqual(person(before, id));
  });

  test('persons, departments, the days and the whole add up as before', () => {
    for (const sheet of ['departments', 'people', 'course'] as const) {
      expect(totalsOf(decided, sheet), sheet).toMatchObject({ waived: 3, exempt: 1, late: 0 });
    }
    const days = new Map(rowsOf(decided, 'course').map((row) => [row['date'], row]));
    expect(days.get('2026-03-04')).toMatchObject({ late: 0, waived: 1 });
    expect(days.get('2026-03-09')).toMatchObject({ waived: 1, exempt: 1 });
    for (const row of rowsOf(decided, 'people')) {
      const { sessions, excused, attended, missed, exempt, pending, ahead } = row as Record<string, number>;
      const parts = [excused, attended, missed, exempt, pending, ahead].map(Number);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(sessions);
    }
  });

  test('the matrix shows it as set aside', () => {
    const row = rowsOf(decided, 'matrix').find(({ employee }) => employee === 'e1');
    expect([row?.['2026-03-04'], row?.['2026-03-05'], row?.['2026-03-09']]).toEqual([
      'waived',
      'absent early',
      'absent waived',
    ]);
  });

  test('of a window, what it had to do with is counted nowhere', () => {
    const [then, now] = [before, decided].map((report) =>
      rowsOf(report, 'windows').find((row) => row['window'] === 'W1'),
    );
    const less = (column: string): number => Number(now?.[column]) - Number(then?.[column]);
    expect(['missingCover', 'missingCoverMinutes', 'openings', 'opened', 'waived'].map(less)).toEqual([
      -1, -180, -1, 0, 1,
    ]);
    // What the clocks and seats said is not a matter of decisions.
    expect(['a', 'b', 'cover', 'bare', 'service'].map(less)).toEqual([0, 0, 0, 0, 0]);
    const [asked, filled] = [before, decided].map((report) => rowsOf(report, 'cover')[0]);
    expect(Number(filled?.['asked']) - Number(asked?.['asked'])).toBe(-1);
    expect(filled?.['filled']).toBe(asked?.['filled']);
  });
});

const listed = (report: Report): [unknown, unknown, unknown, unknown][] =>
  rowsOf(report, 'verdicts')
    .filter(({ decision }) => decision !== 'none')
    .map(({ date, rule, employee, decision }) => [date, rule, employee, decision]);

test('the list says how each stands, and names nobody of whom nothing is left', () => {
  expect(listed(decided)).toEqual([
    ['2026-03-04', 'late', 'e1', 'excused'],
    ['2026-03-05', 'early-leave', 'e1', 'confirmed'],
    ['2026-03-09', 'absent', null, 'false-alarm'],
    ['2026-03-09', 'missing-cover', null, 'excused'],
    ['2026-03-11', 'late', null, 'overturned'],
    ['2026-03-16', 'early-leave', 'e3', 'appealed'],
    ['2026-03-30', 'absent', 'e4', 'confirmed'],
  ]);
  const falseAlarm = rowsOf(decided, 'verdicts').find(({ decision }) => decision === 'false-alarm');
  expect(falseAlarm).toMatchObject({ name: null, id: null, case: null });
  const own = rowsOf(reportOf({ employee: 'e1' }), 'verdicts').find(({ decision }) => decision === 'false-alarm');
  expect(own).toMatchObject({ employee: 'e1', case: expect.stringMatching(/^C-/) });
  expect(rowsOf(decided, 'verdicts').every((row) => row['review'] === 'no')).toBe(true);
});

test('only what is final is on the list of those who may be named', () => {
  expect([before, decided].map((report) => rowsOf(report, 'final'))).toEqual([[], []]);
  expect(rowsOf(final, 'final')).toEqual([
    expect.objectContaining({
      ...{ date: '2026-03-05', rule: 'early-leave', employee: 'e1', name: '徐敏', decision: 'final' },
      finalAt: '2026-04-09T04:00:00+08:00',
    }),
  ]);
  // A minute before its time was over it was not.
  expect(rowsOf(reportOf({ asKnownAt: Date.parse('2026-04-09T03:59:00+08:00') }), 'final')).toEqual([]);
});

test('how far people have got is counted by rule', () => {
  const totals = totalsOf(decided, 'handling');
  expect(totals).toMatchObject({
    confirmed: 2,
    appealed: 1,
    final: 0,
    excusal: 2,
    falseAlarm: 1,
    overturned: 1,
    review: 0,
  });
  const parts = ['undecidable', 'undecided', 'confirmed', 'appealed', 'final', 'excusal', 'falseAlarm', 'overturned'];
  expect(parts.reduce((sum, part) => sum + Number(totals[part]), 0)).toBe(totals['said']);
  expect(totalsOf(final, 'handling')).toMatchObject({ confirmed: 1, final: 1 });
});

test('as known before, nothing is decided; what was done since is listed', () => {
  const then = reportOf({ asKnownAt: Date.parse('2026-04-01T11:59:00+08:00') });
  for (const id of ['people', 'verdicts', 'matrix', 'windows', 'handling', 'final'] as const) {
    expect(rowsOf(then, id), id).toEqual(rowsOf(before, id));
  }
  const since = rowsOf(then, 'changes').filter(({ cause }) => cause === 'person');
  expect(since.map(({ op, date, employee }) => [op, date, employee])).toEqual(
    DEEDS.flatMap(([subject, date, , deeds]) =>
      deeds.map(([deed]) => [deed, date, subject.startsWith('e') ? expect.toBeOneOf([subject, null]) : null]),
    ),
  );
  expect(JSON.stringify(rowsOf(decided, 'verdicts'))).not.toBe(JSON.stringify(rowsOf(before, 'verdicts')));
});

test('what was decided on something else stays, is to be reviewed, and is final no more', async () => {
  using other = plantedMonth();
  other.pass(MADE_AT);
  const [day, wish] = [
    dayOfDate('2026-03-11') as number,
    { by: 'user:du', employee: null, via: 'web', reason: null } as const,
  ];
  const id = other.core.desk.between(day, day).find(({ row }) => row.subject === 'e2')?.row.id ?? '';
  for (const deed of ['confirm', 'deliver'] as const) await other.core.desk.do(id, { deed, revision: null, ...wish });
  other.pass('2026-04-09T05:00:00+08:00');
  const request = { kind: 'day', period: '2026-03-11', asKnownAt: null, maskNames: false, employee: null } as const;
  const made = (): Report => makeReport(sourceOf(other), { ...request, department: null });
  expect(rowsOf(made(), 'final')).toMatchObject([{ employee: 'e2', rule: 'late', minutes: 7 }]);
  // Leave for the first two minutes: she was five minutes late, and that is within the grace; for one, she still was late.
  await other.record({
    ...{ fact: 'leave', id: 'l9', employee: 'e2', kind: '事假', slip: true },
    ...{ from: '2026-03-11T09:00:00+08:00', to: '2026-03-11T09:01:00+08:00' },
  });
  expect(rowsOf(made(), 'final')).toEqual([]);
  expect(rowsOf(made(), 'verdicts').filter(({ employee }) => employee === 'e2')).toMatchObject([
    { rule: 'late', minutes: 6, decision: 'confirmed', review: 'yes', finalAt: null },
  ]);
  expect(totalsOf(made(), 'handling')).toMatchObject({ confirmed: 1, review: 1 });
});
