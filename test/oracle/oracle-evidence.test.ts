import { describe, expect, it, test } from 'vitest';
import { oracle } from './oracle.ts';
import type { OracleConfig } from './shape.ts';
import { device, judge, MONDAY, office, on, punch, punches, said, schedule, TWO_SESSIONS } from './small-hall.ts';

type Line = Record<string, unknown>;
/** What it shows · the facts · the time it is judged at · what must be said. */
type Example = [shows: string, facts: Line[], at: string, says: string[]];

const AFTERNOON = punches('13:50', '17:01');

describe('coverage', () => {
  const off = (from: string, to: string, id = 'clock-1') => [device(from, id, 'offline'), device(to, id, 'online')];
  const late = (how: string) => [`late ${how} s1 e1 09:00:00→… 10m`];
  /** The daemon was down, and what it had taken in from `from` to `until` is lost. */
  function lostFrom(from: string, until: string): Example[] {
    const [down, up] = off(from, '08:50', 'daemon');
    const lost = [{ ...down, lostUntil: on(until) }, up as Line];
    const complete = (time: string, clock = 'clock-1') => device(time, clock, 'complete');
    return [
      ['what was lost is not there', lost, '09:10', late('pending:uncovered')],
      [
        'and a punch out of it proves nothing',
        [...lost, punch('08:35', { credential: '99', device: 'clock-1' })],
        '09:10',
        late('pending:uncovered'),
      ],
      ['the clock has sent everything again', [...lost, complete(until)], '09:10', late('open')],
      ['not yet everything', [...lost, complete('08:39:59')], '09:10', late('pending:uncovered')],
      ['another clock has', [...lost, complete(until, 'clock-2')], '09:10', late('pending:uncovered')],
    ];
  }
  test.each<Example>([
    // The missing arrival could lie in [07:00, now).
    ['back and settled, but no proof', off('08:00', '08:30'), '09:10', late('pending:uncovered')],
    [
      'a punch out of it proves it, even of an unknown credential',
      [...off('08:00', '08:30'), punch('08:15', { credential: '99', device: 'clock-1' })],
      '09:10',
      late('open'),
    ],
    [
      'a correction proves nothing',
      [...off('08:00', '08:30'), punch('08:15', { credential: '99', device: 'clock-1', method: 'correction' })],
      '09:10',
      late('pending:uncovered'),
    ],
    [
      'a punch at the very end of it is outside',
      [...off('08:00', '08:30'), punch('08:30', { credential: '99', device: 'clock-1' })],
      '09:10',
      late('pending:uncovered'),
    ],
    ['complete at online', [...off('08:00', '08:30'), device('08:30', 'clock-1', 'complete')], '09:10', late('open')],
    [
      'complete before online',
      [...off('08:00', '08:30'), device('08:29:59', 'clock-1', 'complete')],
      '09:10',
      late('pending:uncovered'),
    ],
    [
      'complete, not yet settled',
      [...off('08:50', '09:05'), device('09:05', 'clock-1', 'complete')],
      '09:09:59.999',
      late('pending:uncovered'),
    ],
    ['complete and settled', [...off('08:50', '09:05'), device('09:05', 'clock-1', 'complete')], '09:10', late('open')],
    ['touching is not overlapping', off('06:00', '07:00'), '09:10', late('open')],
    ['overlapping by a millisecond', off('06:00', '07:00:00.001'), '09:10', late('pending:uncovered')],
    ['still offline', [device('09:04', 'clock-1', 'offline')], '09:10', late('pending:uncovered')],
    ['a clock of others', off('08:00', '08:30', 'clock-2'), '09:10', late('open')],
    ['the daemon needs no proof', off('08:00', '08:30', 'daemon'), '09:10', late('open')],
    ['but must have settled', off('09:00', '09:05:00.001', 'daemon'), '09:10', late('pending:uncovered')],
    ...lostFrom('08:00', '08:40'),
    [
      'an arrival ends the stretch',
      [...punches('09:10'), device('09:10', 'clock-1', 'offline')],
      '09:20',
      ['late closed s1 e1 09:00:00→09:10:00 10m'],
    ],
    [
      'offline said twice is one outage from the first',
      [...punches('09:10'), device('09:00', 'clock-1', 'offline'), ...off('09:15', '09:20')],
      '09:30',
      ['late pending:uncovered s1 e1 09:00:00→09:10:00 10m'],
    ],
    [
      'complete, but only later than now',
      [...off('08:00', '08:30'), { ...device('09:11', 'clock-1', 'complete'), recordedAt: on('09:00') }],
      '09:10',
      late('pending:uncovered'),
    ],
    [
      'a later departure may hide until the deadline too',
      [...punches('08:55', '12:01', '13:50', '16:00'), ...off('18:59', '19:00')],
      '19:30',
      ['early-leave pending:uncovered s2 e1 16:00:00→17:00:00 60m'],
    ],
    [
      'a departure may hide until the deadline',
      [...punches('08:55', '12:01', '13:50'), ...off('18:59', '19:00')],
      '19:30',
      ['missing-punch pending:uncovered s2out e1 17:00:00→17:00:00 0m'],
    ],
    [
      'a pending absence that has ended keeps its end',
      [device('11:00', 'clock-1', 'offline')],
      '12:00',
      ['absent pending:uncovered s1 e1 09:00:00→12:00:00 180m'],
    ],
  ])('%s', (_shows, facts, at, says) => {
    const config = office({
      clocks: [
        { id: 'clock-1', serves: ['gaj'] },
        { id: 'clock-2', serves: ['e7'] },
      ],
    });
    expect(judge(config, facts, at)).toEqual(says);
  });
});

