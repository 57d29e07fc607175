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
const PIXELS = numbers();
const ROWS = numbers();
const SMOOTH = numbers();

/** Each pixel as the mean of the 3×3 around it, at the border of what there is of them, in parts of a grey level. Good until the next call. */
export function smoothed({ width, height, pixels }: GrayPicture): Int32Array {
  const whole = PIXELS.of(pixels.length);
  whole.set(pixels);
  const rows = ROWS.of(pixels.length);
  const smooth = SMOOTH.of(pixels.length);
  for (let y = 0; y < height; y++) smoothLine(whole, rows, y * width, 1, width);
  for (let x = 0; x < width; x++) smoothLine(rows, smooth, x, width, height);
  return smooth;
}

/** Six times the mean of each number of a line and those beside it; they lie `step` apart. */
function smoothLine(from: Int32Array, to: Int32Array, start: number, step: number, count: number): void {
  const last = start + (count - 1) * step;
  if (count === 1) {
    to[start] = 6 * (from[start] as number);
    return;
  }
  to[start] = 3 * ((from[start] as number) + (from[start + step] as number));
  for (let i = start + step; i < last; i += step)
    to[i] = 2 * ((from[i - step] as number) + (from[i] as number) + (from[i + step] as number));
  to[last] = 3 * ((from[last - step] as number) + (from[last] as number));
}

const SUMS = numbers();

/** By how many grey levels each pixel of what `smoothed` made differs from the mean of its surroundings. */
export function detailOf(smooth: Int32Array, { width, height }: Pick<GrayPicture, 'width' | 'height'>): Float32Array {
  const detail = new Float32Array(smooth.length);
  const rows = ROWS.of(smooth.length);
  for (let y = 0; y < height; y++) sumRow(smooth, rows, y * width, width);
  const sums = SUMS.of(width).fill(0);
  const shares = SHARES.of(width);
  for (let y = 0; y < Math.min(AROUND, height); y++) addRow(sums, rows, y * width, 1);
  for (let y = 0; y < height; y++) {
    if (y + AROUND < height) addRow(sums, rows, (y + AROUND) * width, 1);
    if (y - AROUND - 1 >= 0) addRow(sums, rows, (y - AROUND - 1) * width, -1);
    const share = 1 / reachOf(y, height);
    const start = y * width;
    for (let x = 0; x < width; x++) {
      const around = (sums[x] as number) * (shares[x] as number) * share;
      detail[start + x] = ((smooth[start + x] as number) - around) * LEVELS;
    }
  }
  return detail;
}

const SHARES = new Scratch((width) => Float64Array.from({ length: width }, (_, x) => 1 / reachOf(x, width)));

/** How many numbers of a line lie around one of them, with it. */
const reachOf = (at: number, count: number): number => Math.min(count - 1, at + AROUND) - Math.max(0, at - AROUND) + 1;

/** The sum of what lies around each number of a row, with it. */
function sumRow(from: Int32Array, to: Int32Array, start: number, count: number): void {
  let sum = 0;
  for (let x = 0; x < Math.min(AROUND, count); x++) sum += from[start + x] as number;
  for (let x = 0; x < count; x++) {
    if (x + AROUND < count) sum += from[start + x + AROUND] as number;
    if (x - AROUND - 1 >= 0) sum -= from[start + x - AROUND - 1] as number;
    to[start + x] = sum;
  }
}

function addRow(sums: Int32Array, from: Int32Array, start: number, times: 1 | -1): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + times * (from[start + x] as number);
}
