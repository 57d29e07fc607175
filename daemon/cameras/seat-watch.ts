/** The cameras of a hall as witnesses: what they see of its seats becomes presence facts. */
import type { CameraFrame } from '../../adapters/camera.ts';
import type { CameraClock } from '../../adapters/cameras/camera-clock.ts';
import { type CameraReading, Cameras } from '../../adapters/cameras/cameras.ts';
import type { CameraEvent } from '../../adapters/cameras/ffmpeg-reader.ts';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import { type CameraLook, CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import type { SeatVerdict } from '../../adapters/vision/occupancy.ts';
import type { CameraConfig } from '../../config/schema.ts';
import type { PresenceFact, PresenceState } from '../../rules/facts.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { BEGINNING, type Day, type Ms } from '../../rules/time.ts';
import { factId } from '../intake.ts';
import type { Log } from '../log.ts';

export interface SeatWatchOptions {
  readonly hall: Hall;
  readonly cameras: readonly CameraConfig[];
  /** The folder of the ledger. */
  readonly dataFolder: string;
  /** null = there is none that works: then nothing is known of any seat. */
  readonly ffmpegPath: string | null;
  readonly clock: CameraClock;
  readonly offer: (fact: PresenceFact) => void;
  readonly log: Log;
}

/** What a camera said last of its seats. */
interface Watched {
  readonly config: CameraConfig;
  readonly occupancy: CameraOccupancy;
  readonly said: (PresenceState | null)[];
  saidAt: Ms;
  /** The day of the hall on which everything was said: a day knows only what was said on it. */
  saidOn: Day | null;
}

/** How often silent cameras are asked whether they are lost. */
const SILENCE_EVERY_MS: Ms = 1_000;

export class SeatWatch {
  readonly #options: SeatWatchOptions;
  readonly #watched: ReadonlyMap<string, Watched>;
  readonly #cameras: Cameras | null;
  #cancel: () => void = () => {};

  constructor(options: SeatWatchOptions) {
    const { cameras, ffmpegPath, dataFolder, clock } = options;
    this.#options = options;
    this.#watched = new Map(cameras.map((config) => [config.id, watchedOf(config)]));
    this.#cameras =
      ffmpegPath === null || cameras.length === 0
        ? null
        : new Cameras({
            cameras,
            ffmpegPath,
            dataFolder,
            clock,
            random: Math.random,
            listener: {
              frame: (camera, frame) => this.#frame(camera, frame),
              event: (camera, event) => this.#event(camera, event),
            },
          });
  }

  /** Begins to look. Cameras that cannot be reached are tried again for as long as it takes. */
  async start(): Promise<void> {
    if (this.#watched.size === 0) return;
    this.#tick();
    if (this.#cameras === null) return;
    const { orphans } = await this.#cameras.start();
    if (orphans > 0) this.#options.log.warn({ orphans }, 'camera readers of a former run were ended');
  }

  /** Resolves when no reader is left. */
  async stop(): Promise<void> {
    this.#cancel();
    await this.#cameras?.stop();
  }

  /** What the readers do, in the order of the configuration. */
  readings(): readonly CameraReading[] {
    return this.#cameras?.readings() ?? [];
  }

  #frame(camera: string, frame: CameraFrame): void {
    const watched = this.#watched.get(camera) as Watched;
    const look = watched.occupancy.see(frame);
    if (look !== null) this.#note(watched, look, frame.at);
  }

  #event(camera: string, event: CameraEvent): void {
    const { log, clock } = this.#options;
    if (event.kind === 'lost') {
      const { reason, detail } = event.loss;
      log.warn({ camera, because: reason, detail, retryMs: event.retryMs }, 'camera was lost');
      this.#sayNothingKnown(this.#watched.get(camera) as Watched, clock.now());
    } else if (event.kind === 'back') log.info({ camera, decoding: event.decoding }, 'camera was read');
    else if (event.kind === 'untracked') log.error({ camera, because: event.because }, 'camera reader was not noted');
    else log.info({ camera }, event.kind === 'frozen' ? 'camera picture stood still' : 'camera picture moved again');
  }

  #tick(): void {
    const now = this.#options.clock.now();
    for (const watched of this.#watched.values()) {
      const look = watched.occupancy.wait(now);
      if (look !== null) this.#note(watched, look, now);
      this.#sayAgain(watched, now);
    }
    this.#cancel = this.#options.clock.after(SILENCE_EVERY_MS, () => this.#tick());
  }

  /** On a new day, and at the start, what holds is said although nothing has changed. */
  #sayAgain(watched: Watched, now: Ms): void {
    const day = dayAt(this.#options.hall, now);
    if (watched.saidOn === day) return;
    watched.saidOn = day;
    const held = watched.said.map((state) => state ?? 'unknown');
    watched.said.fill(null);
    for (const [seat, state] of held.entries()) this.#say(watched, seat, state, now);
  }

  #note(watched: Watched, { seats }: CameraLook, at: Ms): void {
    for (const [seat, verdict] of seats.entries()) this.#say(watched, seat, verdict.state, at, verdict);
  }

  #sayNothingKnown(watched: Watched, at: Ms): void {
    for (const seat of watched.said.keys()) this.#say(watched, seat, 'unknown', at);
  }

  #say(watched: Watched, seat: number, state: PresenceState, seenAt: Ms, verdict: SeatVerdict | null = null): void {
    const { config, said } = watched;
    const window = config.seats[seat]?.window;
    if (window === undefined || said[seat] === state) return;
    said[seat] = state;
    // What one camera says comes in the order of time, whatever its frames and our clock say.
    const at = Math.max(seenAt, watched.saidAt);
    watched.saidAt = at;
    const { hall, log, offer } = this.#options;
    const id = factId('presence', at, hall.id, window, config.id, state);
    log.debug({ camera: config.id, window, state, because: verdict?.reason ?? null }, 'seat was seen');
    offer({ fact: 'presence', id, recordedAt: BEGINNING, at, window, state, source: config.id });
  }
}

function watchedOf(config: CameraConfig): Watched {
  const places = config.seats.map(({ roi }) => boxOf(roi));
  return {
    config,
    occupancy: new CameraOccupancy({ places }),
    said: places.map(() => null),
    saidAt: 0,
    saidOn: null,
  };
}
