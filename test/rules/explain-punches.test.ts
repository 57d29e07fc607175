/** What explanations of small days make of each punch, and the figures that they lead to; worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Hall } from '../../rules/hall.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { asideOf, explained, LATE, touch, usedOf } from '../support/explained.ts';
import { at, device, hallWith, instantAt, lasting } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

describe('the punches of a day', () => {
  const doors: Hall = hallWith({ clocks: [{ id: 'k1' }, { id: 'd1', kind: 'door' }] });
  const arrivals: Hall = hallWith({
    schedules: { s: { punches: 'in', weekly: everyDay('09:00-12:00', '14:00-17:00') } },
  });

  test.each<
    [
      what: string,
      rule: string,
      lines: readonly Line[],
      more: Parameters<typeof explained>[2],
      used: readonly string[],
      aside: readonly string[],
    ]
  >([
    [
      'are of the session, of another, or the same touch again',
      'late',
      [LATE, touch('again', '09:10:30'), touch('out', '12:05:00'), touch('in', '13:50:00'), touch('home', '17:05:00')],
      {},
      ['arrival late', 'departure out'],
      ['again dedupe by late', 'in other-session /2', 'home other-session /2'],
    ],
    [
      'stand between those that count',
      'late',
      [
        LATE,
        touch('out', '12:05:00'),
        touch('lunch', '12:40:00'),
        touch('in', '13:50:00'),
        touch('back', '17:05:00'),
        touch('home', '17:30:00'),
      ],
      {},
      ['arrival late', 'departure out'],
      ['lunch gap-middle by in /2', 'in other-session /2', 'back not-latest by home /2', 'home other-session /2'],
    ],
    [
      'come before the first is needed, or within the session',
      'early-leave',
      [
        touch('first', '08:40:00'),
        touch('second', '08:50:00'),
        touch('inside', '10:00:00'),
        touch('early', '11:00:00'),
      ],
      {},
      ['arrival first', 'departure early'],
      ['second not-earliest by first /1', 'inside inside /1'],
    ],
    [
      'are of a door, which nobody leaves by',
      'missing-punch',
      [touch('first', '08:40:00'), touch('door', '11:00:00', { device: 'd1' })],
      { hall: doors },
      ['arrival first'],
      ['door door /1'],
    ],
    [
      'may still become a departure',
      'late',
      [LATE, touch('inside', '10:00:00')],
      { time: '10:30:00' },
      ['arrival late'],
      ['inside undecided /1'],
    ],
    [
      'are one touch of a break, which is counted as the departure',
      'late',
      [LATE, touch('out', '12:05:00'), touch('near', '12:15:00')],
      {},
      ['arrival late', 'departure out'],
      ['near one-touch by out /2'],
    ],
    [
      'are arrivals only',
      'late',
      [
        LATE,
        touch('inside', '10:00:00'),
        touch('lunch', '12:30:00'),
        touch('in', '13:50:00'),
        touch('home', '17:05:00'),
      ],
      { hall: arrivals },
      ['arrival late'],
      ['inside arrivals-only /1', 'lunch not-last by in /2', 'in other-session /2', 'home arrivals-only /2'],
    ],
    [
      'do not count yet, or not any more',
      'late',
      [
        LATE,
        touch('future', '09:40:00', { recordedAt: at('09:00:00') }),
        touch('unknown', '08:30:00', { recordedAt: at('18:00:00') }),
        touch('wrong', '08:50:00'),
        touch('test', '08:45:00', { method: 'simulated' }),
        { fact: 'cancel', id: 'cancel', at: at('09:05:00'), target: 'wrong' },
      ],
      { time: '09:30:00' },
      ['arrival late'],
      ['unknown not-yet-known', 'test simulated', 'wrong cancelled by cancel', 'future after-now'],
    ],
    [
      'were delivered before with another time',
      'late',
      [LATE, touch('said', '09:20:00', { deviceAt: at('09:10:00') })],
      { time: '11:00:00' },
      ['arrival late'],
      ['said repeat by late'],
    ],
  ])('%s', (_, rule, lines, more, used, aside) => {
    const explanation = explained(rule, lines, more);
    expect([usedOf(explanation), asideOf(explanation)]).toEqual([used, aside]);
  });

  test('are somebody’s by what maps their number', () => {
    const number = { employee: 'e1', credential: '7' };
    const [old, ours] = [
      lasting('credential', '2026-02-01 00:00:00', '2026-03-01 00:00:00', { ...number, id: 'old' }),
      lasting('credential', '2026-03-01 00:00:00', null, { ...number, device: 'k1', id: 'ours' }),
    ];
    const mapped = { ...LATE, employee: undefined, credential: '7' };
    expect(usedOf(explained('late', [old as Line, ours as Line, mapped]))).toEqual(['arrival late', 'credential ours']);
  });
});

describe('the figures of', () => {
  test('a lateness and an absence', () => {
    const [a, limits] = [instantAt('09:00:00'), { lateGraceMs: 5 * MINUTE, absentAfterMs: 30 * MINUTE }];
    const arithmeticOf = (rule: string, lines: readonly Line[], time: string) =>
      explained(rule, lines, { time }).arithmetic;
    const delay = { of: 'delay', a, ...limits };
    const cases = [
      [arithmeticOf('late', [LATE], '11:00:00'), '09:10:00', 'arrived'],
      [arithmeticOf('late', [device('08:00:00', 'k1', 'online')], '09:20:00'), '09:20:00', 'lasts'],
      [arithmeticOf('absent', [device('08:00:00', 'k1', 'online')], '11:00:00'), '11:00:00', 'lasts'],
      [arithmeticOf('absent', [device('08:00:00', 'k1', 'online')], '12:00:00'), '12:00:00', 'session-over'],
    ] as const;
    for (const [arithmetic, time, ended] of cases) {
      expect(arithmetic).toEqual({ ...delay, at: instantAt(time), ended, lengthMs: instantAt(time) - a });
    }
  });

  test('an early departure and punches that are missing', () => {
    const early = explained('early-leave', [touch('in', '08:50:00'), touch('early', '11:00:00')]);
    const [z, e, outDeadlineAt] = [instantAt('12:00:00'), instantAt('11:55:00'), instantAt('14:00:00')];
    expect(early.arithmetic).toEqual({
      of: 'early',
      at: instantAt('11:00:00'),
      z,
      e,
      lengthMs: HOUR,
      earlyGraceMs: 5 * MINUTE,
      outDeadlineAt,
    });
    expect(early.coverage?.searched).toEqual({ from: instantAt('11:00:00'), to: outDeadlineAt });
    const [arrivalAt, a, departureAt] = [instantAt('08:50:00'), instantAt('09:00:00'), instantAt('12:05:00')];
    const out = explained('missing-punch', [touch('in', '08:50:00')]);
    expect(out.arithmetic).toEqual({ of: 'missing-out', z, arrivalAt, outDeadlineAt, outWindowMs: 2 * HOUR });
    expect(out.coverage?.searched).toEqual({ from: arrivalAt, to: outDeadlineAt });
    const morning = hallWith({ schedules: { s: { weekly: everyDay('09:00-12:00') } } });
    const searched = { from: instantAt('07:00:00'), to: departureAt };
    expect(explained('missing-punch', [touch('out', '12:05:00')], { hall: morning }).arithmetic).toEqual({
      of: 'missing-in',
      a,
      departureAt,
      searched,
    });
  });
});
