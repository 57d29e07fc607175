/** How much detail is in a part of a picture. */
import type { GrayPicture } from '../../adapters/camera.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { pixelBox } from '../../adapters/vision/veil.ts';

/** The mean square of what each pixel differs from the mean of its four neighbours: energy of the highest frequencies. */
export function detailOf(picture: GrayPicture, part: Part): number {
  const { left, top, right, bottom } = pixelBox(part, picture);
  const at = (x: number, y: number): number => picture.pixels[y * picture.width + x] ?? 0;
  let [sum, count] = [0, 0];
  for (let y = Math.max(1, top); y < Math.min(bottom, picture.height - 1); y++) {
    for (let x = Math.max(1, left); x < Math.min(right, picture.width - 1); x++) {
      const around = (at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1)) / 4;
      sum += (at(x, y) - around) ** 2;
      count += 1;
    }
  }
  return sum / Math.max(1, count);
}
