import { describe, expect, it, test } from 'vitest';
import { forecastAt } from './forecast.ts';
import type { OracleConfig } from './shape.ts';
import { counters, office, on, punch, schedule, seen, TWO_SESSIONS } from './small-hall.ts';

type Line = Record<string, unknown>;

const TUESDAY = '2026-03-03';
const FRIDAY = '2026-03-06';
let count = 0;

/** A fact over a stretch of the Tuesday, of which the Monday foretells. */
function tomorrow(fact: string, from: string, to: string, more: Line = {}): Line {
  count += 1;
  return { fact, id: `t${count}`, from: on(from, TUESDAY), to: on(to, TUESDAY), ...more };
}

const away = (employee: string, from = '09:00', to = '12:00') =>
  tomorrow('leave', from, to, { employee, kind: '年假' });

function foretold(config: OracleConfig, facts: Line[], now = on('15:00')): string[] {
  return forecastAt({ config, facts }, now).map((one) => `${one.date} ${one.window} s${one.session}`);
}

const one = counters({ W1: [['e1'], ['e2']] });
const W1 = [`${TUESDAY} W1 s1`];

describe('nobody could hold it even if everyone not on leave were present', () => {
  const shared = counters({ W1: [['e1'], ['e3']], W2: [['e2'], ['e3']] });
  test.each<[string, OracleConfig, Line[], string[]]>([
    ['nobody on leave', one, [], []],
    ['its A on leave', one, [away('e1')], []],
    ['its A and its B', one, [away('e1'), away('e2')], W1],
    ['both for a part of it', one, [away('e1', '10:00', '11:00'), away('e2', '10:59', '12:00')], W1],
    ['one after the other', one, [away('e1', '09:00', '10:00'), away('e2', '10:00', '12:00')], []],
    ['a B for two windows', shared, [away('e1'), away('e2')], [`${TUESDAY} W2 s1`]],
    ['an A of two windows holds the first', counters({ W1: [['e1'], []], W2: [['e1'], []] }), [], [`${TUESDAY} W2 s1`]],
    [
      'two windows share a B: the other candidate goes where only that one can',
      counters({ W1: [['e1'], ['e3', 'e4']], W2: [['e2'], ['e3']] }),
      [away('e1'), away('e2')],
      [],
    ],
    ['a B who is A elsewhere stays there', counters({ W1: [['e1'], ['e2']], W2: [['e2'], []] }), [away('e1')], W1],
    [
      'while service pauses nobody is needed',
      one,
      [away('e1'), away('e2', '09:00', '10:00'), tomorrow('pause', '09:00', '10:00', { window: 'W1' })],
      [],
    ],
    ['a session that is all pause', one, [away('e1'), away('e2'), tomorrow('pause', '08:00', '12:00')], []],
    [
      'an assignment',
      one,
      [away('e1'), away('e2'), tomorrow('assign', '00:00', '23:00', { window: 'W1', role: 'A', employees: ['e2'] })],
      W1,
    ],
    [
      'who has no session is never present',
      { ...one, employees: [...one.employees, { id: 'e7' }] },
      [away('e1'), away('e2'), tomorrow('cover', '09:00', '12:00', { window: 'W1', employee: 'e7' })],
      W1,
    ],
    [
      'unless called to duty',
      { ...one, employees: [...one.employees, { id: 'e7' }] },
      [
        away('e1'),
        away('e2'),
        tomorrow('cover', '09:00', '12:00', { window: 'W1', employee: 'e7' }),
        tomorrow('duty', '09:00', '10:00', { employee: 'e7' }),
      ],
      [],
    ],
    [
      'who has left the hall for good',
      { ...one, employees: one.employees.map((e) => ({ ...e, until: '2026-03-02' })) },
      [],
      W1,
    ],
    ['what is seen and punched today says nothing', one, [punch('08:50'), seen('09:00', 'empty')], []],
    [
      'a window that has closed for good',
      { ...one, windows: one.windows.map((w) => ({ ...w, until: '2026-03-02' })) },
      [away('e1'), away('e2')],
      [],
    ],
    ['commissioning', { ...one, judgeFrom: '2026-03-04' }, [away('e1'), away('e2')], []],
  ])('%s', (_shows, config, facts, says) => {
    expect(foretold(config, facts)).toEqual(says);
  });

  it('names each session', () => {
    const config = { ...one, schedules: { standard: schedule(TWO_SESSIONS) } };
    expect(foretold(config, [away('e1', '09:00', '17:00'), away('e2', '11:00', '17:00')])).toEqual([
      `${TUESDAY} W1 s1`,
      `${TUESDAY} W1 s2`,
    ]);
    expect(foretold(config, [away('e1', '09:00', '17:00'), away('e2', '12:00', '14:00:01')])).toEqual([
      `${TUESDAY} W1 s2`,
    ]);
  });
});

