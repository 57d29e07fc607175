import { describe, expect, test } from 'vitest';
import { zoneTable } from '../../config/zone-table.ts';
import { type Change, compareChanges, diffVerdicts } from '../../rules/changes.ts';
import { dayOfDate, MINUTE, parseInstant } from '../../rules/time.ts';
import {
  compareVerdicts,
  minutesOf,
  sameVerdict,
  type Verdict,
  verdictId,
  verdictKey,
  verdictLine,
} from '../../rules/verdict.ts';
import { diceOf } from '../oracle/dice.ts';

const NINE = parseInstant('2026-03-02T09:00:00+08:00') ?? 0;
const LATE: Verdict = {
  rule: 'late',
  state: 'open',
  day: dayOfDate('2026-03-02') ?? 0,
  session: 1,
  side: null,
  employee: 'e1',
  window: null,
  department: null,
  from: NINE,
  to: null,
  evidence: [],
  because: null,
  run: false,
  config: 'sha256:0',
};
const hall = { id: 'h', zone: zoneTable('Asia/Shanghai') };

test('verdicts are sorted by date, rule, window, employee, start, session and side; null first', () => {
  const next = { day: LATE.day + 1 };
  const sorted: Verdict[] = [
    { ...LATE, rule: 'absent', employee: 'e9' },
    { ...LATE, employee: 'e1', from: NINE - 1, session: 9 },
    { ...LATE, employee: 'e1', session: null },
    { ...LATE, employee: 'e1' },
    { ...LATE, employee: 'e1', side: 'in' },
    { ...LATE, employee: 'e1', side: 'out' },
    { ...LATE, employee: 'e1', session: 2 },
    { ...LATE, employee: 'e10' },
    { ...LATE, employee: 'e2', from: NINE - 1 },
    { ...LATE, rule: 'missing-cover', window: 'W1', employee: null },
    { ...LATE, rule: 'missing-cover', window: 'W1', employee: 'e1' },
    { ...LATE, rule: 'missing-cover', window: 'W10', employee: null },
    { ...LATE, rule: 'missing-cover', window: 'W2', employee: null },
    { ...LATE, ...next, rule: 'absent' },
    { ...LATE, ...next },
  ];
  const dice = diceOf(6);
  for (let i = 0; i < 20; i++) expect(dice.shuffled(sorted).sort(compareVerdicts)).toEqual(sorted);
});

test('what is one thing compares as one, and what has no session comes before what has, whatever its side', () => {
  expect(compareVerdicts(LATE, { ...LATE })).toBe(0);
  const [first, second] = [
    { ...LATE, session: null, side: 'out' as const },
    { ...LATE, side: 'in' as const },
  ];
  expect([Math.sign(compareVerdicts(first, second)), Math.sign(compareVerdicts(second, first))]).toEqual([-1, 1]);
  expect(compareVerdicts({ ...LATE, leave: 'l1' }, { ...LATE, leave: 'l2' })).toBeLessThan(0);
  expect(compareVerdicts({ ...LATE, leave: 'l1' }, LATE)).toBeGreaterThan(0);
});

test('changes of one instant are sorted as their verdicts are, whatever their keys', () => {
  const change = (key: string, verdict: Verdict): Change => ({
    at: NINE,
    op: 'open',
    key,
    cause: { deadline: true },
    verdict,
  });
  const sorted = [
    change('c', LATE),
    change('b', { ...LATE, employee: 'e2' }),
    change('a', { ...LATE, day: LATE.day + 1 }),
  ];
  expect(sorted.toReversed().sort(compareChanges)).toEqual(sorted);
});

describe('a verdict', () => {
  test('is the same one at different times by hall, rule, subject, date, session, side, and for runs by its start', () => {
    const key = verdictKey('h', LATE);
    const same: Partial<Verdict>[] = [{ state: 'closed' }, { to: NINE + 1 }, { from: NINE + 1 }, { evidence: ['p1'] }];
    for (const more of same) expect(verdictKey('h', { ...LATE, ...more })).toBe(key);
    const others: Partial<Verdict>[] = [
      { rule: 'absent' },
      { employee: 'e2' },
      { window: 'W1' },
      { day: LATE.day + 1 },
      { session: 2 },
      { session: null },
      { side: 'in' },
      { run: true },
      { run: true, from: NINE + 1 },
    ];
    const keys = [key, verdictKey('other', LATE), ...others.map((more) => verdictKey('h', { ...LATE, ...more }))];
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is known in ledgers by a text that stays as it is', () => {
    const leave: Partial<Verdict> = { rule: 'leave-slip', leave: 'l7', session: null };
    expect(verdictKey('h', LATE)).toBe('h|late|e1|2026-03-02|1|');
    expect(verdictKey('h', { ...LATE, ...leave })).toBe('h|leave-slip|l7|2026-03-02||');
    expect(verdictKey('h', { ...LATE, window: 'W', run: true })).toBe(`h|late|W|2026-03-02|1||${NINE}`);
    expect(verdictKey('h', { ...LATE, side: 'in' })).toBe('h|late|e1|2026-03-02|1|in');
  });

  test('says the same while only its minutes grow, and something else when anything else differs', () => {
    expect(sameVerdict(LATE, { ...LATE, evidence: [] })).toBe(true);
    const differing: Partial<Verdict>[] = [
      { state: 'pending' },
      { from: NINE + 1 },
      { to: NINE + 1 },
      { employee: 'e2' },
      { window: 'W1' },
      { department: 'gaj' },
      { because: 'uncovered' },
      { minutes: 7 },
      { atOpening: true },
      { config: 'sha256:1' },
      { evidence: ['p1'] },
    ];
    for (const more of differing) expect(sameVerdict(LATE, { ...LATE, ...more }), JSON.stringify(more)).toBe(false);
  });

  test('counts its minutes to its end, or to now while it lasts', () => {
    expect(minutesOf(LATE, NINE + 7.5 * MINUTE)).toBe(8);
    expect(minutesOf({ ...LATE, to: NINE + 5 * MINUTE }, NINE + 90 * MINUTE)).toBe(5);
    expect(minutesOf({ ...LATE, minutes: 0 }, NINE + 90 * MINUTE)).toBe(0);
    expect(minutesOf(LATE, NINE - MINUTE)).toBe(0);
  });

  test('is printed with a reason only where it has one', () => {
    const line = verdictLine(hall, LATE, NINE + 6 * MINUTE);
    expect(line).toEqual({
      rule: 'late',
      state: 'open',
      hall: 'h',
      id: 'late/e1/2026-03-02/1',
      date: '2026-03-02',
      session: 1,
      side: null,
      employee: 'e1',
      window: null,
      department: null,
      from: '2026-03-02T09:00:00+08:00',
      to: null,
      minutes: 6,
      evidence: [],
      config: 'sha256:0',
    });
    expect(verdictLine(hall, { ...LATE, leave: 'l7' }, NINE)).toMatchObject({ leave: 'l7' });
    const doubtful = verdictLine(
      hall,
      { ...LATE, state: 'pending', because: 'blind', atOpening: false, to: NINE + 1 },
      NINE,
    );
    expect(doubtful).toMatchObject({ because: 'blind', atOpening: false, to: '2026-03-02T09:00:00.001+08:00' });
  });
});

