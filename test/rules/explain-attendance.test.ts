/** What explanations say of sessions of a person, worked out by hand: limits, figures that are rare, and doubts. */
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../rules/time.ts';
import { explained, LATE, touch } from '../support/explained.ts';
import { device, hallWith, instantAt, lasting, punch, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

/** Something to know by. */
const KNOWN = device('08:00:00', 'k1', 'online');

describe('the limits that are named', () => {
  const namesOf = (rule: string, lines: readonly Line[], sessions: readonly string[], more: Line = {}): string[] => {
    const hall = hallWith({ schedules: { s: { weekly: everyDay(...sessions), ...more } } });
    return explained(rule, lines, { hall }).parameters.map(({ name }) => name);
  };
  const [ONE, TWO] = [['09:00-12:00'], ['09:00-12:00', '14:00-17:00']];
  const OF_ALL = ['outWindow', 'dedupe', 'settle'];
  const duty = lasting('duty', '19:00:00', '20:00:00', { employee: 'e1' });

  test('are those of the rule, and those by which punches were read', () => {
    expect(namesOf('late', [LATE], ONE)).toEqual(['lateGrace', 'absentAfter', ...OF_ALL]);
    expect(namesOf('absent', [KNOWN], ONE)).toEqual(['absentAfter', ...OF_ALL]);
    expect(namesOf('missing-punch', [punch('08:50:00')], ONE)).toEqual(['earlyGrace', ...OF_ALL]);
  });

  test('are those of breaks where there are any, and of duties where there is one', () => {
    const gaps = ['earlyGrace', 'minBreak', 'lunchNear'];
    expect(namesOf('late', [LATE], TWO)).toEqual(['lateGrace', 'absentAfter', ...OF_ALL, ...gaps]);
    expect(namesOf('late', [LATE], TWO, { punches: 'in' })).toEqual(['lateGrace', 'absentAfter', ...OF_ALL]);
    expect(namesOf('late', [LATE, duty], ONE)).toEqual(['lateGrace', 'absentAfter', ...OF_ALL, ...gaps, 'joinGap']);
  });
});

test('a limit comes from the highest level that sets it', () => {
  const hall = hallWith({
    rules: { lateGrace: '6m', dedupe: '30s' },
    schedules: { s: { weekly: everyDay('09:00-12:00'), rules: { lateGrace: '7m' } } },
  });
  expect(explained('late', [LATE], { hall }).parameters.slice(0, 4)).toEqual([
    { name: 'lateGrace', origin: { level: 'schedule', id: 's' }, unit: 'ms', value: 7 * MINUTE },
    { name: 'absentAfter', origin: { level: 'default' }, unit: 'ms', value: 30 * MINUTE },
    { name: 'outWindow', origin: { level: 'default' }, unit: 'ms', value: 120 * MINUTE },
    { name: 'dedupe', origin: { level: 'hall' }, unit: 'ms', value: 30_000 },
  ]);
});

test('a touch that may have been the return is shown with the middle of the break', () => {
  const lines = [punch('08:50:00'), punch('12:20:00.001', 'e1', { id: 'touch' })];
  const { doubts, used } = explained('absent', lines, { time: '16:00:00', session: 2 });
  const middleAt = instantAt('12:57:30');
  expect(doubts).toMatchObject([
    { reason: 'ambiguous-punch', touch: { id: 'touch' }, z: instantAt('12:00:00'), lunchNearMs: 20 * MINUTE, middleAt },
  ]);
  expect(used.map(({ role, fact }) => `${role} ${fact.id}`)).toEqual(['ambiguous-touch touch']);
});

test('the middle of a break is the first instant at which a touch is the return', () => {
  const leave = lasting('leave', '13:00:00', '14:00:00.001', { employee: 'e1', kind: '事假' });
  const lines = [
    punch('08:50:00'),
    touch('touch', '12:30:00'),
    touch('in', '14:40:00'),
    touch('out', '16:00:00'),
    leave,
  ];
  const { doubts } = explained('absent', lines, { session: 2 });
  expect(doubts).toMatchObject([{ reason: 'ambiguous-punch', middleAt: instantAt('12:57:30.001') }]);
  // What may have been the return says nothing of how she went.
  expect(explained('early-leave', lines, { session: 2 }).doubts).toEqual([]);
});

describe('where a punch is looked for', () => {
  const searched = (rule: string, lines: readonly Line[], time: string, session = 1) =>
    explained(rule, lines, { time, session }).coverage;

  test('is from when one may come to the arrival, to the end, or to now', () => {
    const from = instantAt('07:00:00');
    expect(searched('late', [LATE, touch('out', '12:05:00')], '20:00:00')).toEqual({
      searched: { from, to: instantAt('09:10:00') },
      devices: ['k1', 'daemon'],
      outages: [],
      awaited: true,
    });
    expect(searched('late', [KNOWN], '09:20:00')?.searched).toEqual({ from, to: instantAt('09:20:00') });
    expect(searched('absent', [KNOWN], '13:00:00')?.searched).toEqual({ from, to: instantAt('12:00:00') });
  });

  test('is up to the departure that was seen, or from the arrival that was', () => {
    const lines = [touch('in', '08:50:00'), touch('back', '13:00:00'), touch('home', '17:05:00')];
    expect(searched('missing-punch', lines, '20:00:00')).toMatchObject({
      searched: { from: instantAt('08:50:00'), to: instantAt('14:00:00') },
    });
    const without = [touch('in', '08:50:00'), touch('out', '12:05:00'), touch('home', '17:05:00')];
    expect(searched('missing-punch', without, '20:00:00', 2)).toMatchObject({
      searched: { from: instantAt('12:00:00'), to: instantAt('17:05:00') },
    });
  });
});

describe('a seat on which somebody sat meanwhile', () => {
  const hall = hallWith({
    employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })),
    windows: [
      { id: 'V', name: 'V', schedule: 's', a: 'e2' },
      { id: 'W', name: 'W', schedule: 's', a: ['e1'] },
    ],
  });
  const seatsOf = (rule: string, lines: readonly Line[], time: string) =>
    explained(rule, lines, { time, hall }).doubts.flatMap((doubt) =>
      doubt.reason === 'seat-occupied' ? doubt.seats : [],
    );
  const sat = (from: string, to: string, name = 'W'): Line[] => [
    seen('08:00:00', 'empty', name),
    seen(from, 'occupied', name),
    seen(to, 'empty', name),
  ];
  const seat = (from: string, to: string | null) => {
    return { window: 'W', from: instantAt(from), to: to === null ? null : instantAt(to) };
  };

  test('is the person’s own, while they were away', () => {
    const lines = [...sat('09:05:00', '09:30:00'), ...sat('09:05:00', '09:30:00', 'V')];
    expect(seatsOf('absent', lines, '11:00:00')).toEqual([seat('09:05:00', '09:30:00')]);
    expect(seatsOf('absent', [...lines, touch('in', '09:40:00')], '11:00:00')).toEqual([seat('09:05:00', '09:30:00')]);
    expect(seatsOf('absent', [seen('08:00:00', 'occupied')], '11:00:00')).toEqual([seat('09:00:00', null)]);
  });

  test('is of the time after an early departure', () => {
    const lines = [touch('in', '08:50:00'), touch('early', '11:00:00')];
    expect(seatsOf('early-leave', [...lines, ...sat('11:20:00', '11:40:00')], '15:00:00')).toEqual([
      seat('11:20:00', '11:40:00'),
    ]);
    expect(seatsOf('early-leave', [...lines, ...sat('10:20:00', '10:40:00')], '15:00:00')).toEqual([]);
  });

  test('says nothing of a punch that was forgotten', () => {
    const lines = [touch('in', '08:50:00'), touch('out', '12:05:00'), touch('home', '17:05:00')];
    const sights = [...sat('14:20:00', '14:40:00'), seen('16:00:00', 'occupied')];
    expect(explained('missing-punch', [...lines, ...sights], { hall, session: 2 }).doubts).toEqual([]);
  });

  test('is theirs where they were its A then', () => {
    const away = lasting('assign', '08:00:00', '13:00:00', { window: 'W', role: 'A', employees: ['e2'] });
    expect(seatsOf('absent', [...sat('09:05:00', '09:30:00'), away], '11:00:00')).toEqual([]);
  });
});

