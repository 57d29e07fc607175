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
  let [sum, squares] = [0, 0];
  for (let from = 0; from < pixels.length; from += IN_WHOLE) {
    const to = Math.min(from + IN_WHOLE, pixels.length);
    let some = 0;
    let theirs = 0;
    for (let i = from; i < to; i++) {
      const value = pixels[i] as number;
      some = (some + value) | 0;
      theirs = (theirs + value * value) | 0;
    }
    sum += some;
    squares += theirs;
  }
  const count = Math.max(1, pixels.length);
  const mean = sum / count;
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** The squares of so many grey values are summed up in 32 bits, which is quicker. */
const IN_WHOLE = 32_768;

/** Rounds of fitting; each leaves out what the last one could not explain. After three nothing moves any more. */
const ROUNDS = 4;
/** What a round keeps: values nearer to the line than this many times the middle distance. */
const KEPT = 2.5;
/** … or than this, grey levels. */
const LEAST_KEPT = 2;
/** A contrast change beyond these is not light on the same scene. */
const GAINS = { least: 0.05, most: 12 } as const;

/** The finest step that `middleGrey` tells, grey levels. */
export const GREY_STEP = 0.125;
/** The greatest step of it as the middle distance with which no more is kept than `LEAST_KEPT`. */
const CALM = Math.floor(LEAST_KEPT / KEPT / GREY_STEP) * GREY_STEP;

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
function fitted(before: Float64Array, after: Float64Array, light: Light, distances: Float64Array): Light | null {
  const near = nearTo(before, after, light, LEAST_KEPT);
  // Where the middle distance is among the calm, there is no need to look for it.
  const count = before.length;
  if (near.calm > count >> 1) return lineThrough(near);
  const { gain, offset } = light;
  for (let i = 0; i < count; i++) distances[i] = Math.abs((after[i] as number) - gain * (before[i] as number) - offset);
  const limit = Math.max(LEAST_KEPT, KEPT * middleGrey(distances));
  return lineThrough(limit === LEAST_KEPT ? near : nearTo(before, after, light, limit));
}

/** Of the places at most `limit` away from the line: how many, and their sums. `calm`: how many are hardly away at all. */
function nearTo(before: Float64Array, after: Float64Array, { gain, offset }: Light, limit: number) {
  // Not as one array, nor with its length asked for each time: a loop like this one takes four times as long then.
  let n = 0;
  let calm = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  const count = before.length;
  for (let i = 0; i < count; i++) {
    const x = before[i] as number;
    const y = after[i] as number;
    const distance = Math.abs(y - gain * x - offset);
    if (distance > limit) continue;
    // Every other one is: added rather than asked, for what cannot be foretold is slow.
    calm = (calm + Number(distance <= CALM)) | 0;
    n = (n + 1) | 0;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  return { n, calm, sx, sy, sxx, sxy };
}

function lineThrough({ n, sx, sy, sxx, sxy }: ReturnType<typeof nearTo>): Light | null {
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

/** The greatest value that it tells, either way. */
const MOST_GREY = 256;

/** Used again for each count, and nothing but noughts between two: to make it, or to clear all of it, takes longer than to count the pixels of a seat. */
const COUNTS = new Uint32Array((2 * MOST_GREY) / GREY_STEP + 1);

/** The middle of grey values or differences, to an eighth of a level: counting is ten times faster than sorting. */
export function middleGrey(values: Float64Array): number {
  const count = values.length;
  let least = COUNTS.length;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const place = placeOf(values[i] as number);
    COUNTS[place] = (COUNTS[place] as number) + 1;
    if (place < least) least = place;
    if (place > most) most = place;
  }
  let passed = 0;
  let middle = least;
  for (; middle < most; middle++) {
    passed += COUNTS[middle] as number;
    if (passed > count >> 1) break;
  }
  COUNTS.fill(0, least, most + 1);
  return count === 0 ? 0 : middle * GREY_STEP - MOST_GREY;
}

function placeOf(value: number): number {
  const bounded = value > MOST_GREY ? MOST_GREY : value < -MOST_GREY ? -MOST_GREY : value;
  return ((bounded + MOST_GREY) / GREY_STEP + 0.5) | 0;
}
