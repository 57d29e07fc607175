import { describe, expect, it, test } from 'vitest';
import { oracle } from './oracle.ts';
import type { OracleConfig } from './shape.ts';
import { counters, MONDAY, office, on, schedule } from './small-hall.ts';
import { day, leave, off, slips } from './small-leaves.ts';

type Line = Record<string, unknown>;

it('is printed as a leave', () => {
  const facts = [leave('l1', `${MONDAY}T09:00`, `${day(3)}T12:00`, { slip: false })];
  const [verdict, ...others] = oracle(office(), facts, on('09:00')).filter(({ rule }) => rule === 'leave-slip');
  expect(others).toEqual([]);
  expect(verdict).toEqual({
    rule: 'leave-slip',
    state: 'closed',
    date: MONDAY,
    session: null,
    side: null,
    employee: 'e1',
    window: null,
    department: 'gaj',
    from: on('09:00'),
    to: on('12:00', day(3)),
    minutes: 0,
    evidence: ['l1'],
  });
});

describe('the slip', () => {
  const long = leave('l1', `${MONDAY}T09:00`, `${day(3)}T12:00`);
  const slip = (time: string, more: Line = {}): Line => ({
    fact: 'slip',
    id: 's1',
    at: on(time),
    leave: 'l1',
    ...more,
  });
  const fires = [`${MONDAY} closed l1`];
  test.each<[string, Line[], string, string[]]>([
    ['not before the leave has started', [long], '08:59:59.999', []],
    ['as soon as it has', [long], '09:00', fires],
    ['a slip fact', [long, slip('10:00')], '10:00', []],
    ['not before it', [long, slip('10:00')], '09:59:59.999', fires],
    ['not before it is known', [long, slip('10:00', { recordedAt: on('11:00') })], '10:59:59.999', fires],
    ['from then on', [long, slip('10:00', { recordedAt: on('11:00') })], '11:00', []],
    ['not before its instant', [long, slip('10:00', { recordedAt: on('08:00') })], '09:59:59.999', fires],
    ['of another leave', [long, off('l2', 5), slip('08:00', { leave: 'l2' })], '10:00', fires],
    ['taken back', [long, slip('08:00'), { fact: 'cancel', id: 'q1', at: on('10:00'), target: 's1' }], '10:00', fires],
    [
      'not yet taken back',
      [long, slip('08:00'), { fact: 'cancel', id: 'q1', at: on('10:00'), target: 's1' }],
      '09:59',
      [],
    ],
    ['of a leave taken back', [long, { fact: 'cancel', id: 'q1', at: on('10:00'), target: 'l1' }], '10:00', []],
    ['a leave not yet known', [{ ...long, recordedAt: on('10:00') }], '09:59:59.999', []],
    ['a leave known later', [{ ...long, recordedAt: on('10:00') }], '10:00', fires],
  ])('%s', (_shows, facts, at, says) => {
    expect(slips(office(), facts, on(at))).toEqual(says);
  });

  test.each<[string, unknown, string, boolean]>([
    ['kinds by default', undefined, '公休', true],
    ['not another', undefined, '年假', false],
    ['kinds of the hall', ['年假'], '年假', true],
    ['instead of the default', ['年假'], '事假', false],
    ['none', [], '事假', false],
  ])('%s', (_shows, slipKinds, kind, isNeeded) => {
    const config = office(slipKinds === undefined ? {} : { rules: { slipKinds: slipKinds as string[] } });
    expect(slips(config, [{ ...long, kind }])).toEqual(isNeeded ? fires : []);
  });
});

describe('a leave that starts where nothing is judged', () => {
  const long = leave('l1', `${day(3)}T09:00`, `${day(4)}T12:00`);
  const longer = leave('l1', `${day(3)}T09:00`, `${day(6)}T12:00`);
  const short = [off('l2', 5), off('l3', 6), off('l4', 9, 'am')];
  const employed = (from?: string, until?: string) =>
    office({
      employees: [
        { id: 'e1', schedule: 'standard', ...(from ? { from } : {}), ...(until ? { until } : {}) },
        { id: 'e2', schedule: 'standard' },
      ],
    });
  const first = `${day(3)} closed l1`;
  test.each<[string, OracleConfig, Line[], string[]]>([
    ['judged from that day', office({ judgeFrom: day(3) }), [long], [first]],
    ['commissioning', office({ judgeFrom: day(4) }), [long], []],
    ['the first day of employment', employed(day(3)), [long], [first]],
    ['before it', employed(day(4)), [long], []],
    ['commissioning, and long after it still', office({ judgeFrom: day(4) }), [longer], []],
    ['before employment, and long after it still', employed(day(4)), [longer], []],
    // The 4th is outside: half a day is not longer than one.
    ['on the last day one day at most is left', employed(undefined, day(3)), [long], []],
    ['the last two days', employed(undefined, day(4)), [long], [first]],
    ['after them', employed(undefined, MONDAY), [long], []],
    [
      'all of it counts for the total',
      office(),
      [long, ...short],
      [first, `${day(6)} closed l1 l2 l3`, `${day(9)} closed l1 l2 l3 l4`],
    ],
    // Commissioning has no sessions: only the half of the 4th is added to 1 + 1 + 0.5, which makes 3.
    ['what lies before does not', office({ judgeFrom: day(4) }), [long, ...short], []],
    ['what lies before employment neither', employed(day(4)), [long, ...short], []],
    [
      'but the rest of it does',
      office({ judgeFrom: day(4) }),
      [leave('l1', `${day(3)}T09:00`, `${day(4)}T17:00`), ...short],
      [`${day(9)} closed l1 l2 l3 l4`],
    ],
  ])('%s', (_shows, config, facts, says) => {
    expect(slips(config, facts)).toEqual(says);
  });

  it('is not printed before a date asked for, but counts', () => {
    expect(slips(office(), [long, ...short], on('23:00', day(20)), day(9))).toEqual([`${day(9)} closed l1 l2 l3 l4`]);
  });
});

