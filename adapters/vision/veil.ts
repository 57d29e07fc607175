/** What evidence may show: one seat and what is around it. The rest of the picture, with whoever is in it, is made unrecognisable. */
import type { GrayPicture } from '../camera.ts';
import type { Part } from './scene.ts';

/** What is around a seat: this share of its width and height more, on every side. */
const SURROUNDINGS = 0.35;
/** Blocks across the picture's width. A head at a counter is some thirtieth of it: not even that much is left of it. */
const BLOCKS_ACROSS = 16;

/** Pixels from `left` and `top` on, up to and without `right` and `bottom`. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

type Size = Pick<GrayPicture, 'width' | 'height'>;

/** A part in pixels, as far as it lies in the picture; at least one pixel. */
export function pixelBox({ x, y, width, height }: Part, size: Size): PixelBox {
  const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
  const left = Math.min(within(x * size.width, size.width), size.width - 1);
  const top = Math.min(within(y * size.height, size.height), size.height - 1);
  const right = Math.max(left + 1, within((x + width) * size.width, size.width));
  const bottom = Math.max(top + 1, within((y + height) * size.height, size.height));
  return { left, top, right, bottom };
}

/** A seat with what is around it, as far as it lies in the picture. */
export function surroundingsOf({ x, y, width, height }: Part): Part {
  const [left, top] = [Math.max(0, x - SURROUNDINGS * width), Math.max(0, y - SURROUNDINGS * height)];
  const right = Math.min(1, x + width * (1 + SURROUNDINGS));
  const bottom = Math.min(1, y + height * (1 + SURROUNDINGS));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * A copy of the picture in which only the seat and what is around it is as it was; everything else is one grey a block. The
 * other seats of the camera are not shown where they lie in what is around this one.
 */
export function veiled(picture: GrayPicture, seat: Part, others: readonly Part[] = []): GrayPicture {
  return covered(picture, shownMask(picture, seat, others));
}

function covered(picture: GrayPicture, shown: Uint8Array): GrayPicture {
  const { width, height } = picture;
  const pixels = Uint8Array.from(picture.pixels);
  const side = Math.ceil(width / BLOCKS_ACROSS);
  for (let top = 0; top < height; top += side) {
    for (let left = 0; left < width; left += side) {
      const block = { left, top, right: Math.min(width, left + side), bottom: Math.min(height, top + side) };
      coverBlock(pixels, shown, width, block);
    }
  }
  return { width, height, pixels };
}

/** A copy in which all of these seats and what is around them are as they were, and nothing else. */
export function veiledBut(picture: GrayPicture, seats: readonly Part[]): GrayPicture {
  const mask = new Uint8Array(picture.width * picture.height);
  for (const seat of seats) fillPart(mask, picture, surroundingsOf(seat), 1);
  return covered(picture, mask);
}

function fillPart(mask: Uint8Array, size: Size, part: Part, value: 0 | 1): void {
  const { left, top, right, bottom } = pixelBox(part, size);
  for (let y = top; y < bottom; y++) mask.fill(value, y * size.width + left, y * size.width + right);
}

/** 1 = stays as it is. */
function shownMask(size: Size, seat: Part, others: readonly Part[]): Uint8Array {
  const mask = new Uint8Array(size.width * size.height);
  fillPart(mask, size, surroundingsOf(seat), 1);
  for (const other of others) fillPart(mask, size, other, 0);
  fillPart(mask, size, seat, 1);
  return mask;
}

/** Only what is covered counts for the block's grey: nothing of the seat is spread beyond it. */
function coverBlock(
  pixels: Uint8Array,
  shown: Uint8Array,
  width: number,
  { left, top, right, bottom }: PixelBox,
): void {
  let [sum, count] = [0, 0];
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left; i < y * width + right; i++) {
      if (shown[i] === 1) continue;
      sum += pixels[i] as number;
      count += 1;
    }
  }
  if (count === 0) return;
  const grey = Math.round(sum / count);
  for (let y = top; y < bottom; y++) {
    for (let i = y * width + left; i < y * width + right; i++) if (shown[i] === 0) pixels[i] = grey;
  }
}

/** A part of a picture, cut out. */
export function cutOut(picture: GrayPicture, part: Part): GrayPicture {
  const { left, top, right, bottom } = pixelBox(part, picture);
  const width = right - left;
  const pixels = new Uint8Array(width * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const from = y * picture.width + left;
    pixels.set(picture.pixels.subarray(from, from + width), (y - top) * width);
  }
  return { width, height: bottom - top, pixels };
}

/** Between the pictures of a strip, in pixels. */
const GAP = 4;
/** About as wide as a screen or a page. */
const STRIP_WIDTH = 1280;

/** Pictures of one size beside and below each other, the first at the upper left, white between them. At least one. */
export function filmStrip(pictures: readonly [GrayPicture, ...GrayPicture[]]): GrayPicture {
  const [{ width, height }] = pictures;
  const columns = Math.min(pictures.length, Math.max(1, Math.floor((STRIP_WIDTH + GAP) / (width + GAP))));
  const rows = Math.ceil(pictures.length / columns);
  const whole = { width: columns * (width + GAP) - GAP, height: rows * (height + GAP) - GAP };
  const pixels = new Uint8Array(whole.width * whole.height).fill(255);
  for (const [i, picture] of pictures.entries()) {
    const [left, top] = [(i % columns) * (width + GAP), Math.floor(i / columns) * (height + GAP)];
    for (let y = 0; y < height; y++) {
      pixels.set(picture.pixels.subarray(y * width, (y + 1) * width), (top + y) * whole.width + left);
    }
  }
  return { ...whole, pixels };
}
