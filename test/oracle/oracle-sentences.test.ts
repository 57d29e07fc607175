/** Sentences of sections 2, 3 and 4 of the rules, each with a day on which it decides. */
import { describe, expect, test } from 'vitest';
import type { OracleConfig } from './shape.ts';
import {
  counters,
  device,
  judge,
  judgePosts,
  MONDAY,
  office,
  on,
  punch,
  punches,
  schedule,
  seen,
  span,
  TWO_SESSIONS,
} from './small-hall.ts';

type Line = Record<string, unknown>;
type Example = [sentence: string, config: OracleConfig, facts: Line[], at: string, says: string[]];

const leave = (from: string, to: string) => span('leave', from, to, { employee: 'e1', kind: '年假' });
const duty = (from: string, to: string) => span('duty', from, to, { employee: 'e1' });
const of = (sessions: string[], more = {}) => office({ schedules: { standard: schedule(sessions, more) } });
const byDay = of(TWO_SESSIONS, { punches: 'day' });
const clocks = [{ id: 'clock-1' }];
const FULL = punches('08:55', '12:05', '13:55', '17:05');

describe('sections 2 and 3', () => {
  const rest = office({ calendar: { country: 'none', days: { [MONDAY]: 'rest' } } });
  test.each<Example>([
    [
      'those less than `joinGap` (30 min) apart are one',
      of(['09:00-12:00', '12:29-16:00']),
      punches('08:55', '16:05'),
      '23:00',
      [],
    ],
    [
      'and those half an hour apart are not',
      of(['09:00-12:00', '12:30-16:00']),
      punches('08:55', '16:05'),
      '23:00',
      ['missing-punch closed s1out e1 12:00:00→12:00:00 0m', 'missing-punch closed s2in e1 12:30:00→12:30:00 0m'],
    ],
    [
      '`duty` facts (… also on days of rest)',
      rest,
      [duty('10:00', '11:00')],
      '11:00',
      ['absent closed s1 e1 10:00:00→11:00:00 60m'],
    ],
    ['by the day they start in', office(), [duty('03:00', '05:00'), ...FULL], '23:00', []],
    [
      'a session wholly covered is excused, also by several leaves',
      office(),
      [leave('09:00', '10:30'), leave('10:30', '12:00'), ...punches('13:55', '17:05')],
      '23:00',
      [],
    ],
    [
      'policy `day`: one composite session, from the first `a` to the last `z`, numbered 1',
      byDay,
      [leave('09:00', '12:00')],
      '14:40',
      ['absent open s1 e1 14:00:00→… 40m'],
    ],
    ['one cut short by leave needs no punch', byDay, [leave('16:00', '17:00'), ...punches('08:55')], '23:00', []],
    [
      'but one may not go before the leave either',
      byDay,
      [leave('16:00', '17:00'), ...punches('08:55', '15:00')],
      '23:00',
      ['early-leave closed s1 e1 15:00:00→16:00:00 60m'],
    ],
    [
      '*After k* … to day end: before the late departure is known',
      office(),
      punches('08:55', '12:05', '13:50', '21:00'),
      '20:59:59.999',
      ['missing-punch closed s2out e1 17:00:00→17:00:00 0m'],
    ],
    ['*After k* … to day end: and after it', office(), punches('08:55', '12:05', '13:50', '21:00'), '21:00', []],
    [
      'an approved correction is a punch, and heals',
      office(),
      [punch('08:58', { method: 'correction', recordedAt: on('18:00') }), ...punches('12:05', '13:55', '17:05')],
      '18:00',
      [],
    ],
    [
      'before it is approved there is none',
      office(),
      [punch('08:58', { method: 'correction', recordedAt: on('18:00') }), ...punches('12:05', '13:55', '17:05')],
      '17:59:59.999',
      ['missing-punch closed s1in e1 09:00:00→09:00:00 0m'],
    ],
    [
      'leave in the middle of a session moves neither `a_i` nor `z_i`',
      office(),
      [leave('10:00', '11:00'), ...punches('08:55', '10:00', '13:55', '17:05')],
      '14:00',
      ['early-leave closed s1 e1 10:00:00→12:00:00 120m'],
    ],
  ])('%s', (_sentence, config, facts, at, says) => {
    expect(judge(config, facts, at)).toEqual(says);
  });

  test('policy `in`: the last punch of a gap is the arrival of `i`, and `d_i = z_i`', () => {
    const config = counters({ W1: [['e1'], []] });
    config.schedules = { standard: schedule(['09:00-17:00']), arrivals: schedule(TWO_SESSIONS, { punches: 'in' }) };
    for (const employee of config.employees) employee.schedule = 'arrivals';
    expect(judgePosts(config, punches('08:55', '12:30', '13:30'))).toEqual([
      'missing-cover closed s1 W1 12:00:00→13:30:00 90m',
    ]);
  });
});

