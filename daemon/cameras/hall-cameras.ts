/** Everything that sees or hears the windows of a hall: cameras that are read, and devices that say by themselves what they see. */
import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import { LoginGate } from '../../adapters/cameras/login-gate.ts';
import type { Point } from '../../adapters/metrics.ts';
import type { CameraConfig, CameraEntry } from '../../config/schema.ts';
import type { MetricFamily } from '../metrics.ts';
import { cameraMetrics, visionMetrics, witnessMetrics } from './camera-metrics.ts';
import { CameraPoints } from './camera-points.ts';
import { SeatWatch, type SeatWatchOptions } from './seat-watch.ts';
import { type WitnessReading, type WitnessSettings, WitnessWatch } from './witness-watch.ts';

export interface HallCamerasOptions extends Omit<SeatWatchOptions, 'cameras' | 'gate'> {
  readonly settings: WitnessSettings;
  /** Keeps points of the time series; throws a `LedgerError` where it cannot. */
  readonly put: (points: readonly Point[]) => void;
}

export class HallCameras {
  readonly #options: HallCamerasOptions;
  readonly #seats: SeatWatch;
  readonly #witnesses: WitnessWatch;
  readonly #points: CameraPoints;

  constructor(options: HallCamerasOptions) {
    const { hall, settings, clock, offer, put, log } = options;
    this.#options = options;
    // A device counts wrong logins whatever they are for.
    const gate = new LoginGate(clock);
    this.#seats = new SeatWatch({ ...options, cameras: settings.cameras.filter(isRead), gate });
    this.#witnesses = new WitnessWatch({ hall, settings, around: { clock, random: Math.random, gate }, offer, log });
    this.#points = new CameraPoints({
      clock,
      cameras: () => this.readings(),
      witnesses: () => this.witnesses(),
      put,
      log,
    });
  }

  /** Begins to look and to listen. What cannot be reached is tried again for as long as it takes. */
  async start(): Promise<void> {
    this.#witnesses.start();
    this.#watch(this.#options.settings);
    await this.#seats.start();
  }

  /** Resolves when nothing is open any more. */
  async stop(): Promise<void> {
    this.#points.stop();
    await Promise.all([this.#seats.stop(), this.#witnesses.stop()]);
  }

  /** Takes on another configuration; what is the same in both goes on undisturbed. */
  async replace(settings: WitnessSettings): Promise<void> {
    this.#watch(settings);
    await Promise.all([this.#seats.replace(settings.cameras.filter(isRead)), this.#witnesses.replace(settings)]);
  }

  /** Where there is nothing to be told of, nothing waits to tell it. */
  #watch({ cameras }: WitnessSettings): void {
    if (cameras.length > 0) this.#points.start();
  }

  /** What the readers of cameras do, in the order of the configuration. */
  readings(): readonly CameraReading[] {
    return this.#seats.readings();
  }

  /** What the devices do that say by themselves what they see, in the order of the configuration. */
  witnesses(): readonly WitnessReading[] {
    return this.#witnesses.readings();
  }

  /** For `/metrics`. */
  metrics(): MetricFamily[] {
    const { id } = this.#options.hall;
    const cameras = this.readings();
    const vision = cameras.length === 0 ? [] : visionMetrics(id, this.#seats.vision());
    return [...cameraMetrics(id, cameras), ...vision, ...witnessMetrics(id, this.witnesses())];
  }
}

const isRead = (entry: CameraEntry): entry is CameraConfig => entry.source !== null;
