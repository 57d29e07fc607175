/**
 * Carries the time series from the ledger to a store. The ledger keeps the points and the cursor; a store that is away
 * for a week costs nothing but the wait. At least once, in order, one request at a time: a point that is sent again
 * overwrites itself, and a correction can never be overtaken by what it corrects.
 */
import { MetricsError, type MetricsStore, type Point } from '../../adapters/metrics.ts';
import type { Ms } from '../../rules/time.ts';

export interface SeriesEntry {
  /** Ascending, gaps allowed. */
  readonly seq: number;
  readonly point: Point;
}

/** The ledger's side. Everything it is told must be durable when the call returns. */
export interface SeriesSource {
  /** At most `limit` entries with a `seq` above `after`, ascending. */
  read(after: number, limit: number): readonly SeriesEntry[];
  /** Everything up to here is in the store or parked. */
  cursor(): number;
  advance(seq: number): void;
  /** The store refuses this point. Called before `advance`, so after a crash a second time for the same `seq`. */
  park(seq: number, because: string): void;
}

export interface ShipperClock {
  now(): Ms;
  /** Calls back once after `delayMs`; the answer cancels it. */
  after(delayMs: Ms, wake: () => void): () => void;
}

export interface ShipperLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface ShipperOptions {
  readonly source: SeriesSource;
  readonly store: MetricsStore;
  /**
   * Points in one request, and the most that are ever held in memory. Encoding 1 000 of them keeps the thread for about
   * 5 ms (measured, InfluxDB line protocol), so 500 to 1 000 next to other work.
   */
  readonly batch: number;
  /** How long more is waited for where something is new: a request for every commit would say a point or two each. */
  readonly gatherMs: Ms;
  /** The first pause after a failure; each further one is twice as long. */
  readonly firstPauseMs: Ms;
  readonly longestPauseMs: Ms;
  readonly clock: ShipperClock;
  /** From 0 to 1: pauses are shortened by up to half, so that several daemons do not come back together. */
  readonly random: () => number;
  readonly log: ShipperLog;
}

export interface ShipperLag {
  readonly cursor: number;
  /** The time of the oldest point that was read and is not in the store yet; null = nothing waits. */
  readonly oldestAt: Ms | null;
  /** Points taken by the store since the start. */
  readonly written: number;
  /** Points parked since the start. */
  readonly parked: number;
  /** Failures since the last success. */
  readonly failures: number;
  readonly failingSince: Ms | null;
  readonly because: string | null;
  readonly lastWrittenAt: Ms | null;
}

export interface Shipper {
  /**
   * Ships until `stop`. Rejects if the source fails, or the store with anything but a `MetricsError`: both are for a
   * supervisor, since no waiting cures them.
   */
  run(): Promise<void>;
  /** There is something new to read. Does not cut a pause short: a busy hall would hammer a store that is down. */
  kick(): void;
  /** Resolves once nothing is under way. A write in flight is waited for; closing the store cuts it short. */
  stop(): Promise<void>;
  lag(): ShipperLag;
}

export function shipper(options: ShipperOptions): Shipper {
  const { source, store, clock, log } = options;
  let stopped = false;
  let running: Promise<void> | undefined;
  let idle = false;
  let wake = () => {};

  let size = options.batch;
  /** There is a refused point between the cursor and this one; the size does not grow until it is found. */
  let refusedUpTo: number | null = null;

  let oldestAt: Ms | null = null;
  let written = 0;
  let parked = 0;
  let failures = 0;
  let failingSince: Ms | null = null;
  let because: string | null = null;
  let lastWrittenAt: Ms | null = null;

  async function loop(): Promise<void> {
    while (!stopped) {
      const entries = source.read(source.cursor(), size);
      oldestAt = entries[0]?.point.at ?? null;
      if (entries.length === 0) await news();
      else await ship(entries);
    }
  }

  async function news(): Promise<void> {
    await nap(null);
    if (!stopped && options.gatherMs > 0) await nap(options.gatherMs);
  }

  async function ship(entries: readonly SeriesEntry[]): Promise<void> {
    try {
      await store.write(entries.map((entry) => entry.point));
    } catch (error) {
      if (!(error instanceof MetricsError)) throw error;
      if (!error.retry) return narrow(entries, error);
      return pause(entries, error);
    }
    moveTo(entries);
    written += entries.length;
    lastWrittenAt = clock.now();
  }

  function moveTo(entries: readonly SeriesEntry[]): void {
    const cursor = (entries.at(-1) as SeriesEntry).seq;
    source.advance(cursor);
    if (refusedUpTo !== null && cursor >= refusedUpTo) refusedUpTo = null;
    if (refusedUpTo === null) size = Math.min(options.batch, size * 2);
    recovered();
  }

  /** Halves until the point at fault is alone, parks it, and goes on: about 2·log2(batch) requests for one. */
  function narrow(entries: readonly SeriesEntry[], error: MetricsError): void {
    if (entries.length === 1) {
      const { seq } = entries[0] as SeriesEntry;
      source.park(seq, error.message);
      parked += 1;
      log.warn({ store: store.name, seq, because: error.message }, 'series point was parked');
      refusedUpTo = null;
      moveTo(entries);
      return;
    }
    refusedUpTo = (entries.at(-1) as SeriesEntry).seq;
    size = Math.ceil(entries.length / 2);
    recovered();
  }

  /** Waits, then tries half as many of the same: what a store or a line was too slow for may pass in smaller pieces. */
  async function pause(entries: readonly SeriesEntry[], error: MetricsError): Promise<void> {
    failures += 1;
    failingSince ??= clock.now();
    because = error.message;
    size = Math.ceil(entries.length / 2);
    refusedUpTo = null;
    const full = Math.min(options.longestPauseMs, options.firstPauseMs * 2 ** (failures - 1));
    const pauseMs = Math.round(full * (1 - options.random() / 2));
    log.warn({ store: store.name, failures, pauseMs, because }, 'series write failed');
    if (!stopped) await nap(pauseMs);
  }

  /** The store has answered, be it with a refusal. */
  function recovered(): void {
    if (failingSince === null) return;
    log.info({ store: store.name, failures, awayMs: clock.now() - failingSince }, 'series store came back');
    failures = 0;
    failingSince = null;
    because = null;
  }

  /** Until `pauseMs` are over, or with null until the next kick; in both cases until `stop`. */
  function nap(pauseMs: Ms | null): Promise<void> {
    return new Promise((resolve) => {
      idle = pauseMs === null;
      const cancel = pauseMs === null ? () => {} : clock.after(pauseMs, () => wake());
      wake = () => {
        wake = () => {};
        idle = false;
        cancel();
        resolve();
      };
    });
  }

  return {
    run() {
      running ??= loop();
      return running;
    },
    kick() {
      if (idle) wake();
    },
    async stop() {
      stopped = true;
      wake();
      // Why it failed is told by `run`.
      await Promise.allSettled([running]);
    },
    lag: () => ({
      cursor: source.cursor(),
      oldestAt,
      written,
      parked,
      failures,
      failingSince,
      because,
      lastWrittenAt,
    }),
  };
}
