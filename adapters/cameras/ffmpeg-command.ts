/** The words of the command that reads one camera, for the ffmpeg that is there. */
import { execFile } from 'node:child_process';
import ffmpeg from 'fluent-ffmpeg';
import type { Ms } from '../../rules/time.ts';
import type { CameraAddress, CameraScheme } from './camera-address.ts';
import type { FrameLayout } from './frame-graph.ts';

/**
 * What is decoded. `keyframes`: pictures that stand by themselves, a few percent of the work. `sampled`: everything, for
 * streams whose keyframes are minutes apart, of which a picture every two seconds is kept.
 */
export type Decoding = 'keyframes' | 'sampled';

/** What differs from one ffmpeg to another, asked rather than read off its version, which builds from git do not have. */
export interface FfmpegDialect {
  /** How long its RTSP waits for the network. Before 5.0 `-timeout` made it listen, and `-stimeout` was meant. */
  readonly rtspTimeout: '-timeout' | '-stimeout';
  /** How it is told to hand frames on as they come: `-fps_mode` from 5.1, `-vsync` before. */
  readonly frameRateMode: '-fps_mode' | '-vsync';
  /** Whether it can hand keyframes on as they came, and tell the time of a picture in its pixels: from 5.0, with GPL filters. */
  readonly copiesKeyframes: boolean;
}

/** Asks the program at `path`. Rejects if it does not answer. */
export async function dialectOf(path: string, timeoutMs: Ms = 10_000): Promise<FfmpegDialect> {
  const help = (...topic: string[]) =>
    new Promise<string>((resolve, reject) => {
      const limits = { timeout: timeoutMs, killSignal: 'SIGKILL' as const, maxBuffer: 8 << 20, windowsHide: true };
      execFile(path, ['-hide_banner', '-h', ...topic], limits, (error, output) =>
        error === null ? resolve(output) : reject(error),
      );
    });
  const [rtsp, all, noise, geq] = await Promise.all([
    help('demuxer=rtsp'),
    help('long'),
    help('bsf=noise'),
    help('filter=geq'),
  ]);
  return {
    rtspTimeout: /^\s*-stimeout\s/m.test(rtsp) ? '-stimeout' : '-timeout',
    frameRateMode: /^\s*-fps_mode\b/m.test(all) ? '-fps_mode' : '-vsync',
    copiesKeyframes: /^\s*-drop\s/m.test(noise) && /^Filter geq\b/m.test(geq),
  };
}

/** What a source may lead ffmpeg to. A camera, or who has taken its place, must not make it open anything else. */
export const PROTOCOLS: Readonly<Record<CameraScheme, string>> = {
  rtsp: 'rtsp,rtp,udp,tcp',
  rtsps: 'rtsp,rtsps,rtp,udp,tcp,tls',
  // An address may send on to its encrypted self.
  http: 'http,https,httpproxy,tcp,tls',
  https: 'https,tls,tcp',
  file: 'file',
};

/** Without it ffmpeg would draw a page of text as video, or follow a list of other addresses (`ffconcat`). */
const FORMATS: Readonly<Partial<Record<CameraScheme, string>>> = {
  rtsp: 'rtsp',
  rtsps: 'rtsp',
  http: 'mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,live_flv,mov,mp4,matroska,webm,h264,hevc,mpeg,asf,hls',
  https: 'mpjpeg,mjpeg,jpeg_pipe,mpegts,flv,live_flv,mov,mp4,matroska,webm,h264,hevc,mpeg,asf,hls',
};

/** A panorama of four 4K pictures is 33 megapixels; decoding 200 would take 300 MB for each frame. */
export const MOST_PIXELS = 50_000_000;

/** The input's options, up to its address. */
export function inputArguments(address: CameraAddress, dialect: FfmpegDialect, waitMs: Ms): string[] {
  const { scheme } = address;
  const formats = FORMATS[scheme];
  const microseconds = String(Math.round(waitMs * 1000));
  const isRtsp = scheme === 'rtsp' || scheme === 'rtsps';
  return [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
    ...['-protocol_whitelist', PROTOCOLS[scheme]],
    ...(formats === undefined ? [] : ['-format_whitelist', formats]),
    ...(isRtsp ? ['-rtsp_transport', 'tcp', '-allowed_media_types', 'video', dialect.rtspTimeout, microseconds] : []),
    ...(scheme === 'http' || scheme === 'https' ? ['-rw_timeout', microseconds] : []),
    // Cameras' own time jumps; ours is when the bytes came. And a second of looking suffices where they say what they send:
    // the first picture comes after 1.3 s instead of 5.9 s (measured).
    ...(scheme === 'file' ? [] : ['-use_wallclock_as_timestamps', '1']),
    ...(scheme === 'file' ? [] : ['-fpsprobesize', '0', '-analyzeduration', '1000000']),
    // One thread: more of them cost 7 to 15 % more work (measured), and hold frames back.
    ...['-threads', '1', '-max_pixels', String(MOST_PIXELS)],
  ];
}

export interface ReadCommand {
  readonly address: CameraAddress;
  readonly layout: FrameLayout;
  readonly decoding: Decoding;
  readonly dialect: FfmpegDialect;
  /** How long it may wait for the network by itself. It does not always notice; whoever starts it must watch it too. */
  readonly waitMs: Ms;
}

/** A keyframe decodes the same by itself as in its stream, if it is decoded by these. */
export const KEYFRAME_FLAGS = ['-flags', 'low_delay'] as const;

/**
 * The arguments that make ffmpeg write the layout's frames to its standard output, without end; and where they are stamped,
 * the keyframes as they came to `pipe:3`.
 */
export function readArguments({ address, layout, decoding, dialect, waitMs }: ReadCommand): string[] {
  const input = inputArguments(address, dialect, waitMs);
  const keyframes = decoding === 'keyframes' ? [...KEYFRAME_FLAGS, '-skip_frame', 'nokey'] : [];
  const command = ffmpeg(address.url)
    .inputOptions(...input, ...keyframes)
    .complexFilter(layout.filter, 'o')
    .output('pipe:1')
    .outputOptions('-filter_complex_threads', '1', dialect.frameRateMode, 'passthrough')
    // Each frame at once: it is smaller than ffmpeg's buffer of 32 KiB.
    .outputOptions('-f', 'rawvideo', '-pix_fmt', 'gray', '-flush_packets', '1')
    // From 5.0 the raw "encoder" has a thread for each core, and holds back as many frames (measured: one late on two
    // cores): with keyframes every two seconds and 16 cores, what is seen would be half a minute old.
    .outputOptions('-threads', '1');
  return (layout.stamped ? command.output('pipe:3').outputOptions(...COPIED) : command)._getArguments();
}

/**
 * Only pictures that stand by themselves, undecoded, each with the tables and (from the muxer) the parameters that make it a stream.
 * Their time is the stream's own, as in the pixels.
 */
const COPIED = [
  ...['-map', '0:v:0', '-c:v', 'copy', '-bsf:v', 'noise=drop=not(key)'],
  ...['-f', 'mpegts', '-mpegts_copyts', '1', '-mpegts_flags', '+pat_pmt_at_frames'],
  ...['-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1'],
] as const;
