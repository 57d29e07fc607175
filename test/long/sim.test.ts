/** More runs of the real shell in a simulated world: those that found something once, and new ones. */
import { expect, test } from 'vitest';
import { playAll, tooRare } from '../sim/batch.ts';
import { FIRST_HABITUAL } from '../sim/habits.ts';

/**
 * What they found: words queued while the ledger was stuck (32, 93), a broker that forgot just before the daemon died (83), a cancelled
 * duty (224), a day looked at before it was opened (278), a day read again (292), a broker that forgot while the ledger was stuck
 * (1114), a touch that was set right to another day (1159).
 */
const ONCE_FAILED = [32, 83, 93, 224, 278, 292, 1114, 1159];

test('the runs that once failed hold', { timeout: 600_000 }, async () => {
  expect((await playAll(ONCE_FAILED)).failures).toEqual([]);
});

test('what has to hold holds of 40 more runs', { timeout: 900_000 }, async () => {
  expect((await playAll(Array.from({ length: 40 }, (_, i) => 301 + i))).failures).toEqual([]);
});

/** In so many every rule is seen in everything that can become of it, and everything that can go wrong does. */
const HABITUAL = 140;

test(`what has to hold holds of ${HABITUAL} runs in which everything happens often`, {
  timeout: 1_800_000,
}, async () => {
  const seeds = Array.from({ length: HABITUAL }, (_, i) => FIRST_HABITUAL + i);
  const batch = await playAll(seeds);
  expect(batch.failures).toEqual([]);
  expect(tooRare(batch, 20, 10)).toEqual([]);
});
