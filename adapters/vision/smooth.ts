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
const SMOOTH = numbers();

/** Each pixel as the mean of the 3×3 around it, at the border of what there is of them, in parts of a grey level. Good until the next call. */
export function smoothed(picture: GrayPicture): Int32Array {
  const { width, height, pixels } = picture;
  const smooth = SMOOTH.of(pixels.length);
  for (let y = 1; y < height - 1; y++) smoothInside(pixels, smooth, y * width + 1, (y + 1) * width - 1, width);
  const [right, bottom] = [width - 1, height - 1];
  for (let x = 0; x < width; x++) {
    smooth[x] = smoothAt(picture, x, 0);
    smooth[bottom * width + x] = smoothAt(picture, x, bottom);
  }
  for (let y = 1; y < bottom; y++) {
    smooth[y * width] = smoothAt(picture, 0, y);
    smooth[y * width + right] = smoothAt(picture, right, y);
  }
  return smooth;
}

/** From one pixel of a row up to and without another: none of them at the border. */
function smoothInside(pixels: Uint8Array, smooth: Int32Array, from: number, to: number, width: number): void {
  let left = downOf(pixels, from - 1, width);
  let here = downOf(pixels, from, width);
  for (let i = from; i < to; i++) {
    const right = downOf(pixels, i + 1, width);
    smooth[i] = (PARTS / 9) * (left + here + right);
    left = here;
    here = right;
  }
}

/** A pixel with the one above and the one below it. */
const downOf = (pixels: Uint8Array, i: number, width: number): number =>
  (pixels[i - width] as number) + (pixels[i] as number) + (pixels[i + width] as number);

function smoothAt({ width, height, pixels }: GrayPicture, x: number, y: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      sum += pixels[row * width + column] as number;
      count += 1;
    }
  return (PARTS / count) * sum;
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
    const [below, above] = [(y + AROUND) * width, (y - AROUND - 1) * width];
    if (below < smooth.length && above >= 0) slideDown(sums, smooth, below, above, width);
    else if (below < smooth.length) addRow(sums, smooth, below, width);
    else if (above >= 0) takeRow(sums, smooth, above, width);
    detailRow(sums, smooth, shares, 1 / reachOf(y, height), detail, y * width, width);
  }
  return detail;
}

const SHARES = new Scratch((width) => Float64Array.from({ length: width }, (_, x) => 1 / reachOf(x, width)));

/** How many numbers of a line lie around one of them, with it. */
const reachOf = (at: number, count: number): number => Math.min(count - 1, at + AROUND) - Math.max(0, at - AROUND) + 1;

function detailRow(
  sums: Int32Array,
  smooth: Int32Array,
  shares: Float64Array,
  share: number,
  detail: Float32Array,
  start: number,
  width: number,
): void {
  let sum = 0;
  for (let i = 0; i < BESIDE + AROUND; i++) sum = (sum + (sums[i] as number)) | 0;
  for (let x = 0; x < width; x++) {
    sum = (sum + (sums[x + BESIDE + AROUND] as number) - (sums[x] as number)) | 0;
    const around = sum * (shares[x] as number) * share;
    detail[start + x] = ((smooth[start + x] as number) - around) * LEVELS;
  }
}

/** One row comes to the columns' sums, and one goes. */
function slideDown(sums: Int32Array, from: Int32Array, coming: number, going: number, count: number): void {
  for (let x = 0; x < count; x++) {
    const change = (from[coming + x] as number) - (from[going + x] as number);
    sums[x + BESIDE] = ((sums[x + BESIDE] as number) + change) | 0;
  }
}

function addRow(sums: Int32Array, from: Int32Array, start: number, count: number): void {
  for (let x = 0; x < count; x++) sums[x + BESIDE] = (sums[x + BESIDE] as number) + (from[start + x] as number);
}

function takeRow(sums: Int32Array, from: Int32Array, start: number, count: number): void {
  for (let x = 0; x < count; x++) sums[x + BESIDE] = (sums[x + BESIDE] as number) - (from[start + x] as number);
}
