import { describe, expect, test } from 'vitest';
import { zoneTable } from '../../config/zone-table.ts';
import { type Fact, type FactProblem, factContent, factLine, readFact, referencesOf } from '../../rules/facts.ts';
import { BEGINNING, parseInstant } from '../../rules/time.ts';

const AT = '2026-03-02T08:55:10+08:00';
const FROM = '2026-03-03T09:00:00+08:00';
const TO = '2026-03-03T12:00:00.250+08:00';

/** One line of every kind, with every key it may have. */
const GOOD: readonly Record<string, unknown>[] = [
  {
    fact: 'punch',
    id: 'p1',
    at: AT,
    employee: 'e1',
    device: 'clock-1',
    deviceAt: '2026-03-02T08:58:10+08:00',
    seq: 4711,
    method: 'finger',
  },
  { fact: 'punch', id: 'p2', at: AT, credential: '1001', seq: 0 },
  { fact: 'presence', id: 'v1', at: AT, window: 'W1', state: 'occupied', source: 'cam-1' },
  { fact: 'leave', id: 'l1', employee: 'e1', kind: '事假', from: FROM, to: TO, slip: false },
  { fact: 'slip', id: 's1', at: AT, leave: 'l1' },
  { fact: 'cover', id: 'c1', window: 'W1', employee: 'e7', from: FROM, to: TO },
  { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e9', 'e8'], from: FROM, to: null },
  { fact: 'duty', id: 'y1', employee: 'e1', from: FROM, to: TO },
  { fact: 'pause', id: 'z1', window: 'W1', from: FROM, to: TO, reason: '停电' },
  { fact: 'pause', id: 'z2', from: FROM, to: TO, reason: '' },
  { fact: 'day', id: 'd1', date: '2026-03-07', kind: 'work' },
  { fact: 'device', id: 'o1', at: AT, device: 'clock-1', state: 'complete' },
  { fact: 'cancel', id: 'q1', at: AT, target: 'l1' },
  { fact: 'credential', id: 'r1', employee: 'e1', credential: '77', device: 'clock-1', from: FROM, to: null },
  {
    fact: 'employee',
    id: 'b1',
    employee: 'e9',
    name: '王五',
    department: 'gaj',
    schedule: null,
    from: FROM,
    to: null,
  },
  { fact: 'config', id: 'g1', at: AT, hash: 'sha256:00', effectiveFrom: FROM, judging: { hall: {} } },
  { fact: 'case', id: 'k1', at: AT, case: 'C-17', window: 'W1', kind: '承诺件', due: TO, days: 5 },
  { fact: 'case-done', id: 'k2', at: AT, case: 'C-17' },
  { fact: 'patrol', id: 't1', at: AT, by: 'e90', scope: 'department', department: 'gaj' },
  { fact: 'patrol', id: 't2', at: AT, by: 'e90', scope: 'hall' },
  { fact: 'conduct', id: 'x1', at: AT, employee: 'e1', window: 'W1', grade: 'general', kind: '上班聊天', by: 'e91' },
  { fact: 'rating', id: 'n1', at: AT, window: 'W1', score: 1.5 },
  { fact: 'rating-closed', id: 'n2', at: AT, rating: 'n1' },
  { fact: 'action', id: 'm1', at: AT, do: 'confirm', case: 'C-17', reason: '' },
  { fact: 'device', id: 'o2', at: AT, device: 'daemon', state: 'offline', lostUntil: TO },
  { fact: 'note', id: 'j1', at: AT, window: 'W1', kind: 'away', reason: '送材料' },
  { fact: 'witness', id: 'j2', at: AT, note: 'j1', seen: true },
  { fact: 'silence', id: 'h1', at: AT, from: FROM, to: TO, reason: '装修', departments: ['gaj'], rules: ['late'] },
  { fact: 'silence-end', id: 'h2', at: AT, silence: 'h1' },
  { fact: 'sign-off', id: 'f1', at: AT, department: 'gaj', week: '2026-W09', asOf: AT, checksum: '00', note: '无异议' },
  { fact: 'remark', id: 'f2', at: AT, department: 'gaj', week: '2026-W09', text: '已更正', proposes: 'excuse' },
];

function factOf(line: unknown): Fact {
  const read = readFact(line);
  if (!('fact' in read)) throw new Error(JSON.stringify(read));
  return read;
}

function problemsOf(line: unknown): readonly FactProblem[] {
  const read = readFact(line);
  if ('fact' in read) throw new Error(`read as ${JSON.stringify(read)}`);
  return read;
}

describe('a line', () => {
  test.each(GOOD.map((line) => [line['fact'], line] as const))('%s is read, and written as it was', (_, line) => {
    const shanghai = zoneTable('Asia/Shanghai');
    const fact = factOf(line);
    const { recordedAt, ...written } = factLine(fact, shanghai);
    expect(written).toEqual(line);
    expect(recordedAt).toBe(line['at']);
    expect(factOf(written)).toEqual(fact);
    // In another offset it is another line, and the same fact.
    expect(factOf(factLine(fact, zoneTable('America/New_York')))).toEqual(fact);
  });

  test('has been known since it happened, or always where it happens at no time', () => {
    expect(factOf(GOOD[0]).recordedAt).toBe(parseInstant(AT));
    expect(factOf(GOOD[3]).recordedAt).toBe(BEGINNING);
    expect(factOf({ ...GOOD[3], recordedAt: AT }).recordedAt).toBe(parseInstant(AT));
  });

  test('may say whose hall it is, by whom and through which door', () => {
    const fact = factOf({ ...GOOD[0], hall: 'suixian', by: 'e90', via: 'import', recordedAt: TO });
    expect(fact).toMatchObject({ hall: 'suixian', by: 'e90', via: 'import', recordedAt: parseInstant(TO) });
    const { recordedAt: _recordedAt, ...said } = factOf(GOOD[0]);
    expect(factContent(fact)).toEqual(said);
  });
});

describe('a line of those of which there are millions', () => {
  const seen = { recordedAt: AT, source: 'cam-1', state: 'empty', window: 'W1', at: AT, id: 'v', fact: 'presence' };
  const who = { credential: '1001', device: 'clock-1' };
  const touch = { recordedAt: AT, method: 'finger', seq: 7, ...who, at: AT, id: 'p', fact: 'punch' };

  test('has its keys in one order, however they come', () => {
    const wanted = ['fact', 'id', 'at', 'window', 'state', 'source', 'recordedAt'];
    expect(Object.keys(factOf(seen))).toEqual(wanted);
    const ofPunch = ['fact', 'id', 'at', 'device', 'credential', 'seq', 'method', 'recordedAt'];
    expect(Object.keys(factOf(touch))).toEqual(ofPunch);
  });

  test.each<[what: string, line: Readonly<Record<string, unknown>>]>([
    ['a presence through a door', { ...seen, via: 'http' }],
    ['a presence through a door, without a source', { ...seen, source: undefined, via: 'http' }],
    ['a punch that was set right', { ...touch, deviceAt: TO }],
    ['a punch of a named person', { ...touch, credential: undefined, employee: 'e1' }],
    ['a punch without a clock', { ...touch, device: undefined, via: 'http' }],
    ['a punch without a number', { ...touch, seq: undefined, via: 'http' }],
    ['a punch without a method', { ...touch, method: undefined, via: 'http' }],
    ['another line with as many keys', { fact: 'slip', id: 's', at: AT, leave: 'l', hall: 'h', by: 'e', via: 'http' }],
  ])('keeps whatever else it says: %s', (_, line) => {
    const said = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
    expect(factLine(factOf(said), zoneTable('Asia/Shanghai'))).toEqual({ recordedAt: AT, ...said });
  });
});

test('a text may be as long as is said', () => {
  const [leave, pause] = [GOOD[3], GOOD[8]];
  expect(factOf({ ...leave, id: 'x'.repeat(1000) }).id).toHaveLength(1000);
  expect(factOf({ ...pause, reason: 'x'.repeat(4000) })).toMatchObject({ reason: 'x'.repeat(4000) });
});

describe('a bad line', () => {
  const [punch, , presence, leave, , , assign, , pause] = GOOD;
  const [config, rating, lost] = ['config', 'rating', 'device'].map((kind) =>
    GOOD.findLast(({ fact }) => fact === kind),
  );

  test.each<[string, unknown, [key: string | null, problem: RegExp][]]>([
    ['no object', 'punch', [[null, /object/]]],
    ['a list', [punch], [[null, /object/]]],
    ['null', null, [[null, /object/]]],
    ['no kind', { id: 'p1' }, [['fact', /missing/]]],
    ['an unknown kind', { ...punch, fact: 'punsh' }, [['fact', /unknown fact "punsh"/]]],
    ['a kind that objects have anyway', { ...punch, fact: 'constructor' }, [['fact', /unknown fact/]]],
    ['an unknown key', { ...punch, empolyee: 'e1' }, [['empolyee', /unknown key/]]],
    ['a key of another kind', { ...punch, window: 'W1' }, [['window', /unknown key/]]],
    [
      'no id',
      { ...presence, id: undefined },
      [
        ['id', /./],
        ['id', /missing/],
      ],
    ],
    ['an empty id', { ...presence, id: '' }, [['id', /non-empty/]]],
    ['an id that is a number', { ...presence, id: 7 }, [['id', /text/]]],
    ['a very long id', { ...presence, id: 'x'.repeat(1001) }, [['id', /1000/]]],
    ['a time without offset', { ...punch, at: '2026-03-02T08:55:10' }, [['at', /a time such as/]]],
    ['a time in numbers', { ...punch, at: 1_772_000_000_000 }, [['at', /a time such as/]]],
    ['an end before its start', { ...leave, from: TO, to: FROM }, [['to', /after/]]],
    ['an end at its start', { ...leave, to: FROM }, [['to', /after/]]],
    ['a leave until further notice', { ...leave, to: null }, [['to', /a time/]]],
    ['a date that is none', { fact: 'day', id: 'd', date: '2026-02-30', kind: 'rest' }, [['date', /a date/]]],
    ['another kind of day', { fact: 'day', id: 'd', date: '2026-03-02', kind: 'holiday' }, [['kind', /work \| rest/]]],
    ['another role', { ...assign, role: 'a' }, [['role', /A \| B/]]],
    ['nobody assigned', { ...assign, employees: [] }, [['employees', /at least one/]]],
    ['somebody without a name', { ...assign, employees: ['e1', ''] }, [['employees', /at least one/]]],
    ['a slip in words', { ...leave, slip: 'yes' }, [['slip', /true or false/]]],
    ['a negative number', { ...punch, seq: -1 }, [['seq', /whole number/]]],
    ['a number with a fraction', { ...punch, seq: 1.5 }, [['seq', /whole number/]]],
    ['whose punch?', { fact: 'punch', id: 'p', at: AT }, [['employee', /either/]]],
    ['two people’s punch', { ...punch, credential: '1' }, [['employee', /either/]]],
    ['no department', { fact: 'patrol', id: 't', at: AT, by: 'e', scope: 'department' }, [['department', /missing/]]],
    ['a reason in numbers', { ...pause, reason: 5 }, [['reason', /text/]]],
    ['what a clock lost', { ...lost, device: 'clock-1' }, [['lostUntil', /only the daemon/]]],
    ['what was lost on coming back', { ...lost, state: 'online' }, [['lostUntil', /when it was offline/]]],
    [
      'a silence of nothing',
      { fact: 'silence', id: 'h', at: AT, from: FROM, to: TO, reason: '装修' },
      [['windows', /at least one/]],
    ],
    ['a reason as long as a letter', { ...pause, reason: 'x'.repeat(4001) }, [['reason', /4000/]]],
    ['a score beyond all numbers', { ...rating, score: Number.POSITIVE_INFINITY }, [['score', /a number/]]],
    ['a configuration in words', { ...config, judging: 'as before' }, [['judging', /an object/]]],
    ['a configuration that is null', { ...config, judging: null }, [['judging', /an object/]]],
    [
      'several at once',
      { fact: 'presence', at: 'now', window: 'W1', seat: 1 },
      [
        ['at', /a time/],
        ['seat', /unknown/],
        ['id', /missing/],
        ['state', /missing/],
      ],
    ],
  ])('%s', (_, line, wanted) => {
    expect(problemsOf(line)).toEqual(
      wanted.map(([key, problem]) => ({ key, problem: expect.stringMatching(problem) })),
    );
  });

  test.each(GOOD.flatMap((line) => Object.keys(line).map((key) => [line['fact'], key, line] as const)))(
    '%s with a nonsensical %s',
    (_, key, line) => expect(problemsOf({ ...line, [key]: [{ no: 'sense' }] })).toMatchObject([{ key }]),
  );

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('with a %s, which every object has', (key) => {
    const line = JSON.parse(`{"fact":"cancel","id":"q","at":"${AT}","target":"l","${key}":1}`);
    expect(problemsOf(line)).toEqual([{ key, problem: expect.stringMatching(/unknown key/) }]);
  });
});

test('who and what a fact names', () => {
  const named = GOOD.map((line) => referencesOf(factOf(line)));
  expect(named[0]).toEqual({ employees: ['e1'], window: null });
  expect(named[1]).toEqual({ employees: [], window: null });
  expect(named[6]).toEqual({ employees: ['e9', 'e8'], window: 'W1' });
  expect(named[9]).toEqual({ employees: [], window: null });
});
