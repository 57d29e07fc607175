/**
 * The camera of one window of the demonstration. What happens at its seat is drawn, encoded as H.264 and decoded again by
 * ffmpeg as a camera's stream is, and judged by what judges real cameras. It keeps a little ahead of the hall's clock, so
 * that nobody waits for it; what it says is dated by its pictures.
 */
import { PassThrough, Readable } from 'node:stream';
import type { FfmpegDialect } from '../../adapters/cameras/ffmpeg-command.ts';
import { type FfmpegEnd, type FfmpegRun, runFfmpeg } from '../../adapters/cameras/ffmpeg-process.ts';
import { type CutFrame, FrameCutter, type FrameLayout, layoutOf } from '../../adapters/cameras/frame-graph.ts';
import { CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import type { PresenceFact, PresenceState } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { HOUR, type Ms, SECOND } from '../../rules/time.ts';
import { Testimony } from '../cameras/testimony.ts';
import { systemAfter } from '../clock.ts';
import { drawScene, SCENE, SCENE_SEAT, type SceneLook, type SceneMoment } from './seat-scene.ts';

export interface SeatFilmOptions {
  readonly ffmpegPath: string;
  readonly dialect: FfmpegDialect;
  readonly hall: Hall;
  readonly window: string;
  /** What presence facts name as their source. */
  readonly source: string;
  /** What is there, from when on; before the first nobody is. In the order of time. */
  readonly script: readonly (readonly [from: Ms, state: PresenceState])[];
  /**
   * From when to when the camera sends pictures, in the order of time. In the first picture of all the seat must be
   * empty: that is what staff would have shown the camera.
   */
  readonly showings: readonly Span[];
}

/** ffmpeg could not do it; the message ends a sentence. */
export class FilmError extends Error {
  override readonly name = 'FilmError';
}

/**
 * Between two pictures, in the hall's time. Real cameras are looked at five times as often; here a minute decides, and a
 * whole day of pictures has to be drawn, encoded, decoded and judged in some seconds.
 */
export const PICTURE_EVERY_MS: Ms = 10 * SECOND;
/** So many pictures are drawn beforehand: more than ffmpeg keeps to itself on the way. */
const LEAD = 30;
/** Within so long a picture comes out of ffmpeg, or never. */
const PATIENCE_MS: Ms = 30 * SECOND;
/** Pictures of 160×90: as large as the whole one that is judged. */
const SHRINK = 2;
const LOOK: SceneLook = { seed: 4, cloth: 60, chair: 90, wall: 160, noise: 2 };
const SEAT = { kind: 'box', ...SCENE_SEAT } as const;

/** Resolves when the first picture has come through; rejects with a `FilmError` where none does. */
export async function openSeatFilm(options: SeatFilmOptions): Promise<SeatFilm> {
  const film = new SeatFilm(options);
  try {
    await film.upTo(options.showings[0]?.from ?? 0);
    return film;
  } catch (error) {
    await film[Symbol.asyncDispose]();
    throw error;
  }
}

export class SeatFilm implements AsyncDisposable {
  readonly #options: SeatFilmOptions;
  readonly #occupancy = new CameraOccupancy({ places: [SCENE_SEAT] });
  readonly #testimony: Testimony;
  readonly #facts: PresenceFact[] = [];
  readonly #runs: readonly FfmpegRun[];
  /** When each picture is taken. */
  readonly #pictureAt: readonly Ms[];
  #wantedAt: Ms = 0;
  /** Pictures that have been judged. */
  #seen = 0;
  #failure: FilmError | null = null;
  #isClosed = false;
  /** Something has changed that others wait for. */
  #turn = Promise.withResolvers<void>();

  constructor(options: SeatFilmOptions) {
    const { hall, source, window, ffmpegPath: path } = options;
    this.#options = options;
    this.#pictureAt = options.showings.flatMap(picturesIn);
    this.#testimony = new Testimony({ hall, source, windows: [window], offer: (fact) => void this.#facts.push(fact) });
    const layout = layoutOf([SEAT]);
    const cutter = new FrameCutter(layout);
    const coded = new PassThrough();
    // A Ctrl-C at the terminal is the demonstration's, which ends them.
    const common = { path, mask: (line: string) => line, apart: true };
    const encoder = runFfmpeg({
      ...common,
      args: encodeArguments(),
      input: Readable.from(this.#pictures(), { highWaterMark: 1 }),
      onOutput: (chunk) => void coded.write(chunk),
    });
    const decoder = runFfmpeg({
      ...common,
      args: decodeArguments(layout, options.dialect),
      input: coded,
      onOutput: (chunk) => cutter.push(chunk).forEach((frame) => void this.#see(frame)),
    });
    this.#runs = [encoder, decoder];
    void encoder.ended.then((end) => {
      coded.end();
      if (end.code !== 0) this.#fail(reasonOf(end));
    });
    void decoder.ended.then((end) => {
      if (this.#seen < this.#pictureAt.length) this.#fail(reasonOf(end));
    });
  }

  /** The first thing that the pictures up to `at` say and that was not returned yet; null = nothing. */
  async upTo(at: Ms): Promise<PresenceFact | null> {
    if (at > this.#wantedAt) {
      this.#wantedAt = at;
      this.#wake();
    }
    while ((this.#pictureAt[this.#seen] ?? Number.POSITIVE_INFINITY) <= at) {
      if (this.#failure !== null) throw this.#failure;
      await this.#patiently(this.#turn.promise);
    }
    const first = this.#facts[0];
    return first === undefined || first.at > at ? null : (this.#facts.shift() ?? null);
  }

  /** Resolves when no process is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    for (const run of this.#runs) run.kill();
    await Promise.all(this.#runs.map(({ ended }) => ended));
  }

  async #patiently(turn: Promise<void>): Promise<void> {
    const cancel = systemAfter(PATIENCE_MS, () => this.#fail(`no picture came within ${PATIENCE_MS / SECOND} s`));
    await turn;
    cancel();
  }

  #wake(): void {
    this.#turn.resolve();
    this.#turn = Promise.withResolvers();
  }

  #fail(because: string): void {
    if (!this.#isClosed) this.#failure ??= new FilmError(because);
    this.#wake();
  }

  async *#pictures(): AsyncGenerator<Uint8Array> {
    const opensAt = this.#pictureAt[0] ?? 0;
    for (const [i, at] of this.#pictureAt.entries()) {
      while ((this.#pictureAt[i - LEAD] ?? 0) > this.#wantedAt && !this.#isClosed) await this.#turn.promise;
      if (this.#isClosed) return;
      const moment = { ...MOMENTS[this.#stateAt(at)], gain: daylight(at - opensAt) };
      yield drawScene(LOOK, (at - opensAt) / SECOND, moment, SHRINK).pixels;
    }
  }

  #stateAt(at: Ms): PresenceState {
    return this.#options.script.findLast(([from]) => from <= at)?.[1] ?? 'empty';
  }

  #see(frame: CutFrame): void {
    if (this.#isClosed) return;
    const at = this.#pictureAt[this.#seen];
    if (at === undefined) return this.#fail('more pictures came out than went in');
    const [seat] = frame.seats;
    if (this.#seen === 0 && seat !== undefined) this.#occupancy.learnEmpty(0, at, seat);
    this.#seen += 1;
    const state = this.#occupancy.see({ at, ...frame })?.seats[0]?.state;
    if (state !== undefined) this.#testimony.say(this.#options.window, state, at);
    // After the last picture nothing is known until the next one.
    if (this.#options.showings.some(({ to }) => at <= to && at + PICTURE_EVERY_MS > to))
      this.#testimony.sayNothingKnown(at + PICTURE_EVERY_MS);
    this.#wake();
  }
}

function picturesIn({ from, to }: Span): Ms[] {
  return Array.from({ length: Math.floor((to - from) / PICTURE_EVERY_MS) + 1 }, (_, i) => from + i * PICTURE_EVERY_MS);
}

/** What is to be seen where a script says so: nothing can be told with a hand before the lens. */
const MOMENTS: Readonly<Record<PresenceState, SceneMoment>> = {
  occupied: { clerk: 1 },
  empty: {},
  unknown: { covered: true },
};

/** From the first picture on it grows lighter and darker again, by a quarter within some hours. */
const daylight = (passed: Ms): number => 0.9 + 0.15 * Math.sin((Math.PI * passed) / (10 * HOUR));

const reasonOf = ({ notStarted, lines, signal, code }: FfmpegEnd): string =>
  notStarted ?? lines.at(-1) ?? (signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);

/** One thread each, so that the same pictures give the same stream on every machine; and nothing is kept back for later. */
const COMMON = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', '-threads', '1'] as const;
const RATE = `1/${PICTURE_EVERY_MS / SECOND}`;

function encodeArguments(): string[] {
  const size = `${SCENE.width / SHRINK}x${SCENE.height / SHRINK}`;
  return [
    ...[...COMMON, '-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', size, '-framerate', RATE, '-i', 'pipe:0'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '24', '-g', '6', '-threads', '1'],
    ...['-pix_fmt', 'yuv420p', '-f', 'h264', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Every picture, as `watch` does it. */
function decodeArguments({ filter }: FrameLayout, { frameRateMode }: FfmpegDialect): string[] {
  return [
    ...[...COMMON, '-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '1000000'],
    ...['-f', 'h264', '-framerate', RATE, '-i', 'pipe:0', '-filter_complex_threads', '1', '-filter_complex', filter],
    ...['-map', '[o]', frameRateMode, 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-flush_packets', '1'],
    ...['-threads', '1', 'pipe:1'],
  ];
}
