/**
 * How unlike two pictures of one seat are, whatever the light: the seat is gone through in overlapping blocks, and each is
 * compared with itself. Share of textured 8×8 blocks whose local correlation is lost separated seated people from empty
 * seats best of seven measures tried on hall pictures (area under the curve 0.90); what is plain in both is compared by
 * its grey value, because dark cloth before a dark chair has no texture to lose.
 */
import type { GrayPicture } from '../camera.ts';
import { type Light, lightBetween } from './light.ts';
import { Scratch } from './scratch.ts';

export interface Unlikeness {
  /** Share of the telling blocks that changed, 0–1. */
  readonly share: number;
  /** The largest connected patch of changed blocks, as a share of all blocks, 0–1: people are one patch, noise is many. */
  readonly patch: number;
  /** Contrast now over contrast then, read from what did not change. */
  readonly gain: number;
  /** Share of the blocks that tell anything, 0–1. */
  readonly telling: number;
}

export const BLOCK = {
  /** Pixels of a seat's picture. */
  size: 8,
  step: 4,
  /** How far a block may have slipped, pixels each way: a chair that was leaned on, a camera in the wind. */
  slip: 1,
  /** Correlation below which a block is another one. */
  alike: 0.5,
  /** Grey levels of standard deviation below which a block is plain: twice a sensor's noise in a dim hall. */
  plain: 5,
  /** Grey levels by which a plain block may differ after the light is taken out. */
  plainDifference: 16,
  /** At least this share of the blocks is counted as telling, so that one block of a bare wall is not everything. */
  leastTelling: 0.25,
} as const;

interface Blocks {
  readonly columns: number;
  readonly rows: number;
  readonly means: Float64Array;
  readonly spreads: Float64Array;
}

/** What a block is. Of those that have texture it is told last whether they changed: that takes the most work. */
const SAME = 0;
const CHANGED = 1;
const TEXTURED = 2;
const COUNTED = 3;

/**
 * Compares a picture with an earlier one of the same size. Where more than `most` of it changed, that is all that is told: a share
 * above it, and a patch of what was gone through until then.
 */
export function unlikeness(before: GrayPicture, now: GrayPicture, most = Number.POSITIVE_INFINITY): Unlikeness {
  const then = blocksOf(before);
  const today = blocksOf(now);
  const light = lightBetween(then.means, today.means);
  const count = then.means.length;
  const blocks = new Uint8Array(count);
  let telling = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const block = plainBlock(then, today, i, light);
    blocks[i] = block;
    if (block !== SAME) telling += 1;
    if (block === CHANGED) sum += 1;
  }
  const counted = Math.max(telling, count * BLOCK.leastTelling);
  for (let i = 0; i < count && sum / counted <= most; i++) {
    if (blocks[i] !== TEXTURED) continue;
    const isSame = isAlike(before, now, i, then, today);
    blocks[i] = isSame ? SAME : CHANGED;
    if (!isSame) sum += 1;
  }
  return {
    share: sum / counted,
    patch: largestPatch(blocks, then.columns, then.rows) / count,
    gain: light.gain,
    telling: telling / count,
  };
}

function plainBlock(then: Blocks, today: Blocks, i: number, light: Light): number {
  const isPlain = (then.spreads[i] as number) * light.gain < BLOCK.plain && (today.spreads[i] as number) < BLOCK.plain;
  if (!isPlain) return TEXTURED;
  const distance = Math.abs(lit(then.means[i] as number, light) - (today.means[i] as number));
  return distance <= BLOCK.plainDifference ? SAME : CHANGED;
}

const lit = (value: number, { gain, offset }: Light): number => Math.min(255, Math.max(0, gain * value + offset));

/** Of pictures that are compared again and again, as those of empty seats are. */
const KNOWN = new WeakMap<GrayPicture, Blocks>();

function blocksOf(picture: GrayPicture): Blocks {
  const known = KNOWN.get(picture);
  if (known !== undefined) return known;
  const blocks = measured(picture);
  KNOWN.set(picture, blocks);
  return blocks;
}

/** A block is two cells wide and high, and the next one begins a cell further: no pixel has to be counted four times. */
function measured({ width, height, pixels }: GrayPicture): Blocks {
  const columns = 1 + Math.floor((width - BLOCK.size) / BLOCK.step);
  const rows = 1 + Math.floor((height - BLOCK.size) / BLOCK.step);
  const cells = columns + 1;
  const sums = new Int32Array(cells * (rows + 1));
  const squares = new Int32Array(sums.length);
  for (let cell = 0; cell < sums.length; cell++) {
    const start = (Math.floor(cell / cells) * width + (cell % cells)) * BLOCK.step;
    const end = start + BLOCK.step * width;
    let sum = 0;
    let square = 0;
    for (let from = start; from < end; from += width) {
      for (let i = from; i < from + BLOCK.step; i++) {
        const value = pixels[i] as number;
        sum = (sum + value) | 0;
        square = (square + value * value) | 0;
      }
    }
    sums[cell] = sum;
    squares[cell] = square;
  }
  const means = new Float64Array(columns * rows);
  const spreads = new Float64Array(columns * rows);
  for (let i = 0; i < means.length; i++) {
    const cell = Math.floor(i / columns) * cells + (i % columns);
    const mean = fourCells(sums, cell, cells) / AREA;
    means[i] = mean;
    spreads[i] = Math.sqrt(Math.max(0, fourCells(squares, cell, cells) / AREA - mean * mean));
  }
  return { columns, rows, means, spreads };
}

