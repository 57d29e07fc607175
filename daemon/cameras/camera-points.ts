/** How well each camera and witness did, minute by minute, for the time series (contract.md section 7, as it grows). */

import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { Point } from '../../adapters/metrics.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { QUALITY_CODE } from './camera-metrics.ts';
import type { WitnessReading } from './witness-watch.ts';

export interface CameraPointsOptions {
  readonly clock: DeviceClock;
  readonly cameras: () => readonly CameraReading[];
  readonly witnesses: () => readonly WitnessReading[];
  /** Keeps points in the ledger; throws a `LedgerError` where it cannot. */
  readonly put: (points: readonly Point[]) => void;
  readonly log: Log;
}

/** Counts since the start, of which a point has what came since the one before. */
type Counts = Readonly<Record<string, number>>;

export class CameraPoints {
  readonly #options: CameraPointsOptions;
  /** By series, as of the last point that was kept. */
  readonly #counted = new Map<string, Counts>();
  #cancel: (() => void) | null = null;
  #writtenAt: Ms | null = null;

  constructor(options: CameraPointsOptions) {
    this.#options = options;
  }

  /** Begins to write, if it has not begun yet. */
  start(): void {
    if (this.#cancel !== null) return;
    const { clock } = this.#options;
    const wait = (): void => {
      // At the whole minute, so that what a daemon writes anew after a restart lies where it was.
      this.#cancel = clock.after(MINUTE - (clock.now() % MINUTE), () => {
        this.write();
        wait();
      });
    };
    wait();
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Writes the points of the minute that has ended. What could not be kept is counted in with the next minute's. */
  write(): void {
    const { clock, cameras, witnesses, put, log } = this.#options;
    const at = Math.round(clock.now() / MINUTE) * MINUTE;
    const made = [
      ...cameras().map((reading) => this.#camera(reading, at)),
      ...witnesses().map((one) => this.#witness(one, at)),
    ];
    // A timer may wake a little before its time, and then again.
    if (made.length === 0 || at === this.#writtenAt) return;
    try {
      put(made.map(({ point }) => point));
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      log.warn({ because: error.message }, 'camera figures were not kept');
      return;
    }
    this.#writtenAt = at;
    for (const { series, counts } of made) this.#counted.set(series, counts);
  }

  #camera({ id, state, quality, frames, reconnects, stalls }: CameraReading, at: Ms): Made {
    const fields = { live: state === 'live' ? 1 : 0, quality_code: QUALITY_CODE[quality] };
    return this.#made('camera', { camera: id }, fields, { frames, reconnects, stalls }, at);
  }

  #witness({ id, kind, isHeard, losses, misheard }: WitnessReading, at: Ms): Made {
    return this.#made('witness', { camera: id, kind }, { heard: isHeard ? 1 : 0 }, { losses, misheard }, at);
  }

  #made(measurement: string, tags: Point['tags'], fields: Counts, counts: Counts, at: Ms): Made {
    const series = `${measurement} ${tags['camera']}`;
    const before = this.#counted.get(series) ?? {};
    const since = Object.entries(counts).map(([name, count]) => {
      const last = before[name] ?? 0;
      // One that was taken anew by another configuration counts from nothing.
      return [name, count >= last ? count - last : count] as const;
    });
    return { series, counts, point: { measurement, tags, fields: { ...fields, ...Object.fromEntries(since) }, at } };
  }
}

interface Made {
  readonly series: string;
  readonly counts: Counts;
  readonly point: Point;
}