it('looks for a missing arrival no further back than the previous session', () => {
  const config = office({
    clocks: [{ id: 'clock-1' }],
    schedules: { standard: schedule(['09:00-12:00', '12:40-16:00']) },
  });
  const facts = [
    ...punches('08:55', '12:01'),
    device('11:00', 'clock-1', 'offline'),
    device('11:55', 'clock-1', 'online'),
  ];
  expect(judge(config, facts, '12:50')).toEqual(['late open s2 e1 12:40:00→… 10m']);
});

describe('punches find their owner', () => {
  const config = office({
    employees: [
      {
        id: 'e1',
        schedule: 'standard',
        credentials: [
          '11',
          { id: '3', device: 'clock-1' },
          { id: '7', from: '2026-03-01', to: MONDAY },
          { id: '8', from: '2026-03-03' },
        ],
      },
    ],
  });
  const absent = ['absent open s1 e1 09:00:00→… 60m'];
  test.each<[string, Line, string[]]>([
    ['everywhere', { credential: '11', device: 'x' }, []],
    ['on its device', { credential: '3', device: 'clock-1' }, []],
    ['not on another', { credential: '3', device: 'clock-2' }, absent],
    ['on its last date', { credential: '7', device: 'x' }, []],
    ['not before its first', { credential: '8', device: 'x' }, absent],
    ['not of nobody', { credential: '404', device: 'x' }, absent],
    ['not simulated', { credential: '11', method: 'simulated' }, absent],
    ['corrections are punches', { employee: 'e1', method: 'correction' }, []],
    ['not before it is recorded', { employee: 'e1', recordedAt: on('10:00:00.001') }, absent],
  ])('%s', (_shows, more, says) => {
    expect(judge(config, [punch('08:55', more)], '10:00')).toEqual(says);
  });

  it('counts the same punch once, the smaller instant kept', () => {
    const same = { device: 'clock-1', credential: '11', deviceAt: on('11:50'), seq: 5 };
    const facts = [...punches('08:55'), punch('11:56', same), punch('11:50', same), ...AFTERNOON];
    expect(judge(config, facts)).toEqual(['early-leave closed s1 e1 11:50:00→12:00:00 10m']);
    const reset = [...punches('08:55'), punch('11:56', { ...same, seq: 6 }), punch('11:50', same), ...AFTERNOON];
    expect(judge(config, reset)).toEqual([]);
  });
});

