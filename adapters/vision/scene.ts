/** What stands around the seats: the edges that last. They tell a camera that was turned, nudged, covered or defocused. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import type { Tone } from './light.ts';
import { HEALTH } from './occupancy-limits.ts';
import { Scratch } from './scratch.ts';
import { PARTS } from './smooth.ts';

/** A part of the picture in fractions of its width and height, from the upper left. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface SceneLook {
  /** Share of the lasting edges that are there, 0–1; null where there are too few to tell. */
  readonly agreement: number | null;
  /** The best share after shifting the picture, and the shift in pixels of the small picture. */
  readonly shifted: { readonly agreement: number; readonly dx: number; readonly dy: number } | null;
  /** Edges now over lasting edges. */
  readonly edges: number;
  /** Sharpness now over its usual value. */
  readonly sharpness: number;
}

/** A picture, and what others have measured of it already. */
export interface ScenePicture {
  readonly picture: GrayPicture;
  /** What `smoothed` makes of it. */
  readonly smooth: Int32Array;
  readonly tone: Tone;
}

/** All lengths are in parts of a grey level, as `smooth` is. */
interface Edges {
  readonly smooth: Int32Array;
  /** Square of the gradient's length where it is an edge, else 0. */
  readonly squares: Int32Array;
  readonly count: number;
}

/** An edge lasts when it was there at least this share of the (fading) time. */
const LASTING = 0.6;
/** Directions nearer than this cosine are the same edge. */
const SAME_DIRECTION = 0.7;
/** What was an edge less than this share of the time counts as none. Without it numbers would fade for ever, to such as take long to calculate. */
const FADED = 1e-9;
const SQUARES = new Scratch((count) => new Int32Array(count));
const PLACES = new Scratch((count) => new Int32Array(count));
/** So many edges tell a shift as well as all of them, and 169 shifts are tried. */
const SHIFT_PLACES = 400;

export class Scene {
  readonly #inside: readonly Part[];
  #outside: Uint8Array | null = null;
  /** Of what was looked at last. Its edges are good only until another scene's are measured: for the same look, and never for the next. */
  #seen: { readonly of: ScenePicture; readonly edges: Edges; readonly sharpness: number } | null = null;
  #lasting: Float32Array | null = null;
  /** Where edges last, pixel by pixel. */
  #places: Int32Array = new Int32Array(0);
  #gx: Float32Array = new Float32Array(0);
  #gy: Float32Array = new Float32Array(0);
  #sharpness: number | null = null;
  #learntAt: Ms = 0;

  /** `inside`: the seats; what happens there is not the scene. */
  constructor(inside: readonly Part[]) {
    this.#inside = inside;
  }