describe('dates', () => {
  it('are civil: a leave at two in the morning belongs to that date, not to the day of the hall', () => {
    const facts = [leave('l1', `${day(3)}T02:00`, `${day(4)}T12:00`)];
    expect(slips(office(), facts, on('02:00', day(3)))).toEqual([`${day(3)} closed l1`]);
    expect(slips(office({ judgeFrom: day(3) }), facts)).toEqual([`${day(3)} closed l1`]);
  });

  it('of a night session are those it starts on', () => {
    // Nights of eight hours; dates 30 March (Mon) to 3 April (Fri). The leave starts on 1 April, in March's last night.
    const config = office({
      hall: { id: 'h', timezone: 'Asia/Shanghai', dayStart: '12:00' },
      schedules: { standard: schedule(['22:00-06:00']) },
    });
    const night = (id: string, from: string, to: string) => leave(id, from, to);
    const rest = [
      night('l2', '2026-04-01T22:00', '2026-04-02T06:00'),
      night('l3', '2026-04-02T22:00', '2026-04-03T06:00'),
      night('l4', '2026-04-03T22:00', '2026-04-04T06:00'),
    ];
    expect(slips(config, [night('l1', '2026-04-01T02:00', '2026-04-01T06:00'), ...rest])).toEqual([]);
    expect(slips(config, [night('l1', '2026-04-01T02:00', '2026-04-01T22:00:00.001'), ...rest])).toEqual([
      '2026-04-03 closed l1 l2 l3 l4',
    ]);
    // Half of the 31st's night and all of the 1st's are more than a day, whatever the month.
    expect(slips(config, [night('l1', '2026-04-01T02:00', '2026-04-02T06:00')])).toEqual(['2026-04-01 closed l1']);
  });

  it('beyond the national calendar make it pending, those it only reaches into do not', () => {
    const until = (date: string) =>
      office({ calendar: { country: 'CN' }, nationalDays: { from: '2026-01-01', until: date, days: {} } });
    const facts = [leave('l1', `${day(3)}T09:00`, `${day(4)}T12:00`)];
    expect(slips(until(day(4)), facts)).toEqual([`${day(3)} closed l1`]);
    expect(slips(until(day(3)), facts)).toEqual([`${day(3)} closed l1`]);
    expect(slips(until(MONDAY), facts)).toEqual([`${day(3)} unconfirmed l1`]);
  });

  it('are those of the zone, also on the day of 23 hours', () => {
    // New York, Sunday 8 March: 01:00–05:00 lasts three hours; two of them are 2/3, and a third of Monday's four is 80 min.
    const weekly = { sun: ['01:00-05:00'], mon: ['01:00-05:00'] };
    const config = office({
      hall: { id: 'h', timezone: 'America/New_York', dayStart: '00:00' },
      schedules: { standard: { weekly } },
    });
    const at = (to: string): Line[] => [
      { fact: 'leave', id: 'l1', employee: 'e1', kind: '病假', from: '2026-03-08T03:00:00-04:00', to },
    ];
    const now = '2026-03-20T00:00:00-04:00';
    expect(slips(config, at('2026-03-09T02:20:00-04:00'), now)).toEqual([]);
    expect(slips(config, at('2026-03-09T02:20:00.001-04:00'), now)).toEqual(['2026-03-08 closed l1']);
  });
});

it('is nobody’s missing cover and no absence', () => {
  const facts = [leave('l1', `${MONDAY}T00:00`, `${day(4)}T00:00`)];
  const rules = oracle(counters({ W1: [['e1'], []] }), facts, on('08:00')).map((verdict) => verdict.rule);
  expect(rules).toEqual(['leave-slip']);
});
