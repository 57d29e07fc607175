import { describe, expect, it, test } from 'vitest';
import { firstMatching } from './cover.ts';
import { oracle } from './oracle.ts';
import type { OracleConfig } from './shape.ts';
import { counters, device, judge, judgePosts, MONDAY, on, punch, schedule, seen, span } from './small-hall.ts';

type Line = Record<string, unknown>;
type Example = [shows: string, facts: Line[], at: string, says: string[]];

const here = (...ids: string[]) => ids.map((employee) => punch('08:50', { employee }));
const one = counters({ W1: [['e1'], ['e2']] }, { clocks: [{ id: 'clock-1' }] });

describe('missing cover', () => {
  test.each<Example>([
    ['nobody, not yet long enough', [], '09:09:59.999', []],
    ['nobody, long enough', [], '09:10', ['missing-cover open s1 W1 09:00:00→… 10m']],
    ['nobody all morning', [], '12:00', ['missing-cover closed s1 W1 09:00:00→12:00:00 180m']],
    ['its A is there', here('e1'), '09:30', []],
    ['its B is there and nothing says the seat is empty', here('e2'), '09:30', []],
    [
      'its B is there but the seat is empty',
      [...here('e2'), seen('08:00', 'empty')],
      '09:30',
      ['missing-cover open s1 W1 09:00:00→… 30m'],
    ],
    [
      'a B who comes ends the run',
      [punch('09:15', { employee: 'e2' })],
      '09:40',
      ['missing-cover closed s1 W1 09:00:00→09:15:00 15m'],
    ],
    [
      'a pause parts the service time, and the minutes too few do not count',
      [span('pause', '09:05', '11:00', { window: 'W1' })],
      '12:00',
      ['missing-cover closed s1 W1 11:00:00→12:00:00 60m'],
    ],
    [
      'a pause of the hall does so too',
      [span('pause', '09:05', '11:00')],
      '12:00',
      ['missing-cover closed s1 W1 11:00:00→12:00:00 60m'],
    ],
    [
      'an A on leave is not there',
      [...here('e1'), span('leave', '10:00', '11:00', { employee: 'e1', kind: '事假' })],
      '11:30',
      ['missing-cover closed s1 W1 10:00:00→11:00:00 60m'],
    ],
    ['what was seen before the day started says nothing', [...here('e2'), seen('02:00', 'empty')], '09:30', []],
    [
      'a watched seat that is unknown anywhere in the run',
      [seen('09:05', 'empty')],
      '09:10',
      ['missing-cover pending:blind s1 W1 09:00:00→… 10m'],
    ],
    [
      'a hidden punch could change it',
      [device('08:00', 'clock-1', 'offline')],
      '09:10',
      ['missing-cover pending:uncovered s1 W1 09:00:00→… 10m'],
    ],
    [
      'but an empty seat waits for no clock',
      [device('08:00', 'clock-1', 'offline'), seen('08:30', 'empty')],
      '09:10',
      ['missing-cover open s1 W1 09:00:00→… 10m'],
    ],
    [
      'an outage after the run does not reach it',
      [punch('09:15', { employee: 'e2' }), device('09:15', 'clock-1', 'offline')],
      '09:40',
      ['missing-cover closed s1 W1 09:00:00→09:15:00 15m'],
    ],
    [
      'while the daemon was down every seat is unknown',
      [seen('08:30', 'empty'), device('09:02', 'daemon', 'offline'), device('09:04', 'daemon', 'online')],
      '09:15',
      ['missing-cover pending:blind s1 W1 09:00:00→… 15m'],
    ],
  ])('%s', (_shows, facts, at, says) => {
    expect(judgePosts(one, facts, at)).toEqual(says);
  });

  it('takes someone without a departure to be there until it is decided, or to the end for arrivals only', () => {
    const config = (punches: 'session' | 'in') => {
      const result = counters({ W1: [['e1'], []] });
      result.schedules = { ...result.schedules, short: schedule(['09:00-10:00'], { punches }) };
      for (const employee of result.employees) employee.schedule = 'short';
      return result;
    };
    expect(judgePosts(config('session'), here('e1'), '11:59:59.999')).toEqual([]);
    expect(judgePosts(config('session'), here('e1'), '12:00')).toEqual([
      'missing-cover closed s1 W1 10:00:00→12:00:00 120m',
    ]);
    expect(judgePosts(config('in'), here('e1'), '11:30')).toEqual(['missing-cover open s1 W1 10:00:00→… 90m']);
  });

  it('marks the run that starts with the session', () => {
    const facts = [punch('09:20', { employee: 'e2' }), punch('10:00', { employee: 'e2' })];
    const gone = oracle(one, facts, on('12:30'), { from: MONDAY }).filter((v) => v.window !== null);
    // Before 14:00 the punch at 10:00 is no decided departure: e2 is taken to be there.
    expect(gone.map((v) => [v.from, v.atOpening])).toEqual([[on('09:00'), true]]);
    const paused = oracle(one, [span('pause', '09:00', '09:30')], on('12:30'), { from: MONDAY });
    expect(paused.filter((v) => v.window !== null).map((v) => [v.from, v.atOpening])).toEqual([[on('09:30'), false]]);
    const later = oracle(one, facts, on('14:00'), { from: MONDAY }).filter((v) => v.window !== null);
    expect(later.map((v) => [v.from, v.atOpening])).toEqual([
      [on('09:00'), true],
      [on('10:00'), false],
    ]);
  });
});

