/** Cases: what people deal with, and what becomes of them when late facts move the runs that they are made of. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { type Case, CaseStore, caseAmong } from '../../daemon/alerts/cases.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { dayOfDate } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { instantOf } from '../oracle/time.ts';
import { CoreHall } from '../support/core-hall.ts';
import { leaveOf, on, SMALL_HALL, seenAt } from '../support/small-hall.ts';

let directory: string;
let ledger: Ledger;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zaigang-cases-'));
  ledger = Ledger.open({ directory, diskReserveBytes: 0 });
});
afterEach(() => {
  ledger.close();
  rmSync(directory, { recursive: true, force: true });
});

const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });

/** Nobody at W1 from one time to another; null = it lasts. */
const empty = (from: string, to: string | null): Verdict => ({
  rule: 'missing-cover',
  state: to === null ? 'open' : 'closed',
  day: dayOfDate('2026-03-02') ?? 0,
  session: 1,
  side: null,
  employee: null,
  window: 'W1',
  department: null,
  from: instantOf(on(from)),
  to: to === null ? null : instantOf(on(to)),
  evidence: [],
  because: null,
  run: true,
  config: 'sha256:00',
});

test('a run that comes back after its case was moved to an earlier one is still of that case', () => {
  const cases = new CaseStore(ledger.database);
  const caseOf = (verdict: Verdict): Case => cases.caseOf(hall, () => [], verdict);
  const first = caseOf(empty('09:41:00', null));
  // Seen late: it began earlier, and had ended before.
  expect(caseOf(empty('09:01:00', null))).toEqual(first);
  expect(caseOf(empty('09:01:00', '09:12:00'))).toEqual(first);
  // Seen later still: it was both.
  expect(caseOf(empty('09:41:00', null))).toEqual(first);
});

test.each([
  ['first', 'second', 'total'],
  ['total', 'first', 'second'],
  ['second', 'total', 'first'],
] as const)(
  'short absences that add up are a case of their own, whatever lies between them (%s, %s, %s)',
  (...order) => {
    const cases = new CaseStore(ledger.database);
    const left = (from: string, to: string): Verdict => ({ ...empty(from, to), rule: 'left-post', employee: 'e1' });
    const said = {
      first: left('09:20:00', '09:40:00'),
      second: left('10:10:00', '10:30:00'),
      total: { ...left('09:00:00', '10:50:00'), rule: 'left-post-total', run: false },
    };
    const ids = new Map(order.map((name) => [name, cases.caseOf(hall, () => [], said[name]).id]));
    expect(new Set(ids.values()).size).toBe(3);
    const rows = cases.between(hall.id, said.first.day, said.first.day);
    for (const name of order) {
      expect(caseAmong(rows, hall.id, said[name])).toMatchObject({
        id: ids.get(name),
        from_at: said[name].from,
        to_at: said[name].to,
      });
    }
    // Another one that began earlier makes it no other case.
    const more = { ...said.total, from: instantOf(on('08:58:00')) };
    expect(cases.caseOf(hall, () => [], more).id).toBe(ids.get('total'));
  },
);

test('a case lasts as long as the longest of what holds of it', async () => {
  using core = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:52:00') });
  await core.record(leaveOf('l1', 'e1', '09:00:00', '12:00:00'), seenAt('v1', 'W1', '09:41:00', 'empty'));
  core.pass(on('09:52:00'));
  const said = core.core.history.standingSince(0).find(({ rule }) => rule === 'missing-cover');
  expect(said).toMatchObject({ to: null });
  // What ended before was noted later.
  const earlier = { ...empty('09:00:30', '09:12:00'), config: said?.config ?? '' };
  const { id } = core.core.cases.caseOf(core.core.hall, core.core.holders, earlier);
  expect(core.core.cases.find('suixian', id)).toMatchObject({ to_at: null });
});
