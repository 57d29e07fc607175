/** A picture without its sensor's noise, and what stands out of its surroundings: in whole numbers as far as possible, which are quick. */
import type { GrayPicture } from '../camera.ts';
import { Scratch } from './scratch.ts';

/** A grey level has so many parts: the mean of nine pixels, at the border of six or four, is a whole number of them. */
export const PARTS = 36;
/** A part, in grey levels. */
const LEVELS = 1 / PARTS;
/** How far the surroundings of a pixel reach, pixels each way. */
const AROUND = 5;

const numbers = () => new Scratch((count) => new Int32Array(count));
const ROWS = numbers();
const SMOOTH = numbers();

/** Each pixel as the mean of the 3×3 around it, at the border of what there is of them, in parts of a grey level. Good until the next call. */
export function smoothed({ width, height, pixels }: GrayPicture): Int32Array {
  const rows = ROWS.of(pixels.length);
  const smooth = SMOOTH.of(pixels.length);
  for (let y = 0; y < height; y++) smoothRow(pixels, rows, y * width, width);
  for (let y = 0; y < height; y++) smoothDown(rows, smooth, y, width, height);
  return smooth;
}

/** Six times the mean of each number of a row and those beside it. */
function smoothRow(from: Uint8Array, to: Int32Array, start: number, count: number): void {
  const last = start + count - 1;
  if (count === 1) {
    to[start] = 6 * (from[start] as number);
    return;
  }
  let left = from[start] as number;
  let here = from[start + 1] as number;
  to[start] = 3 * (left + here);
  for (let i = start + 1; i < last; i++) {
    const right = from[i + 1] as number;
    to[i] = 2 * (left + here + right);
    left = here;
    here = right;
  }
  to[last] = 3 * (left + here);
}

/** The same of each number of row `y` and those above and below it. */
function smoothDown(from: Int32Array, to: Int32Array, y: number, width: number, height: number): void {
  const start = y * width;
  const end = start + width;
  if (height === 1) for (let i = start; i < end; i++) to[i] = 6 * (from[i] as number);
  else if (y === 0) for (let i = start; i < end; i++) to[i] = 3 * ((from[i] as number) + (from[i + width] as number));
  else if (y === height - 1)
    for (let i = start; i < end; i++) to[i] = 3 * ((from[i - width] as number) + (from[i] as number));
  else
    for (let i = start; i < end; i++)
      to[i] = 2 * ((from[i - width] as number) + (from[i] as number) + (from[i + width] as number));
}

const SUMS = numbers();
/** Noughts before and behind the columns' sums, so that what lies around the first and the last one is asked for as of any other. */
const BESIDE = AROUND + 1;

/**
 * By how many grey levels each pixel of what `smoothed` made differs from the mean of its surroundings; written into `into` if
 * that is as large.
 */
export function detailOf(
  smooth: Int32Array,
  { width, height }: Pick<GrayPicture, 'width' | 'height'>,
  into: Float32Array | null = null,
): Float32Array {
  const detail = into?.length === smooth.length ? into : new Float32Array(smooth.length);
  const sums = SUMS.of(width + 2 * BESIDE).fill(0);
  const shares = SHARES.of(width);
  for (let y = 0; y < Math.min(AROUND, height); y++) addRow(sums, smooth, y * width, width);
  for (let y = 0; y < height; y++) {
    const [below, above] = [y + AROUND, y - AROUND - 1];
    if (below < height) addRow(sums, smooth, below * width, width);
    if (above >= 0) takeRow(sums, smooth, above * width, width);
    detailRow({ sums, smooth, shares, share: 1 / reachOf(y, height) }, detail, y * width);
  }
  return detail;
}

const SHARES = new Scratch((width) => Float64Array.from({ length: width }, (_, x) => 1 / reachOf(x, width)));

/** How many numbers of a line lie around one of them, with it. */
const reachOf = (at: number, count: number): number => Math.min(count - 1, at + AROUND) - Math.max(0, at - AROUND) + 1;

interface AroundRow {
  readonly smooth: Int32Array;
  /** Of the rows around it, by column. */
  readonly sums: Int32Array;
  /** One over how many columns lie around each. */
  readonly shares: Float64Array;
  /** One over how many rows. */
  readonly share: number;
}

function detailRow({ sums, smooth, shares, share }: AroundRow, detail: Float32Array, start: number): void {
  let sum = 0;
  for (let i = 0; i < BESIDE + AROUND; i++) sum = (sum + (sums[i] as number)) | 0;
  for (let x = 0; x < shares.length; x++) {
    sum = (sum + (sums[x + BESIDE + AROUND] as number) - (sums[x] as number)) | 0;
    const around = sum * (shares[x] as number) * share;
    detail[start + x] = ((smooth[start + x] as number) - around) * LEVELS;
  }
}

function addRow(sums: Int32Array, from: Int32Array, start: number, count: number): void {
  for (let x = 0; x < count; x++) sums[x + BESIDE] = (sums[x + BESIDE] as number) + (from[start + x] as number);
}

function takeRow(sums: Int32Array, from: Int32Array, start: number, count: number): void {
  for (let x = 0; x < count; x++) sums[x + BESIDE] = (sums[x + BESIDE] as number) - (from[start + x] as number);
}
