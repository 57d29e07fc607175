/**
 * Light, and what is left of a picture without it. A lamp that is switched on, a cloud or the camera's own exposure turn
 * every grey value v into about gain · v + offset; people do not.
 */
import type { GrayPicture } from '../camera.ts';
import { Scratch } from './scratch.ts';

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
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number;
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

const DISTANCES = new Scratch((count) => new Float64Array(count));

/**
 * The light that turns `before` into `after` (values at the same places), told by the greater part of the places: a person
 * who covers the others changes nothing of it.
 */
export function lightBetween(before: Float64Array, after: Float64Array): Light {
  const count = before.length;
  const distances = DISTANCES.of(count);
  for (let i = 0; i < count; i++) distances[i] = (after[i] as number) - (before[i] as number);
  let light: Light = { gain: 1, offset: middleGrey(distances) };
  for (let round = 0; round < ROUNDS; round++) {
    const next = fitted(before, after, light, distances);
    // What a round leaves as it was, the following ones do, too.
    if (next === null || (next.gain === light.gain && next.offset === light.offset)) break;
    light = next;
  }
  return light;
}

/** A line through what lies near to the one so far; null where that is too little. */
function fitted(
  before: Float64Array,
  after: Float64Array,
  { gain, offset }: Light,
  distances: Float64Array,
): Light | null {
  const count = before.length;
  for (let i = 0; i < count; i++) distances[i] = Math.abs((after[i] as number) - gain * (before[i] as number) - offset);
  const limit = Math.max(2, KEPT * middleGrey(distances));
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    if ((distances[i] as number) > limit) continue;
    const x = before[i] as number;
    const y = after[i] as number;
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  if (n < 8) return null;
  const variance = sxx - (sx * sx) / n;
  // Without contrast there is nothing that a gain could be read from.
  const to = variance < n ? 1 : Math.min(GAINS.most, Math.max(GAINS.least, (sxy - (sx * sy) / n) / variance));
  return { gain: to, offset: (sy - to * sx) / n };
}

/** The middle value; sorts what it is given. */
export function middle(values: Float64Array): number {
  if (values.length === 0) return 0;
  values.sort();
  return values[values.length >> 1] as number;
}

/** The finest step that `middleGrey` tells, grey levels. */
export const GREY_STEP = 0.125;
/** The greatest value that it tells, either way. */
const MOST_GREY = 256;

/** Used again for each count: to make one takes longer than to count the pixels of a seat. */
const COUNTS = new Uint32Array((2 * MOST_GREY) / GREY_STEP + 1);

/** The middle of grey values or differences, to an eighth of a level: counting is ten times faster than sorting. */
export function middleGrey(values: Float64Array): number {
  COUNTS.fill(0);
  let least = COUNTS.length;
  for (let i = 0; i < values.length; i++) {
    const value = Math.min(MOST_GREY, Math.max(-MOST_GREY, values[i] as number));
    const place = ((value + MOST_GREY) / GREY_STEP + 0.5) | 0;
    COUNTS[place] = (COUNTS[place] as number) + 1;
    if (place < least) least = place;
  }
  let passed = 0;
  for (let place = least; place < COUNTS.length; place++) {
    passed += COUNTS[place] as number;
    if (passed > values.length >> 1) return place * GREY_STEP - MOST_GREY;
  }
  return 0;
}