describe('who holds the window', () => {
  test.each<[string, OracleConfig, Line[], string, string[]]>([
    [
      'a cover fact outranks the own window',
      counters({ W1: [['e1'], []], W2: [['e2'], []] }),
      [...here('e2'), span('cover', '09:00', '12:00', { window: 'W1', employee: 'e2' })],
      '09:20',
      ['missing-cover open s1 W2 09:00:00→… 20m'],
    ],
    [
      'but not while an A is present',
      counters({ W1: [['e1'], []], W2: [['e2'], []] }),
      [...here('e1', 'e2'), span('cover', '09:00', '12:00', { window: 'W1', employee: 'e2' })],
      '09:20',
      [],
    ],
    [
      'a B who left an empty seat of their own holds the occupied one',
      counters({ W1: [['e1'], ['e3']], W3: [['e3'], []] }),
      [...here('e3'), seen('08:00', 'occupied'), seen('08:00', 'empty', { window: 'W3' })],
      '09:20',
      ['missing-cover open s1 W3 09:00:00→… 20m'],
    ],
    [
      'whose own seat may be taken keeps it',
      counters({ W1: [['e1'], ['e3']], W3: [['e3'], []] }),
      [...here('e3'), seen('08:00', 'occupied')],
      '09:20',
      ['unverified-occupant open s1 W1 09:00:00→… 20m'],
    ],
    [
      'an A who is there keeps the occupied seat from the B',
      counters({ W1: [['e1'], ['e3']], W2: [['e2'], ['e3']] }),
      [...here('e1', 'e3'), seen('08:00', 'occupied')],
      '09:20',
      [],
    ],
    [
      'two windows share a B: the other candidate goes where only that one can',
      counters({ W1: [['e1'], ['e3', 'e4']], W2: [['e2'], ['e3']] }),
      here('e3', 'e4'),
      '09:20',
      [],
    ],
    [
      'one B for two windows: the first in the config',
      counters({ W1: [['e1'], ['e3', 'e4']], W2: [['e2'], ['e3']] }),
      here('e3'),
      '09:20',
      ['missing-cover open s1 W2 09:00:00→… 20m'],
    ],
    [
      'the A of two windows holds the first',
      counters({ W1: [['e1'], []], W2: [['e1'], []] }),
      here('e1'),
      '09:20',
      ['missing-cover open s1 W2 09:00:00→… 20m'],
    ],
    [
      'an assignment replaces the config',
      counters({ W1: [['e1'], []], W2: [['e2'], []] }),
      [
        ...here('e1', 'e2'),
        { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e2'], from: on('09:30'), to: null },
      ],
      '09:40',
      // From 09:30 e2 is A of both and holds W1, the first in the config.
      ['missing-cover open s1 W2 09:30:00→… 10m'],
    ],
    [
      'of several the latest recorded',
      counters({ W1: [['e1'], []], W2: [['e2'], []] }),
      [
        ...here('e1'),
        { fact: 'assign', id: 'a2', window: 'W1', role: 'A', employees: ['e2'], from: on('09:00'), to: null },
        {
          fact: 'assign',
          id: 'a1',
          window: 'W1',
          role: 'A',
          employees: ['e1'],
          from: on('08:00'),
          to: null,
          recordedAt: on('08:30'),
        },
      ],
      '09:20',
      ['missing-cover open s1 W2 09:00:00→… 20m'],
    ],
  ])('%s', (_shows, config, facts, at, says) => {
    expect(judgePosts(config, facts, at)).toEqual(says);
  });

  it('gives the first its earliest candidate, then the second', () => {
    expect(
      firstMatching([
        ['x', 'y'],
        ['y', 'x'],
      ]),
    ).toEqual(['x', 'y']);
    expect(firstMatching([['x', 'y'], ['x']])).toEqual(['y', 'x']);
    expect(firstMatching([['x'], ['x']])).toBeNull();
  });

  it('does not let someone without sessions cover, unless called to duty', () => {
    const config = counters({ W1: [['e1'], []] });
    config.employees.push({ id: 'e7' });
    const called = [...here('e7'), span('cover', '09:00', '12:00', { window: 'W1', employee: 'e7' })];
    expect(judgePosts(config, called, '09:20')).toEqual(['missing-cover open s1 W1 09:00:00→… 20m']);
    const duty = span('duty', '09:00', '12:00', { employee: 'e7' });
    expect(judgePosts(config, [...called, duty], '09:20')).toEqual([]);
  });

  it('counts the clock that serves only a cover', () => {
    const config = counters({ W1: [['e1'], []] }, { clocks: [{ id: 'clock-1', serves: ['e7'] }] });
    config.employees.push({ id: 'e7' });
    const off = device('08:00', 'clock-1', 'offline');
    expect(judgePosts(config, [off], '09:10')).toEqual(['missing-cover open s1 W1 09:00:00→… 10m']);
    const cover = span('cover', '15:00', '16:00', { window: 'W1', employee: 'e7' });
    expect(judgePosts(config, [off, cover], '09:10')).toEqual(['missing-cover pending:uncovered s1 W1 09:00:00→… 10m']);
  });
});

describe('leaving the post', () => {
  const away = [...here('e1'), seen('08:30', 'occupied'), seen('10:00', 'empty')];
  const left = (end: string) => [`left-post ${end}`];
  test.each<Example>([
    ['not long enough', away, '10:14:59.999', []],
    ['long enough', away, '10:15', left('open s1 W1 e1 10:00:00→… 15m')],
    ['back', [...away, seen('10:20:30', 'occupied')], '11:00', left('closed s1 W1 e1 10:00:00→10:20:30 21m')],
    ['to the end of the session', away, '12:00', left('closed s1 W1 e1 10:00:00→12:00:00 120m')],
    [
      'a minute of not knowing is bridged',
      [...away, seen('10:05', 'unknown'), seen('10:06', 'empty')],
      '10:16',
      left('open s1 W1 e1 10:00:00→… 16m'),
    ],
    ['a millisecond more is not', [...away, seen('10:05', 'unknown'), seen('10:06:00.001', 'empty')], '10:16', []],
    [
      'a return shorter than 20 s is none',
      [...away, seen('10:05', 'occupied'), seen('10:05:19.999', 'empty')],
      '10:16',
      left('open s1 W1 e1 10:00:00→… 16m'),
    ],
    ['one of 20 s is', [...away, seen('10:05', 'occupied'), seen('10:05:20', 'empty')], '10:16', []],
    [
      'a flicker that reaches now is between nothing',
      [...away, seen('10:15', 'occupied'), seen('10:15:10', 'empty')],
      '10:15:05',
      left('closed s1 W1 e1 10:00:00→10:15:00 15m'),
    ],
    [
      'and is smoothed a moment later',
      [...away, seen('10:15', 'occupied'), seen('10:15:10', 'empty')],
      '10:15:11',
      left('open s1 W1 e1 10:00:00→… 16m'),
    ],
    ['two sources: occupied if any says so', [...away, seen('10:00', 'occupied', { source: 'cam-2' })], '10:30', []],
    ['two sources: unknown if any does', [...away, seen('10:29', 'empty', { source: 'cam-2' })], '10:30', []],
    [
      'a source whose device is offline says unknown',
      [
        ...here('e1'),
        seen('08:30', 'empty', { source: 'cam-1' }),
        device('09:20', 'cam-1', 'offline'),
        device('09:25', 'cam-1', 'online'),
      ],
      '11:00',
      ['left-post closed s1 W1 e1 09:00:00→09:20:00 20m', 'left-post open s1 W1 e1 09:25:00→… 95m'],
    ],
    [
      'a clock off after the run does not count, one off before its end does',
      [...away, seen('10:20', 'occupied'), device('10:19', 'clock-1', 'offline')],
      '11:00',
      ['left-post pending:uncovered s1 W1 e1 10:00:00→10:20:00 20m'],
    ],
  ])('%s', (_shows, facts, at, says) => {
    expect(judgePosts(one, facts, at)).toEqual(says);
  });

  it('names nobody when two As were present', () => {
    const config = counters({ W1: [['e1', 'e2'], []] });
    const facts = [...here('e1', 'e2'), seen('08:30', 'empty')];
    expect(judgePosts(config, facts, '09:15')).toEqual(['left-post open s1 W1 09:00:00→… 15m']);
  });

  const absences = [
    ...here('e1'),
    seen('08:30', 'occupied'),
    ...['09:30', '10:00', '10:30'].flatMap((from, index) => [
      seen(from, 'empty'),
      seen(['09:40', '10:10', '10:40'][index] ?? '', 'occupied'),
    ]),
  ];
  test.each<Example>([
    ['the last one not yet ended', absences, '10:39:59.999', []],
    ['the last one long enough, but not yet ended', absences.slice(0, -1), '10:41', []],
    ['all ended', absences, '10:40:01', ['left-post-total closed s1 W1 e1 09:30:00→10:40:00 30m']],
    [
      'a short one is not counted',
      [...absences, seen('10:50', 'empty'), seen('10:51:59.999', 'occupied')],
      '11:00',
      ['left-post-total closed s1 W1 e1 09:30:00→10:40:00 30m'],
    ],
    [
      'one of two minutes is',
      [...absences, seen('10:50', 'empty'), seen('10:52', 'occupied')],
      '11:00',
      ['left-post-total closed s1 W1 e1 09:30:00→10:52:00 32m'],
    ],
    [
      'one that is a left-post is not',
      [...absences, seen('10:50', 'empty'), seen('11:05', 'occupied')],
      '11:10',
      ['left-post closed s1 W1 e1 10:50:00→11:05:00 15m', 'left-post-total closed s1 W1 e1 09:30:00→10:40:00 30m'],
    ],
  ])('added up: %s', (_shows, facts, at, says) => {
    expect(judgePosts(one, facts, at)).toEqual(says);
  });
});

describe('somebody sits there', () => {
  const seat = [seen('08:30', 'occupied')];
  test.each<Example>([
    [
      'a forgotten punch is likelier than lateness',
      seat,
      '09:10',
      [
        'late pending:seat-occupied s1 e1 09:00:00→… 10m',
        'late open s1 e2 09:00:00→… 10m',
        'unverified-occupant open s1 W1 09:00:00→… 10m',
      ],
    ],
    [
      'before it is long enough it is no verdict',
      seat,
      '09:09',
      ['late open s1 e1 09:00:00→… 9m', 'late open s1 e2 09:00:00→… 9m'],
    ],
    [
      'a B who went over to sit there is no stranger',
      [...here('e2'), seen('08:30', 'occupied'), punch('09:12'), punch('10:00')],
      '09:30',
      ['late closed s1 e1 09:00:00→09:12:00 12m'],
    ],
    [
      'an early departure while somebody sat on',
      [...here('e1', 'e2'), punch('10:30'), punch('10:30', { employee: 'e2' }), ...seat],
      '14:00',
      [
        'early-leave pending:seat-occupied s1 e1 10:30:00→12:00:00 90m',
        'early-leave closed s1 e2 10:30:00→12:00:00 90m',
        'unverified-occupant closed s1 W1 10:30:00→12:00:00 90m',
      ],
    ],
    [
      'the clock comes first among the reasons',
      [...seat, device('08:00', 'clock-1', 'offline')],
      '09:10',
      [
        'late pending:uncovered s1 e1 09:00:00→… 10m',
        'late pending:uncovered s1 e2 09:00:00→… 10m',
        'unverified-occupant pending:uncovered s1 W1 09:00:00→… 10m',
      ],
    ],
  ])('%s', (_shows, facts, at, says) => {
    expect(judge(one, facts, at)).toEqual(says);
  });

  it('takes the window over the schedule over the hall', () => {
    const config = counters(
      { W1: [['e1'], []] },
      {
        rules: { coverGrace: '5m' },
        schedules: { standard: schedule(['09:00-12:00'], { rules: { coverGrace: '7m' } }) },
      },
    );
    expect(judgePosts(config, [], '09:06:59')).toEqual([]);
    expect(judgePosts(config, [], '09:07')).toHaveLength(1);
    for (const window of config.windows) window.rules = { coverGrace: 120_000 };
    expect(judgePosts(config, [], '09:02')).toEqual(['missing-cover open s1 W1 09:00:00→… 2m']);
  });
});
