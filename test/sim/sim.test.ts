/**
 * The real shell in a simulated world: clocks that lose, double, delay and misdate, a machine that dies in a commit, a disk that is
 * full, a broker that forgets. `node test/sim/run.ts SEED` prints what happens in one run.
 */
import { expect, test } from 'vitest';
import { playAll, tooRare } from './batch.ts';
import { play } from './play.ts';

const SEEDS = 10;

test('one seed is one run, bit for bit', { timeout: 60_000 }, async () => {
  const [once, again, other] = [await play(101), await play(101), await play(102)];
  expect(again.hash).toBe(once.hash);
  expect(again.trace).toEqual(once.trace);
  expect(other.hash).not.toBe(once.hash);
  expect(once.trace.length).toBeGreaterThan(100);
});

test(`what has to hold holds of ${SEEDS} runs`, { timeout: 180_000 }, async () => {
  const batch = await playAll(Array.from({ length: SEEDS }, (_, i) => i + 1));
  expect(batch.failures).toEqual([]);
  // Few runs do not bring about everything; a simulator that brings about little would find nothing.
  expect(tooRare(batch, 1, 1).length).toBeLessThan(20);
});
