/** What explanations say of small days, worked out by hand: where a punch could be, what the day was, what was planned. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../rules/explain.ts';
import { ReopenedDay } from '../../rules/reopened-day.ts';
import { dayOfDate, MINUTE } from '../../rules/time.ts';
import { asideOf, explained, LATE, usedOf } from '../support/explained.ts';
import { at, device, hallWith, instantAt, lasting, MONDAY, punch } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

describe('where a punch could be', () => {
  const told = (time: string, ...lines: readonly Line[]) => {
    const { coverage, used, doubts } = explained('absent', lines, { time });
    const states = coverage?.outages.map(
      ({ device: name, state, proof }) => `${name} ${state}${proof === null ? '' : ` ${proof}`}`,
    );
    return {
      states,
      used: used.map(({ role, fact }) => `${role} ${fact.id}`),
      doubts: doubts.map(({ reason }) => reason),
    };
  };
  const off = device('09:10:00', 'k1', 'offline', { id: 'off' });
  const on = device('09:20:00', 'k1', 'online', { id: 'on' });
  const other = (id: string, time: string, more: Line = {}): Line =>
    punch(time, 'e1', { id, employee: undefined, credential: '9', ...more });

  test.each<
    [
      what: string,
      time: string,
      lines: readonly Line[],
      states: readonly string[],
      used: readonly string[],
      doubts: readonly string[],
    ]
  >([
    ['nowhere', '11:00:00', [device('08:00:00', 'k1', 'online')], [], [], []],
    ['in a clock that is offline', '11:00:00', [off], ['k1 offline'], ['offline off'], ['uncovered']],
    [
      'in one that is just back',
      '12:04:59',
      [
        { ...off, at: at('11:00:00') },
        { ...on, at: at('12:00:00') },
      ],
      ['k1 settling'],
      ['offline off', 'online on'],
      ['uncovered'],
    ],
    [
      'in one that has proved nothing',
      '11:00:00',
      [off, on],
      ['k1 unproved'],
      ['offline off', 'online on'],
      ['uncovered'],
    ],
    [
      'not in one that kept recording',
      '11:00:00',
      [off, on, other('proof', '09:15:00')],
      ['k1 proved proof'],
      ['offline off', 'online on', 'proof proof'],
      [],
    ],
    [
      'not in one that has everything in',
      '11:00:00',
      [off, on, device('10:00:00', 'k1', 'complete', { id: 'all' })],
      ['k1 proved all'],
      ['offline off', 'online on', 'complete all'],
      [],
    ],
    [
      'not in what the daemon missed and has caught up with',
      '11:00:00',
      [device('09:10:00', 'daemon', 'offline', { id: 'off' }), device('09:20:00', 'daemon', 'online', { id: 'on' })],
      ['daemon proved'],
      ['offline off', 'online on'],
      [],
    ],
    [
      'not in an outage that was over before',
      '11:00:00',
      [device('06:00:00', 'k1', 'offline'), device('06:30:00', 'k1', 'online')],
      [],
      [],
      [],
    ],
  ])('%s', (_, time, lines, states, used, doubts) => expect(told(time, ...lines)).toEqual({ states, used, doubts }));

  test.each<[what: string, proof: Line]>([
    ['at its end', other('p', '09:20:00')],
    ['before it', other('p', '09:09:59')],
    ['of another clock', other('p', '09:15:00', { device: 'k2' })],
    ['by a form', other('p', '09:15:00', { method: 'correction' })],
    ['that nobody knows yet', other('p', '09:15:00', { recordedAt: at('11:30:00') })],
  ])('is not proved by a punch %s', (_, proof) => {
    const hall = hallWith({
      clocks: [{ id: 'k1' }, { id: 'k2', serves: ['e9'] }],
      employees: [
        { id: 'e1', name: 'E1', schedule: 's' },
        { id: 'e9', name: 'E9' },
      ],
    });
    const { coverage } = explained('absent', [off, on, proof], { time: '11:00:00', hall });
    expect(coverage?.outages).toMatchObject([{ state: 'unproved', proof: null }]);
  });

  test('in what was lost with a ledger, until the clock has everything in', () => {
    const lost = [
      device('09:10:00', 'daemon', 'offline', { id: 'lost', lostUntil: at('09:20:00') }),
      device('09:20:00', 'daemon', 'online'),
    ];
    expect(told('11:00:00', ...lost).states).toEqual(['daemon proved', 'k1 lost']);
    expect(told('11:00:00', ...lost, device('10:00:00', 'k1', 'complete', { id: 'all' })).states).toEqual([
      'daemon proved',
      'k1 proved all',
    ]);
  });
});

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
    expect(namesOf('absent', [device('08:00:00', 'k1', 'online')], ONE)).toEqual(['absentAfter', ...OF_ALL]);
    expect(namesOf('missing-punch', [punch('08:50:00')], ONE)).toEqual(['earlyGrace', ...OF_ALL]);
  });

  test('are those of breaks where there are any, and of duties where there is one', () => {
    const gaps = ['earlyGrace', 'minBreak', 'lunchNear'];
    expect(namesOf('late', [LATE], TWO)).toEqual(['lateGrace', 'absentAfter', ...OF_ALL, ...gaps]);
    expect(namesOf('late', [LATE], TWO, { punches: 'in' })).toEqual(['lateGrace', 'absentAfter', ...OF_ALL]);
    expect(namesOf('late', [LATE, duty], ONE)).toEqual(['lateGrace', 'absentAfter', ...OF_ALL, ...gaps, 'joinGap']);
  });
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

test('nothing is asked of a verdict that is not of the day', () => {
  const [HALL, DAY] = [hallWith(), dayOfDate(MONDAY) ?? 0];
  const { verdict } = explained('late', [LATE]);
  const records = { find: () => null, between: () => [], stretches: () => [] };
  const reopened = ReopenedDay.open(DAY, { records, compile: () => HALL, hall: HALL, now: instantAt('20:00:00') });
  expect(() => explain(reopened as ReopenedDay, { ...verdict, session: 9 })).toThrow(/no session/);
  expect(() => explain(reopened as ReopenedDay, { ...verdict, employee: 'nobody' })).toThrow(/does not know/);
  expect(() => explain(reopened as ReopenedDay, { ...verdict, leave: 'none' })).toThrow(/no leave/);
  const options = { records, compile: () => HALL, hall: null, now: 0 };
  expect(ReopenedDay.open(DAY, options)).toBeNull();
});
