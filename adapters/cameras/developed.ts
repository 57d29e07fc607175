/** Keyframes made pictures, by the ffmpeg that reads the cameras: one short run for some of one camera. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture, Keyframe } from '../camera.ts';
import { KEYFRAME_FLAGS } from './ffmpeg-command.ts';
import { FrameCutter, layoutOf } from './frame-graph.ts';
import { digestOf } from './frame-watch.ts';
import { converted, LIMIT_MS, type NotMade } from './jpeg.ts';

/** A picture that is there already, or has to be decoded. */
export type View = GrayPicture | Keyframe;

const isDecoded = (view: View): view is GrayPicture => 'pixels' in view;

/** What it takes in memory. */
export const memoryOf = (view: View): number => (isDecoded(view) ? view.pixels.length : view.bytes);

/**
 * These views of one camera as pictures, in their order. A keyframe is given only where the same small pictures come of it that were
 * looked at: it is that picture, and no other of the stream. One of which they do not is answered with null.
 */
export async function developed(
  path: string,
  views: readonly View[],
  limitMs: Ms = LIMIT_MS,
): Promise<(GrayPicture | null)[] | NotMade> {
  const keyframes = views.flatMap((view) => (isDecoded(view) ? [] : [view]));
  const decoded = keyframes.length === 0 ? new Map<string, GrayPicture>() : await decodedOf(path, keyframes, limitMs);
  if ('because' in decoded) return decoded;
  return views.map((view) => (isDecoded(view) ? view : (decoded.get(view.digest) ?? null)));
}

/** What the keyframes show, by the digests of their small pictures. */
async function decodedOf(
  path: string,
  keyframes: readonly Keyframe[],
  limitMs: Ms,
): Promise<ReadonlyMap<string, GrayPicture> | NotMade> {
  const layout = layoutOf(keyframes[0]?.rois ?? [], { view: true });
  // One after the other whatever their times: they may lie hours apart, which ffmpeg would fill.
  const input = ['-f', 'mpegts', '-r', '25', ...KEYFRAME_FLAGS];
  const output = ['-filter_complex', layout.filter, '-map', '[o]', '-filter_complex_threads', '1'];
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray'];
  const bytes = Buffer.concat(keyframes.flatMap(({ stream }) => stream));
  const made = await converted(path, { input, output: [...output, ...raw], bytes, limitMs });
  if ('because' in made) return made;
  const frames = new FrameCutter(layout).push(made);
  return new Map(frames.flatMap((frame) => (frame.view === undefined ? [] : [[digestOf(frame), frame.view] as const])));
}

/** One of them. */
export async function pictureOf(path: string, view: View): Promise<GrayPicture | NotMade> {
  const made = await developed(path, [view]);
  return 'because' in made ? made : (made[0] ?? NOT_THE_SAME);
}

export const NOT_THE_SAME: NotMade = {
  because: 'failed',
  detail: 'what was kept of the picture does not decode to what was looked at',
};
