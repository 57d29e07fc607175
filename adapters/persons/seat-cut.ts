/** Cutting a seat out for a model that knows people, and fitting the cut to the size that the model wants. */
import type { GrayPicture } from '../camera.ts';
import type { SeatCut } from '../person-model.ts';
import type { Part } from '../vision/scene.ts';
import { pixelBox } from '../vision/veil.ts';

/** Of the longer side of the seat, on every side: enough for a shoulder, and little of the neighbours (docs/vision.md). */
const MARGIN = 0.1;

/** A square around the seat, as far as it lies in the picture. The pixels are copies. */
export function cutSeat(view: GrayPicture, seat: Part): SeatCut {
  const [width, height] = [seat.width * view.width, seat.height * view.height];
  const side = Math.max(width, height) * (1 + 2 * MARGIN);
  const around: Part = {
    x: seat.x + (width - side) / 2 / view.width,
    y: seat.y + (height - side) / 2 / view.height,
    width: side / view.width,
    height: side / view.height,
  };
  const { left, top, right, bottom } = pixelBox(around, view);
  const cut = { width: right - left, height: bottom - top };
  const pixels = new Uint8Array(cut.width * cut.height);
  for (let y = 0; y < cut.height; y++) {
    const from = (top + y) * view.width + left;
    pixels.set(view.pixels.subarray(from, from + cut.width), y * cut.width);
  }
  return {
    picture: { ...cut, pixels },
    seat: {
      x: (seat.x * view.width - left) / cut.width,
      y: (seat.y * view.height - top) / cut.height,
      width: width / cut.width,
      height: height / cut.height,
    },
  };
}

export interface Fitted {
  readonly picture: GrayPicture;
  readonly seat: Part;
}

/** The cut as large as it fits into the size, in the middle, on black; and where the seat is then. */
export function fitted({ picture, seat }: SeatCut, width: number, height: number): Fitted {
  const scale = Math.min(width / picture.width, height / picture.height);
  const [wide, high] = [picture.width * scale, picture.height * scale];
  const [left, top] = [(width - wide) / 2, (height - high) / 2];
  const pixels = new Uint8Array(width * height);
  for (let y = Math.ceil(top - 0.5); y < Math.min(height, top + high); y++) {
    for (let x = Math.ceil(left - 0.5); x < Math.min(width, left + wide); x++) {
      pixels[y * width + x] = sampled(picture, (x + 0.5 - left) / scale - 0.5, (y + 0.5 - top) / scale - 0.5);
    }
  }
  return {
    picture: { width, height, pixels },
    seat: {
      x: (left + seat.x * wide) / width,
      y: (top + seat.y * high) / height,
      width: (seat.width * wide) / width,
      height: (seat.height * high) / height,
    },
  };
}

/** Between the four pixels around a place. */
function sampled({ width, height, pixels }: GrayPicture, x: number, y: number): number {
  const [inX, inY] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
  const [left, top] = [Math.floor(inX), Math.floor(inY)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [partX, partY] = [inX - left, inY - top];
  const at = (column: number, row: number): number => pixels[row * width + column] ?? 0;
  const upper = at(left, top) * (1 - partX) + at(right, top) * partX;
  const lower = at(left, bottom) * (1 - partX) + at(right, bottom) * partX;
  return upper * (1 - partY) + lower * partY;
}
