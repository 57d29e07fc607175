/** A source that `watch` reads: frames with their own time, at the speed at which they come. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import { type FfmpegDialect, MOST_PIXELS, PROTOCOLS } from '../../adapters/cameras/ffmpeg-command.ts';
import type { FfmpegEnd } from '../../adapters/cameras/ffmpeg-process.ts';
import { type CutFrame, FrameCutter, type FrameLayout } from '../../adapters/cameras/frame-graph.ts';
import type { Ms } from '../../rules/time.ts';
import { systemElapsed } from '../clock.ts';

export interface SourceOptions {
  readonly ffmpegPath: string;
  readonly dialect: FfmpegDialect;
  readonly address: CameraAddress;
  readonly layout: FrameLayout;
  /** A frame, and its time after the first one. */
  readonly onFrame: (offsetMs: Ms, frame: CutFrame) => void;
}

export interface SourceEnd extends FfmpegEnd {
  readonly frames: number;
  /** Ended by `stop`, not by itself. */
  readonly isStopped: boolean;
  /** What ffmpeg took it for: "gif", "mov,mp4,…"; null if it could not be opened. */
  readonly format: string | null;
}

export interface SourceRun {
  readonly ended: Promise<SourceEnd>;
  /** Frames come when the camera sends them, not as fast as they can be read. */
  readonly isLive: () => boolean;
  stop(): void;
}

const WAIT_MICROSECONDS = '15000000';

/** Starts to read. `ended` rejects with what `onFrame` threw. */
export function readSource(options: SourceOptions): SourceRun {
  const { ffmpegPath, address, layout, onFrame } = options;
  const child = spawn(ffmpegPath, argumentsOf(options), { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const said = new Said(address);
  const frames = new TimedFrames(layout, said, onFrame);
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    child.kill('SIGKILL');
  };
  const ended = new Promise<SourceEnd>((resolve, reject) => {
    const take = (action: () => void) => {
      try {
        if (!isStopped) action();
      } catch (error) {
        stop();
        reject(error);
      }
    };
    child.stdout?.on('data', (chunk: Buffer) => take(() => frames.pushPixels(chunk)));
    pipeOf(child, 3)?.on('data', (chunk: Buffer) => take(() => frames.pushTimes(chunk.toString())));
    child.stderr?.on('data', (chunk: Buffer) => {
      said.push(chunk.toString());
      take(() => frames.join());
    });
    const end = (code: number | null, signal: string | null, notStarted: string | null) =>
      resolve({
        code,
        signal,
        notStarted,
        lines: said.problems(),
        frames: frames.count,
        isStopped,
        format: said.format,
      });
    child.once('error', (error) => {
      if (child.pid === undefined) end(null, null, error.message);
    });
    child.once('close', (code, signal) => end(code, signal, null));
  });
  return { ended, stop, isLive: () => said.isLive };
}

const pipeOf = (child: ChildProcess, place: number): NodeJS.ReadableStream | null => {
  const pipe = child.stdio[place];
  return pipe !== null && pipe !== undefined && 'read' in pipe ? pipe : null;
};

/** All frames are decoded: a file may have no more than one that stands by itself. */
function argumentsOf({ address, dialect, layout }: SourceOptions): string[] {
  const { scheme, url } = address;
  const isRtsp = scheme === 'rtsp' || scheme === 'rtsps';
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+info'],
    ...(isRtsp ? ['-rtsp_transport', 'tcp', dialect.rtspTimeout, WAIT_MICROSECONDS] : []),
    // The description says what it sends: the first picture comes after 1.3 s instead of 5.9 s (measured).
    ...(isRtsp ? ['-fpsprobesize', '0', '-analyzeduration', '1000000'] : []),
    ...(scheme === 'http' || scheme === 'https' ? ['-rw_timeout', WAIT_MICROSECONDS] : []),
    // Nothing may lead ffmpeg to another kind of source than the one that was given.
    ...['-protocol_whitelist', PROTOCOLS[scheme], '-max_pixels', String(MOST_PIXELS)],
    ...['-i', url, '-an', '-sn', '-dn', dialect.frameRateMode, 'passthrough'],
    ...['-filter_complex', layout.filter, '-map', '[o]', '-c:v', 'rawvideo', '-pix_fmt', 'gray'],
    // Its encoder holds a picture back for every core, where it is let.
    ...['-threads', '1'],
    // The pixels to one pipe, and when each frame is to be shown, as text, to another.
    ...['-f', 'tee', '[f=rawvideo]pipe:1|[f=framecrc:flush_packets=1]pipe:3'],
  ];
}

