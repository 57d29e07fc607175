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
  /** Where so few are there that it may be another scene: what else is to be seen of it. Null = most are, or there are too few. */
  readonly astray: Astray | null;
  /** Sharpness now over its usual value. */
  readonly sharpness: number;
}

export interface Astray {
  /** The best share after shifting the picture, and the shift in pixels of the small picture. */
  readonly shifted: { readonly agreement: number; readonly dx: number; readonly dy: number };
  /** Edges now over lasting edges. */
  readonly edges: number;
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
  /** Square of the gradient's length; 0 where it is none of the scene's. */
  readonly squares: Int32Array;
  /** What it is at least where there is an edge. */
  readonly least: number;
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
  #runs: readonly Run[] | null = null;
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
    if (places.length < HEALTH.leastEdges) return { agreement: null, astray: null, sharpness };
    const agreement = this.#agreement(now, places, picture, 0, 0);
    if (agreement >= HEALTH.nudgedBelow) return { agreement, astray: null, sharpness };
    const shifted = this.#bestShift(now, places, picture);
    return { agreement, astray: { shifted, edges: countOf(now) / places.length }, sharpness };
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

  #begin(edges: Edges, { width, height }: GrayPicture): void {
    const { smooth, squares, least } = edges;
    const count = squares.length;
    const lasting = Float32Array.from(squares, (square) => (square >= least ? 1 : 0));
    const [gx, gy] = [new Float32Array(count), new Float32Array(count)];
    for (let y = 1; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        gx[i] = acrossAt(smooth, i);
        gy[i] = downAt(smooth, i, width);
      }
    }
    [this.#lasting, this.#gx, this.#gy] = [lasting, gx, gy];
    // Nothing fades yet: it only notes the places.
    this.#fade(lasting, edges, width, 0);
  }

  /** What was known fades, and what is there now takes its place by so much. */
  #fade(lasting: Float32Array, { smooth, squares, least }: Edges, width: number, weight: number): void {
    const [gx, gy] = [this.#gx, this.#gy];
    const places = PLACES.of(lasting.length);
    let count = 0;
    const all = lasting.length;
    for (let i = 0; i < all; i++) {
      const before = lasting[i] as number;
      if ((squares[i] as number) < least) {
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
      const end = (y + 1) * width - 1;
      for (let i = y * width + 1; i < end; i++) {
        const gx = acrossAt(smooth, i);
        const gy = downAt(smooth, i, width);
        // At most twice the square of 255 · 36: 32 bits hold it.
        const square = (gx * gx + gy * gy) | 0;
        squares[i] = square;
        sum += Math.sqrt(square);
      }
    }
    const limit = Math.max(HEALTH.edgeLeast * PARTS, (HEALTH.edgeTimes * sum) / picture.pixels.length);
    this.#runs ??= runsOf(this.#inside, picture);
    for (const [from, to] of this.#runs) squares.fill(0, from, to);
    return { smooth, squares, least: leastSquare(limit) };
  }

  /** Share of the lasting edges that run the same way at their place, shifted. */
  #agreement(now: Edges, places: Int32Array, { width, height }: GrayPicture, dx: number, dy: number): number {
    const [gx, gy] = [this.#gx, this.#gy];
    const isShifted = dx !== 0 || dy !== 0;
    const isIn = (x: number, y: number): boolean => x >= 0 && y >= 0 && x < width && y < height;
    let found = 0;
    let asked = 0;
    const count = places.length;
    for (let at = 0; at < count; at++) {
      const i = places[at] as number;
      if (isShifted && !isIn((i % width) + dx, Math.floor(i / width) + dy)) continue;
      asked += 1;
      const j = i + dy * width + dx;
      const square = now.squares[j] as number;
      if (square < now.least) continue;
      const ax = gx[i] as number;
      const ay = gy[i] as number;
      const dot = ax * acrossAt(now.smooth, j) + ay * downAt(now.smooth, j, width);
      if (dot >= SAME_DIRECTION * Math.sqrt(square) * Math.sqrt(ax * ax + ay * ay)) found += 1;
    }
    return asked === 0 ? 0 : found / asked;
  }

  #bestShift(now: Edges, all: Int32Array, picture: GrayPicture): Astray['shifted'] {
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

/** How many pixels are on an edge. */
function countOf({ squares, least }: Edges): number {
  const all = squares.length;
  let count = 0;
  for (let i = 0; i < all; i++) count = (count + Number((squares[i] as number) >= least)) | 0;
  return count;
}

/** The least whole number whose root is a length of at least `limit`. */
function leastSquare(limit: number): number {
  let least = Math.max(0, Math.floor(limit * limit) - 1);
  while (Math.sqrt(least) < limit) least++;
  return least;
}

/** By how much it is brighter to the right of a pixel than to its left, and below it than above; of none at the picture's border. */
const acrossAt = (smooth: Int32Array, i: number): number => (smooth[i + 1] as number) - (smooth[i - 1] as number);
const downAt = (smooth: Int32Array, i: number, width: number): number =>
  (smooth[i + width] as number) - (smooth[i - width] as number);

/** Pixels of one row from one up to and without another. */
type Run = readonly [from: number, to: number];

/** All pixels that are in one of the parts. */
function runsOf(parts: readonly Part[], { width, height }: GrayPicture): readonly Run[] {
  return parts.flatMap((part) => {
    const columns = within(part.x, part.width, width);
    const [first, last] = [columns[0], columns.at(-1)];
    if (first === undefined || last === undefined) return [];
    return within(part.y, part.height, height).map((y): Run => [y * width + first, y * width + last + 1]);
  });
}

/** Of so many pixels in a line, those whose middle lies in a stretch of it. */
function within(from: number, length: number, count: number): number[] {
  const middle = (pixel: number): number => (pixel + 0.5) / count;
  return Array.from({ length: count }, (_, pixel) => pixel).filter(
    (pixel) => middle(pixel) >= from && middle(pixel) <= from + length,
  );
}

/** Variance of the Laplacian over that of the grey values: half the light halves both, a lens out of focus only the first. */
function sharpnessOf({ picture, tone }: ScenePicture): number {
  const { width, height, pixels } = picture;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    let ofRow = 0;
    let theirs = 0;
    const start = y * width;
    const end = start + width - 1;
    let left = pixels[start] as number;
    let here = pixels[start + 1] as number;
    for (let i = start + 1; i < end; i++) {
      const right = pixels[i + 1] as number;
      const value = 4 * here - left - right - (pixels[i - width] as number) - (pixels[i + width] as number);
      ofRow += value;
      theirs += value * value;
      left = here;
      here = right;
    }
    sum += ofRow;
    squares += theirs;
  }
  const count = Math.max(1, (width - 2) * (height - 2));
  return (squares / count - (sum / count) ** 2) / Math.max(1, tone.spread ** 2);
}
