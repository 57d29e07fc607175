/**
 * How unlike two pictures of one seat are, whatever the light: the seat is gone through in overlapping blocks, and each is
 * compared with itself. Share of textured 8×8 blocks whose local correlation is lost separated seated people from empty
 * seats best of seven measures tried on hall pictures (area under the curve 0.90); what is plain in both is compared by
 * its grey value, because dark cloth before a dark chair has no texture to lose.
 */
import type { GrayPicture } from '../camera.ts';
import { type Light, lightBetween } from './light.ts';

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

/** Compares a picture with an earlier one of the same size. */
export function unlikeness(before: GrayPicture, now: GrayPicture): Unlikeness {
  const then = blocksOf(before);
  const today = blocksOf(now);
  const light = lightBetween(then.means, today.means);
  const count = then.means.length;
  const changed = new Uint8Array(count);
  let telling = 0;
  for (let i = 0; i < count; i++) {
    const isPlain =
      (then.spreads[i] as number) * light.gain < BLOCK.plain && (today.spreads[i] as number) < BLOCK.plain;
    if (isPlain) {
      if (Math.abs(lit(then.means[i] as number, light) - (today.means[i] as number)) <= BLOCK.plainDifference) continue;
      changed[i] = 1;
    } else if (!isAlike(before, now, i, then, today)) changed[i] = 1;
    telling += 1;
  }
  const sum = changed.reduce((total, one) => total + one, 0);
  return {
    share: sum / Math.max(telling, count * BLOCK.leastTelling),
    patch: largestPatch(changed, then.columns, then.rows) / count,
    gain: light.gain,
    telling: telling / count,
  };
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

function measured(picture: GrayPicture): Blocks {
  const columns = 1 + Math.floor((picture.width - BLOCK.size) / BLOCK.step);
  const rows = 1 + Math.floor((picture.height - BLOCK.size) / BLOCK.step);
  const means = new Float64Array(columns * rows);
  const spreads = new Float64Array(columns * rows);
  for (let i = 0; i < means.length; i++) {
    let [sum, squares] = [0, 0];
    const start = originOf(i, columns, picture.width);
    for (let y = 0; y < BLOCK.size; y++) {
      for (let x = 0; x < BLOCK.size; x++) {
        const value = picture.pixels[start + y * picture.width + x] as number;
        sum += value;
        squares += value * value;
      }
    }
    const area = BLOCK.size * BLOCK.size;
    means[i] = sum / area;
    spreads[i] = Math.sqrt(Math.max(0, squares / area - (sum / area) ** 2));
  }
  return { columns, rows, means, spreads };
}

const originOf = (block: number, columns: number, width: number): number =>
  Math.floor(block / columns) * BLOCK.step * width + (block % columns) * BLOCK.step;

/** Whether a block is still to be found at its place or a pixel beside it. */
function isAlike(before: GrayPicture, now: GrayPicture, block: number, then: Blocks, today: Blocks): boolean {
  const { width, height } = before;
  const left = (block % then.columns) * BLOCK.step;
  const top = Math.floor(block / then.columns) * BLOCK.step;
  const mean = then.means[block] as number;
  const spread = then.spreads[block] as number;
  if (spread < 0.5 || (today.spreads[block] as number) < 0.5) return false;
  for (let dy = -BLOCK.slip; dy <= BLOCK.slip; dy++) {
    if (top + dy < 0 || top + dy + BLOCK.size > height) continue;
    for (let dx = -BLOCK.slip; dx <= BLOCK.slip; dx++) {
      if (left + dx < 0 || left + dx + BLOCK.size > width) continue;
      if (correlation(before, now, left, top, dx, dy, mean, spread) >= BLOCK.alike) return true;
    }
  }
  return false;
}

function correlation(
  before: GrayPicture,
  now: GrayPicture,
  left: number,
  top: number,
  dx: number,
  dy: number,
  mean: number,
  spread: number,
): number {
  let [product, sum, squares] = [0, 0, 0];
  for (let y = 0; y < BLOCK.size; y++) {
    const from = (top + y) * before.width + left;
    const to = from + dy * before.width + dx;
    for (let x = 0; x < BLOCK.size; x++) {
      const value = now.pixels[to + x] as number;
      sum += value;
      squares += value * value;
      product += value * ((before.pixels[from + x] as number) - mean);
    }
  }
  const area = BLOCK.size * BLOCK.size;
  const other = Math.sqrt(Math.max(0, squares / area - (sum / area) ** 2));
  return other < 0.5 ? 0 : product / area / (spread * other);
}

/** The size of the largest patch of blocks that touch side by side. */
function largestPatch(changed: Uint8Array, columns: number, rows: number): number {
  const seen = new Uint8Array(changed.length);
  let largest = 0;
  for (let start = 0; start < changed.length; start++) {
    if (changed[start] === 0 || seen[start] === 1) continue;
    const todo = [start];
    seen[start] = 1;
    let size = 0;
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      size += 1;
      const column = at % columns;
      const row = (at - column) / columns;
      const beside = [
        column > 0 ? at - 1 : -1,
        column < columns - 1 ? at + 1 : -1,
        row > 0 ? at - columns : -1,
        row < rows - 1 ? at + columns : -1,
      ];
      for (const next of beside) {
        if (next < 0 || changed[next] === 0 || seen[next] === 1) continue;
        seen[next] = 1;
        todo.push(next);
      }
    }
    largest = Math.max(largest, size);
  }
  return largest;
}
