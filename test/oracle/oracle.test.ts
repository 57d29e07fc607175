import { describe, expect, test } from 'vitest';
import type { OracleConfig } from './shape.ts';
import { judge, office, on, punch, punches, schedule, span, TWO_SESSIONS } from './small-hall.ts';

type Line = Record<string, unknown>;
/** What it shows · the facts · the time it is judged at · what must be said. */
type Example = [shows: string, facts: Line[], at: string, says: string[]];

const REST = punches('12:05', '13:55', '17:05');
const AFTERNOON = punches('13:50', '17:01');
const clocks: OracleConfig['clocks'] = [{ id: 'clock-1' }, { id: 'door-1', kind: 'door' }];

describe('arrivals', () => {
  test.each<Example>([
    ['a day without fault', [...punches('08:55'), ...REST], '23:00', []],
    ['exactly at the grace is fine', [...punches('09:05'), ...REST], '23:00', []],
    [
      'a millisecond beyond is late',
      [...punches('09:05:00.001'), ...REST],
      '23:00',
      ['late closed s1 e1 09:00:00→09:05:00.001 6m'],
    ],
    ['half an hour is late', [...punches('09:30'), ...REST], '23:00', ['late closed s1 e1 09:00:00→09:30:00 30m']],
    [
      'a millisecond more is absence',
      [...punches('09:30:00.001'), ...REST],
      '23:00',
      ['absent closed s1 e1 09:00:00→09:30:00.001 31m'],
    ],
    ['live, at the grace', [], '09:05', []],
    ['live, beyond the grace', [], '09:05:00.001', ['late open s1 e1 09:00:00→… 6m']],
    ['live, at the absence limit', [], '09:30', ['late open s1 e1 09:00:00→… 30m']],
    ['live, beyond it', [], '09:30:00.001', ['absent open s1 e1 09:00:00→… 31m']],
    ['live, the last millisecond', [], '11:59:59.999', ['absent open s1 e1 09:00:00→… 180m']],
    ['nobody came', [], '12:00', ['absent closed s1 e1 09:00:00→12:00:00 180m']],
    ['a punch to come is not yet known', punches('09:40'), '09:20', ['late open s1 e1 09:00:00→… 20m']],
  ])('%s', (_shows, facts, at, says) => {
    expect(judge(office(), facts, at)).toEqual(says);
  });
});

