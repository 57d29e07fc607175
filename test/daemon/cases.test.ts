/** Cases: what people deal with, and what becomes of them when late facts move the runs that they are made of. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { type Case, CaseStore } from '../../daemon/alerts/cases.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { dayOfDate } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { instantOf } from '../oracle/time.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';

const directory = mkdtempSync(join(tmpdir(), 'zaigang-cases-'));
const ledger = Ledger.open({ directory, diskReserveBytes: 0 });
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
