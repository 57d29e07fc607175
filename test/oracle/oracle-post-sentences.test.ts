/** Sentences of section 5 of the rules, each with a day on which it decides. */
import { describe, expect, test } from 'vitest';
import type { OracleConfig } from './shape.ts';
import { counters, device, judgePosts, MONDAY, MORNING, punch, punches, schedule, seen, span } from './small-hall.ts';

type Line = Record<string, unknown>;
type Example = [sentence: string, config: OracleConfig, facts: Line[], at: string, says: string[]];

const here = (...ids: string[]) => ids.map((employee) => punch('08:50', { employee }));
const clocks = [{ id: 'clock-1' }];

describe('section 5', () => {
  const one = counters({ W1: [['e1'], ['e2', 'e3']] }, { clocks });
  const afternoonToo = counters({ W1: [['e1'], ['e3']], W3: [['e3'], []] });
  afternoonToo.schedules = { ...afternoonToo.schedules, late: schedule(['14:00-17:00']) };
  for (const window of afternoonToo.windows) if (window.id === 'W3') window.schedule = 'late';
  const cover = (id: string, employee: string, from: string) => ({
    ...span('cover', from, '12:00', { window: 'W1', employee }),
    id,
  });
  const assign = (id: string, employee: string, from: string) => ({
    ...span('assign', from, '12:00', { window: 'W1', role: 'A', employees: [employee] }),
    id,
  });
  const empty = seen('08:00', 'empty');
  const leftBy = (who: string) => [`left-post open s1 W1 ${who} 09:00:00→… 20m`];
  const absences = [
    ...here('e1'),
    seen('08:30', 'occupied'),
    seen('09:30', 'empty'),
    seen('09:40', 'occupied'),
    seen('10:00', 'empty'),
  ];
  const open = (from?: string, until?: string) => ({
    ...one,
    windows: one.windows.map((window) => ({ ...window, ...(from ? { from } : {}), ...(until ? { until } : {}) })),
  });
  const missing = ['missing-cover open s1 W1 09:00:00→… 20m'];
  test.each<Example>([
    ['nothing is judged … for a window outside its dates: after', open(undefined, '2026-03-01'), [], '09:20', []],
    ['nothing is judged … for a window outside its dates: before', open('2026-03-03'), [], '09:20', []],
    ['(inclusive)', open(MONDAY, MONDAY), [], '09:20', missing],
    [
      'a maximal run, within one service interval',
      one,
      [
        ...here('e1'),
        seen('08:30', 'occupied'),
        seen('10:00', 'empty'),
        span('pause', '10:10', '10:20', { window: 'W1' }),
      ],
      '10:40',
      ['left-post open s1 W1 e1 10:20:00→… 20m'],
    ],
    [
      '`left-post-total`: the ended `covered and empty` runs of one session, of all its parts',
      one,
      [...absences, span('pause', '10:10', '10:20', { window: 'W1' }), seen('10:30', 'occupied')],
      '10:31',
      ['left-post-total closed s1 W1 e1 09:30:00→10:30:00 30m'],
    ],
    [
      'of one session, not of the day',
      { ...one, schedules: { standard: schedule(['09:00-10:05', '10:40-12:00']) } },
      [
        ...absences,
        ...punches('10:06', '10:35'),
        seen('10:50', 'occupied'),
        seen('11:00', 'empty'),
        seen('11:14', 'occupied'),
      ],
      '11:30',
      [],
    ],
    [
      'any verdict of this table is `pending` if an uncovered interval overlaps the stretch from day start',
      one,
      [
        ...absences,
        seen('10:14', 'occupied'),
        seen('10:20', 'empty'),
        seen('10:27', 'occupied'),
        device('10:26', 'clock-1', 'offline'),
      ],
      '10:30',
      ['left-post-total pending:uncovered s1 W1 e1 09:30:00→10:27:00 31m'],
    ],
    [
      'to the run’s end',
      one,
      [
        ...absences,
        seen('10:14', 'occupied'),
        seen('10:20', 'empty'),
        seen('10:27', 'occupied'),
        device('10:27', 'clock-1', 'offline'),
      ],
      '10:30',
      ['left-post-total closed s1 W1 e1 09:30:00→10:27:00 31m'],
    ],
    [
      'a `missing-cover` whose whole run is `empty` waits for no clock (nor for `daemon`)',
      { ...one, rules: { coverGrace: '1m' } },
      [empty, device('08:58', 'daemon', 'offline'), device('08:59:30', 'daemon', 'online')],
      '09:03',
      ['missing-cover open s1 W1 09:00:00→… 3m'],
    ],
    [
      '`left-post`: as `employee` the holder at the run’s start',
      one,
      [...here('e2'), cover('c1', 'e2', '09:00'), empty],
      '09:20',
      leftBy('e2'),
    ],
    [
      '`cover` facts by `from`',
      one,
      [...here('e2', 'e3'), cover('c2', 'e2', '08:00'), cover('c1', 'e3', '09:00'), empty],
      '09:20',
      leftBy('e2'),
    ],
    [
      'then `id`',
      one,
      [...here('e2', 'e3'), cover('c2', 'e2', '09:00'), cover('c1', 'e3', '09:00'), empty],
      '09:20',
      leftBy('e3'),
    ],
    [
      'a change of holder within a covered-and-empty run does not split it',
      one,
      [
        ...here('e1', 'e2'),
        punch('10:08'),
        punch('12:00', { employee: 'e2' }),
        cover('c1', 'e2', '10:08'),
        seen('08:30', 'occupied'),
        seen('10:00', 'empty'),
        seen('10:20', 'occupied'),
      ],
      '14:00',
      ['left-post closed s1 W1 e1 10:00:00→10:20:00 20m'],
    ],
    [
      '`assign`: then the latest `from`',
      one,
      [...here('e2', 'e3'), assign('a2', 'e2', '08:00'), assign('a1', 'e3', '09:00'), empty],
      '09:20',
      leftBy('e3'),
    ],
    [
      'then the greater id',
      one,
      [...here('e2', 'e3'), assign('a2', 'e2', '09:00'), assign('a1', 'e3', '09:00'), empty],
      '09:20',
      leftBy('e2'),
    ],
    ['and is not A of a window in service', afternoonToo, [...here('e3'), seen('08:00', 'occupied')], '09:20', []],
    [
      'a source whose device is offline says `unknown` until it is back (then again what it said last)',
      one,
      [
        ...here('e1'),
        seen('08:30', 'empty', { source: 'cam-1' }),
        device('09:20', 'cam-1', 'offline'),
        seen('09:22', 'occupied', { source: 'cam-1' }),
        device('09:25', 'cam-1', 'online'),
      ],
      '11:00',
      ['left-post closed s1 W1 e1 09:00:00→09:20:00 20m'],
    ],
    [
      'sources are merged … else `unknown` if any does',
      one,
      [...here('e1'), empty, seen('08:30', 'empty', { source: 'cam-1' }), device('09:05', 'cam-1', 'offline')],
      '09:30',
      [],
    ],
    [
      '`occupied` if any says so, whatever the other says or does not',
      counters({ W1: [['e1'], []] }),
      [seen('08:30', 'occupied'), seen('08:30', 'empty', { source: 'cam-1' }), device('09:05', 'cam-1', 'offline')],
      '09:20',
      ['unverified-occupant open s1 W1 09:00:00→… 20m'],
    ],
    [
      'an `unknown` stretch of at most `bridge`; after that an `occupied` stretch shorter than `minReturn`',
      one,
      [
        ...here('e1'),
        seen('08:30', 'occupied'),
        seen('10:00', 'empty'),
        seen('10:05', 'occupied'),
        seen('10:05:05', 'unknown'),
        seen('10:05:10', 'occupied'),
        seen('10:05:15', 'empty'),
      ],
      '10:16',
      ['left-post open s1 W1 e1 10:00:00→… 16m'],
    ],
    [
      'between two equal states',
      one,
      [
        ...here('e1'),
        seen('08:30', 'occupied'),
        seen('10:00', 'empty'),
        seen('10:05', 'unknown'),
        seen('10:05:10', 'occupied'),
        seen('10:05:15', 'empty'),
      ],
      '10:16',
      [],
    ],
  ])('%s', (_sentence, config, facts, at, says) => {
    expect(judgePosts(config, facts, at)).toEqual(says);
  });

  test('by the list: the window’s own sessions are not the people’s', () => {
    // Only the service counts: e1 works on, the window has closed.
    const config = counters({ W1: [['e1'], []] });
    config.schedules = { standard: schedule(MORNING), long: schedule(['09:00-17:00']) };
    for (const employee of config.employees) employee.schedule = 'long';
    expect(judgePosts(config, [...punches('08:55', '17:05'), seen('12:00', 'empty')])).toEqual([]);
  });
});
