/** What explanations say of who held a window, worked out by hand: in which step, by which role, and where the others were. */
import { describe, expect, test } from 'vitest';
import type { Hall } from '../../rules/hall.ts';
import { asideOf, explained, usedOf } from '../support/explained.ts';
import { HALL, hallOf, PEOPLE, span, touch, window, windowOf } from '../support/explained-window.ts';
import { hallWith, instantAt, lasting, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

describe('whoever holds it next does so', () => {
  const cover = lasting('cover', '09:20:00', '10:00:00', { id: 'cover', window: 'W', employee: 'e3' });
  const [occupied, empty] = [seen('09:20:00', 'occupied'), seen('08:00:00', 'empty')];
  const afternoon = { weekly: everyDay('14:00-17:00') };
  const B = ['e2'];

  test.each<[what: string, hall: Hall, lines: readonly Line[], rule: string, next: Line]>([
    [
      'by a cover fact, in the first step',
      HALL,
      [cover, touch('in', '08:50:00', 'e3')],
      'missing-cover',
      { holder: 'e3', heldBy: 'cover', step: 1, seat: 'unknown' },
    ],
    [
      'by going over to an occupied seat, in the second',
      HALL,
      [empty, occupied, touch('in', '08:50:00', 'e2')],
      'missing-cover',
      { holder: 'e2', heldBy: 'b', step: 2, seat: 'occupied' },
    ],
    [
      'in the second, where their own seat is empty',
      hallOf(window('W', ['e1'], B), window('X', ['e3', 'e2'])),
      [empty, occupied, seen('08:00:00', 'empty', 'X'), touch('in', '08:50:00', 'e2')],
      'missing-cover',
      { holder: 'e2', heldBy: 'b', step: 2, seat: 'occupied' },
    ],
    [
      'in the second, where their own window is not in service',
      hallWith({
        schedules: { s: { weekly: everyDay('09:00-12:00') }, late: afternoon },
        employees: PEOPLE,
        windows: [window('W', ['e1'], B), window('X', ['e2'], [], { schedule: 'late' })],
      }),
      [empty, occupied, touch('in', '08:50:00', 'e2')],
      'missing-cover',
      { holder: 'e2', heldBy: 'b', step: 2, seat: 'occupied' },
    ],
    [
      'as its A, in the third',
      HALL,
      [touch('in', '09:20:00')],
      'missing-cover',
      { holder: 'e1', heldBy: 'a', step: 3, seat: 'unknown' },
    ],
    [
      'as its A, though the B was there before, in the third',
      HALL,
      [empty, touch('in', '09:20:00'), touch('B', '08:50:00', 'e2')],
      'missing-cover',
      { holder: 'e1', heldBy: 'a', step: 3, seat: 'empty' },
    ],
    [
      'by the list, in the fourth, where nobody sees the seat',
      HALL,
      [touch('in', '09:20:00', 'e2')],
      'missing-cover',
      { holder: 'e2', heldBy: 'b', step: 4, seat: 'unknown' },
    ],
    [
      'by the list, where another A holds their own window',
      hallOf(window('W', ['e1'], B), window('X', ['e3', 'e2'])),
      [seen('08:00:00', 'occupied'), touch('A', '08:50:00', 'e3'), touch('in', '09:20:00', 'e2')],
      'unverified-occupant',
      { holder: 'e2', heldBy: 'b', step: 4, seat: 'occupied' },
    ],
    [
      'by the list, where one of their own windows is empty and another is not',
      hallOf(window('W', ['e1'], B), window('X', ['e3', 'e2']), window('Y', ['e4', 'e2'])),
      [
        seen('08:00:00', 'occupied'),
        seen('08:00:00', 'empty', 'X'),
        touch('X', '08:50:00', 'e3'),
        touch('Y', '08:50:00', 'e4'),
        touch('in', '09:20:00', 'e2'),
      ],
      'unverified-occupant',
      { holder: 'e2', heldBy: 'b', step: 4, seat: 'occupied' },
    ],
    [
      'by the list, where its A is there and holds another window',
      hallOf(window('V', ['e1']), window('W', ['e3', 'e1'], B)),
      [seen('08:00:00', 'occupied'), touch('A', '08:50:00'), touch('in', '09:20:00', 'e2')],
      'unverified-occupant',
      { holder: 'e2', heldBy: 'b', step: 4, seat: 'occupied' },
    ],
  ])('%s', (_, hall, lines, rule, next) => {
    const subject = windowOf(explained(rule, lines, { time: '10:00:00', hall }));
    expect(subject.next).toMatchObject({ from: instantAt('09:20:00'), to: instantAt('10:00:00'), ...next });
  });
});

test('a B who was elsewhere is shown where, and when they were there at all', () => {
  const subject = explained(
    'missing-cover',
    [
      touch('in', '08:50:00', 'e2'),
      lasting('leave', '09:10:00', '09:20:00', { id: 'off', employee: 'e2', kind: '事假' }),
      lasting('leave', '15:00:00', '16:00:00', { id: 'later', employee: 'e2', kind: '事假' }),
      seen('08:00:00', 'occupied', 'X'),
      seen('09:30:00', 'empty', 'X'),
    ],
    { time: '10:00:00', hall: hallOf(window('W', ['e1'], ['e2']), window('X', ['e2'])) },
  );
  const [before, after] = [span('09:00:00', '09:10:00'), span('09:20:00', '10:00:00')];
  const elsewhere = [before, after].map((stretch) => ({ window: 'X', ...stretch }));
  expect(windowOf(subject).candidates).toEqual([
    { employee: 'e1', roles: ['A'], present: [], elsewhere: [] },
    { employee: 'e2', roles: ['B'], present: [before, after], elsewhere },
  ]);
  expect(usedOf(subject)).toEqual(['arrival in', 'leave off']);
});

test('the roles of a run are those at its start and after every change within it', () => {
  const assign = (id: string, role: string, employees: readonly string[], from: string, to: string | null) =>
    lasting('assign', from, to, { id, window: 'W', role, employees });
  const cover = (id: string, employee: string, from: string, to: string) =>
    lasting('cover', from, to, { id, window: 'W', employee });
  const explanation = explained(
    'missing-cover',
    [
      assign('since', 'B', ['e3', 'e2'], '2026-03-01 09:00:00', null),
      assign('hour', 'A', ['e2'], '10:00:00', '11:30:00'),
      assign('half', 'A', ['e3'], '10:30:00', '11:00:00'),
      assign('noon', 'A', ['e4'], '12:00:00', '13:00:00'),
      cover('morning', 'e4', '08:00:00', '09:30:00'),
      cover('more', 'e2', '11:50:00', '14:00:00'),
      cover('lunch', 'e3', '12:00:00', '14:00:00'),
    ],
    { time: '13:00:00', hall: HALL },
  );
  const subject = windowOf(explanation);
  expect(subject.roles).toEqual(
    [
      { role: 'A', from: '09:00:00', people: ['e1'], assign: null },
      { role: 'A', from: '10:00:00', people: ['e2'], assign: 'hour' },
      { role: 'A', from: '10:30:00', people: ['e3'], assign: 'half' },
      { role: 'A', from: '11:00:00', people: ['e2'], assign: 'hour' },
      { role: 'A', from: '11:30:00', people: ['e1'], assign: null },
      { role: 'B', from: '09:00:00', people: ['e3', 'e2'], assign: 'since' },
    ].map((one) => ({ ...one, from: instantAt(one.from) })),
  );
  expect(usedOf(explanation)).toEqual(['assign since', 'assign hour', 'assign half', 'cover morning', 'cover more']);
  expect(subject.candidates.map(({ employee, roles }) => [employee, ...roles])).toEqual([
    ['e1', 'A'],
    ['e3', 'B'],
    ['e2', 'B', 'cover'],
    ['e4', 'cover'],
  ]);
});

test('somebody who may hold it and is not judged, or owes nothing, has touches of no use', () => {
  const hall = hallWith({
    employees: [
      { id: 'e1', name: 'E1', schedule: 's' },
      { id: 'e2', name: 'E2', schedule: 's', until: '2026-03-01' },
      { id: 'e3', name: 'E3' },
    ],
    windows: [window('W', ['e1'], ['e2', 'e3'])],
  });
  const lines = [touch('gone', '08:50:00', 'e2'), touch('free', '08:50:00', 'e3')];
  const explanation = explained('missing-cover', lines, { hall });
  expect(asideOf(explanation)).toEqual(['gone not-judged', 'free no-session']);
});