describe('gaps and departures', () => {
  test.each<Example>([
    // e1 = 11:55, the gap is [11:55, 14:00], its midpoint 12:57:30.
    ['leaving at the grace', [...punches('08:55', '11:55'), ...AFTERNOON], '23:00', []],
    ['leaving before it, undecided', punches('08:55', '11:54:59.999', '13:50'), '13:59:59.999', []],
    [
      'leaving before it, decided at the next start',
      punches('08:55', '11:54:59.999', '13:50'),
      '14:00',
      ['early-leave closed s1 e1 11:54:59.999→12:00:00 6m'],
    ],
    [
      'no departure before a late touch',
      [...punches('08:55'), ...AFTERNOON],
      '23:00',
      ['missing-punch closed s1out e1 12:00:00→12:00:00 0m'],
    ],
    [
      'no arrival, but a departure after the last session',
      punches('08:55', '12:01', '17:01'),
      '23:00',
      ['missing-punch closed s2in e1 14:00:00→14:00:00 0m'],
    ],
    [
      'no arrival, but a departure in the gap',
      punches('12:01', '13:50', '17:01'),
      '23:00',
      ['missing-punch closed s1in e1 09:00:00→09:00:00 0m'],
    ],
    [
      'a break a millisecond too short is one touch',
      punches('08:55', '12:00', '12:14:59.999', '17:01'),
      '23:00',
      ['missing-punch closed s2in e1 14:00:00→14:00:00 0m'],
    ],
    ['a break just long enough', punches('08:55', '12:00', '12:15', '17:01'), '23:00', []],
    [
      'a touch at the midpoint arrives',
      punches('08:55', '12:57:30', '17:01'),
      '23:00',
      ['missing-punch closed s1out e1 12:00:00→12:00:00 0m'],
    ],
    [
      'a touch before the midpoint leaves, and is too late for lunch',
      punches('08:55', '12:57:29.999'),
      '14:40',
      ['absent pending:ambiguous-punch s2 e1 14:00:00→… 40m'],
    ],
    ['a touch at lunchNear', punches('08:55', '12:20'), '14:40', ['absent open s2 e1 14:00:00→… 40m']],
    [
      'a touch just beyond it',
      punches('08:55', '12:20:00.001'),
      '14:06',
      ['late pending:ambiguous-punch s2 e1 14:00:00→… 6m'],
    ],
    [
      'a touch after a session without arrival arrives',
      punches('12:10', '17:01'),
      '23:00',
      ['absent closed s1 e1 09:00:00→12:00:00 180m'],
    ],
    [
      'a punch 60 s after the last kept is set aside',
      punches('08:55', '11:54:30', '11:55:30', '13:50', '17:01'),
      '23:00',
      ['early-leave closed s1 e1 11:54:30→12:00:00 6m'],
    ],
    ['one a millisecond later is not', punches('08:55', '11:54:30', '11:55:30.001', '13:50', '17:01'), '23:00', []],
    ['no departure at the end, undecided', punches('08:55', '12:01', '13:50'), '18:59:59.999', []],
    [
      'no departure at the end, decided',
      punches('08:55', '12:01', '13:50'),
      '19:00',
      ['missing-punch closed s2out e1 17:00:00→17:00:00 0m'],
    ],
    [
      'an inside punch of a clock is a departure',
      [...punches('08:55'), punch('10:00', { device: 'clock-1' }), ...AFTERNOON],
      '23:00',
      ['early-leave closed s1 e1 10:00:00→12:00:00 120m'],
    ],
    [
      'one of a door is not',
      [...punches('08:55'), punch('10:00', { device: 'door-1' }), ...AFTERNOON],
      '23:00',
      ['missing-punch closed s1out e1 12:00:00→12:00:00 0m'],
    ],
    [
      'one typed in for a door came out of no door',
      [...punches('08:55'), punch('10:00', { device: 'door-1', method: 'correction' }), ...AFTERNOON],
      '23:00',
      ['early-leave closed s1 e1 10:00:00→12:00:00 120m'],
    ],
    [
      'an ambiguous touch says nothing about the departure',
      punches('08:55', '12:30', '14:03', '16:00'),
      '19:00',
      ['early-leave closed s2 e1 16:00:00→17:00:00 60m'],
    ],
    ['a door lets one arrive', [punch('09:03', { device: 'door-1' }), ...REST], '23:00', []],
  ])('%s', (_shows, facts, at, says) => {
    expect(judge(office({ clocks }), facts, at)).toEqual(says);
  });
});

describe('gaps after a short session', () => {
  // 09:00–09:20 with two hours of grace: e1 = a1 = 09:00, the gap's midpoint is 11:30.
  const config = office({
    schedules: { standard: schedule(['09:00-09:20', '14:00-17:00'], { rules: { earlyGrace: '2h' } }) },
  });
  test.each<Example>([
    [
      'a punch at the start is an arrival, not a departure too',
      punches('09:00', '13:50'),
      '13:55',
      ['missing-punch closed s1out e1 09:20:00→09:20:00 0m'],
    ],
    [
      'the gap begins at the start, not before it',
      punches('09:00', '11:00'),
      '14:06',
      ['late pending:ambiguous-punch s2 e1 14:00:00→… 6m'],
    ],
  ])('%s', (_shows, facts, at, says) => {
    expect(judge(config, facts, at)).toEqual(says);
  });

  test('a departure is decided at the next start at the latest', () => {
    const patient = office({ rules: { outWindow: '3h' } });
    const facts = punches('08:55', '11:00', '13:50');
    expect(judge(patient, facts, '13:59:59.999')).toEqual([]);
    expect(judge(patient, facts, '14:00')).toEqual(['early-leave closed s1 e1 11:00:00→12:00:00 60m']);
  });
});

