/** What moves in a seat's picture, whatever the light does. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { blurred, lightBetween, middleGrey } from './light.ts';
import { MOTION } from './occupancy-limits.ts';

/** Pixels each way between those that the light is read from: a ninth of them tell it as well as all. */
const STRIDE = 3;
/** How far the surroundings of a pixel reach, pixels each way. */
const AROUND = 5;

/** A picture made ready for comparing. */
export interface PreparedPicture {
  readonly width: number;
  /** Without the sensor's noise. */
  readonly smooth: Float64Array;
  /** What stands out of its surroundings: a cloud changes the grey of a desk, but not what lies on it. */
  readonly detail: Float64Array;
}

export function prepared(picture: GrayPicture): PreparedPicture {
  const { width, height } = picture;
  const smooth = blurred(picture, 1);
  const around = blurred({ width, height, pixels: smooth }, AROUND);
  const detail = new Float64Array(smooth.length);
  for (let i = 0; i < detail.length; i++) detail[i] = (smooth[i] as number) - (around[i] as number);
  return { width, smooth, detail };
}

/** Which pixels changed between two pictures of one place: 1 where they did. */
export function changedPixels(before: PreparedPicture, now: PreparedPicture): Uint8Array {
  const { gain } = lightBetween(sampled(before), sampled(now));
  const distances = new Float64Array(now.detail.length);
  for (let i = 0; i < distances.length; i++)
    // More contrast also makes more of the noise.
    distances[i] = Math.abs((now.detail[i] as number) - gain * (before.detail[i] as number)) / Math.max(1, gain);
  const noise = MOTION.noiseTimes * middleGrey(distances);
  const changed = new Uint8Array(distances.length);
  for (let i = 0; i < changed.length; i++) {
    const limit = Math.max(MOTION.pixelDifference, noise, MOTION.detailTimes * Math.abs(before.detail[i] as number));
    changed[i] = (distances[i] as number) > limit ? 1 : 0;
  }
  return changed;
}

export function shareOf(changed: Uint8Array): number {
  let sum = 0;
  for (const one of changed) sum += one;
  return sum / Math.max(1, changed.length);
}

/** Whether more differs between two pictures of a seat than stillness explains. */
export function isRestless(before: GrayPicture, now: GrayPicture): boolean {
  return shareOf(changedPixels(prepared(before), prepared(now))) > MOTION.leastShare;
}

function sampled({ width, smooth }: PreparedPicture): Float64Array {
  const height = smooth.length / width;
  const columns = Math.ceil(width / STRIDE);
  const samples = new Float64Array(columns * Math.ceil(height / STRIDE));
  let at = 0;
  for (let y = 0; y < height; y += STRIDE)
    for (let x = 0; x < width; x += STRIDE) samples[at++] = smooth[y * width + x] as number;
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
    const share = shareOf(changedPixels(before.picture, now.picture));
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
    return least(spread(older).map((look) => shareOf(changedPixels(look.picture, now))));
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
    const sorted = [...this.#floor].sort((a, b) => a - b);
    const floor = sorted[Math.floor(sorted.length * 0.9)] ?? 0;
    return Math.max(
      MOTION.leastShare,
      Math.min(MOTION.mostLimit, Math.max(MOTION.floorTimes * floor, MOTION.stirTimes * stir)),
    );
  }
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), 1);

function spread<T>(items: readonly T[]): T[] {
  if (items.length <= LONG_LOOKS) return [...items];
  return Array.from(
    { length: LONG_LOOKS },
    (_, i) => items[Math.round((i * (items.length - 1)) / (LONG_LOOKS - 1))] as T,
  );
}
