/** What a stream is said to be when it is opened: one short connection, without decoding anything. */
import type { Ms } from '../../rules/time.ts';
import type { DeviceClock } from '../device-clock.ts';
import type { CameraAddress } from './camera-address.ts';
import { type FfmpegDialect, inputArguments } from './ffmpeg-command.ts';
import { runFfmpeg } from './ffmpeg-process.ts';
import { type Loss, lossOf } from './loss.ts';

export interface StreamInfo {
  /** As ffmpeg calls it: `h264`, `hevc`, `mjpeg`. */
  readonly codec: string;
  /** Null = it is not known before a picture is decoded. */
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  /** As the stream says, which need not be so. */
  readonly fps: number | null;
}

export interface StreamQuestion {
  readonly ffmpeg: { readonly path: string; readonly dialect: FfmpegDialect };
  readonly address: CameraAddress;
  readonly clock: DeviceClock;
  readonly timeoutMs: Ms;
  /** Ends it sooner. */
  readonly signal?: AbortSignal;
}

/** Logs in once. Never rejects. */
export async function streamInfo({
  ffmpeg,
  address,
  clock,
  timeoutMs,
  signal,
}: StreamQuestion): Promise<StreamInfo | Loss> {
  const run = runFfmpeg({
    path: ffmpeg.path,
    args: [
      ...inputArguments(address, ffmpeg.dialect, timeoutMs),
      ...['-i', address.url, '-loglevel', 'info', '-map', '0:v:0', '-c', 'copy', '-frames:v', '1', '-f', 'null', '-'],
    ],
    mask: address.mask,
    onOutput: () => {},
  });
  let isLate = false;
  const cancel = clock.after(timeoutMs, () => {
    isLate = true;
    run.kill();
  });
  const stop = (): void => run.kill();
  signal?.addEventListener('abort', stop);
  // It may have been ended before this began.
  if (signal?.aborted === true) stop();
  const end = await run.ended;
  signal?.removeEventListener('abort', stop);
  cancel();
  const line = end.lines.find((text) => /^\s*Stream #0:\d+.*: Video: /.test(text));
  const info = line === undefined ? null : infoOf(line);
  if (info !== null) return info;
  if (isLate) return { reason: 'offline', detail: `the stream did not open within ${timeoutMs} ms` };
  return lossOf(end, 0);
}

/** `Stream #0:0: Video: h264 (Baseline), yuv420p(progressive), 640x360 [SAR 1:1 DAR 16:9], 10 fps, 90k tbn` */
function infoOf(line: string): StreamInfo {
  const [, codec = ''] = /: Video: (\w+)/.exec(line) ?? [];
  const [, width, height] = /, (\d{2,5})x(\d{2,5})/.exec(line) ?? [];
  const [, fps] = /, ([\d.]+) fps/.exec(line) ?? [];
  return {
    codec,
    widthPx: width === undefined ? null : Number(width),
    heightPx: height === undefined ? null : Number(height),
    fps: fps === undefined ? null : Number(fps),
  };
}