describe('section 4', () => {
  const timed = office({ clocks });
  const off = (from: string, to: string) => [device(from, 'clock-1', 'offline'), device(to, 'clock-1', 'online')];
  const noArrival = punches('12:05', '13:50', '17:05');
  const sideIn = (state: string) => [`missing-punch ${state} s1in e1 09:00:00→09:00:00 0m`];
  const handedOver = counters({ W1: [['e2'], ['e1']] });
  const published = { from: '2026-01-01', until: '2026-03-01', days: {} };
  test.each<Example>([
    [
      '`missing-punch` in: from the same to the departure',
      timed,
      [...off('08:00', '08:30'), ...noArrival],
      '23:00',
      sideIn('pending:uncovered'),
    ],
    ['not before `a_i − outWindow`', timed, [...off('06:00', '07:00'), ...noArrival], '23:00', sideIn('closed')],
    ['not after the departure', timed, [...off('12:05', '12:10'), ...noArrival], '23:00', sideIn('closed')],
    [
      'a known punch that came out of that clock inside it, at its very beginning',
      timed,
      [...off('08:00', '08:30'), punch('08:00', { credential: '99', device: 'clock-1' })],
      '09:10',
      ['late open s1 e1 09:00:00→… 10m'],
    ],
    [
      'on a window whose A at the verdict’s `from` includes this person',
      handedOver,
      [
        { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e1'], from: on('08:00'), to: null },
        seen('08:30', 'occupied'),
      ],
      '09:10',
      [
        'late pending:seat-occupied s1 e1 09:00:00→… 10m',
        'late open s1 e2 09:00:00→… 10m',
        'unverified-occupant open s1 W1 09:00:00→… 10m',
      ],
    ],
    [
      'and at no later instant',
      handedOver,
      [
        { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e1'], from: on('09:00:00.001'), to: null },
        seen('08:30', 'occupied'),
      ],
      '09:10',
      [
        'late open s1 e1 09:00:00→… 10m',
        'late pending:seat-occupied s1 e2 09:00:00→… 10m',
        'unverified-occupant open s1 W1 09:00:00→… 10m',
      ],
    ],
    [
      '*ambiguous-punch*: `late` or `absent` of `i`, closed ones too',
      office(),
      punches('08:55', '12:30', '14:40'),
      '16:00',
      ['absent pending:ambiguous-punch s2 e1 14:00:00→14:40:00 40m'],
    ],
    [
      '*unconfirmed* date: every verdict on it',
      office({ calendar: { country: 'CN' }, nationalDays: published }),
      punches('08:55', '11:00', '13:50'),
      '23:00',
      [
        'early-leave pending:unconfirmed s1 e1 11:00:00→12:00:00 60m',
        'missing-punch pending:unconfirmed s2out e1 17:00:00→17:00:00 0m',
      ],
    ],
    [
      '*unconfirmed* date: of windows as well',
      counters({ W1: [['e1'], []] }, { calendar: { country: 'CN' }, nationalDays: published, employees: [] }),
      [],
      '09:20',
      ['missing-cover pending:unconfirmed s1 W1 09:00:00→… 20m'],
    ],
  ])('%s', (_sentence, config, facts, at, says) => {
    expect(judge(config, facts, at)).toEqual(says);
  });
});
