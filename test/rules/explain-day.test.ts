/** What explanations say of small days, worked out by hand: what the day was, and what was planned. */
import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../rules/explanation.ts';
import { asideOf, explained, LATE, usedOf } from '../support/explained.ts';
import { at, device, hallWith, instantAt, lasting, MONDAY } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

describe('the day', () => {
  const rest = (id: string, kind: string, recordedAt: string): Line => {
    return { fact: 'day', id, date: MONDAY, kind, recordedAt: at(recordedAt) };
  };

  test('is what its weekday, the configuration or a fact makes it', () => {
    const dayOf = (lines: readonly Line[], more: Line = {}) =>
      explained('late', [LATE, ...lines], { hall: hallWith(more) }).day;
    expect(dayOf([])).toEqual({
      date: MONDAY,
      weekday: 1,
      from: instantAt('04:00:00'),
      to: instantAt('2026-03-03 04:00:00'),
      kind: 'plain',
      by: 'weekday',
      publishedUntil: null,
    });
    expect(dayOf([], { calendar: { country: 'none', days: { [MONDAY]: 'work' } } })).toMatchObject({
      kind: 'work',
      by: 'config',
    });
    expect(dayOf([rest('said', 'work', '08:00:00')])).toMatchObject({ kind: 'work', by: { fact: 'said' } });
  });

  test('is what the fact says that was recorded last; the other is set aside, as is what is not known or taken back', () => {
    const off = { employee: 'e1', kind: '年假' };
    const explanation = explained('late', [
      LATE,
      rest('first', 'rest', '06:00:00'),
      { ...rest('tomorrow', 'rest', '08:00:00'), date: '2026-03-03' },
      { ...rest('yesterday', 'rest', '08:00:00'), date: '2026-03-01' },
      rest('mistaken', 'rest', '08:30:00'),
      { fact: 'cancel', id: 'cancel2', at: at('08:40:00'), target: 'yesterday' },
      { fact: 'cancel', id: 'cancel3', at: at('08:40:00'), target: 'mistaken' },
      rest('last', 'work', '07:00:00'),
      lasting('leave', '10:00:00', '11:00:00', { ...off, id: 'leave' }),
      lasting('leave', '14:00:00', '15:00:00', { ...off, id: 'gone' }),
      lasting('leave', '15:00:00', '16:00:00', { ...off, id: 'later', recordedAt: at('21:00:00') }),
      lasting('leave', '2026-03-04 09:00:00', '2026-03-04 10:00:00', {
        ...off,
        id: 'elsewhere',
        recordedAt: at('21:00:00'),
      }),
      { fact: 'cancel', id: 'cancel', at: at('09:00:00'), target: 'gone' },
      lasting('pause', '11:00:00', '11:30:00', { id: 'pause' }),
    ]);
    expect(usedOf(explanation)).toEqual(['day last', 'leave leave', 'pause pause', 'arrival late']);
    expect(asideOf(explanation)).toEqual([
      'first outranked by last',
      'mistaken cancelled by cancel3',
      'gone cancelled by cancel',
      'later not-yet-known',
    ]);
    const { subject } = explanation;
    if (subject.of !== 'person') throw new Error('it is about a person');
    expect(subject.planned.map(({ number, cuts }) => [number, ...cuts.map(({ fact }) => fact)])).toEqual([
      [1, 'leave', 'pause'],
      [2],
    ]);
    expect(subject.schedule).toEqual({ id: 's', versionFrom: null, weekday: 1 });
  });

  test('has sessions of a version of the schedule, and duties', () => {
    const weekly = everyDay('09:00-12:00');
    const hall = hallWith({ schedules: { s: { versions: [{ weekly: {} }, { from: '2026-03-01', weekly }] } } });
    const duty = lasting('duty', '18:00:00', '19:00:00', { employee: 'e1', id: 'duty' });
    const { subject, used } = explained('late', [LATE, duty], { hall });
    expect(subject).toMatchObject({
      schedule: { id: 's', versionFrom: '2026-03-01', weekday: 1 },
      planned: [
        { number: 1, duties: [] },
        { number: 2, duties: ['duty'], from: instantAt('18:00:00') },
      ],
      session: 1,
    });
    expect(used.map(({ role }) => role)).toEqual(['duty', 'arrival']);
  });
});