describe('with the leave and assignments known at now', () => {
  const late = { ...away('e2'), recordedAt: on('15:00') };
  test.each<[string, Line[], string, string[]]>([
    ['not yet known', [away('e1'), late], on('14:59:59.999'), []],
    ['known', [away('e1'), late], on('15:00'), W1],
    [
      'taken back',
      [away('e1'), { ...late, id: 'l' }, { fact: 'cancel', id: 'q', at: on('16:00'), target: 'l' }],
      on('16:00'),
      [],
    ],
    ['after midnight the next day is still tomorrow', [away('e1'), late], on('03:59', TUESDAY), W1],
    ['and then it is today', [away('e1'), late], on('04:00', TUESDAY), []],
  ])('%s', (_shows, facts, now, says) => {
    expect(foretold(one, facts, now)).toEqual(says);
  });
});

describe('for each of the next forecastDays (1) working days', () => {
  const week = ['e1', 'e2'].map((employee) => ({
    fact: 'leave',
    id: `w${employee}`,
    employee,
    kind: '年假',
    from: on('00:00'),
    to: on('00:00', '2026-03-12'),
  }));
  const working = (date: string): Line => ({ fact: 'day', id: 'd1', date, kind: 'work' });
  test.each<[string, Partial<OracleConfig>, Line[], string[]]>([
    ['over the weekend', {}, [], ['2026-03-09']],
    ['the days of the hall', { rules: { forecastDays: 3 } }, [], ['2026-03-09', '2026-03-10', '2026-03-11']],
    ['none', { rules: { forecastDays: 0 } }, [], []],
    ['a Saturday of work', {}, [working('2026-03-07')], ['2026-03-07']],
    ['a Monday of rest', { calendar: { country: 'none', days: { '2026-03-09': 'rest' } } }, [], ['2026-03-10']],
    ['a hall that never opens again', { schedules: {} }, [], []],
  ])('%s', (_shows, more, facts, dates) => {
    expect(foretold({ ...one, ...more }, [...week, ...facts], on('15:00', FRIDAY))).toEqual(
      dates.map((date) => `${date} W1 s1`),
    );
  });

  it('is the window’s over the schedule’s over the hall’s', () => {
    const config = counters({ W1: [['e1'], []], W2: [['e2'], []] }, { rules: { forecastDays: 3 } });
    config.schedules = { standard: schedule(['09:00-12:00'], { rules: { forecastDays: 1 } }) };
    config.windows = config.windows.map((window) =>
      window.id === 'W2' ? { ...window, rules: { forecastDays: 2 } } : window,
    );
    expect(foretold(config, week, on('15:00', FRIDAY))).toEqual([
      '2026-03-09 W1 s1',
      '2026-03-09 W2 s1',
      '2026-03-10 W2 s1',
    ]);
  });

  it('counts days on which some window serves, whoever else works', () => {
    const config = office({
      schedules: { standard: schedule(['09:00-12:00']), weekend: { weekly: { sat: ['09:00-12:00'] } } },
      employees: [
        { id: 'e1', schedule: 'standard' },
        { id: 'e2', schedule: 'weekend' },
      ],
      windows: [{ id: 'W1', schedule: 'standard', a: 'e1' }],
    });
    expect(foretold(config, week, on('15:00', FRIDAY))).toEqual(['2026-03-09 W1 s1']);
  });
});
