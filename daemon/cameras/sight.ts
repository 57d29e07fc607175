/** What becomes of a camera's frames: they are looked at beside the main thread, and remembered for evidence. */
import { availableParallelism } from 'node:os';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { PersonSource } from '../../adapters/person-model.ts';
import { cutSeat } from '../../adapters/persons/seat-cut.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { PersonOpinion } from '../../adapters/vision/person.ts';
import type { CameraConfig } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Log } from '../log.ts';
import { PersonQuestions, type PersonReading } from './person-questions.ts';
import { ReferenceStore } from './reference-store.ts';
import { type TaughtHow, Vision, type VisionReading } from './vision.ts';
import type { SeatReferences } from './vision-thread.ts';

export interface SightOptions {
  /** The folder of the ledger. */
  readonly dataFolder: string;
  readonly evidence: Evidence;
  /** A model that knows people; null = there is none, and doubts stay unknown. */
  readonly person: PersonSource | null;
  readonly clock: DeviceClock;
  readonly log: Log;
  /** What is seen at the seats of a camera; also that nothing can be. */
  readonly looked: (camera: string, look: CameraLook, at: Ms) => void;
  /** Nothing is known of the seats of these cameras until further looks. */
  readonly blind: (cameras: readonly string[]) => void;
}

/** At a picture every two seconds a thread is busy with so many for a tenth of its time, on a busy machine (docs/vision.md). */
const CAMERAS_A_THREAD = 100;
/** One core is left to the main thread and to ffmpeg; more than a few threads would only take memory. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** A thread that looks, and at which cameras. */
interface Onlooker {
  readonly vision: Vision;
  readonly cameras: Set<string>;
}

export class Sight {
  readonly #options: SightOptions;
  readonly #references: ReferenceStore;
  readonly #onlookers: Onlooker[] = [];
  readonly #persons: PersonQuestions | null;
  /** What the model said of the seats of cameras, by seat, until their next picture. */
  readonly #opinions = new WeakMap<CameraConfig, (PersonOpinion | null)[]>();
  #cameras: ReadonlyMap<string, CameraConfig> = new Map();

  constructor(options: SightOptions) {
    this.#options = options;
    this.#references = new ReferenceStore(options.dataFolder, options.log);
    const { person: source, clock, log } = options;
    this.#persons = source === null ? null : new PersonQuestions({ source, clock, log });
  }

