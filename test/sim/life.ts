/** One life of the daemon: the real shell, from its start to its end or its death, on what the former ones left on the disk. */
import type { StatementSync } from 'node:sqlite';
import type { LoadedConfig } from '../../config/load.ts';
import { type Clock, trustedClock } from '../../daemon/clock.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import { LedgerError } from '../../daemon/ledger/ledger.ts';
import type { Log } from '../../daemon/log.ts';
import { type Shipper, shipper } from '../../daemon/series/shipper.ts';
import { HOUR, type Ms, SECOND } from '../../rules/time.ts';
import type { SimBroker } from './sim-broker.ts';
import type { SimDisk } from './sim-disk.ts';
import type { SimStore } from './sim-receivers.ts';
import { drained, type SimTime } from './sim-time.ts';

export interface LifeOptions {
  readonly time: SimTime;
  readonly disk: SimDisk;
  readonly broker: SimBroker;
  readonly store: SimStore;
  readonly loaded: LoadedConfig;
  readonly log: Log;
}

const POINTS_AT_ONCE = 200;

export class Life {
  readonly daemon: HallDaemon;
  readonly clock: Clock;
  readonly #options: LifeOptions;
  readonly #tellingAt: StatementSync;
  #ship: Shipper | null = null;
  #stopped = false;
  #dead = false;

  constructor(options: LifeOptions) {
    const { time, disk, broker, loaded, log } = options;
    this.#options = options;
    this.clock = trustedClock(
      () => time.wall,
      () => time.elapsed,
    );
    const quiet =
      (say: Log['info']): Log['info'] =>
      (fields, phrase) =>
        void (this.#dead || say(fields, phrase));
    this.daemon = new HallDaemon({
      loaded: { ...loaded, config: { ...loaded.config, data: disk.directory } },
      clock: this.clock,
      log: { error: quiet(log.error), warn: quiet(log.warn), info: quiet(log.info), debug: quiet(log.debug) },
      language: 'zh',
      brokers: [broker.adapter()],
      committed: () => this.#ship?.kick(),
      boardEveryMs: HOUR,
      pages: false,
    });
    const { ledger } = this.daemon.core;
    disk.attach(ledger);
    this.#tellingAt = ledger.database.prepare('select min(due_at) as at from telling');
  }

  /** When anything is to be judged, told or sent, in real time; what is overdue is waited for elsewhere. */
  get nextAt(): Ms {
    const { core } = this.daemon;
    const never = Number.POSITIVE_INFINITY;
    if (this.clock.jump !== null || !core.ledger.database.isOpen || core.live.stuck !== null) return never;
    const now = this.clock.now();
    const { at } = this.#tellingAt.get() as { at: Ms | null };
    const due = [core.live.engine?.nextAt ?? never, at ?? never, core.outbox.nextAt].filter((one) => one > now);
    return Math.min(...due) - now + this.#options.time.now;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** Whether it came up; false where the ledger could not be written, which ends the process. */
  async start(): Promise<boolean> {
    try {
      await this.daemon.start();
    } catch (error) {
      if (this.#dead || (error instanceof LedgerError && error.retry)) return false;
      throw error;
    }
    void this.#keepShipping();
    return true;
  }

  /** It ends in order. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ship?.stop();
    await this.daemon.stop();
  }

  /** It is gone: what it still does is done to nobody. */
  die(): void {
    this.#dead = true;
    this.#stopped = true;
  }

  /** Lets go of the files, once whatever it was doing has come to its end. */
  async bury(): Promise<void> {
    await drained();
    const { ledger } = this.daemon.core;
    if (ledger.database.isOpen) ledger.close();
  }

  // ---- the time series, as daemon/series/shipping.ts ships them, to a store without a network ----------------------

  async #keepShipping(): Promise<void> {
    while (!this.#stopped) {
      this.#ship = this.#shipper();
      try {
        await this.#ship.run();
      } catch (error) {
        if (this.#dead) return;
        if (!(error instanceof LedgerError) || !error.retry) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * SECOND));
      }
    }
  }

  #shipper(): Shipper {
    const { time, store, log } = this.#options;
    const { series, ledger } = this.daemon.core;
    const alive = <T>(work: () => T): T => {
      if (this.#dead) throw new LedgerError('the machine is gone', { retry: true });
      return work();
    };
    return shipper({
      source: {
        read: (after, limit) => alive(() => series.read(after, limit)),
        cursor: () => alive(() => series.cursor()),
        advance: (seq) => alive(() => ledger.commit(() => series.advance(seq))),
        park: (seq, because) => alive(() => ledger.commit(() => series.park(seq, because))),
      },
      store,
      batch: POINTS_AT_ONCE,
      gatherMs: 0,
      firstPauseMs: 500,
      longestPauseMs: 30 * SECOND,
      clock: {
        now: () => time.now,
        after(delayMs: Ms, wake: () => void) {
          const timer = setTimeout(wake, delayMs);
          return () => clearTimeout(timer);
        },
      },
      random: () => 0.5,
      log: { info: (fields, phrase) => log.info(fields, phrase), warn: (fields, phrase) => log.warn(fields, phrase) },
    });
  }
}
