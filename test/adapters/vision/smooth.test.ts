/** The quick whole numbers of smoothing, against means counted one by one. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { detailOf, PARTS, smoothed } from '../../../adapters/vision/smooth.ts';
import { Dice } from '../../../daemon/demo/dice.ts';

function noise(width: number, height: number, seed: number): GrayPicture {
  const dice = new Dice(seed);
  return { width, height, pixels: Uint8Array.from({ length: width * height }, () => Math.floor(dice.next() * 256)) };
}

/** The mean of what lies at most `reach` away from a pixel, as far as there is any. */
function meanAround(values: ArrayLike<number>, { width, height }: GrayPicture, at: number, reach: number): number {
  const [x, y] = [at % width, Math.floor(at / width)];
  let [sum, count] = [0, 0];
  for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++)
    for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++, count++)
      sum += values[v * width + u] as number;
  return sum / count;
}

/** How far the numbers are from what is wanted, at most. */
const farthest = (wanted: readonly number[], of: (at: number) => number): number =>
  wanted.reduce((most, one, at) => Math.max(most, Math.abs(of(at) - one)), 0);

describe.each([
  [48, 60],
  [160, 90],
  [12, 11],
  [7, 3],
  [2, 2],
  [1, 5],
  [5, 1],
])('of a picture of %i by %i', (width, height) => {
  const picture = noise(width, height, width * 1000 + height);
  const means = Array.from(picture.pixels, (_, at) => meanAround(picture.pixels, picture, at, 1));

  test('each pixel is the mean of those around it', () => {
    const smooth = smoothed(picture);
    expect(smooth.length).toBe(width * height);
    expect(farthest(means, (at) => (smooth[at] as number) / PARTS)).toBeLessThan(1e-9);
  });

  test('its detail is what it differs by from its surroundings', () => {
    const detail = detailOf(smoothed(picture), picture);
    const wanted = means.map((mean, at) => mean - meanAround(means, picture, at, 5));
    expect(farthest(wanted, (at) => detail[at] as number)).toBeLessThan(1e-4);
  });
});

test('a picture does not remember the one before', () => {
  const [one, other] = [noise(48, 60, 1), noise(48, 60, 2)];
  const alone = Array.from(detailOf(smoothed(one), one));
  detailOf(smoothed(other), other);
  expect(Array.from(detailOf(smoothed(one), one))).toEqual(alone);
});