  /** Nothing is said any more; resolves when what has been learnt is kept. */
  async stop(): Promise<void> {
    await Promise.all([this.#persons?.stop(), ...this.#onlookers.map(({ vision }) => vision.stop())]);
    await this.#references.flush();
  }

  /** Takes on other cameras; those that are the same objects as before go on as they were. */
  watch(cameras: readonly CameraConfig[]): void {
    const before = this.#cameras;
    this.#cameras = new Map(cameras.map((config) => [config.id, config]));
    for (const id of before.keys()) if (!this.#cameras.has(id)) this.#forget(id);
    if (cameras.length > 0) this.#persons?.begin();
    for (const config of cameras) {
      if (before.get(config.id) === config) continue;
      const places = config.seats.map(({ roi }) => boxOf(roi));
      const onlooker = this.#onlookerOf(config.id) ?? this.#free();
      onlooker.cameras.add(config.id);
      onlooker.vision.watch({ id: config.id, places, known: this.#references.load(config) });
    }
  }

  #forget(camera: string): void {
    const onlooker = this.#onlookerOf(camera);
    onlooker?.vision.forget(camera);
    this.#persons?.lookAway(camera);
    onlooker?.cameras.delete(camera);
  }

  #onlookerOf(camera: string): Onlooker | undefined {
    return this.#onlookers.find(({ cameras }) => cameras.has(camera));
  }

  /** The one with the fewest cameras; a further one where all have enough. */
  #free(): Onlooker {
    const free = this.#onlookers.toSorted((one, other) => one.cameras.size - other.cameras.size)[0];
    const isFull = (free?.cameras.size ?? CAMERAS_A_THREAD) >= CAMERAS_A_THREAD;
    if (free !== undefined && (!isFull || this.#onlookers.length >= MOST_THREADS)) return free;
    const cameras = new Set<string>();
    const vision = this.#begin(cameras);
    const onlooker = { vision, cameras };
    this.#onlookers.push(onlooker);
    return onlooker;
  }

  #begin(cameras: ReadonlySet<string>): Vision {
    const { clock, log, looked, blind } = this.#options;
    const vision = new Vision({
      clock,
      listener: {
        silent: looked,
        learnt: (camera, known) => this.#references.save(this.#cameras.get(camera) as CameraConfig, known),
        failed: (because, retryMs) => {
          const fields = { because, retryMs, cameras: cameras.size };
          log.error(fields, 'looking at pictures failed; seats are unknown until it is resumed');
          blind([...cameras]);
        },
      },
    });
    vision.start();
    return vision;
  }

  /** Somebody says that these seats are empty now; what is learnt is kept before this resolves. */
  async teach(camera: string, seats: readonly number[]): Promise<TaughtHow> {
    return await this.#kept(camera, (vision, told) => vision.teach(camera, seats, told));
  }

  /** Somebody says that a seat is empty in this picture of it, which was taken at `at`; kept before this resolves. */
  async show(camera: string, seat: number, at: Ms, picture: GrayPicture): Promise<TaughtHow> {
    return await this.#kept(camera, (vision, told) => vision.show(camera, seat, at, picture, told));
  }

  async #kept(camera: string, lesson: (vision: Vision, told: (end: TaughtHow) => void) => void): Promise<TaughtHow> {
    const vision = this.#onlookerOf(camera)?.vision;
    if (vision === undefined) return { because: 'interrupted' };
    const end = await new Promise<TaughtHow>((resolve) => lesson(vision, resolve));
    await this.#references.flush();
    return end;
  }

  /** Keeps what is known of the seats of a camera that will be watched next. */
  async bequeath(camera: CameraConfig, known: SeatReferences): Promise<void> {
    this.#references.save(camera, known);
    await this.#references.flush();
  }

  /** How the seats of a camera look when empty, as far as it is known. */
  known(camera: string): SeatReferences {
    return this.#onlookerOf(camera)?.vision.known(camera) ?? [];
  }

  /** A frame, whose small pictures are given away. */
  see(camera: string, frame: CameraFrame): void {
    const { evidence, looked } = this.#options;
    const config = this.#cameras.get(camera);
    const vision = this.#onlookerOf(camera)?.vision;
    if (config === undefined || vision === undefined) return;
    const shot = evidence.isOn ? evidence.keep(camera, frame) : null;
    const told = (look: CameraLook | null): void => {
      if (look === null) return;
      if (shot !== null) evidence.seen(camera, shot, look);
      looked(camera, look, frame.at);
      this.#doubt(config, frame, look);
    };
    // What is not looked at leaves the opinions to the next frame.
    if (vision.see(camera, frame, told, this.#opinions.get(config) ?? [])) this.#opinions.delete(config);
  }

  /** Asks the model about seats of which the other witnesses cannot say enough. */
  #doubt(config: CameraConfig, { at, view }: CameraFrame, { seats }: CameraLook): void {
    const persons = this.#persons;
    if (persons === null || view === undefined) return;
    for (const [seat, { wantsPerson }] of seats.entries()) {
      const roi = config.seats[seat]?.roi;
      if (!wantsPerson || roi === undefined) continue;
      const told = (score: number): void => {
        const opinions = this.#opinions.get(config) ?? config.seats.map(() => null);
        opinions[seat] = { at, score };
        this.#opinions.set(config, opinions);
      };
      persons.ask({ camera: config.id, seat, cut: () => cutSeat(view, boxOf(roi)), told });
    }
  }

  /** What a frame of this camera says that came before is not of interest any more. */
  lookAway(camera: string): void {
    this.#onlookerOf(camera)?.vision.lookAway(camera);
    this.#persons?.lookAway(camera);
  }

  /** To be called about every second. */
  wait(at: Ms): void {
    for (const { vision } of this.#onlookers) vision.wait(at);
    this.#persons?.wait();
  }

  /** Of the model that knows people; null = there is none. */
  person(): PersonReading | null {
    return this.#persons?.reading() ?? null;
  }

  /** Of all threads together. */
  reading(): VisionReading {
    const readings = this.#onlookers.map(({ vision }) => vision.reading());
    const sum = (of: (reading: VisionReading) => number): number => readings.reduce((all, one) => all + of(one), 0);
    return {
      looks: sum(({ looks }) => looks),
      dropped: sum(({ dropped }) => dropped),
      failures: sum(({ failures }) => failures),
      tookMs: sum(({ tookMs }) => tookMs),
    };
  }
}
