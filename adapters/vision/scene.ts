/** What stands around the seats: the edges that last. They tell a camera that was turned, nudged, covered or defocused. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { blurred, toneOf } from './light.ts';
import { HEALTH } from './occupancy-limits.ts';

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

interface Edges {
  readonly gx: Float64Array;
  readonly gy: Float64Array;
  /** Length of the gradient where it is an edge, else 0. */
  readonly strength: Float64Array;
  readonly count: number;
}

/** An edge lasts when it was there at least this share of the (fading) time. */
const LASTING = 0.6;
/** Directions nearer than this cosine are the same edge. */
const SAME_DIRECTION = 0.7;
/** So many edges tell a shift as well as all of them, and 169 shifts are tried. */
const SHIFT_PLACES = 400;

export class Scene {
  readonly #inside: readonly Part[];
  #outside: Uint8Array | null = null;
  /** Of the picture that was looked at last. */
  #seen: { readonly picture: GrayPicture; readonly edges: Edges; readonly sharpness: number } | null = null;
  #lasting: Float64Array | null = null;
  #gx: Float64Array = new Float64Array(0);
  #gy: Float64Array = new Float64Array(0);
  #sharpness: number | null = null;
  #learntAt: Ms = 0;

  /** `inside`: the seats; what happens there is not the scene. */
  constructor(inside: readonly Part[]) {
    this.#inside = inside;
  }

  /** Compares a picture with what is known; null at the first. */
  look(picture: GrayPicture): SceneLook | null {
    const lasting = this.#lasting;
    if (lasting === null || this.#sharpness === null) return null;
    const { edges: now, sharpness: sharp } = this.#measure(picture);
    const places: number[] = [];
    for (let i = 0; i < lasting.length; i++) if ((lasting[i] as number) >= LASTING) places.push(i);
    const sharpness = sharp / Math.max(1e-6, this.#sharpness);
    if (places.length < HEALTH.leastEdges) return { agreement: null, shifted: null, edges: 1, sharpness };
    const agreement = this.#agreement(now, places, picture, 0, 0);
    const shifted = agreement < HEALTH.nudgedBelow ? this.#bestShift(now, places, picture) : null;
    return { agreement, shifted, edges: now.count / places.length, sharpness };
  }

  /** Takes a good picture into what is known. */
  learn(at: Ms, picture: GrayPicture): void {
    const { edges: now, sharpness } = this.#measure(picture);
    if (this.#lasting === null || this.#sharpness === null) {
      this.#lasting = Float64Array.from(now.strength, (strength) => (strength > 0 ? 1 : 0));
      this.#gx = now.gx;
      this.#gy = now.gy;
      this.#sharpness = sharpness;
    } else {
      const weight = 1 - Math.exp(-Math.max(0, at - this.#learntAt) / HEALTH.sceneMs);
      for (let i = 0; i < this.#lasting.length; i++) {
        const isEdge = (now.strength[i] as number) > 0 ? 1 : 0;
        this.#lasting[i] = (this.#lasting[i] as number) + weight * (isEdge - (this.#lasting[i] as number));
        if (isEdge === 0) continue;
        this.#gx[i] = (this.#gx[i] as number) + weight * ((now.gx[i] as number) - (this.#gx[i] as number));
        this.#gy[i] = (this.#gy[i] as number) + weight * ((now.gy[i] as number) - (this.#gy[i] as number));
      }
      this.#sharpness += weight * (sharpness - this.#sharpness);
    }
    this.#learntAt = at;
  }

  #measure(picture: GrayPicture) {
    if (this.#seen?.picture !== picture)
      this.#seen = { picture, edges: this.#edges(picture), sharpness: sharpnessOf(picture) };
    return this.#seen;
  }

  #edges(picture: GrayPicture): Edges {
    const { width, height } = picture;
    const smooth = blurred(picture, 1);
    const gx = new Float64Array(smooth.length);
    const gy = new Float64Array(smooth.length);
    const strength = new Float64Array(smooth.length);
    let sum = 0;
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x;
        gx[i] = (smooth[i + 1] as number) - (smooth[i - 1] as number);
        gy[i] = (smooth[i + width] as number) - (smooth[i - width] as number);
        strength[i] = Math.sqrt((gx[i] as number) ** 2 + (gy[i] as number) ** 2);
        sum += strength[i] as number;
      }
    }
    const limit = Math.max(HEALTH.edgeLeast, (HEALTH.edgeTimes * sum) / smooth.length);
    this.#outside ??= outsideOf(this.#inside, picture);
    let count = 0;
    for (let i = 0; i < strength.length; i++) {
      if ((strength[i] as number) >= limit && this.#outside[i] === 1) count += 1;
      else strength[i] = 0;
    }
    return { gx, gy, strength, count };
  }

  /** Share of the lasting edges that run the same way at their place, shifted. */
  #agreement(now: Edges, places: readonly number[], { width, height }: GrayPicture, dx: number, dy: number): number {
    let [found, asked] = [0, 0];
    for (const i of places) {
      const x = (i % width) + dx;
      const y = Math.floor(i / width) + dy;
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      asked += 1;
      const j = y * width + x;
      const strength = now.strength[j] as number;
      if (strength === 0) continue;
      const [ax, ay] = [this.#gx[i] as number, this.#gy[i] as number];
      const dot = ax * (now.gx[j] as number) + ay * (now.gy[j] as number);
      if (dot >= SAME_DIRECTION * strength * Math.hypot(ax, ay)) found += 1;
    }
    return asked === 0 ? 0 : found / asked;
  }

  #bestShift(now: Edges, all: readonly number[], picture: GrayPicture): SceneLook['shifted'] {
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
function sharpnessOf(picture: GrayPicture): number {
  const { width, height, pixels } = picture;
  let [sum, squares] = [0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const value =
        4 * (pixels[i] as number) -
        (pixels[i - 1] as number) -
        (pixels[i + 1] as number) -
        (pixels[i - width] as number) -
        (pixels[i + width] as number);
      sum += value;
      squares += value * value;
    }
  }
  const count = Math.max(1, (width - 2) * (height - 2));
  return (squares / count - (sum / count) ** 2) / Math.max(1, toneOf(picture).spread ** 2);
}