describe('days and calendar', () => {
  it('moves a local time in the hole forward, and takes the earlier of two', () => {
    const night = (timezone: string, sessions: string[]): OracleConfig =>
      office({
        hall: { id: 'h', timezone, dayStart: '00:00' },
        schedules: { standard: { weekly: { sun: sessions } } },
      });
    const at = (config: OracleConfig, arrival: string) =>
      oracle(config, [{ fact: 'punch', id: 'p', at: arrival, employee: 'e1' }], arrival).map((v) => [
        v.rule,
        v.from,
        v.minutes,
      ]);
    const spring = night('America/New_York', ['02:30-06:00']);
    expect(at(spring, '2026-03-08T03:35:00-04:00')).toEqual([]);
    expect(at(spring, '2026-03-08T03:35:00.001-04:00')).toEqual([['late', '2026-03-08T03:30:00-04:00', 6]]);
    const autumn = night('America/New_York', ['01:30-05:00']);
    expect(at(autumn, '2026-11-01T01:30:00-05:00')).toEqual([['absent', '2026-11-01T01:30:00-04:00', 60]]);
    const howe = night('Australia/Lord_Howe', ['02:15-06:00']);
    expect(at(howe, '2026-10-04T02:55:00+11:00')).toEqual([['late', '2026-10-04T02:45:00+11:00', 10]]);
  });

  it('gives a session through midnight to the day it starts in', () => {
    const config = office({
      hall: { id: 'h', timezone: 'Asia/Kathmandu', dayStart: '12:00' },
      schedules: { standard: schedule(['22:00-06:00']) },
    });
    const facts: Line[] = [
      { fact: 'punch', id: 'p1', at: '2026-03-02T22:06:00+05:45', employee: 'e1' },
      { fact: 'punch', id: 'p2', at: '2026-03-03T05:00:00+05:45', employee: 'e1' },
    ];
    const says = oracle(config, facts, '2026-03-03T09:00:00+05:45');
    expect(says.map((v) => [v.rule, v.date, v.from, v.to])).toEqual([
      ['early-leave', MONDAY, '2026-03-03T05:00:00+05:45', '2026-03-03T06:00:00+05:45'],
      ['late', MONDAY, '2026-03-02T22:00:00+05:45', '2026-03-02T22:06:00+05:45'],
    ]);
    expect(says.map((v) => v.evidence)).toEqual([['p2'], ['p1']]);
  });

  const late = ['late open s1 e1 09:00:00→… 10m'];
  const unconfirmed = ['late pending:unconfirmed s1 e1 09:00:00→… 10m'];
  const dayFact = (kind: string, more: Line = {}): Line => ({ fact: 'day', id: 'd1', date: MONDAY, kind, ...more });
  const until = (date: string, days = {}) => ({ from: '2026-01-01', until: date, days });
  const cn = (more: Partial<OracleConfig>, days = {}) => office({ calendar: { country: 'CN', days }, ...more });
  test.each<[string, OracleConfig, Line[], string[]]>([
    ['covered to its last date', cn({ nationalDays: until(MONDAY) }), [], late],
    ['a date beyond is unconfirmed', cn({ nationalDays: until('2026-03-01') }), [], unconfirmed],
    ['the config confirms it', cn({ nationalDays: until('2026-03-01') }, { [MONDAY]: 'work' }), [], late],
    ['a day fact confirms it', cn({ nationalDays: until('2026-03-01') }), [dayFact('work')], late],
    ['a holiday', cn({ nationalDays: until(MONDAY, { [MONDAY]: 'rest' }) }), [], []],
    [
      'the config over the holiday',
      cn({ nationalDays: until(MONDAY, { [MONDAY]: 'rest' }) }, { [MONDAY]: 'work' }),
      [],
      late,
    ],
    ['a day fact over the config', cn({ nationalDays: until(MONDAY) }, { [MONDAY]: 'work' }), [dayFact('rest')], []],
    [
      'the latest recorded over the greater id',
      office(),
      [dayFact('rest', { id: 'd1', recordedAt: on('08:00') }), dayFact('work', { id: 'd2' })],
      [],
    ],
    ['the greater id', office(), [dayFact('rest', { id: 'd1' }), dayFact('work', { id: 'd2' })], late],
    [
      'a make-up day without sessions uses Monday',
      office({ schedules: { standard: { weekly: { tue: ['08:00-10:00'] } } } }),
      [dayFact('work')],
      [],
    ],
    [
      'or the day named',
      office({
        calendar: { country: 'none', makeUpDayUses: 'tue' },
        schedules: { standard: { weekly: { tue: ['09:00-10:00'] } } },
      }),
      [dayFact('work')],
      late,
    ],
    [
      'no version yet',
      office({ schedules: { standard: { versions: [{ from: '2026-03-03', weekly: { mon: TWO_SESSIONS } }] } } }),
      [],
      [],
    ],
    [
      'the version in force',
      office({
        schedules: {
          standard: {
            versions: [
              { from: '2026-01-01', weekly: {} },
              { from: MONDAY, weekly: { mon: TWO_SESSIONS } },
            ],
          },
        },
      }),
      [],
      late,
    ],
    ['not yet employed', office({ employees: [{ id: 'e1', schedule: 'standard', from: '2026-03-03' }] }), [], []],
    ['the last day', office({ employees: [{ id: 'e1', schedule: 'standard', until: MONDAY }] }), [], late],
    ['commissioning', office({ judgeFrom: '2026-03-03' }), [], []],
    ['the first day judged', office({ judgeFrom: MONDAY }), [], late],
    [
      'the schedule over the hall',
      office({
        rules: { lateGrace: '5m' },
        schedules: { standard: schedule(TWO_SESSIONS, { rules: { lateGrace: '10m' } }) },
      }),
      [],
      [],
    ],
  ])('%s', (_shows, config, facts, says) => {
    expect(judge(config, facts, '09:10')).toEqual(says);
  });

  it('leaves a weekday without sessions free, unless it is declared a day of work', () => {
    const saturday = '2026-03-07';
    const says = (facts: Line[]) => oracle(office(), facts, on('09:10', saturday), { from: saturday }).map(said);
    expect(says([])).toEqual([]);
    expect(says([{ fact: 'day', id: 'd1', date: saturday, kind: 'work' }])).toEqual(late);
  });

  it('judges from the civil date of the earliest fact, and sorts', () => {
    // 02:00 on the 3rd is still the 2nd's day, but its civil date is the 3rd.
    const facts: Line[] = [{ fact: 'presence', id: 'v', at: on('02:00', '2026-03-03'), window: 'W1', state: 'empty' }];
    const says = oracle(office(), facts, on('17:00', '2026-03-04'));
    expect(says.map((v) => `${v.date} ${said(v)}`)).toEqual([
      '2026-03-03 absent closed s1 e1 09:00:00→12:00:00 180m',
      '2026-03-03 absent closed s2 e1 14:00:00→17:00:00 180m',
      '2026-03-04 absent closed s1 e1 09:00:00→12:00:00 180m',
      '2026-03-04 absent closed s2 e1 14:00:00→17:00:00 180m',
    ]);
  });
});
