/** Grey pictures as JPEG and back, by the ffmpeg that reads the cameras: one short run for each, of bounded time. */
import ffmpeg from 'fluent-ffmpeg';
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { runFfmpeg } from './ffmpeg-process.ts';

/** `no-ffmpeg`: it cannot be started; `failed`: it ended without what was asked for, or not in time. */
export interface NotMade {
  readonly because: 'no-ffmpeg' | 'failed';
  readonly detail: string;
}

/** A picture takes a tenth of a second; a busy machine some times as long. */
export const LIMIT_MS: Ms = 20_000;
/** 2 is the best, 31 the worst: at 3 nothing is seen of the loss. */
const QUALITY = '3';

/** The picture as a JPEG file. */
export async function encodeJpeg(path: string, picture: GrayPicture, limitMs = LIMIT_MS): Promise<Buffer | NotMade> {
  const { width, height, pixels } = picture;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`];
  // The grey of a JPEG goes from 0 to 255, as ours does; `yuvj420p` says so.
  const output = ['-frames:v', '1', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', QUALITY, '-f', 'image2pipe'];
  const made = await converted(path, { input, output, bytes: pixels, limitMs });
  if ('because' in made) return made;
  return isJpeg(made) ? made : { because: 'failed', detail: 'ffmpeg ended without a picture' };
}

/** The pixels of a JPEG file of this size. */
export async function decodeJpeg(
  path: string,
  bytes: Uint8Array,
  { width, height }: Pick<GrayPicture, 'width' | 'height'>,
  limitMs = LIMIT_MS,
): Promise<GrayPicture | NotMade> {
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray'];
  const made = await converted(path, { input: ['-f', 'jpeg_pipe'], output, bytes, limitMs });
  if ('because' in made) return made;
  if (made.length === width * height) return { width, height, pixels: made };
  return { because: 'failed', detail: `the file is no picture of ${width} by ${height} pixels` };
}

interface Conversion {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly bytes: Uint8Array;
  readonly limitMs: Ms;
}

/** What one run of ffmpeg makes of these bytes. */
export async function converted(
  path: string,
  { input, output, bytes, limitMs }: Conversion,
): Promise<Buffer | NotMade> {
  const args = ffmpeg('pipe:0')
    .inputOptions('-hide_banner', '-nostats', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-threads', '1')
    .inputOptions(...input)
    .output('pipe:1')
    .outputOptions(...output, '-threads', '1')
    ._getArguments();
  const chunks: Buffer[] = [];
  const run = runFfmpeg({
    path,
    args,
    input: bytes,
    onOutput: (chunk) => void chunks.push(chunk),
    mask: (line) => line,
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    run.kill();
  }, limitMs);
  const { code, signal, lines, notStarted } = await run.ended;
  clearTimeout(timer);
  if (notStarted !== null) return { because: 'no-ffmpeg', detail: notStarted };
  if (isLate) return { because: 'failed', detail: `ffmpeg took more than ${limitMs} ms` };
  if (code === 0) return Buffer.concat(chunks);
  return { because: 'failed', detail: lines.at(-1) ?? `ffmpeg ended with ${code ?? signal}` };
}

const isJpeg = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8;
