/** Everything that sees or hears the windows of a hall: cameras that are read, and devices that say by themselves what they see. */
import type { GrayPicture } from '../../adapters/camera.ts';
import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import type { Point } from '../../adapters/metrics.ts';
import type { CameraConfig, CameraEntry } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import { Batches } from '../bulk/batches.ts';
import type { MetricFamily } from '../metrics.ts';
import { CameraTrials } from '../trials/camera-trials.ts';
import { BreakPictures, type BreakPicturesOptions } from './break-pictures.ts';
import { cameraMetrics, personMetrics, visionMetrics, witnessMetrics } from './camera-metrics.ts';
import { CameraPoints } from './camera-points.ts';
import type { PersonReading } from './person-questions.ts';
import { SeatSurveys } from './seat-surveys.ts';
import { type LastSeen, SeatWatch, type SeatWatchOptions } from './seat-watch.ts';
import type { TaughtHow } from './vision.ts';
import type { SeatReferences } from './vision-thread.ts';
import { type WitnessReading, type WitnessSettings, WitnessWatch } from './witness-watch.ts';

export interface HallCamerasOptions
  extends Omit<SeatWatchOptions, 'cameras' | 'gate' | 'person' | 'seen' | 'watching'> {
  readonly settings: WitnessSettings & Pick<SeatWatchOptions, 'person'>;
  readonly isBreak: BreakPicturesOptions['isBreak'];
  /** Keeps points of the time series; throws a `LedgerError` where it cannot. */
  readonly put: (points: readonly Point[]) => void;
}

export class HallCameras {
  readonly #options: HallCamerasOptions;
  readonly #seats: SeatWatch;
  readonly #witnesses: WitnessWatch;
  readonly #points: CameraPoints;
  #entries: readonly CameraEntry[];
  /** Whoever else logs in to cameras has to pass here, too. */
  readonly gate: LoginGate;
  /** Cameras that somebody sets up. */
  readonly trials: CameraTrials;
  /** Many of them at once. */
  readonly batches: Batches;
  /** Where it moves in the pictures of cameras without seats. */
  readonly surveys: SeatSurveys;
  /** Pictures of empty seats, for somebody to look at. */
  readonly breaks: BreakPictures;

  constructor(options: HallCamerasOptions) {
    const { hall, settings, clock, offer, put, log } = options;
    this.#options = options;
    // A device counts wrong logins whatever they are for.
    const gate = new LoginGate(clock);
    this.gate = gate;
    this.trials = new CameraTrials({ ...options, gate });
    this.batches = new Batches({ ...options, gate });
    this.surveys = new SeatSurveys(clock);
    this.breaks = new BreakPictures({ clock, isBreak: options.isBreak });
    this.#entries = settings.cameras;
    this.#seats = new SeatWatch({
      ...options,
      cameras: settings.cameras.filter(isRead),
      person: settings.person,
      gate,
      seen: (camera, frame) => {
        this.surveys.see(camera, frame);
        this.breaks.see(camera, frame, this.lastSeen(camera)?.look ?? null);
      },
      watching: (cameras) => this.breaks.watch(cameras),
    });
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
    await Promise.all([this.#seats.stop(), this.#witnesses.stop(), this.trials.stop(), this.batches.stop()]);
  }

  /** Takes on another configuration; what is the same in both goes on undisturbed. */
  async replace(settings: WitnessSettings): Promise<void> {
    this.#entries = settings.cameras;
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

  /** As the configuration has them. */
  entries(): readonly CameraEntry[] {
    return this.#entries;
  }

  /** What a camera showed last; null while it shows nothing. */
  lastSeen(camera: string): LastSeen | null {
    return this.#seats.lastSeen(camera);
  }

  /** Somebody says that these seats of a camera are empty now; resolves when it is learnt and kept, or why not. */
  teach(camera: string, seats: readonly number[]): Promise<TaughtHow> {
    return this.#seats.teach(camera, seats);
  }

  /** Somebody says that a seat is empty in this picture of it, which was taken at `at`; resolves when it is learnt and kept. */
  show(camera: string, seat: number, at: Ms, picture: GrayPicture): Promise<TaughtHow> {
    return this.#seats.show(camera, seat, at, picture);
  }

  /** How the seats of a camera look when empty, as far as it is known. */
  known(camera: string): SeatReferences {
    return this.#seats.known(camera);
  }

  /** Keeps what is known of the seats of a camera that will be watched next. */
  bequeath(camera: CameraConfig, known: SeatReferences): Promise<void> {
    return this.#seats.bequeath(camera, known);
  }

  /** What the devices do that say by themselves what they see, in the order of the configuration. */
  witnesses(): readonly WitnessReading[] {
    return this.#witnesses.readings();
  }

  /** What the model that knows people does; null = there is none. */
  person(): PersonReading | null {
    return this.#seats.person();
  }

  /** For `/metrics`. */
  metrics(): MetricFamily[] {
    const { id } = this.#options.hall;
    const cameras = this.readings();
    const vision = cameras.length === 0 ? [] : visionMetrics(id, this.#seats.vision());
    const person = this.person();
    const persons = person === null ? [] : personMetrics(id, person);
    return [...cameraMetrics(id, cameras), ...vision, ...persons, ...witnessMetrics(id, this.witnesses())];
  }
}

export const isRead = (entry: CameraEntry): entry is CameraConfig => entry.source !== null;