/** Puts pixels and times together; each comes in its own pipe. */
class TimedFrames {
  readonly #cutter: FrameCutter;
  readonly #said: Said;
  readonly #onFrame: SourceOptions['onFrame'];
  #frames: { readonly frame: CutFrame; readonly cameAt: Ms }[] = [];
  #times: Ms[] = [];
  #rest = '';
  #tickMs: Ms = 0;
  #firstMs: Ms | null = null;
  count = 0;

  constructor(layout: FrameLayout, said: Said, onFrame: SourceOptions['onFrame']) {
    this.#cutter = new FrameCutter(layout);
    this.#said = said;
    this.#onFrame = onFrame;
  }

  pushPixels(chunk: Buffer): void {
    const cameAt = systemElapsed();
    for (const frame of this.#cutter.push(chunk)) this.#frames.push({ frame, cameAt });
    this.join();
  }

  /** `#tb 0: 1/15` says the unit, and a line of each frame is `stream, decoded at, shown at, …`. */
  pushTimes(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const unit = /^#tb 0: (\d+)\/(\d+)/.exec(line);
      if (unit !== null) this.#tickMs = (1000 * Number(unit[1])) / Number(unit[2]);
      if (!line.startsWith('#')) this.#times.push(Math.round(Number(line.split(',')[2]) * this.#tickMs));
    }
    this.join();
  }

  /** Hands on what is complete, once it is known what the source is: ffmpeg draws a page of text as video, too. */
  join(): void {
    if (!this.#said.isOpened || this.#said.format === TEXT) return;
    while (this.#frames.length > 0 && this.#times.length > 0) {
      const { frame, cameAt } = this.#frames.shift() as { frame: CutFrame; cameAt: Ms };
      const shownAt = this.#times.shift() as Ms;
      // A camera's own time jumps, and some send none: what counts there is when a frame came.
      const at = this.#said.isLive ? Math.round(cameAt) : shownAt;
      this.#firstMs ??= at;
      this.count += 1;
      this.#onFrame(at - this.#firstMs, frame);
    }
  }
}

/** What ffmpeg calls a text that it draws. */
export const TEXT = 'tty';
const LINES_KEPT = 50;

/** What ffmpeg says of the source, and what it complains about. */
class Said {
  readonly #address: CameraAddress;
  #rest = '';
  #problems: string[] = [];
  #hasLength = false;
  isOpened = false;
  format: string | null = null;

  constructor(address: CameraAddress) {
    this.#address = address;
  }

  /** A file has an end, whatever ffmpeg makes of it. */
  get isLive(): boolean {
    const { scheme } = this.#address;
    return scheme === 'rtsp' || scheme === 'rtsps' || (scheme !== 'file' && !this.#hasLength);
  }

  push(text: string): void {
    const lines = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  problems(): string[] {
    this.#read(this.#rest);
    this.#rest = '';
    return this.#problems.map((line) => this.#address.mask(line));
  }

  #read(line: string): void {
    const input = /^\[info\] Input #0, (.+), from /.exec(line);
    if (input !== null) this.format = input[1] ?? null;
    const length = /^\[info\] +Duration: (\S)/.exec(line);
    if (length !== null) this.isOpened = true;
    if (length !== null && length[1] !== 'N') this.#hasLength = true;
    const problem = /^(?:\[[^\]]+ @ [^\]]+\] )*\[(?:error|fatal|panic)\] (.*)$/.exec(line);
    if (problem !== null) this.#problems = [...this.#problems, problem[1] ?? ''].slice(-LINES_KEPT);
  }
}