/** Pixels of a block. */
const AREA = BLOCK.size * BLOCK.size;

const fourCells = (of: Int32Array, cell: number, cells: number): number =>
  (of[cell] as number) + (of[cell + 1] as number) + (of[cell + cells] as number) + (of[cell + cells + 1] as number);

/** Whether a block is still to be found at its place or a pixel beside it. */
function isAlike(before: GrayPicture, now: GrayPicture, block: number, then: Blocks, today: Blocks): boolean {
  const { width, height } = before;
  const left = (block % then.columns) * BLOCK.step;
  const top = Math.floor(block / then.columns) * BLOCK.step;
  const mean = then.means[block] as number;
  const spread = then.spreads[block] as number;
  const other = today.spreads[block] as number;
  if (spread < 0.5 || other < 0.5) return false;
  const start = top * width + left;
  // Mostly it is where it was, and then most of what is asked for is known.
  const inCommon = productOf(before, now, start, start) / AREA - mean * (today.means[block] as number);
  if (inCommon / (spread * other) >= BLOCK.alike) return true;
  const { sums, spreads } = windowsOf(now);
  for (let dy = -BLOCK.slip; dy <= BLOCK.slip; dy++) {
    if (top + dy < 0 || top + dy + BLOCK.size > height) continue;
    for (let dx = -BLOCK.slip; dx <= BLOCK.slip; dx++) {
      if ((dx === 0 && dy === 0) || left + dx < 0 || left + dx + BLOCK.size > width) continue;
      const to = start + dy * width + dx;
      const theirs = spreads[to] as number;
      if (theirs < 0.5) continue;
      const product = productOf(before, now, start, to);
      if ((product - mean * (sums[to] as number)) / AREA / (spread * theirs) >= BLOCK.alike) return true;
    }
  }
  return false;
}

/** Of the pixels of the block that begins at `from`, with those of the one that begins at `to` in the other picture. */
function productOf(
  { width, pixels: then }: GrayPicture,
  { pixels: today }: GrayPicture,
  from: number,
  to: number,
): number {
  let product = 0;
  for (let row = 0; row < BLOCK.size * width; row += width) {
    const i = from + row;
    const j = to + row;
    for (let x = 0; x < BLOCK.size; x++) product = (product + (then[i + x] as number) * (today[j + x] as number)) | 0;
  }
  return product;
}

/** Of all squares of a block's size, by the place of their first pixel: the sum of their pixels, and their standard deviation. */
interface Windows {
  readonly sums: Int32Array;
  readonly spreads: Float64Array;
}

/** Of the picture that was asked for last: others are not compared in between. */
let windows: { readonly of: GrayPicture; readonly are: Windows } | null = null;

function windowsOf(picture: GrayPicture): Windows {
  if (windows?.of !== picture) windows = { of: picture, are: slid(picture) };
  return windows.are;
}

const SUMS = new Scratch((count) => new Int32Array(count));
const SPREADS = new Scratch((count) => new Float64Array(count));
const COLUMN_SUMS = new Scratch((count) => new Int32Array(count));
const COLUMN_SQUARES = new Scratch((count) => new Int32Array(count));

function slid({ width, height, pixels }: GrayPicture): Windows {
  const [sums, spreads] = [SUMS.of(pixels.length), SPREADS.of(pixels.length)];
  const columnSums = COLUMN_SUMS.of(width).fill(0);
  const columnSquares = COLUMN_SQUARES.of(width).fill(0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const added = pixels[y * width + x] as number;
      const gone = y < BLOCK.size ? 0 : (pixels[(y - BLOCK.size) * width + x] as number);
      columnSums[x] = (columnSums[x] as number) + added - gone;
      columnSquares[x] = (columnSquares[x] as number) + added * added - gone * gone;
    }
    if (y < BLOCK.size - 1) continue;
    let sum = 0;
    let square = 0;
    for (let x = 0; x < width; x++) {
      sum += columnSums[x] as number;
      square += columnSquares[x] as number;
      if (x < BLOCK.size - 1) continue;
      const at = (y - BLOCK.size + 1) * width + x - BLOCK.size + 1;
      sums[at] = sum;
      spreads[at] = Math.sqrt(Math.max(0, square / AREA - (sum / AREA) ** 2));
      sum -= columnSums[x - BLOCK.size + 1] as number;
      square -= columnSquares[x - BLOCK.size + 1] as number;
    }
  }
  return { sums, spreads };
}

/** The size of the largest patch of changed blocks that touch side by side; those that were counted are marked. */
function largestPatch(blocks: Uint8Array, columns: number, rows: number): number {
  const todo: number[] = [];
  const mark = (at: number): void => {
    if (blocks[at] !== CHANGED) return;
    blocks[at] = COUNTED;
    todo.push(at);
  };
  let largest = 0;
  for (let start = 0; start < blocks.length; start++) {
    mark(start);
    let size = 0;
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      size += 1;
      const column = at % columns;
      if (column > 0) mark(at - 1);
      if (column < columns - 1) mark(at + 1);
      if (at >= columns) mark(at - columns);
      if (at < columns * (rows - 1)) mark(at + columns);
    }
    largest = Math.max(largest, size);
  }
  return largest;
}
