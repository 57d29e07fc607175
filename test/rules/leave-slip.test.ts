/** Days of leave in exact fractions, and what is more than so many of them. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { Employee } from '../../rules/hall.ts';
import { ALL_DATES, exceed, leavesOfMonth, type Share, sharesOfLeave } from '../../rules/leave-slip.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { dayOfDate, HOUR } from '../../rules/time.ts';
import { verdictId } from '../../rules/verdict.ts';
import { hallWith, instantAt, lasting } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

const HALL = hallWith();
const E1 = HALL.employees.get('e1') as Employee;
const DAY = dayOfDate('2026-03-02') ?? 0;

function shares(from: string, to: string, until = DAY + 9): Share[] {
  const span = { from: instantAt(from), to: instantAt(to) };
  const leave = { fact: 'leave', id: 'l1', recordedAt: 0, employee: 'e1', kind: '事假', ...span } as const;
  return sharesOfLeave(HALL, new Book(), E1, leave, { ...ALL_DATES, to: until });
}

describe('the shares of a leave', () => {
  // Six hours of sessions a day.
  const whole = (day: number): Share => ({ day, covered: 6 * HOUR, of: 6 * HOUR });

  test.each<[string, Share[], Share[]]>([
    ['of a morning', shares('08:00:00', '13:00:00'), [{ day: DAY, covered: 3 * HOUR, of: 6 * HOUR }]],
    ['of a millisecond', shares('11:59:59.999', '14:00:00'), [{ day: DAY, covered: 1, of: 6 * HOUR }]],
    ['of a lunch', shares('12:00:00', '14:00:00'), []],
    [
      'of a day and a half',
      shares('00:00:00', '2026-03-03 12:30:00'),
      [whole(DAY), { ...whole(DAY + 1), covered: 3 * HOUR }],
    ],
    ['up to a day', shares('00:00:00', '2026-03-09 00:00:00', DAY + 1), [whole(DAY), whole(DAY + 1)]],
  ])('%s', (_, got, wanted) => expect(got).toEqual(wanted));
});

describe('so many days', () => {
  const share = (covered: number, of: number): Share => ({ day: DAY, covered, of });

  test.each<[string, Share[], number, boolean]>([
    ['none are no more than none', [], 0, false],
    ['one is not more than one', [share(1, 1)], 1, false],
    ['two are', [share(1, 1), share(1, 1)], 1, true],
    ['three thirds are not more than one', [share(1, 3), share(1, 3), share(1, 3)], 1, false],
    ['a third, a third and a bit more are', [share(1, 3), share(1, 3), share(334, 1000)], 1, true],
    ['a half and a third are not', [share(1, 2), share(1, 3)], 1, false],
    ['a millisecond beyond three is', [1, 1, 1].map((of) => share(of, of)).concat(share(1, 6 * HOUR)), 3, true],
  ])('%s', (_, list, days, said) => expect(exceed(list, days)).toBe(said));
});

test('a leave in the night in which a month begins is of that month, though its day has not begun', () => {
  const book = new Book();
  const leave = (from: string, to: string) => lasting('leave', from, to, { employee: 'e1', kind: '事假', id: from });
  const nights = [
    ['2026-02-28 20:00:00', '2026-02-28 23:00:00'],
    ['2026-03-01 00:00:00', '2026-03-01 03:00:00'],
  ] as const;
  for (const fact of readWorldFacts(
    HALL,
    nights.map(([from, to]) => leave(from, to)),
  ))
    book.add(fact);
  expect(leavesOfMonth(HALL, DAY, E1, book).map(({ id }) => id)).toEqual(['2026-03-01 00:00:00']);
});

test('a leave is asked about by its name and date alone, however its start moves', () => {
  const span = ['08:00:00', '2026-03-04 18:00:00'] as const;
  const facts = readWorldFacts(HALL, [lasting('leave', ...span, { employee: 'e1', kind: '事假', id: 'l7' })]);
  const said = verdictsAt({ facts, compile: () => HALL, hall: HALL, now: instantAt('12:00:00') });
  const slips = said.filter(({ rule }) => rule === 'leave-slip');
  expect(slips.map((verdict) => verdictId(HALL.zone, verdict))).toEqual(['leave-slip/l7/2026-03-02']);
});
