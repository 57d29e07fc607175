/** What becomes of a verdict when what was said is held against what holds. */
import { expect, test } from 'vitest';
import { type Change, diffVerdicts } from '../../rules/changes.ts';
import { type Verdict, verdictKey } from '../../rules/verdict.ts';

const OPEN: Verdict = {
  rule: 'late',
  state: 'open',
  day: 20_514,
  session: 1,
  side: null,
  employee: 'e1',
  window: null,
  department: null,
  from: 1000,
  to: null,
  because: null,
  evidence: [],
  run: false,
  config: 'sha256:0',
};
const CLOSED: Verdict = { ...OPEN, state: 'closed', to: 2000 };
const AT_W1: Verdict = { ...OPEN, rule: 'left-post', window: 'W1', run: true };
const PENDING: Verdict = { ...OPEN, state: 'pending', because: 'uncovered' };

test.each<[string, Verdict | null, Verdict | null, Partial<Change> | null]>([
  ['new', null, OPEN, { op: 'open' }],
  ['new, and over', null, CLOSED, { op: 'open' }],
  ['the same', OPEN, { ...OPEN }, null],
  ['over', OPEN, CLOSED, { op: 'close' }],
  ['over, after a doubt', PENDING, CLOSED, { op: 'close' }],
  ['over, and longer', CLOSED, { ...CLOSED, to: 3000 }, { op: 'revise' }],
  ['in doubt', CLOSED, PENDING, { op: 'revise' }],
  ['of another start', CLOSED, { ...CLOSED, from: 1500 }, { op: 'revise', was: { from: 1000, employee: 'e1' } }],
  ['of another person', AT_W1, { ...AT_W1, employee: 'e2' }, { op: 'revise', was: { from: 1000, employee: 'e1' } }],
  ['of another start, and over', OPEN, { ...CLOSED, from: 1500 }, { op: 'close', was: { from: 1000, employee: 'e1' } }],
  ['gone', OPEN, null, { op: 'retract' }],
])('a verdict that is %s', (_, before, now, wanted) => {
  const held = before === null ? [] : [{ key: verdictKey('h', before), verdict: before }];
  const said = { at: 5000, cause: { facts: ['f1'] } };
  const { holding, changes } = diffVerdicts('h', held, now === null ? [] : [now], said);
  const verdict = now ?? before;
  const key = verdict === null ? '' : verdictKey('h', verdict);
  expect(changes).toStrictEqual(wanted === null ? [] : [{ ...said, ...wanted, key, verdict }]);
  expect(holding).toEqual(now === null ? [] : [{ key, verdict: now }]);
});
