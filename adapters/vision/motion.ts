/** What moves in a seat's picture, whatever the light does. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { GREY_STEP, lightBetween, middleGrey } from './light.ts';
import { MOTION } from './occupancy-limits.ts';
import { Scratch } from './scratch.ts';
import { detailOf, PARTS, smoothed } from './smooth.ts';

/** Pixels each way between those that the light is read from: a ninth of them tell it as well as all. */
const STRIDE = 3;

/** A picture made ready for comparing. */
export interface PreparedPicture {
  readonly width: number;
  /** Without the sensor's noise, where the light is read from. */
  readonly samples: Float64Array;
  /** What stands out of its surroundings: a cloud changes the grey of a desk, but not what lies on it. */
  readonly detail: Float32Array;
}

/**
 * `smooth`: what `smoothed` makes of it, where that is known. `room`: one that is not needed any more, and is written over: pictures
 * come for years, and to make and clear away so many numbers takes longer than to fill them in.
 */
export function prepared(
  picture: GrayPicture,
  smooth: Int32Array = smoothed(picture),
  room: PreparedPicture | null = null,
): PreparedPicture {
  const samples = sampled(smooth, picture, room?.samples ?? null);
  return { width: picture.width, samples, detail: detailOf(smooth, picture, room?.detail ?? null) };
}

/** The share of the pixels that changed. */
function changedShare(before: PreparedPicture, now: PreparedPicture): number {
  return changedPlaces(before, now).length / Math.max(1, now.detail.length);
}

const DISTANCES = new Scratch((count) => new Float64Array(count));
const PLACES = new Scratch((count) => new Int32Array(count));
/** The greatest step of `middleGrey` with which noise is less than what must change anyhow. */
const CALM = Math.floor(MOTION.pixelDifference / MOTION.noiseTimes / GREY_STEP) * GREY_STEP;

/** Which pixels changed between two pictures of one place, in their order. Good until the next call. */
export function changedPlaces(before: PreparedPicture, now: PreparedPicture): Int32Array {
  const { gain } = lightBetween(before.samples, now.samples);
  const then = before.detail;
  const today = now.detail;
  const places = PLACES.of(today.length);
  // More contrast also makes more of the noise.
  const less = 1 / Math.max(1, gain);
  let moved = 0;
  const count = today.length;
  for (let i = 0; i < count; i++) {
    const was = then[i] as number;
    const distance = Math.abs((today[i] as number) - gain * was) * less;
    if (distance > MOTION.pixelDifference && distance > MOTION.detailTimes * Math.abs(was)) places[moved++] = i;
  }
  const found = places.subarray(0, moved);
  // Of nothing there is no less, however noisy the camera is.
  if (moved === 0) return found;
  const distances = DISTANCES.of(count);
  let calm = 0;
  for (let i = 0; i < count; i++) {
    const distance = Math.abs((today[i] as number) - gain * (then[i] as number)) * less;
    distances[i] = distance;
    calm = (calm + Number(distance <= CALM)) | 0;
  }
  // Where the middle one is among the calm, there is no need to look for it.
  if (calm > count >> 1) return found;
  const noise = MOTION.noiseTimes * middleGrey(distances);
  return noise <= MOTION.pixelDifference ? found : found.filter((i) => (distances[i] as number) > noise);
}

/** Whether more differs between two pictures of a seat than stillness explains. */
export function isRestless(before: GrayPicture, now: GrayPicture): boolean {
  return changedShare(prepared(before), prepared(now)) > MOTION.leastShare;
}

function sampled(smooth: Int32Array, { width, height }: GrayPicture, into: Float64Array | null): Float64Array {
  const columns = Math.ceil(width / STRIDE);
  const count = columns * Math.ceil(height / STRIDE);
  const samples = into?.length === count ? into : new Float64Array(count);
  let at = 0;
  for (let y = 0; y < height; y += STRIDE)
    for (let x = 0; x < width; x += STRIDE) samples[at++] = (smooth[y * width + x] as number) / PARTS;
  return samples;
}

interface Look {
  readonly at: Ms;
  readonly picture: PreparedPicture;
}

export interface Motion {
  /** Share of the pixels that changed since about a second ago. */
  readonly share: number;
  /** Share that differs from every picture of some seconds ago, though nothing moved from one look to the next. */
  readonly drift: number;
  /** What either must exceed to count. */
  readonly limit: number;
  /** Something moved just now. */
  readonly moved: boolean;
  /** It did, or posture slowly shifts. */
  readonly stirs: boolean;
}

/** How many older pictures a look is compared with; spread over the whole time, they tell what all of them would. */
const LONG_LOOKS = 4;
/** How many shares the seat's own noise is read from. */
const MOST_FLOOR = 120;

/** Watches one seat for motion. Time comes with the pictures and never runs backwards. */
export class SeatMotion {
  #looks: Look[] = [];
  #floor: number[] = [];
  #movedAt: Ms | null = null;

  /** Null at the first look: there is nothing to compare with. `stir` = share of the whole picture that moves. */
  see(at: Ms, picture: GrayPicture, stir: number): Motion | null {
    // Who is too old gives its room to the new one.
    const isOld = (look: Look): boolean => at - look.at > MOTION.longGapToMs;
    const room = this.#looks.find(isOld)?.picture;
    const now = { at, picture: prepared(picture, smoothed(picture), room) };
    this.#looks = this.#looks.filter((look) => !isOld(look));
    const before = this.#looks.findLast((look) => at - look.at >= MOTION.shortGapMs) ?? this.#looks[0];
    this.#looks.push(now);
    if (before === undefined) return null;
    const share = changedShare(before.picture, now.picture);
    const limit = this.#limit(stir);
    const isReadable = stir <= MOTION.mostStir;
    const moved = share > limit && isReadable;
    if (moved || !isReadable) this.#movedAt = at;
    const drift = moved ? 0 : this.#drift(at, now.picture);
    return { share, drift, limit, moved, stirs: moved || drift > limit };
  }

  /** Whoever came or went leaves a difference from all that was before; that is no further motion. */
  #drift(at: Ms, now: PreparedPicture): number {
    const older = this.#looks.filter(
      (look) =>
        at - look.at >= MOTION.longGapFromMs &&
        (this.#movedAt === null || look.at - this.#movedAt >= MOTION.shortGapMs),
    );
    if (older.length < 2) return 0;
    let least = 1;
    for (const look of spread(older)) {
      least = Math.min(least, changedShare(look.picture, now));
      if (least === 0) break;
    }
    return least;
  }

  /** This much was seen to change while nobody can have been there. */
  noteNoise(share: number): void {
    this.#floor.push(share);
    if (this.#floor.length > MOST_FLOOR) this.#floor.shift();
  }

  /** What was seen before is no longer comparable. The seat's own noise stays known. */
  forget(): void {
    this.#looks = [];
    this.#movedAt = null;
  }

  #limit(stir: number): number {
    const sorted = new Float64Array(this.#floor).sort();
    const floor = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
    return Math.max(
      MOTION.leastShare,
      Math.min(MOTION.mostLimit, Math.max(MOTION.floorTimes * floor, MOTION.stirTimes * stir)),
    );
  }
}

function spread<T>(items: readonly T[]): T[] {
  if (items.length <= LONG_LOOKS) return [...items];
  return Array.from(
    { length: LONG_LOOKS },
    (_, i) => items[Math.round((i * (items.length - 1)) / (LONG_LOOKS - 1))] as T,
  );
}
