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
      'are of another, the last of a break at its very end',
      'late',
      [
        LATE,
        touch('out', '12:05:00'),
        touch('lunch', '12:40:00'),
        touch('in', '14:00:00'),
        touch('back', '16:55:00'),
        touch('home', '17:30:00'),
      ],
      {},
      ['arrival late', 'departure out'],
      ['lunch gap-middle by in /2', 'in other-session /2', 'back not-latest by home /2', 'home other-session /2'],
    ],
    [
      'come at the very start, and again with what is kept last',
      'early-leave',
      [
        touch('first', '08:40:00'),
        touch('start', '09:00:00'),
        touch('early', '11:00:00'),
        touch('same', '11:00:00'),
        touch('again', '11:01:00'),
      ],
      {},
      ['arrival first', 'departure early'],
      ['start not-earliest by first /1', 'same dedupe by early', 'again dedupe by early'],
    ],
    [
      'are of this very instant',
      'late',
      [LATE, touch('again', '09:10:30')],
      { time: '09:10:30' },
      ['arrival late'],
      ['again dedupe by late'],
    ],
    [
      'are one touch of a break, which may have been the return, and again',
      'absent',
      [touch('first', '08:50:00'), touch('out', '12:30:00'), touch('near', '12:40:00')],
      { time: '16:00:00', session: 2 },
      ['ambiguous-touch out'],
      ['first other-session /1', 'near one-touch by out /2'],
    ],
    [
      'are one touch of a break, which is the return',
      'missing-punch',
      [touch('first', '08:50:00'), touch('in', '13:40:00'), touch('near', '13:50:00')],
      { time: '16:00:00' },
      ['arrival first'],
      ['in other-session /2', 'near one-touch by in /2'],
    ],
    [
      'are of this day, though more was looked at for outages that reach beyond it',
      'early-leave',
      [
        device('03:00:00', 'k1', 'offline', { id: 'off1' }),
        device('04:30:00', 'k1', 'online', { id: 'on1' }),
        device('20:00:00', 'k1', 'offline', { id: 'off2' }),
        device('2026-03-03 06:00:00', 'k1', 'online', { id: 'on2' }),
        touch('before', '03:59:59.999'),
        touch('first', '04:00:00'),
        touch('early', '16:00:00'),
        touch('night', '2026-03-03 03:59:59.999', { recordedAt: at('2026-03-03 12:00:00') }),
        touch('next', '2026-03-03 04:00:00', { recordedAt: at('2026-03-03 12:00:00') }),
      ],
      { time: '2026-03-03 07:00:00', hall: hallWith({ schedules: { s: { weekly: everyDay('09:00-17:00') } } }) },
      ['arrival first', 'departure early'],
      ['night not-yet-known'],
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
      [
        LATE,
        touch('said', '09:20:00', { deviceAt: at('09:10:00') }),
        touch('again', '09:15:00', { deviceAt: at('09:10:00') }),
        touch('wrong', '09:05:00', { deviceAt: at('09:10:00') }),
        { fact: 'cancel', id: 'cancel', at: at('09:30:00'), target: 'wrong' },
      ],
      { time: '11:00:00' },
      ['arrival late'],
      ['wrong cancelled by cancel', 'again repeat by late', 'said repeat by late'],
    ],
  ])('%s', (_, rule, lines, more, used, aside) => {
    const explanation = explained(rule, lines, more);
    expect([usedOf(explanation), asideOf(explanation)]).toEqual([used, aside]);
  });
});

describe('a number is somebody’s', () => {
  const to = (id: string, more: Line = {}, from = '2026-03-01 00:00:00', until: string | null = null): Line =>
    lasting('credential', from, until, { id, employee: 'e1', credential: '7', ...more });
  const k1 = { device: 'k1' };
  const mapped = { ...LATE, employee: undefined, credential: '7' };
  const numbered = (...credentials: readonly unknown[]): Hall =>
    hallWith({ employees: [{ id: 'e1', name: 'E1', schedule: 's', credentials }] });

  test.each<[what: string, lines: readonly Line[], used: readonly string[], hall?: Hall]>([
    ['by what maps it', [to('mapping')], ['mapping']],
    [
      'by what maps it until further notice, not what did until just now',
      [to('old', { recordedAt: at('08:00:00') }, '2026-02-01 00:00:00', '09:10:00'), to('new')],
      ['new'],
    ],
    ['by what maps it from just now on', [to('new', {}, '09:10:00')], ['new']],
    [
      'by what maps it until later, not from later on',
      [to('now', {}, '2026-03-01 00:00:00', '09:10:00.001'), to('later', {}, '09:10:00.001')],
      ['now'],
    ],
    ['by what was recorded last', [to('last', { recordedAt: at('08:00:00') }), to('first', {}, '08:30:00')], ['last']],
    [
      'on its clock first',
      [to('ours', k1), to('all', { recordedAt: at('08:00:00') }), to('elsewhere', { device: 'k2' })],
      ['ours'],
    ],
    ['by its own, and no other number’s', [to('other', { credential: '8', ...k1 }), to('all')], ['all']],
    [
      'by what is known and not taken back',
      [
        to('all'),
        to('unknown', { recordedAt: at('21:00:00') }),
        to('gone', { recordedAt: at('08:00:00') }),
        { fact: 'cancel', id: 'cancel', at: at('08:10:00'), target: 'gone' },
      ],
      ['all'],
    ],
    ['by a fact before the configuration', [to('all')], ['all'], numbered('7')],
    ['by the configuration of its clock before a fact of all clocks', [to('all')], [], numbered({ id: '7', ...k1 })],
    [
      'by a fact, where the configuration of its clock held until yesterday',
      [to('all')],
      ['all'],
      numbered({ id: '7', ...k1, to: '2026-03-01' }),
    ],
    ['by the configuration alone', [], [], numbered('7')],
  ])('%s', (_, lines, used, hall = hallWith()) => {
    const wanted = ['arrival late', ...used.map((id) => `credential ${id}`)];
    expect(usedOf(explained('late', [mapped, ...lines], { hall }))).toEqual(wanted);
  });

  test('once, however often it was used; and where a clock was not told, by what maps it everywhere', () => {
    const early = { ...mapped, id: 'early', at: at('11:00:00'), device: undefined };
    const explanation = explained('early-leave', [
      mapped,
      early,
      to('ours', k1),
      to('all'),
      { ...mapped, id: 'again', at: at('14:00:00') },
    ]);
    expect(usedOf(explanation)).toEqual(['arrival late', 'departure early', 'credential ours', 'credential all']);
    expect(explanation.used.map(({ employee, session }) => [employee, session])).toEqual([
      ['e1', 1],
      ['e1', 1],
      ['e1', null],
      ['e1', null],
    ]);
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
