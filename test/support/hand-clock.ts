/** Time that passes when told, for the daemon's parts that wait. */
import type { ShipperClock } from '../../daemon/series/shipper.ts';
import { until } from './until.ts';

export interface HandClock {
  readonly clock: ShipperClock;
  /** The length of the pause that is being waited for; null = none. */
  pending(): number | null;
  /** Waits for a pause, lets it end, and answers how long it was. */
  pass(): Promise<number>;
}

export function handClock(): HandClock {
  let now = 1_000_000;
  let pending: { delayMs: number; wake: () => void } | null = null;
  return {
    clock: {
      now: () => now,
      after(delayMs: number, wake: () => void) {
        const mine = { delayMs, wake };
        pending = mine;
        return () => {
          if (pending === mine) pending = null;
        };
      },
    },
    pending: () => pending?.delayMs ?? null,
    async pass(): Promise<number> {
      await until(() => pending !== null, { timeoutMs: 5000, what: 'a pause' });
      const { delayMs, wake } = pending ?? { delayMs: 0, wake: () => {} };
      pending = null;
      now += delayMs;
      wake();
      return delayMs;
    },
  };
}