describe('policies', () => {
  const day = office({ schedules: { standard: schedule(TWO_SESSIONS, { punches: 'day' }) } });
  const arrivals = office({ schedules: { standard: schedule(TWO_SESSIONS, { punches: 'in' }) } });
  test.each<[...Example, OracleConfig]>([
    ['day: first in, last out', punches('08:55', '17:01'), '23:00', [], day],
    ['day: no out yet', punches('08:55'), '18:59:59.999', [], day],
    ['day: no out', punches('08:55'), '19:00', ['missing-punch closed s1out e1 17:00:00→17:00:00 0m'], day],
    ['day: out early', punches('08:55', '16:00'), '19:00', ['early-leave closed s1 e1 16:00:00→17:00:00 60m'], day],
    ['day: absent to the end', [], '17:00', ['absent closed s1 e1 09:00:00→17:00:00 480m'], day],
    ['in: arrivals only', punches('08:55', '12:05'), '23:00', [], arrivals],
    [
      'in: no second arrival',
      punches('08:55', '17:30'),
      '23:00',
      ['absent closed s2 e1 14:00:00→17:00:00 180m'],
      arrivals,
    ],
    [
      'in: there is no early grace, an arrival counts to the end',
      punches('08:55', '16:57'),
      '23:00',
      ['absent closed s2 e1 14:00:00→16:57:00 177m'],
      arrivals,
    ],
    [
      'in: a punch in the last minutes is inside, not a departure',
      punches('08:55', '13:59', '16:59'),
      '23:00',
      [],
      arrivals,
    ],
  ])('%s', (_shows, facts, at, says, config) => {
    expect(judge(config, facts, at)).toEqual(says);
  });
});

describe('leave, pause and duty', () => {
  const leave = (from: string, to: string) => span('leave', from, to, { employee: 'e1', kind: '事假' });
  const duty = (from: string, to: string) => span('duty', from, to, { employee: 'e1' });
  test.each<Example>([
    ['leave at the start moves it', [leave('09:00', '10:00'), ...punches('10:05'), ...REST], '23:00', []],
    [
      'and is late from there',
      [leave('08:00', '10:00'), ...punches('10:05:00.001'), ...REST],
      '23:00',
      ['late closed s1 e1 10:00:00→10:05:00.001 6m'],
    ],
    [
      'a session cut short needs no punch',
      [leave('11:00', '12:00'), ...punches('08:55', '13:50', '17:01')],
      '23:00',
      [],
    ],
    [
      'an excused session drops out, the day starts the gap',
      [leave('09:00', '12:00'), ...punches('09:30', '17:01')],
      '23:00',
      [],
    ],
    [
      'the others keep their number',
      [leave('09:00', '12:00'), ...punches('17:01')],
      '23:00',
      ['missing-punch closed s2in e1 14:00:00→14:00:00 0m'],
    ],
    [
      'leave in the middle moves nothing',
      [leave('10:00', '11:00'), ...punches('13:50', '17:01')],
      '23:00',
      ['absent closed s1 e1 09:00:00→12:00:00 180m'],
    ],
    ['a pause of the hall is as leave', [span('pause', '09:00', '09:30'), ...punches('09:34'), ...REST], '23:00', []],
    [
      'a cancelled leave is none',
      [
        { ...leave('09:00', '12:00'), id: 'l1' },
        { fact: 'cancel', id: 'q1', at: on('08:00'), target: 'l1' },
        ...AFTERNOON,
      ],
      '23:00',
      ['absent closed s1 e1 09:00:00→12:00:00 180m'],
    ],
    [
      'a cancel that is not yet recorded leaves it',
      [
        { ...leave('09:00', '12:00'), id: 'l1' },
        { fact: 'cancel', id: 'q1', at: on('08:00'), recordedAt: on('23:00:00.001'), target: 'l1' },
        ...AFTERNOON,
      ],
      '23:00',
      [],
    ],
    [
      'duty less than half an hour after a session joins it',
      [duty('12:20', '13:00'), ...punches('08:55', '12:05', '13:50', '17:01')],
      '23:00',
      ['early-leave closed s1 e1 12:05:00→13:00:00 55m'],
    ],
    [
      'half an hour after is a session of its own',
      [duty('12:30', '13:00'), ...punches('08:55', '12:05', '13:50', '17:01')],
      '23:00',
      // Gap 1–2 [11:55, 12:30] holds 12:05, before its midpoint: a departure. Gap 2–3 [12:55, 14:00]: no arrival in 2.
      ['absent closed s2 e1 12:30:00→13:00:00 30m'],
    ],
  ])('%s', (_shows, facts, at, says) => {
    expect(judge(office(), facts, at)).toEqual(says);
  });
});
