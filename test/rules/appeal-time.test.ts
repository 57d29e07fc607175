/** Working days to appeal in: the person's own, by the hall's calendar. 2026-03-02 is a Monday. */
import { expect, test } from 'vitest';
import { appealUntil } from '../../rules/appeal-time.ts';
import { Book } from '../../rules/book.ts';
import type { Fact } from '../../rules/facts.ts';
import { startOfDay } from '../../rules/hall.ts';
import { dateOf, dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt } from '../support/hand-hall.ts';

const SESSIONS = ['09:00-12:00', '14:00-17:00'];
const HALL = hallWith({
  schedules: { s: { weekly: { mon: SESSIONS, tue: SESSIONS, wed: SESSIONS, thu: SESSIONS, fri: SESSIONS } } },
  employees: [
    { id: 'e1', name: 'E1', schedule: 's' },
    { id: 'gone', name: 'G', schedule: 's', until: '2026-03-03' },
    { id: 'free', name: 'F' },
  ],
  windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
});

function lastDay(employee: string | null, date: string, days: number, facts: readonly object[] = []): string {
  const book = new Book();
  for (const fact of facts) book.add({ recordedAt: 0, ...fact } as Fact);
  const until = appealUntil(() => HALL, book, employee, { on: dayOfDate(date) ?? 0, days });
  const day = (dayOfDate(date) ?? 0) + 1;
  for (let d = day; ; d++) if (startOfDay(HALL, d) === until) return dateOf(d - 1);
}

const leave = (from: string, to: string) => ({
  fact: 'leave',
  id: `l${from}`,
  employee: 'e1',
  kind: '病假',
  from: instantAt(`${from} 00:00:00`),
  to: instantAt(`${to} 00:00:00`),
});

test.each<[string, string | null, string, readonly object[], string]>([
  ['told on a Monday: until the next one', 'e1', '2026-03-02', [], '2026-03-09'],
  ['told on a Friday', 'e1', '2026-03-06', [], '2026-03-13'],
  ['told on a Sunday', 'e1', '2026-03-08', [], '2026-03-13'],
  ['days on leave do not count', 'e1', '2026-03-02', [leave('2026-03-03', '2026-03-05')], '2026-03-11'],
  [
    'a day of which something was worked does',
    'e1',
    '2026-03-02',
    [{ ...leave('2026-03-03', '2026-03-04'), from: instantAt('2026-03-03 14:00:00') }],
    '2026-03-09',
  ],
  [
    'a day off by a fact',
    'e1',
    '2026-03-02',
    [{ fact: 'day', id: 'd', date: '2026-03-04', kind: 'rest' }],
    '2026-03-10',
  ],
  ['who has left, by the working days of the hall', 'gone', '2026-03-02', [], '2026-03-09'],
  [
    'who is on leave on their last day has not worked on it',
    'gone',
    '2026-03-02',
    [{ ...leave('2026-03-03', '2026-03-04'), employee: 'gone' }],
    '2026-03-10',
  ],
  ['who never works again: 400 days', 'e1', '2026-03-02', [leave('2026-03-02', '2029-01-01')], '2027-04-06'],
  ['who need not punch, likewise', 'free', '2026-03-02', [], '2026-03-09'],
  ['nobody, likewise', null, '2026-03-02', [leave('2026-03-03', '2026-03-05')], '2026-03-09'],
])('%s', (_, employee, told, facts, until) => expect(lastDay(employee, told, 5, facts)).toBe(until));

test('no time at all ends with the day of the telling', () => {
  expect(appealUntil(() => HALL, new Book(), 'e1', { on: dayOfDate('2026-03-02') ?? 0, days: 0 })).toBe(
    startOfDay(HALL, (dayOfDate('2026-03-02') ?? 0) + 1),
  );
});
