/**
 * Light, and what is left of a picture without it. A lamp that is switched on, a cloud or the camera's own exposure turn
 * every grey value v into about gain · v + offset; people do not.
 */
import type { GrayPicture } from '../camera.ts';

export interface Light {
  /** Contrast of the later picture over the earlier one's. */
  readonly gain: number;
  /** Grey levels added. */
  readonly offset: number;
}

export interface Tone {
  /** Grey levels, 0–255. */
  readonly mean: number;
  /** Standard deviation, grey levels. */
  readonly spread: number;
}

export function toneOf({ pixels }: GrayPicture): Tone {
  let sum = 0;
  let squares = 0;
  for (const value of pixels) {
    sum += value;
    squares += value * value;
  }
  const count = Math.max(1, pixels.length);
  const mean = sum / count;
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Rounds of fitting; each leaves out what the last one could not explain. After three nothing moves any more. */
const ROUNDS = 4;
/** What a round keeps: values nearer to the line than this many times the middle distance. */
const KEPT = 2.5;
/** A contrast change beyond these is not light on the same scene. */
const GAINS = { least: 0.05, most: 12 } as const;

/**
 * The light that turns `before` into `after` (values at the same places), told by the greater part of the places: a person
 * who covers the others changes nothing of it.
 */
export function lightBetween(before: ArrayLike<number>, after: ArrayLike<number>): Light {
  const count = before.length;
  const distances = new Float64Array(count);
  for (let i = 0; i < count; i++) distances[i] = (after[i] as number) - (before[i] as number);
  let light: Light = { gain: 1, offset: middleGrey(distances) };
  for (let round = 0; round < ROUNDS; round++) {
    const { gain: by, offset } = light;
    for (let i = 0; i < count; i++) distances[i] = Math.abs((after[i] as number) - by * (before[i] as number) - offset);
    const limit = Math.max(2, KEPT * middleGrey(distances));
    let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      if ((distances[i] as number) > limit) continue;
      const [x, y] = [before[i] as number, after[i] as number];
      n += 1;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
    if (n < 8) break;
    const variance = sxx - (sx * sx) / n;
    // Without contrast there is nothing that a gain could be read from.
    const gain = variance < n ? 1 : Math.min(GAINS.most, Math.max(GAINS.least, (sxy - (sx * sy) / n) / variance));
    light = { gain, offset: (sy - gain * sx) / n };
  }
  return light;
}

/** The middle value; sorts what it is given. */
export function middle(values: Float64Array): number {
  if (values.length === 0) return 0;
  values.sort();
  return values[values.length >> 1] as number;
}

/** The finest step that `middleGrey` tells, grey levels, and the greatest value either way. */
const GREY = { step: 0.125, most: 256 } as const;

/** Used again for each count: to make one takes longer than to count the pixels of a seat. */
const COUNTS = new Uint32Array((2 * GREY.most) / GREY.step + 1);

/** The middle of many grey values or differences, to an eighth of a level: counting is ten times faster than sorting. */
export function middleGrey(values: Float64Array): number {
  const counts = COUNTS.fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const place = Math.round((Math.min(GREY.most, Math.max(-GREY.most, value)) + GREY.most) / GREY.step);
    counts[place] = (counts[place] as number) + 1;
  }
  let passed = 0;
  for (let place = 0; place < counts.length; place++) {
    passed += counts[place] as number;
    if (passed > values.length >> 1) return place * GREY.step - GREY.most;
  }
  return 0;
}

/** Each pixel as the mean of the square of 2 · reach + 1 pixels around it, at the border of what there is of it. */
export function blurred({ width, height, pixels }: Raster, reach: number): Float64Array {
  const rows = new Float64Array(width * height);
  const result = new Float64Array(width * height);
  for (let y = 0; y < height; y++) blurLine(pixels, rows, y * width, 1, width, reach);
  for (let x = 0; x < width; x++) blurLine(rows, result, x, width, height, reach);
  return result;
}

/** A picture whose values may be any numbers. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
}

/** A running mean along one line of `count` values, `step` apart. */
function blurLine(
  from: ArrayLike<number>,
  to: Float64Array,
  start: number,
  step: number,
  count: number,
  reach: number,
): void {
  let [sum, size] = [0, 0];
  for (let i = 0; i < Math.min(reach, count); i++, size++) sum += from[start + i * step] as number;
  for (let i = 0; i < count; i++) {
    if (i + reach < count) {
      sum += from[start + (i + reach) * step] as number;
      size += 1;
    }
    if (i - reach - 1 >= 0) {
      sum -= from[start + (i - reach - 1) * step] as number;
      size -= 1;
    }
    to[start + i * step] = sum / size;
  }
}
