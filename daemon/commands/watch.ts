import { createHash } from 'node:crypto';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import type { Command } from 'commander';
import type { GrayPicture } from '../../adapters/camera.ts';
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import { dialectOf, type FfmpegDialect } from '../../adapters/cameras/ffmpeg-command.ts';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { type CutFrame, type FrameLayout, layoutOf } from '../../adapters/cameras/frame-graph.ts';
import { lossOf } from '../../adapters/cameras/loss.ts';
import { type CameraLook, CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import { isRestless } from '../../adapters/vision/motion.ts';
import type { SeatVerdict } from '../../adapters/vision/occupancy.ts';
import { MOTION } from '../../adapters/vision/occupancy-limits.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import { systemClock, systemElapsed } from '../clock.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { emptyOption, fromOption, outside, seatsOption, type WrittenInstant } from './watch-options.ts';
import { readSource, type SourceEnd, TEXT } from './watch-source.ts';
import { SeatTimes, seconds } from './watch-talk.ts';

interface Options {
  readonly seat: readonly string[];
  readonly from?: string;
  readonly empty?: string;
  readonly out?: string;
}

/** `watch SOURCE`: the occupancy detector over anything that ffmpeg can open, as presence facts. */
export function watchCommand(program: Command, io: Io): void {
  program
    .command('watch')
    .argument('<source>', tell(io, '视频文件、RTSP 或 HTTP 地址', 'a video file, an RTSP or an HTTP address'))
    .requiredOption(
      '--seat <x,y,w,h>',
      tell(
        io,
        '座位在画面中的位置（占画面的比例），多个用 ; 隔开',
        'where a seat is, in fractions of the picture; several with ; between',
      ),
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option('--from <time>', tell(io, '第一帧的时间，默认现在', 'the time of the first frame; now by default'))
    .option(
      '--empty <time|file>',
      tell(
        io,
        '座位都空着的时刻（如 12s 或一个时间），或一张空座画面',
        'when the seats are empty (such as 12s, or a time), or a picture in which they are',
      ),
    )
    .option('--out <file>', tell(io, '事实写入文件', 'write the facts here'))
    .description(
      tell(io, '对一段视频或一台摄像机作在岗检测，输出在岗事实', 'watch seats in a video or a camera: presence facts'),
    )
    .action((source: string, options: Options) => watch(source, options, io));
}

interface Setting {
  readonly io: Io;
  readonly address: CameraAddress;
  readonly ffmpegPath: string;
  readonly dialect: FfmpegDialect;
  readonly layout: FrameLayout;
  readonly from: WrittenInstant;
}

async function watch(source: string, options: Options, io: Io): Promise<void> {
  const seats = seatsOption(options.seat, io);
  const clock = systemClock();
  const from = fromOption(options.from, clock.now(), io);
  const empty = options.empty === undefined ? null : emptyOption(options.empty, from, io);
  const address = addressOf(source, io);
  const found = await locateFfmpeg(io.env);
  if ('missing' in found) throw new Exit(EXIT.unavailable, `${found.missing}\n${found.remedy}`);
  const dialect = await dialectOf(found.path);
  const setting = { io, address, ffmpegPath: found.path, dialect, layout: layoutOf(seats), from };
  const watched = new WatchedSeats(setting, seats, options.out);
  try {
    if (empty !== null && 'file' in empty) watched.learn(0, await firstFrame(setting, empty.file));
    else if (empty !== null && address.scheme === 'file')
      watched.learn(empty.offsetMs, await frameAt(setting, empty.offsetMs, options.empty ?? ''));
    else if (empty !== null) watched.learnAt(empty.offsetMs);
    await watched.run();
    if (watched.isWaitingForEmpty) throw outside(options.empty ?? '', from, watched.lengthMs, io);
  } finally {
    watched.close();
  }
}

function addressOf(source: string, io: Io): CameraAddress {
  const address = readAddress(source, { files: true });
  if ('because' in address) throw new Exit(EXIT.usage, `${source.split('@').at(-1)}: ${address.because}`);
  if (address.scheme === 'file') {
    const status = statSync(address.url.replace(/^file:/, ''), { throwIfNoEntry: false });
    if (status === undefined)
      throw new Exit(EXIT.noInput, tell(io, `${address.shown}：没有这个文件`, `${address.shown}: no such file`));
    if (status.isDirectory())
      throw new Exit(
        EXIT.badInput,
        tell(io, `${address.shown}：是文件夹，不是视频`, `${address.shown}: is a folder, not a video`),
      );
  }
  return address;
}

/** Frames this far from the moment of --empty are its neighbours, and no farther. */
const AROUND_MS = { from: MOTION.shortGapMs, to: 2_500 } as const;

/** The frame that is to be seen at a moment of a file, and a little of what is before and after it. */
async function frameAt(setting: Setting, offsetMs: Ms, text: string): Promise<AroundFrame> {
  let before: CutFrame | null = null;
  let shown: { readonly at: Ms; readonly frame: CutFrame } | null = null;
  let after: CutFrame | null = null;
  let lastMs: Ms = 0;
  let usualMs: Ms = 0;
  const recent: { readonly at: Ms; readonly frame: CutFrame }[] = [];
  const run = readSource({
    ...setting,
    onFrame: (at, frame) => {
      usualMs = at - lastMs;
      lastMs = at;
      if (at <= offsetMs || shown === null) {
        shown = { at, frame };
        recent.push(shown);
        while ((recent[0]?.at ?? 0) < at - AROUND_MS.to) recent.shift();
        before = recent.find((one) => at - one.at >= AROUND_MS.from)?.frame ?? null;
      } else if (after === null && at - shown.at >= AROUND_MS.from) after = frame;
      if (at > offsetMs + AROUND_MS.to) run.stop();
    },
  });
  const end = await run.ended;
  if (!end.isStopped) mustBeVideo(setting, end);
  const found = shown as { readonly at: Ms; readonly frame: CutFrame } | null;
  // The last frame is to be seen as long as those before it were.
  if (found === null || (!end.isStopped && offsetMs > lastMs + usualMs))
    throw outside(text, setting.from, lastMs, setting.io);
  return { frame: found.frame, before, after };
}

/** A frame to learn from, and its neighbours about a second away, where there are any. */
interface AroundFrame {
  readonly frame: CutFrame;
  readonly before: CutFrame | null;
  readonly after: CutFrame | null;
}

async function firstFrame(setting: Setting, file: string): Promise<AroundFrame> {
  let first: CutFrame | null = null;
  const address = addressOf(file, setting.io);
  const run = readSource({
    ...setting,
    address,
    onFrame: (_, frame) => {
      first ??= frame;
      run.stop();
    },
  });
  const end = await run.ended;
  const frame = first as CutFrame | null;
  if (frame === null) throw notVideo(setting.io, address, end);
  return { frame, before: null, after: null };
}

function mustBeVideo({ io, address }: Setting, end: SourceEnd): void {
  if (end.frames === 0 || end.format === TEXT) throw notVideo(io, address, end);
}

/** Why there is not one frame. */
function notVideo(io: Io, address: CameraAddress, end: SourceEnd): Exit {
  const { reason, detail: said } = lossOf(end, 0);
  const hasNone = end.format === TEXT || /matches no streams/.test(said);
  const detail = hasNone
    ? tell(io, `${end.format} 里没有图像`, `there are no pictures in this ${end.format}`)
    : said.replace(`${address.url}: `, '');
  const isFile = address.scheme === 'file';
  if (reason === 'no-ffmpeg') return new Exit(EXIT.unavailable, `ffmpeg: ${detail}`);
  if (isFile || reason === 'no-video' || reason === 'too-large')
    return new Exit(
      EXIT.badInput,
      tell(io, `${address.shown}：不是视频（${detail}）`, `${address.shown}: is not a video (${detail})`),
    );
  return new Exit(
    EXIT.unavailable,
    tell(io, `${address.shown}：无法读取（${detail}）`, `${address.shown}: could not be read (${detail})`),
  );
}

/** How often a silent camera is asked whether it is lost. */
const SILENCE_EVERY_MS = 1_000;

/** The seats of one source, from frames to facts. */
class WatchedSeats {
  readonly #setting: Setting;
  readonly #camera: CameraOccupancy;
  readonly #windows: readonly string[];
  readonly #times: readonly SeatTimes[];
  readonly #outFile: string | null;
  #out: number | null = null;
  #verdicts: readonly SeatVerdict[] | null = null;
  #told: readonly PresenceState[] = [];
  #atMs: Ms = 0;
  #frameMs: Ms = 0;
  /** When the last frame came, in time that only passes. */
  #cameAt: Ms = 0;
  #usualMs: Ms = 0;
  #facts = 0;
  #learnAtMs: Ms | null = null;

  constructor(
    setting: Setting,
    seats: readonly { x: number; y: number; width: number; height: number }[],
    out: string | undefined,
  ) {
    this.#setting = setting;
    this.#camera = new CameraOccupancy({ places: seats });
    this.#windows = seats.map((_, seat) => `seat-${seat + 1}`);
    this.#times = seats.map(() => new SeatTimes());
    this.#outFile = out ?? null;
  }

  /** The seats are empty in this frame, says whoever gave it; one in which something moves before and after is not. */
  learn(at: Ms, { frame, before, after }: AroundFrame): void {
    const { io } = this.#setting;
    frame.seats.forEach((picture, seat) => {
      const neighbours = [before, after].flatMap((one): GrayPicture[] =>
        one?.seats[seat] === undefined ? [] : [one.seats[seat]],
      );
      if (neighbours.length === 2 && neighbours.every((one) => isRestless(one, picture)))
        io.say(
          tell(
            io,
            `${this.#windows[seat]}：--empty 那一刻座位上有动静，不作为空座学习`,
            `${this.#windows[seat]}: something moves in the seat at that moment of --empty; it was not learnt as empty`,
          ),
        );
      else this.#camera.learnEmpty(seat, at, picture);
    });
  }

  /** A camera cannot be looked at beforehand. */
  learnAt(offsetMs: Ms): void {
    this.#learnAtMs = offsetMs;
  }

  get isWaitingForEmpty(): boolean {
    return this.#learnAtMs !== null;
  }

  get lengthMs(): Ms {
    return this.#frameMs;
  }

  async run(): Promise<void> {
    const { io, address } = this.#setting;
    const run = readSource({ ...this.#setting, onFrame: (at, frame) => this.#frame(at, frame) });
    const silence = setInterval(() => {
      if (run.isLive() && this.#verdicts !== null) this.#silence();
    }, SILENCE_EVERY_MS);
    process.once('SIGINT', run.stop).once('SIGTERM', run.stop);
    try {
      const end = await run.ended;
      if (!end.isStopped || end.frames === 0) mustBeVideo(this.#setting, end);
      if (end.code !== 0 && !end.isStopped)
        io.say(
          tell(
            io,
            `${address.shown}：中途结束：${lossOf(end, end.frames).detail}`,
            `${address.shown}: ended early: ${lossOf(end, end.frames).detail}`,
          ),
        );
      this.#end(end.frames);
    } finally {
      clearInterval(silence);
      process.off('SIGINT', run.stop).off('SIGTERM', run.stop);
    }
  }

  close(): void {
    if (this.#out !== null) closeSync(this.#out);
  }

  #frame(at: Ms, frame: CutFrame): void {
    if (this.#learnAtMs !== null && at >= this.#learnAtMs) {
      this.#learnAtMs = null;
      this.learn(at, { frame, before: null, after: null });
    }
    const lost = this.#camera.wait(at);
    if (lost !== null) this.#note(lost, Math.max(this.#atMs, Math.round(at - lost.picture.value + lost.picture.limit)));
    if (at > this.#frameMs && lost === null) this.#usualMs = at - this.#frameMs;
    this.#frameMs = at;
    this.#cameAt = systemElapsed();
    const look = this.#camera.see({ at, ...frame });
    if (look !== null) this.#note(look, at);
  }

  #silence(): void {
    const at = Math.round(this.#frameMs + systemElapsed() - this.#cameAt);
    const look = this.#camera.wait(at);
    if (look !== null) this.#note(look, Math.max(at, this.#atMs));
  }

  /** What holds from `at` on. */
  #note({ seats }: Pick<CameraLook, 'seats'>, at: Ms): void {
    this.#count(at);
    this.#verdicts = seats;
    this.#tell(
      seats.map(({ state }) => state),
      at,
    );
  }

  #count(at: Ms): void {
    this.#verdicts?.forEach((verdict, seat) => void this.#times[seat]?.add(verdict, at - this.#atMs));
    this.#atMs = at;
  }

  #tell(states: readonly PresenceState[], at: Ms): void {
    states.forEach((state, seat) => {
      if (this.#told[seat] === state) return;
      this.#facts += 1;
      this.#write(`${JSON.stringify(this.#fact(this.#windows[seat] ?? '', state, at))}\n`);
    });
    this.#told = states;
  }

  #fact(window: string, state: PresenceState, offsetMs: Ms) {
    const { from, address } = this.#setting;
    const at = formatInstant(from.zone, from.at + offsetMs);
    const id = createHash('sha256').update([address.shown, window, at, state].join('\n')).digest('hex').slice(0, 24);
    return { fact: 'presence', id, at, window, state, source: 'watch' };
  }

  /** After the last frame nothing is known. */
  #end(frames: number): void {
    const { io } = this.#setting;
    const endsAt = Math.max(this.#atMs, this.#frameMs + this.#usualMs);
    this.#count(endsAt);
    this.#tell(
      this.#windows.map(() => 'unknown'),
      endsAt,
    );
    const length = seconds(endsAt, io);
    io.say(
      tell(
        io,
        `${frames} 帧，${length}；${this.#windows.length} 个座位，${this.#facts} 条事实`,
        `${frames} frames, ${length}; ${this.#windows.length} seats, ${this.#facts} facts`,
      ),
    );
    this.#windows.forEach((window, seat) => void io.say(this.#times[seat]?.line(window, io) ?? window));
  }

  #write(line: string): void {
    if (this.#outFile === null) return this.#setting.io.out(line);
    try {
      // Not before there is something to write: a source that is no video must not cost anybody a file.
      this.#out ??= openSync(this.#outFile, 'w');
      writeSync(this.#out, line);
    } catch (error) {
      throw new Exit(EXIT.cannotWrite, (error as Error).message);
    }
  }
}
