/** All cameras of a hall: their readers share the places for starting, the gates of their hosts and one ffmpeg. */
import { join } from 'node:path';
import type { Roi } from '../../config/fields.ts';
import type { CameraFrame } from '../camera.ts';
import type { DeviceClock } from '../device-clock.ts';
import { GATE_LIMITS, type GateLimits, LoginGate } from '../login-gate.ts';
import { readAddress } from './camera-address.ts';
import type { CameraEvent, ReaderReading, ViewWanted } from './camera-reading.ts';
import { dialectOf, type FfmpegDialect } from './ffmpeg-command.ts';
import { FfmpegReader, type ReaderSurroundings } from './ffmpeg-reader.ts';
import { PidFolder } from './pid-folder.ts';
import { READER_LIMITS, type ReaderLimits } from './reader-limits.ts';
import { StartSlots } from './start-slots.ts';

/** As hall.yaml has it. */
export interface CameraSettings {
  readonly id: string;
  /** rtsp, rtsps, http or https; credentials in it percent-encoded or as they are. */
  readonly source: string;
  readonly seats: readonly { readonly roi: Roi }[];
}

export interface CamerasListener {
  frame(camera: string, frame: CameraFrame): void;
  event(camera: string, event: CameraEvent): void;
}

export interface CamerasOptions {
  readonly cameras: readonly CameraSettings[];
  readonly listener: CamerasListener;
  /** The program that was found to work (`locateFfmpeg`). */
  readonly ffmpegPath: string;
  /** The folder of the ledger; the readers keep a folder of their own in it. */
  readonly dataFolder: string;
  readonly clock: DeviceClock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** How frames show the picture large; by default they do not. */
  readonly view?: ViewWanted;
  /** How many cameras may be connecting at the same time. */
  readonly startsAtOnce?: number;
  readonly limits?: Partial<ReaderLimits>;
  readonly gateLimits?: GateLimits;
  /** Shared with whatever else logs in to the same hosts; one of their own by default. */
  readonly gate?: LoginGate;
}

/** What is known of a camera, for pages, metrics and the time series. */
export interface CameraReading extends ReaderReading {
  readonly id: string;
  /** Its address without credentials. */
  readonly address: string;
}

const STARTS_AT_ONCE = 4;
const FOLDER = 'camera-readers';

interface Kept {
  readonly settings: CameraSettings;
  readonly address: string;
  readonly reader: FfmpegReader;
}

export class Cameras {
  readonly #options: CamerasOptions;
  readonly #gate: LoginGate;
  readonly #slots: StartSlots;
  readonly #pids: PidFolder;
  #kept = new Map<string, Kept>();
  #replacing: Promise<void> = Promise.resolve();
  #dialect: FfmpegDialect | null = null;
  #isStopped = false;

  /** Does nothing yet. Throws for a source that is no camera's address. */
  constructor(options: CamerasOptions) {
    for (const { id, source } of options.cameras) addressOf(id, source);
    this.#options = options;
    this.#gate = options.gate ?? new LoginGate(options.clock, options.gateLimits ?? GATE_LIMITS);
    this.#slots = new StartSlots(options.startsAtOnce ?? STARTS_AT_ONCE);
    this.#pids = new PidFolder(join(options.dataFolder, FOLDER));
  }

  /**
   * Ends what an earlier daemon left behind, and starts to read. A camera that cannot be reached is no error. Rejects if
   * ffmpeg does not answer. The answer: how many processes were left behind.
   */
  async start(): Promise<{ readonly orphans: number }> {
    const orphans = this.#pids.sweep().length;
    const dialect = await dialectOf(this.#options.ffmpegPath);
    this.#dialect = dialect;
    if (!this.#isStopped) for (const settings of this.#options.cameras) this.#keep(settings, dialect);
    return { orphans };
  }

  /** Takes on another configuration; cameras that are the same in both are not disturbed. */
  async replace(cameras: readonly CameraSettings[]): Promise<void> {
    for (const { id, source } of cameras) addressOf(id, source);
    const dialect = this.#dialect;
    if (dialect === null) throw new Error('the cameras have not been started');
    // One after the other: two at once would both start the same camera.
    this.#replacing = this.#replacing.then(() => this.#change(cameras, dialect));
    await this.#replacing;
  }

  async #change(cameras: readonly CameraSettings[], dialect: FfmpegDialect): Promise<void> {
    const before = this.#kept;
    const stays = (settings: CameraSettings): boolean => same(settings, before.get(settings.id)?.settings);
    const staying = new Set(cameras.filter(stays).map(({ id }) => id));
    await Promise.all([...before].map(([id, { reader }]) => (staying.has(id) ? null : reader.stop())));
    if (this.#isStopped) return;
    this.#kept = new Map();
    for (const settings of cameras) {
      const kept = staying.has(settings.id) ? before.get(settings.id) : undefined;
      if (kept === undefined) this.#keep(settings, dialect);
      else this.#kept.set(settings.id, kept);
    }
  }

  /** Resolves once every ffmpeg is gone. They cannot be started again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#kept.values()].map(({ reader }) => reader.stop()));
  }

  /** In the order of the configuration. */
  readings(): CameraReading[] {
    return [...this.#kept].map(([id, { address, reader }]) => ({ id, address, ...reader.reading() }));
  }

  #keep(settings: CameraSettings, dialect: FfmpegDialect): void {
    const { clock, ffmpegPath, limits, listener, random } = this.#options;
    const { id } = settings;
    const address = addressOf(id, settings.source);
    const around: ReaderSurroundings = {
      ffmpeg: { path: ffmpegPath, dialect },
      clock,
      random,
      limits: { ...READER_LIMITS, ...limits },
      slots: this.#slots,
      gate: this.#gate,
      pids: this.#pids,
    };
    const reader = new FfmpegReader(around, {
      address,
      rois: settings.seats.map(({ roi }) => roi),
      view: this.#options.view ?? 'none',
      listener: { frame: (frame) => listener.frame(id, frame), event: (event) => listener.event(id, event) },
    });
    this.#kept.set(id, { settings, address: address.shown, reader });
    reader.start();
  }
}

function addressOf(id: string, source: string) {
  const address = readAddress(source);
  if ('because' in address) throw new Error(`the source of camera ${id} ${address.because}`);
  return address;
}

const same = (one: CameraSettings, other: CameraSettings | undefined): boolean =>
  other !== undefined &&
  one.source === other.source &&
  JSON.stringify(one.seats.map(({ roi }) => roi)) === JSON.stringify(other.seats.map(({ roi }) => roi));