describe('the sessions of a schedule', () => {
  const duty = lasting('duty', '18:00:00', '19:00:00', { employee: 'e1', id: 'duty' });
  const monday = { mon: ['09:00-12:00'] };
  const tuesday = { tue: ['09:00-12:00'] };
  const day = (kind: string): Line => ({ fact: 'day', id: 'day', date: MONDAY, kind });

  test.each<[what: string, versions: readonly Line[], more: Line, lines: readonly Line[], schedule: Line]>([
    ['are those of its weekday', [{ weekly: monday }], {}, [], { versionFrom: null, weekday: 1 }],
    [
      'are those of a version that begins on this very day',
      [{ weekly: tuesday }, { from: MONDAY, weekly: monday }],
      {},
      [],
      { versionFrom: MONDAY, weekday: 1 },
    ],
    [
      'are none before the first version',
      [{ from: '2026-03-03', weekly: monday }],
      {},
      [],
      { versionFrom: null, weekday: null },
    ],
    ['are none on another weekday', [{ weekly: tuesday }], {}, [], { versionFrom: null, weekday: null }],
    ['are none on a day of rest', [{ weekly: monday }], {}, [day('rest')], { versionFrom: null, weekday: null }],
    [
      'are those of the weekday that make-up days use',
      [{ weekly: tuesday }],
      { calendar: { country: 'none', makeUpDayUses: 'tue' } },
      [day('work')],
      { versionFrom: null, weekday: 2 },
    ],
  ])('%s', (_, versions, more, lines, schedule) => {
    const hall = hallWith({ schedules: { s: { versions } }, ...more });
    const { subject } = explained('absent', [duty, ...lines], { hall });
    expect(subject).toMatchObject({ schedule: { id: 's', ...schedule } });
  });
});

describe('what would change the plan and does not', () => {
  const late = { recordedAt: at('21:00:00') };
  const fact = (kind: string, id: string, from: string, to: string | null, more: Line): Line =>
    lasting(kind, from, to, { id, ...late, ...more });
  const [e1, e2, W, X] = [{ employee: 'e1' }, { employee: 'e2' }, { window: 'W' }, { window: 'X' }];
  const [TODAY, NEXT, LAST] = [
    ['10:00:00', '11:00:00'],
    ['2026-03-03 10:00:00', '2026-03-03 11:00:00'],
    ['2026-03-01 10:00:00', '2026-03-01 11:00:00'],
  ] as const;
  const who = (employee: string) => ({ employee, name: 'New', department: null, schedule: 's' });
  const A = { role: 'A', employees: ['e2'] };
  const lines = [
    fact('employee', 'joins', '2026-03-02 00:00:00', null, who('e1')),
    fact('employee', 'joined', '2026-02-02 00:00:00', null, who('e1')),
    fact('employee', 'joins later', '2026-03-03 00:00:00', null, who('e1')),
    fact('employee', 'other joins', '2026-03-02 00:00:00', null, who('e2')),
    fact('leave', 'leave', ...TODAY, { ...e1, kind: '年假' }),
    fact('leave', 'next leave', ...NEXT, { ...e1, kind: '年假' }),
    fact('leave', 'other leave', ...TODAY, { ...e2, kind: '年假' }),
    fact('duty', 'duty', ...TODAY, e1),
    fact('duty', 'other duty', ...TODAY, e2),
    fact('pause', 'pause', ...TODAY, {}),
    fact('pause', 'next pause', ...NEXT, {}),
    fact('pause', 'pause of W', ...TODAY, W),
    fact('pause', 'pause of X', ...TODAY, X),
    fact('cover', 'cover', ...TODAY, { ...W, ...e2 }),
    fact('cover', 'next cover', ...NEXT, { ...W, ...e2 }),
    fact('cover', 'cover of X', ...TODAY, { ...X, ...e2 }),
    fact('assign', 'assign', ...TODAY, { ...W, ...A }),
    fact('assign', 'from now on', LAST[0], null, { ...W, ...A }),
    fact('assign', 'next assign', NEXT[0], null, { ...W, ...A }),
    fact('assign', 'last assign', ...LAST, { ...W, ...A }),
    fact('assign', 'assign of X', ...TODAY, { ...X, ...A }),
    fact('credential', 'credential', ...TODAY, { ...e1, credential: '7' }),
    device('10:00:00', 'k1', 'offline', late),
  ];
  const hall = hallWith({
    employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })),
    windows: ['W', 'X'].map((id) => ({ id, name: id, schedule: 's', a: 'e1' })),
  });
  const asides = ({ aside }: Explanation) =>
    aside.map((one) => {
      expect(one).toMatchObject({ why: 'not-yet-known', by: null, session: null });
      return [one.fact.id, ...(one.employee === null ? [] : [one.employee])].join(' of ');
    });

  test('is what speaks of a person on this day', () => {
    expect(asides(explained('late', [LATE, ...lines], { hall }))).toEqual([
      'joins of e1',
      'joined of e1',
      'leave of e1',
      'duty of e1',
      'pause',
    ]);
  });

  test('is what speaks of a window, or of those who may hold it, on this day', () => {
    const unheld = explained(
      'missing-cover',
      lines.filter(({ fact: kind }) => kind !== 'device'),
      {
        hall: hallWith({
          employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })),
          windows: [
            { id: 'W', name: 'W', schedule: 's', a: 'e1' },
            { id: 'X', name: 'X', schedule: 'never', a: 'e2' },
          ],
          schedules: { s: { weekly: everyDay('09:00-12:00') }, never: { weekly: {} } },
        }),
      },
    );
    expect(asides(unheld)).toEqual([
      'joins of e1',
      'joined of e1',
      'leave of e1',
      'duty of e1',
      'pause',
      'pause of W',
      'cover of e2',
      'assign',
      'from now on',
    ]);
  });
});
