/** A day that is opened again: what is known of it, by which configuration, and what reaches into it; worked out by hand. */
import { describe, expect, test } from 'vitest';
import { liesIn } from '../../rules/archive.ts';
import { explain, verdictsOfSubject } from '../../rules/explain.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { ReopenedDay, type ReopenOptions } from '../../rules/reopened-day.ts';
import { dayOfDate } from '../../rules/time.ts';
import { verdictId } from '../../rules/verdict.ts';
import { LATE, touch } from '../support/explained.ts';
import { at, hallWith, instantAt, lasting, MONDAY, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const DAY = dayOfDate(MONDAY) ?? 0;
const HALL = hallWith();

function recordsOf(facts: readonly Fact[]): ReopenOptions['records'] {
  return {
    find: (id) => facts.find((fact) => fact.id === id) ?? null,
    between: (span: Span) => facts.filter((fact) => liesIn(fact, span)),
    stretches: () => facts.filter(({ fact }) => fact !== 'punch' && fact !== 'presence'),
  };
}

/** Monday, as known at an instant. */
function open(lines: readonly Line[], time: string, more: Partial<ReopenOptions> & { facts?: readonly Fact[] } = {}) {
  const hall = more.hall ?? HALL;
  const records = recordsOf([...(more.facts ?? []), ...readWorldFacts(hall, lines)]);
  const reopened = ReopenedDay.open(DAY, { records, compile: () => hall, hall, now: instantAt(time), ...more });
  if (reopened === null) throw new Error('nothing to judge by');
  return reopened;
}

const said = (reopened: ReopenedDay, employee = 'e1') => reopened.person(employee)?.verdicts.map(({ rule }) => rule);
const cancel = (id: string, time: string, more: Line = {}): Line => {
  return { fact: 'cancel', id, at: at(time), target: 'late', ...more };
};

describe('what is known', () => {
  test('is what was recorded by now, that very instant included', () => {
    const late = { ...LATE, recordedAt: at('10:00:00') };
    expect(said(open([late], '10:00:00'))).toEqual(['late']);
    expect(said(open([late], '09:59:59.999'))).toEqual(['absent']);
  });

  test('is who has come to the hall by what was recorded by now', () => {
    const comes = lasting('employee', '2026-03-02 00:00:00', null, {
      employee: 'e9',
      name: 'E9',
      department: null,
      schedule: 's',
      recordedAt: at('10:00:00'),
    });
    expect(said(open([comes], '10:00:00'), 'e9')).toEqual(['absent']);
    expect(said(open([comes], '09:59:59.999'), 'e9')).toBeUndefined();
  });

  test('is what was tried out only where that counts', () => {
    const tried = { ...LATE, method: 'simulated' };
    expect(said(open([tried], '10:00:00'))).toEqual(['absent']);
    expect(said(open([tried], '10:00:00', { countSimulated: true }))).toEqual(['late']);
  });

  test('is not what was taken back by now', () => {
    const lines = [LATE, cancel('cancel', '10:00:00')];
    expect(said(open(lines, '10:00:00'))).toEqual(['absent']);
    expect(said(open(lines, '09:59:59.999'))).toEqual(['late']);
    const [late] = readWorldFacts(HALL, [LATE]);
    expect(late && open(lines, '10:00:00').cancelOf(late)?.id).toBe('cancel');
    expect(late && open(lines, '09:59:59.999').cancelOf(late)).toBeNull();
  });
});

test.each<[what: string, ...lines: readonly Line[]]>([
  ['recorded', cancel('second', '10:00:00'), cancel('first', '11:00:00', { recordedAt: at('09:59:00') })],
  ['dated', cancel('second', '10:00:00'), cancel('first', '09:00:00', { recordedAt: at('10:00:00') })],
  ['by id', cancel('z', '10:00:00'), cancel('first', '10:00:00')],
])('of what takes a fact back the first %s stands', (_, ...lines) => {
  const [late] = readWorldFacts(HALL, [LATE]);
  for (const order of [lines, lines.toReversed()]) {
    expect(late && open([LATE, ...order], '20:00:00').cancelOf(late)?.id).toBe('first');
  }
});

describe('a duty that lasts into other days', () => {
  const hall = hallWith({
    schedules: { s: { weekly: {} }, w: { weekly: everyDay('05:00-08:00') } },
    windows: [{ id: 'W', name: 'W', schedule: 'w', a: 'e1' }],
  });
  /** The night belongs to Monday; somebody sits there on Tuesday morning whom nobody can name. */
  const lines = [
    lasting('duty', '2026-03-03 03:00:00', '2026-03-03 06:00:00', { employee: 'e1' }),
    seen('2026-03-03 04:30:00', 'empty'),
    seen('2026-03-03 05:10:00', 'occupied'),
    seen('2026-03-03 05:40:00', 'empty'),
  ];
  const NOW = '2026-03-03 12:00:00';
  const doubts = (reopened: ReopenedDay) =>
    verdictsOfSubject(reopened, 'e1').map((verdict) => [verdict.because, explain(reopened, verdict).doubts] as const);

  test('is in doubt by what was seen there then', () => {
    const seat = { window: 'W', from: instantAt('2026-03-03 05:10:00'), to: instantAt('2026-03-03 05:40:00') };
    expect(doubts(open(lines, NOW, { hall }))).toEqual([
      ['seat-occupied', [{ reason: 'seat-occupied', seats: [seat] }]],
    ]);
  });

  test('is in doubt by what was seen there two days later, where it lasts so long', () => {
    const long = lasting('duty', '2026-03-03 03:00:00', '2026-03-04 06:00:00', { employee: 'e1' });
    const sat = [seen('2026-03-04 05:10:00', 'occupied'), seen('2026-03-04 05:40:00', 'empty')];
    const seat = { window: 'W', from: instantAt('2026-03-04 05:10:00'), to: instantAt('2026-03-04 05:40:00') };
    expect(doubts(open([long, ...sat], '2026-03-04 12:00:00', { hall }))).toEqual([
      ['seat-occupied', [{ reason: 'seat-occupied', seats: [seat] }]],
    ]);
  });

  test('is not in doubt by what was seen there a day before', () => {
    const before = [lines[0] ?? {}, ...[seen('04:30:00', 'empty'), seen('05:10:00', 'occupied')]];
    expect(doubts(open([...before, seen('05:40:00', 'empty')], NOW, { hall }))).toEqual([[null, []]]);
  });

  test('is judged by the next day’s own configuration, which may not know the window', () => {
    const without: Hall = hallWith({ schedules: { s: { weekly: {} } } });
    const config = (id: string, effectiveFrom: string): ConfigFact => ({
      fact: 'config',
      id,
      at: 0,
      recordedAt: 0,
      hash: id,
      effectiveFrom: instantAt(effectiveFrom),
      judging: {},
    });
    const facts = [config('first', '04:00:00'), config('second', '2026-03-03 04:00:00')];
    const reopened = open(lines, NOW, { hall, facts, compile: ({ id }) => (id === 'first' ? hall : without) });
    expect(doubts(reopened)).toEqual([[null, []]]);
    const [verdict] = verdictsOfSubject(reopened, 'e1');
    if (verdict === undefined) throw new Error('nothing is said of e1');
    expect(explain(reopened, verdict).config.effectiveFromAt).toBe(instantAt('04:00:00'));
    const bare = open(lines, NOW, { hall });
    expect(explain(bare, verdict).config.effectiveFromAt).toBeNull();
  });
});

test('what is asked of a subject is what is said of it', () => {
  const hall = hallWith({
    employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })),
    windows: ['V', 'W'].map((id) => ({ id, name: id, schedule: 's', a: 'e1' })),
  });
  const off = lasting('leave', '09:00:00', '2026-03-04 12:00:00', { id: 'off', employee: 'e2', kind: '事假' });
  const reopened = open([LATE, touch('home', '17:05:00'), off], '20:00:00', { hall });
  const ids = (subject: string) => verdictsOfSubject(reopened, subject).map((one) => verdictId(hall.zone, one));
  expect(ids('e1')).toEqual([
    'late/e1/2026-03-02/1',
    'missing-punch/e1/2026-03-02/1/out',
    'missing-punch/e1/2026-03-02/2/in',
  ]);
  expect(ids('off')).toEqual(['leave-slip/off/2026-03-02']);
  expect(ids('W').every((id) => id?.includes('/W/'))).toBe(true);
  expect(ids('W').length).toBeGreaterThan(0);
  expect(ids('nobody')).toEqual([]);
});
test('nothing is explained that is not of the day', () => {
  const reopened = open([LATE], '20:00:00');
  const [verdict] = reopened.person('e1')?.verdicts ?? [];
  if (verdict === undefined) throw new Error('nothing is said of e1');
  expect(() => explain(reopened, { ...verdict, session: 9 })).toThrow(/no session/);
  expect(() => explain(reopened, { ...verdict, employee: 'nobody' })).toThrow(/does not know/);
  expect(() => explain(reopened, { ...verdict, leave: 'none' })).toThrow(/no leave/);
  expect(() => explain(reopened, { ...verdict, window: 'nowhere' })).toThrow(/unknown/);
  const options = { records: recordsOf([]), compile: () => HALL, hall: null, now: 0 };
  expect(ReopenedDay.open(DAY, options)).toBeNull();
});