test('what a plan rests on says whose it is: a duty that began on this day, leave, and pauses of nobody', () => {
  const duty = (id: string, from: string, to: string) => lasting('duty', from, to, { id, employee: 'e1' });
  const { used, subject } = explained(
    'late',
    [
      LATE,
      duty('before', '03:00:00', '05:00:00'),
      duty('first', '04:00:00', '05:00:00'),
      duty('evening', '18:00:00', '19:00:00'),
      lasting('leave', '10:00:00', '11:00:00', { id: 'leave', employee: 'e1', kind: '年假' }),
      lasting('leave', '12:30:00', '13:00:00', { id: 'lunch', employee: 'e1', kind: '年假' }),
      lasting('pause', '11:00:00', '11:30:00', { id: 'pause' }),
      lasting('pause', '13:00:00', '13:30:00', { id: 'break' }),
    ].map((line) => line),
    { session: 2 },
  );
  expect(used.map(({ role, fact, employee, session }) => [role, fact.id, employee, session])).toEqual([
    ['duty', 'first', 'e1', null],
    ['duty', 'evening', 'e1', null],
    ['leave', 'leave', 'e1', null],
    ['pause', 'pause', null, null],
    ['arrival', 'late', 'e1', 2],
  ]);
  if (subject.of !== 'person') throw new Error('it is about a person');
  expect(subject.planned.map(({ duties }) => duties)).toEqual([['first'], [], [], ['evening']]);
});