describe('an id', () => {
  const zone = zoneTable('Asia/Shanghai');
  const run = { run: true, window: 'W01', employee: null, from: NINE + 65 * MINUTE + 12_000 };

  test.each<[string, Partial<Verdict>]>([
    ['late/e1/2026-03-02/1', {}],
    ['missing-punch/e1/2026-03-02/2/out', { rule: 'missing-punch', session: 2, side: 'out' }],
    ['missing-cover/W01/2026-03-02/1/100512', { ...run, rule: 'missing-cover' }],
    ['left-post/W01/2026-03-02/1/100512.007', { ...run, rule: 'left-post', employee: 'e1', from: run.from + 7 }],
    ['left-post-total/W01/2026-03-02/1', { ...run, rule: 'left-post-total', run: false }],
    ['leave-slip/l7/2026-03-03', { rule: 'leave-slip', leave: 'l7', session: null, day: LATE.day + 1 }],
    [
      'leave-slip/a%2Fb%7C%24c%20%u002028假/2026-03-02',
      { rule: 'leave-slip', leave: 'a/b|$c \u2028假', session: null },
    ],
    ['leave-slip/%7F%u000080/2026-03-02', { rule: 'leave-slip', leave: '\u007f\u0080', session: null }],
  ])('is %s', (id, more) => expect(verdictId(zone, { ...LATE, ...more })).toBe(id));

  test('is none where nobody is named, so that a message about what is pending does not', () => {
    const nameless = { ...LATE, employee: null };
    expect(verdictId(zone, nameless)).toBeNull();
    expect(verdictLine(hall, nameless, NINE)).not.toHaveProperty('id');
  });

  test('stays while a verdict changes, and tells runs apart where clocks are put back', () => {
    const changed = {
      ...LATE,
      state: 'closed' as const,
      to: NINE + 1,
      minutes: 9,
      evidence: ['p1'],
      config: 'sha256:1',
    };
    expect(verdictId(zone, changed)).toBe(verdictId(zone, LATE));
    const newYork = zoneTable('America/New_York');
    const [summer, winter] = ['2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-05:00'].map(
      (time) => verdictId(newYork, { ...LATE, ...run, from: parseInstant(time) ?? 0 }) ?? '',
    );
    expect([summer, winter].map((id) => id?.slice(-8))).toEqual(['1/013000', '/013000b']);
  });
});

describe('changes', () => {
  const said = { at: NINE, cause: { deadline: true } as const };
  const opsOf = (before: readonly Verdict[], after: readonly Verdict[]): string[] => {
    const held = diffVerdicts('h', [], before, said).holding;
    return diffVerdicts('h', held, after, said).changes.map(
      ({ op, verdict }) => `${op} ${verdict.rule} ${verdict.state}`,
    );
  };
  const closed: Verdict = { ...LATE, state: 'closed', to: NINE + 6 * MINUTE, evidence: ['p1'] };
  const pending: Verdict = { ...LATE, state: 'pending', because: 'uncovered' };

  test.each<[string, Verdict[], Verdict[], string[]]>([
    ['nothing', [LATE], [{ ...LATE }], []],
    ['something new', [], [LATE], ['open late open']],
    ['its end', [LATE], [closed], ['close late closed']],
    ['firm after doubt', [pending], [closed], ['close late closed']],
    ['doubt', [LATE], [pending], ['revise late pending']],
    ['another end', [closed], [{ ...closed, to: NINE + 7 * MINUTE }], ['revise late closed']],
    ['open again', [closed], [LATE], ['revise late open']],
    ['gone', [LATE], [], ['retract late open']],
    ['another in its place', [LATE], [{ ...LATE, rule: 'absent' }], ['open absent open', 'retract late open']],
  ])('%s', (_, before, after, ops) => expect(opsOf(before, after)).toEqual(ops));
});
