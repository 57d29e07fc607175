/** The cameras of a hall as witnesses: what they see of its seats becomes presence facts. */

import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import type { CameraEvent } from '../../adapters/cameras/camera-reading.ts';
import { type CameraReading, Cameras } from '../../adapters/cameras/cameras.ts';
import type { View } from '../../adapters/cameras/developed.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { LoginGate } from '../../adapters/login-gate.ts';
import type { PersonSource } from '../../adapters/person-model.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { SeatVerdict } from '../../adapters/vision/occupancy.ts';
import type { CameraConfig } from '../../config/schema.ts';
import type { PresenceFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { Log } from '../log.ts';
import type { PersonReading } from './person-questions.ts';
import { Sight } from './sight.ts';
import { Testimony } from './testimony.ts';
import type { TaughtHow, VisionReading } from './vision.ts';
import type { SeatReferences } from './vision-thread.ts';

export interface SeatWatchOptions {
  readonly hall: Hall;
  readonly cameras: readonly CameraConfig[];
  /** The folder of the ledger. */
  readonly dataFolder: string;
  /** null = there is none that works: then nothing is known of any seat. */
  readonly ffmpegPath: string | null;
  /** Where pictures for cases are taken from what is seen. */
  readonly evidence: Evidence;
  /** A model that knows people, for seats in doubt; null = there is none. */
  readonly person: PersonSource | null;
  readonly clock: DeviceClock;
  readonly offer: (fact: PresenceFact) => void;
  /** Is shown every frame, before its pictures are given away. */
  readonly seen?: (camera: string, frame: CameraFrame) => void;
  /** Is told which cameras are looked at from now on, with the seats that they have from then on. */
  readonly watching?: (cameras: readonly CameraConfig[]) => void;
  readonly log: Log;
  /** Shared with whatever else logs in to the same cameras. */
  readonly gate?: LoginGate;
}

interface Watched {
  readonly config: CameraConfig;
  readonly testimony: Testimony;
}

/** What a camera showed last, and what was seen in it; null where that is not known, or not any more. */
export interface LastSeen {
  readonly at: Ms;
  readonly view: View;
  look: CameraLook | null;
}

/** Longer than a seat takes from one state to another (`SETTLING`); what lasts longer is a doubt, and told as of its beginning. */
const SETTLED_MS: Ms = 10_000;
/** How often silent cameras are asked whether they are lost. */
const SILENCE_EVERY_MS: Ms = 1_000;

export class SeatWatch {
  readonly #options: SeatWatchOptions;
  #watched: ReadonlyMap<string, Watched>;
  /** null = nothing has been read yet. */
  #cameras: Cameras | null = null;
  readonly #sight: Sight;
  readonly #last = new Map<string, LastSeen>();
  #replacing: Promise<void> = Promise.resolve();
  #isStopped = false;
  #cancel: (() => void) | null = null;

  constructor(options: SeatWatchOptions) {
    this.#options = options;
    this.#watched = new Map(options.cameras.map((config) => [config.id, this.#watch(config)]));
    // What is judged before the first camera is read has no picture, and that is noted, too.
    options.evidence.watch(options.cameras);
    this.#sight = new Sight({
      ...options,
      looked: (camera, look, at) => this.#note(camera, look, at),
      blind: () => {
        for (const { testimony } of this.#watched.values()) testimony.sayNothingKnown(options.clock.now());
        for (const last of this.#last.values()) last.look = null;
      },
    });
  }

  /** Begins to look. Cameras that cannot be reached are tried again for as long as it takes. */
  async start(): Promise<void> {
    this.#options.evidence.start();
    await this.#read();
  }

  /** Takes on another configuration; cameras that are the same in both are not disturbed. */
  async replace(cameras: readonly CameraConfig[]): Promise<void> {
    // One after the other: a reader that ends must not speak for the one that comes after it.
    this.#replacing = this.#replacing.then(() => this.#change(cameras));
    await this.#replacing;
  }

  async #change(cameras: readonly CameraConfig[]): Promise<void> {
    if (this.#isStopped) return;
    const before = this.#watched;
    const next = new Map(
      cameras.map((config) => {
        const known = before.get(config.id);
        return [config.id, known !== undefined && same(known.config, config) ? known : this.#watch(config)] as const;
      }),
    );
    // What those that go have said holds no longer.
    for (const [id, watched] of before) {
      if (next.get(id) === watched) continue;
      watched.testimony.sayNothingKnown(this.#options.clock.now());
      this.#last.delete(id);
    }
    this.#watched = next;
    await this.#read();
  }

  /** Reads what is to be watched. */
  async #read(): Promise<void> {
    if (this.#watched.size > 0 && this.#cancel === null) this.#tick();
    const { ffmpegPath, log } = this.#options;
    const cameras = [...this.#watched.values()].map(({ config }) => config);
    this.#options.evidence.watch(cameras);
    if (ffmpegPath === null) return;
    this.#sight.watch(cameras);
    this.#options.watching?.(cameras);
    if (this.#cameras !== null) return this.#cameras.replace(cameras);
    if (cameras.length === 0) return;
    this.#cameras = this.#camerasOf(cameras, ffmpegPath);
    const { orphans } = await this.#cameras.start();
    if (orphans > 0) log.warn({ orphans }, 'camera readers of a former run were ended');
  }

  #camerasOf(cameras: readonly CameraConfig[], ffmpegPath: string): Cameras {
    const { dataFolder, clock, gate } = this.#options;
    return new Cameras({
      cameras,
      ffmpegPath,
      dataFolder,
      clock,
      random: Math.random,
      // A model that knows people is asked too often for a run of ffmpeg each time.
      view: this.#options.person !== null ? 'decoded' : this.#options.evidence.isOn ? 'as-sent' : 'none',
      ...(gate === undefined ? {} : { gate }),
      listener: {
        frame: (camera, frame) => {
          this.#last.set(camera, lastSeenOf(frame, this.#last.get(camera)));
          this.#options.seen?.(camera, frame);
          this.#sight.see(camera, frame);
        },
        event: (camera, event) => this.#event(camera, event),
      },
    });
  }

  /** Resolves when no reader is left, and everything that is to be kept is kept. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#cameras?.stop();
    await this.#sight.stop();
    await this.#options.evidence.stop();
  }

  /** What the readers do, in the order of the configuration. */
  readings(): readonly CameraReading[] {
    return this.#cameras?.readings() ?? [];
  }

  /** What a camera showed last; null while it shows nothing. */
  lastSeen(camera: string): LastSeen | null {
    return this.#last.get(camera) ?? null;
  }

  /** Somebody says that these seats of a camera are empty now; resolves when it is learnt, or why not. */
  teach(camera: string, seats: readonly number[]): Promise<TaughtHow> {
    return this.#sight.teach(camera, seats);
  }

  /** Somebody says that a seat is empty in this picture of it, which was taken at `at`. */
  show(camera: string, seat: number, at: Ms, picture: GrayPicture): Promise<TaughtHow> {
    return this.#sight.show(camera, seat, at, picture);
  }

  /** How the seats of a camera look when empty, as far as it is known. */
  known(camera: string): SeatReferences {
    return this.#sight.known(camera);
  }

  /** Keeps what is known of the seats of a camera that will be watched next. */
  bequeath(camera: CameraConfig, known: SeatReferences): Promise<void> {
    return this.#sight.bequeath(camera, known);
  }

  /** What the model that knows people does; null = there is none. */
  person(): PersonReading | null {
    return this.#sight.person();
  }

  /** What has been done with pictures since the start. */
  vision(): VisionReading {
    return this.#sight.reading();
  }

  #event(camera: string, event: CameraEvent): void {
    const { log, clock } = this.#options;
    if (event.kind === 'lost') {
      const { reason, detail } = event.loss;
      log.warn({ camera, because: reason, detail, retryMs: event.retryMs }, 'camera was lost');
      // What was handed over before says how it was, not how it is.
      this.#sight.lookAway(camera);
      this.#last.delete(camera);
      this.#watched.get(camera)?.testimony.sayNothingKnown(clock.now());
    } else if (event.kind === 'back') log.info({ camera, decoding: event.decoding }, 'camera was read');
    else if (event.kind === 'not-copied') {
      // It costs more, and nothing else: for whoever wonders at it.
      log.info(
        { camera, because: event.because },
        'camera keyframes were not copied; evidence is scaled from every picture',
      );
    } else if (event.kind === 'untracked') log.error({ camera, because: event.because }, 'camera reader was not noted');
    else log.info({ camera }, event.kind === 'frozen' ? 'camera picture stood still' : 'camera picture moved again');
  }

  #tick(): void {
    const now = this.#options.clock.now();
    this.#sight.wait(now);
    for (const { testimony } of this.#watched.values()) testimony.sayAgain(now);
    this.#cancel = this.#options.clock.after(SILENCE_EVERY_MS, () => this.#tick());
  }

  #note(camera: string, look: CameraLook, at: Ms): void {
    const { log } = this.#options;
    const { seats } = look;
    const last = this.#last.get(camera);
    if (last !== undefined) last.look = look;
    const watched = this.#watched.get(camera);
    for (const [seat, verdict] of seats.entries()) {
      const { state, reason, since } = verdict;
      const window = watched?.config.seats[seat]?.window;
      if (window === undefined || settles(verdict)) continue;
      if (watched?.testimony.say(window, state, state === 'unknown' ? since : at) !== true) continue;
      log.debug({ camera, window, state, because: reason }, 'seat was seen');
    }
  }

  #watch(config: CameraConfig): Watched {
    const { hall, offer } = this.#options;
    const windows = config.seats.map(({ window }) => window);
    return { config, testimony: new Testimony({ hall, source: config.id, windows, offer }) };
  }
}

/**
 * The large picture, or where none is taken the small one, whose pixels are about to be given away. What was seen last stays until the
 * next look.
 */
function lastSeenOf({ at, whole, view, keyframe }: CameraFrame, before: LastSeen | undefined): LastSeen {
  const shown = view ?? keyframe ?? { ...whole, pixels: Uint8Array.from(whole.pixels) };
  return { at, view: shown, look: before?.look ?? null };
}

/**
 * Whether a seat is on its way from one sure state to the other. What it was holds until it has arrived: told as unknown, the moment
 * in which somebody leaves would make all that follows doubtful.
 */
function settles({ state, reason, since, at }: SeatVerdict): boolean {
  return state === 'unknown' && (reason === 'settling' || reason === 'moving') && at - since < SETTLED_MS;
}

/** What a camera says by itself is no part of what is seen in its picture. */
const same = ({ witness: _, ...one }: CameraConfig, { witness: __, ...other }: CameraConfig): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
