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

/** `smooth`: what `smoothed` makes of it, where that is known. */
export function prepared(picture: GrayPicture, smooth: Int32Array = smoothed(picture)): PreparedPicture {
  return { width: picture.width, samples: sampled(smooth, picture), detail: detailOf(smooth, picture) };
}

/** Which pixels changed between two pictures of one place: 1 where they did. */
export function changedPixels(before: PreparedPicture, now: PreparedPicture): Uint8Array {
  const changed = new Uint8Array(now.detail.length);
  compare(before, now, changed);
  return changed;
}

/** The share of the pixels that changed. */
function changedShare(before: PreparedPicture, now: PreparedPicture): number {
  return compare(before, now, null) / Math.max(1, now.detail.length);
}

const DISTANCES = new Scratch((count) => new Float64Array(count));
/** The greatest step of `middleGrey` with which noise is less than what must change anyhow. */
const CALM = Math.floor(MOTION.pixelDifference / MOTION.noiseTimes / GREY_STEP) * GREY_STEP;

/** How many pixels changed; they are noted in `changed`. */
function compare(before: PreparedPicture, now: PreparedPicture, changed: Uint8Array | null): number {
  const { gain } = lightBetween(before.samples, now.samples);
  const then = before.detail;
  const today = now.detail;
  const count = today.length;
  const distances = DISTANCES.of(count);
  // More contrast also makes more of the noise.
  const less = 1 / Math.max(1, gain);
  let calm = 0;
  for (let i = 0; i < count; i++) {
    const distance = Math.abs((today[i] as number) - gain * (then[i] as number)) * less;
    distances[i] = distance;
    if (distance <= CALM) calm += 1;
  }
  // Where the middle one is among the calm, there is no need to look for it.
  const noise = calm > count >> 1 ? 0 : MOTION.noiseTimes * middleGrey(distances);
  const floor = Math.max(MOTION.pixelDifference, noise);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const distance = distances[i] as number;
    if (distance <= floor || distance <= MOTION.detailTimes * Math.abs(then[i] as number)) continue;
    sum += 1;
    if (changed !== null) changed[i] = 1;
  }
  return sum;
}

export function shareOf(changed: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < changed.length; i++) sum += changed[i] as number;
  return sum / Math.max(1, changed.length);
}

/** Whether more differs between two pictures of a seat than stillness explains. */
export function isRestless(before: GrayPicture, now: GrayPicture): boolean {
  return changedShare(prepared(before), prepared(now)) > MOTION.leastShare;
}

function sampled(smooth: Int32Array, { width, height }: GrayPicture): Float64Array {
  const columns = Math.ceil(width / STRIDE);
  const samples = new Float64Array(columns * Math.ceil(height / STRIDE));
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
    const now = { at, picture: prepared(picture) };
    this.#looks = this.#looks.filter((look) => at - look.at <= MOTION.longGapToMs);
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
