/** What a person's day is marked with and counted as: sessions from 09:00 to 12:00 and from 14:00 to 17:00 of Monday 2026-03-02. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import { lookAtDay } from '../../rules/looked-day.ts';
import {
  attendanceDay,
  attendanceRate,
  type CountedDay,
  marksOf,
  NO_PERSON_FIGURES,
  personFigures,
  punctualRate,
  sumOf,
} from '../../rules/measures.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { dayOfDate } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { at, device, hallWith, instantAt, lasting, MONDAY, punch } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const DAY = dayOfDate(MONDAY) ?? 0;

/** The day of e1 as it is counted in the evening, unless said otherwise. */
function dayOf(
  lines: readonly Line[],
  { time = '20:00:00', hall: more = {}, isWaived = (_: Verdict) => false as boolean } = {},
): CountedDay {
  const [hall, now] = [hallWith(more), instantAt(time)];
  const facts = readWorldFacts(hall, lines);
  const book = new Book();
  for (const fact of facts) book.add(fact);
  const said = verdictsAt({ facts, compile: () => hall, hall, now, from: DAY });
  const verdictsOn = (day: number) => said.filter((verdict) => verdict.day === day);
  const looked = lookAtDay(DAY, { book, configs: new Configs(() => hall, hall), verdictsOn, isWaived, now });
  const [person] = looked?.people ?? [];
  if (person === undefined) throw new Error('nobody is there');
  return person;
}

const touches = (...times: readonly string[]): Line[] => times.map((time) => punch(time));
const ALL_DAY = touches('08:50:00', '12:05:00', '13:50:00', '17:05:00');
const leave = (from: string, to: string, kind = '年假'): Line => lasting('leave', from, to, { employee: 'e1', kind });
const pause = (from: string, to: string): Line => lasting('pause', from, to, {});
const REST: Line = { fact: 'day', id: 'rest', date: MONDAY, kind: 'rest', recordedAt: at('00:00:00') };
const employee = (more: Line): Line => ({ employees: [{ id: 'e1', name: 'E1', schedule: 's', ...more }] });

describe('a day is marked', () => {
  test.each<[what: string, lines: readonly Line[], marks: readonly string[]]>([
    ['where nothing is wrong', ALL_DAY, ['present']],
    ['with lateness, and not as present', touches('09:10:00', '12:05:00', '13:50:00', '17:05:00'), ['late']],
    ['with absence', [], ['absent']],
    ['with leaving early', touches('08:50:00', '12:05:00', '13:50:00', '16:00:00'), ['early']],
    ['with a punch that is missing', touches('08:50:00', '12:05:00', '13:50:00'), ['missing']],
    ['with the worst first', touches('09:10:00', '12:05:00'), ['absent', 'late']],
    ['with doubt', [device('08:00:00', 'k1', 'offline')], ['pending']],
    ['with leave', [leave('08:00:00', '18:00:00')], ['leave']],
    [
      'with leave and what else was',
      [...touches('08:50:00', '12:05:00'), leave('13:00:00', '18:00:00')],
      ['leave', 'present'],
    ],
    ['with nothing of a leave at noon', [...ALL_DAY, leave('12:00:00', '14:00:00')], ['present']],
    ['with an errand', [...ALL_DAY, leave('10:00:00', '11:00:00', '外出')], ['errand', 'present']],
    [
      'with a pause of the hall, not with one at night',
      [...ALL_DAY, pause('15:00:00', '16:00:00'), pause('20:00:00', '21:00:00')],
      ['pause', 'present'],
    ],
    ['with nothing of a pause at night', [...ALL_DAY, pause('20:00:00', '21:00:00')], ['present']],
    ['as a day of rest', [REST], ['rest']],
  ])('%s', (_, lines, marks) => expect(marksOf(dayOf(lines))).toEqual(marks));

  test.each<[what: string, hall: Line, lines: readonly Line[], marks: readonly string[]]>([
    ['before anything is judged', { judgeFrom: '2026-03-03' }, [], ['commissioning']],
    ['on the first day that is judged', { judgeFrom: MONDAY }, [], ['absent']],
    ['of somebody who need not punch', employee({ schedule: undefined }), [], ['none']],
    ['before somebody is there', employee({ from: '2026-03-03' }), [], ['none']],
    ['after somebody was there', employee({ until: '2026-03-01' }), [], ['none']],
    ['of rest, the first of somebody', employee({ from: MONDAY }), [REST], ['rest']],
    ['of rest, the last of somebody', employee({ until: MONDAY }), [REST], ['rest']],
    [
      'of one session',
      { schedules: { s: { weekly: { mon: ['09:00-12:00'] } } } },
      touches('08:50:00', '12:05:00'),
      ['present'],
    ],
  ])('%s', (_, hall, lines, marks) => expect(marksOf(dayOf(lines, { hall }))).toEqual(marks));

  test('as ahead of what is left of it', () => {
    expect(marksOf(dayOf(touches('08:50:00'), { time: '11:00:00' }))).toEqual(['ahead']);
    expect(marksOf(dayOf(ALL_DAY.slice(0, 3), { time: '14:10:00' }))).toEqual(['ahead']);
  });

  test('with what people set aside', () => {
    const isWaived = ({ session }: Verdict): boolean => session === 1;
    expect(marksOf(dayOf([], { isWaived }))).toEqual(['absent', 'waived']);
    expect(marksOf(dayOf([], { isWaived: () => true }))).toEqual(['waived']);
  });
});