  /** Compares a picture with what is known; null at the first. */
  look(seen: ScenePicture): SceneLook | null {
    if (this.#lasting === null || this.#sharpness === null) return null;
    const { picture } = seen;
    const { edges: now, sharpness: sharp } = this.#measure(seen);
    const places = this.#places;
    const sharpness = sharp / Math.max(1e-6, this.#sharpness);
    if (places.length < HEALTH.leastEdges) return { agreement: null, shifted: null, edges: 1, sharpness };
    const agreement = this.#agreement(now, places, picture, 0, 0);
    const shifted = agreement < HEALTH.nudgedBelow ? this.#bestShift(now, places, picture) : null;
    return { agreement, shifted, edges: now.count / places.length, sharpness };
  }

  /** Takes a good picture into what is known. */
  learn(at: Ms, seen: ScenePicture): void {
    const { edges: now, sharpness } = this.#measure(seen);
    if (this.#lasting === null || this.#sharpness === null) {
      this.#begin(now, seen.picture);
      this.#sharpness = sharpness;
    } else {
      const weight = 1 - Math.exp(-Math.max(0, at - this.#learntAt) / HEALTH.sceneMs);
      this.#fade(this.#lasting, now, seen.picture.width, weight);
      this.#sharpness += weight * (sharpness - this.#sharpness);
    }
    this.#learntAt = at;
  }

  #begin({ smooth, squares }: Edges, { width, height }: GrayPicture): void {
    const count = squares.length;
    const lasting = Float32Array.from(squares, (square) => (square > 0 ? 1 : 0));
    const [gx, gy] = [new Float32Array(count), new Float32Array(count)];
    for (let y = 1; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        gx[i] = acrossAt(smooth, i);
        gy[i] = downAt(smooth, i, width);
      }
    }
    [this.#lasting, this.#gx, this.#gy] = [lasting, gx, gy];
    // Nothing fades yet: it only notes the places.
    this.#fade(lasting, { smooth, squares, count }, width, 0);
  }

  /** What was known fades, and what is there now takes its place by so much. */
  #fade(lasting: Float32Array, { smooth, squares }: Edges, width: number, weight: number): void {
    const [gx, gy] = [this.#gx, this.#gy];
    const places = PLACES.of(lasting.length);
    let count = 0;
    for (let i = 0; i < lasting.length; i++) {
      const before = lasting[i] as number;
      if (squares[i] === 0) {
        if (before === 0) continue;
        const share = before - weight * before;
        lasting[i] = share < FADED ? 0 : share;
      } else {
        lasting[i] = before + weight * (1 - before);
        gx[i] = (gx[i] as number) + weight * (acrossAt(smooth, i) - (gx[i] as number));
        gy[i] = (gy[i] as number) + weight * (downAt(smooth, i, width) - (gy[i] as number));
      }
      if ((lasting[i] as number) >= LASTING) places[count++] = i;
    }
    this.#places = places.slice(0, count);
  }

  #measure(seen: ScenePicture) {
    if (this.#seen?.of !== seen) this.#seen = { of: seen, edges: this.#edges(seen), sharpness: sharpnessOf(seen) };
    return this.#seen;
  }

  #edges({ picture, smooth }: ScenePicture): Edges {
    const { width, height } = picture;
    const squares = SQUARES.of(picture.pixels.length).fill(0);
    let sum = 0;
    for (let y = 1; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        const gx = acrossAt(smooth, i);
        const gy = downAt(smooth, i, width);
        // At most twice the square of 255 · 36: 32 bits hold it.
        const square = (gx * gx + gy * gy) | 0;
        squares[i] = square;
        sum += Math.sqrt(square);
      }
    }
    const limit = Math.max(HEALTH.edgeLeast * PARTS, (HEALTH.edgeTimes * sum) / picture.pixels.length);
    this.#outside ??= outsideOf(this.#inside, picture);
    const least = leastSquare(limit);
    return { smooth, squares, count: clearBelow(squares, least, this.#outside) };
  }

  /** Share of the lasting edges that run the same way at their place, shifted. */
  #agreement(now: Edges, places: Int32Array, { width, height }: GrayPicture, dx: number, dy: number): number {
    const [gx, gy] = [this.#gx, this.#gy];
    const isShifted = dx !== 0 || dy !== 0;
    const isIn = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height;
    let [found, asked] = [0, 0];
    for (let at = 0; at < places.length; at++) {
      const i = places[at] as number;
      if (isShifted && !isIn((i % width) + dx, Math.floor(i / width) + dy)) continue;
      asked += 1;
      const j = i + dy * width + dx;
      const square = now.squares[j] as number;
      if (square === 0) continue;
      const ax = gx[i] as number;
      const ay = gy[i] as number;
      const dot = ax * acrossAt(now.smooth, j) + ay * downAt(now.smooth, j, width);
      if (dot >= SAME_DIRECTION * Math.sqrt(square) * Math.sqrt(ax * ax + ay * ay)) found += 1;
    }
    return asked === 0 ? 0 : found / asked;
  }

  #bestShift(now: Edges, all: Int32Array, picture: GrayPicture): SceneLook['shifted'] {
    const each = Math.ceil(all.length / SHIFT_PLACES);
    const places = all.filter((_, i) => i % each === 0);
    let best = { agreement: 0, dx: 0, dy: 0 };
    for (let dy = -HEALTH.shiftPixels; dy <= HEALTH.shiftPixels; dy++) {
      for (let dx = -HEALTH.shiftPixels; dx <= HEALTH.shiftPixels; dx++) {
        const agreement = this.#agreement(now, places, picture, dx, dy);
        if (agreement > best.agreement) best = { agreement, dx, dy };
      }
    }
    return best;
  }
}

/** The least whole number whose root is a length of at least `limit`. */
function leastSquare(limit: number): number {
  let least = Math.max(0, Math.floor(limit * limit) - 1);
  while (Math.sqrt(least) < limit) least++;
  return least;
}

/** Makes 0 of what is less, or not outside; how many are left. */
function clearBelow(squares: Int32Array, least: number, outside: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < squares.length; i++) {
    if ((squares[i] as number) >= least && outside[i] === 1) count += 1;
    else squares[i] = 0;
  }
  return count;
}

/** By how much it is brighter to the right of a pixel than to its left, and below it than above; of none at the picture's border. */
const acrossAt = (smooth: Int32Array, i: number): number => (smooth[i + 1] as number) - (smooth[i - 1] as number);
const downAt = (smooth: Int32Array, i: number, width: number): number =>
  (smooth[i + width] as number) - (smooth[i - width] as number);

/** 1 for each pixel that is in none of the parts. */
function outsideOf(parts: readonly Part[], { width, height }: GrayPicture): Uint8Array {
  const outside = new Uint8Array(width * height).fill(1);
  for (const part of parts) {
    for (let y = 0; y < height; y++) {
      const v = (y + 0.5) / height;
      if (v < part.y || v > part.y + part.height) continue;
      for (let x = 0; x < width; x++) {
        const u = (x + 0.5) / width;
        if (u >= part.x && u <= part.x + part.width) outside[y * width + x] = 0;
      }
    }
  }
  return outside;
}

/** Variance of the Laplacian over that of the grey values: half the light halves both, a lens out of focus only the first. */
function sharpnessOf({ picture, tone }: ScenePicture): number {
  const { width, height, pixels } = picture;
  let [sum, squares] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    let [ofRow, theirs] = [0, 0];
    for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
      const value =
        4 * (pixels[i] as number) -
        (pixels[i - 1] as number) -
        (pixels[i + 1] as number) -
        (pixels[i - width] as number) -
        (pixels[i + width] as number);
      ofRow += value;
      theirs += value * value;
    }
    sum += ofRow;
    squares += theirs;
  }
  const count = Math.max(1, (width - 2) * (height - 2));
  return (squares / count - (sum / count) ** 2) / Math.max(1, tone.spread ** 2);
}
