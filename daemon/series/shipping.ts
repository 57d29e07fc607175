/** Ships the ledger's time series to the store that the configuration names. */
import { influxStore } from '../../adapters/metrics/influxdb.ts';
import type { MetricsConfig } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import { type Clock, systemAfter } from '../clock.ts';
import type { HallCore } from '../hall-core.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { type ShipperLag, shipper } from './shipper.ts';

export interface Shipping {
  start(): void;
  kick(): void;
  stop(): Promise<void>;
  lag(): ShipperLag;
}

const FIRST_PAUSE_MS: Ms = 500;
const LONGEST_PAUSE_MS: Ms = 30_000;
/** How long nothing is shipped after the ledger could not note what was. */
const LEDGER_PAUSE_MS: Ms = 5_000;

/** null where the time series stays in the ledger. */
export function shippingOf(
  metrics: MetricsConfig | null,
  core: HallCore,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Shipping | null {
  if (metrics === null || metrics.driver === 'embedded') return null;
  const { series, ledger } = core;
  const store = influxStore({
    url: metrics.url,
    timeoutMs: metrics.timeout,
    ...(metrics.database === null ? {} : { database: metrics.database }),
    ...(metrics.username === null ? {} : { username: metrics.username }),
    ...(metrics.password === null ? {} : { password: metrics.password }),
    ...(metrics.org === null ? {} : { org: metrics.org }),
    ...(metrics.bucket === null ? {} : { bucket: metrics.bucket }),
    ...(metrics.token === null ? {} : { token: metrics.token }),
  });
  const build = () =>
    shipper({
      source: {
        read: (after, limit) => series.read(after, limit),
        cursor: () => series.cursor(),
        advance: (seq) => ledger.commit(() => series.advance(seq)),
        park: (seq, because) => ledger.commit(() => series.park(seq, because)),
      },
      store,
      batch: metrics.batchSize,
      gatherMs: metrics.flushEvery,
      firstPauseMs: FIRST_PAUSE_MS,
      longestPauseMs: LONGEST_PAUSE_MS,
      clock: {
        now: () => clock.now(),
        after: systemAfter,
      },
      random: Math.random,
      log,
    });
  let ship = build();
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  let wake = () => {};

  /** What has been shipped and cannot be noted is shipped again, once the ledger can be written: it overwrites itself. */
  async function keepShipping(): Promise<void> {
    while (!stopped) {
      try {
        await ship.run();
      } catch (error) {
        if (!(error instanceof LedgerError) || !error.retry) throw error;
        log.warn({ because: error.message }, 'series shipping was suspended');
        await nap();
        ship = build();
      }
    }
  }

  function nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LEDGER_PAUSE_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    start() {
      running = keepShipping();
    },
    kick: () => ship.kick(),
    async stop() {
      stopped = true;
      await store.close();
      wake();
      await ship.stop();
      await running;
    },
    lag: () => ship.lag(),
  };
}