describe('the figures of a person', () => {
  test('count an absence that was set aside neither as attended nor as missed', () => {
    const isWaived = ({ rule, session }: Verdict): boolean => rule === 'absent' && session === 1;
    const { exempt, attended, missed, waived } = personFigures(dayOf([], { isWaived }));
    expect({ exempt, attended, missed, waived }).toEqual({ exempt: 1, attended: 0, missed: 1, waived: 1 });
    const late = touches('09:10:00', '12:05:00', '13:50:00', '17:05:00');
    const figures = personFigures(dayOf(late, { isWaived: () => true }));
    expect(figures).toMatchObject({ exempt: 0, attended: 2, punctual: 2, late: 0, waived: 1 });
  });

  test.each<[what: string, lines: readonly Line[], leaveDays: number, errandDays: number]>([
    ['no leave', ALL_DAY, 0, 0],
    ['a morning', [leave('08:00:00', '13:00:00')], 0.5, 0],
    ['an errand of an hour and a half', [leave('10:00:00', '11:30:00', '外出')], 0, 0.25],
    [
      'an errand within a leave, whose time is the leave’s',
      [leave('09:00:00', '12:00:00'), leave('10:00:00', '11:00:00', '外出')],
      0.5,
      0,
    ],
    ['a leave on a day of rest', [REST, leave('08:00:00', '18:00:00')], 0, 0],
    [
      'a leave from a duty that lasts into the next day',
      [
        lasting('duty', '22:00:00', '2026-03-03 06:00:00', { employee: 'e1' }),
        leave('2026-03-03 04:00:00', '2026-03-03 06:00:00'),
      ],
      2 / 14,
      0,
    ],
  ])('have days away: %s', (_, lines, leaveDays, errandDays) =>
    expect(personFigures(dayOf(lines))).toMatchObject({ leaveDays, errandDays }),
  );

  test('add up, and rates are of what is decided', () => {
    const [good, bad] = [personFigures(dayOf(ALL_DAY)), personFigures(dayOf([]))];
    const late = personFigures(dayOf(touches('09:10:00', '12:05:00', '13:50:00', '17:05:00')));
    const sum = sumOf(NO_PERSON_FIGURES, [good, bad, late]);
    expect(sum).toMatchObject({ sessions: 6, attended: 4, missed: 2, punctual: 3, late: 1, lateMinutes: 10 });
    expect([attendanceRate(sum), punctualRate(sum)]).toEqual([4 / 6, 3 / 6]);
    expect([attendanceRate(NO_PERSON_FIGURES), punctualRate(NO_PERSON_FIGURES)]).toEqual([null, null]);
  });
});

test('somebody on leave is counted, also on a day of rest, and somebody who was on time is at no fault', () => {
  const people = [dayOf(ALL_DAY), dayOf([REST, leave('08:00:00', '18:00:00')])];
  expect(attendanceDay(people)).toEqual({ expected: 1, present: 1, late: 0, absent: 0, early: 0, leave: 1 });
});
