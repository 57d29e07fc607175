/** What evidence shows of a picture, and what nobody can make out in it any more. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import type { Part } from '../../../adapters/vision/scene.ts';
import { cutOut, filmStrip, pixelBox, surroundingsOf, veiled } from '../../../adapters/vision/veil.ts';
import { drawScene, SCENE_SEAT, sceneLook } from '../../../daemon/demo/seat-scene.ts';
import { detailOf } from '../../support/picture-detail.ts';

/** A neighbour walks past at the left; the clerk sits at the seat. */
const PICTURE = drawScene(sceneLook(3), 4, { clerk: 1, passer: 0.25 });
const BESIDE: Part = { x: 0, y: 0, width: 0.22, height: 1 };

const same = (one: GrayPicture, other: GrayPicture): boolean => Buffer.compare(one.pixels, other.pixels) === 0;

describe('a veiled picture', () => {
  const shown = veiled(PICTURE, SCENE_SEAT);

  test('has the seat and what is around it as they were', () => {
    expect(same(cutOut(shown, SCENE_SEAT), cutOut(PICTURE, SCENE_SEAT))).toBe(true);
    const around = surroundingsOf(SCENE_SEAT);
    expect(around.width).toBeGreaterThan(1.5 * SCENE_SEAT.width);
    expect(same(cutOut(shown, around), cutOut(PICTURE, around))).toBe(true);
  });

  test('has no detail anywhere else but the edges of blocks', () => {
    expect(detailOf(PICTURE, BESIDE)).toBeGreaterThan(20);
    expect(detailOf(shown, BESIDE)).toBeLessThan(0.25 * detailOf(PICTURE, BESIDE));
    // Within one block there is none at all.
    const block: Part = { x: 20 / 320, y: 20 / 180, width: 20 / 320, height: 20 / 180 };
    expect(new Set(cutOut(shown, block).pixels).size).toBe(1);
    expect(new Set(cutOut(PICTURE, block).pixels).size).toBeGreaterThan(10);
  });

  test('tells nothing of the seat beyond it: with another one at the seat the rest is the same', () => {
    const pixels = Uint8Array.from(PICTURE.pixels);
    const { left, top, right, bottom } = pixelBox(surroundingsOf(SCENE_SEAT), PICTURE);
    for (let y = top; y < bottom; y++) pixels.fill(0, y * PICTURE.width + left, y * PICTURE.width + right);
    const other = veiled({ ...PICTURE, pixels }, SCENE_SEAT);
    const outside = other.pixels.map((value, i) => {
      const [x, y] = [i % PICTURE.width, Math.floor(i / PICTURE.width)];
      const isInside = x >= left && x < right && y >= top && y < bottom;
      return isInside ? 0 : value - (shown.pixels[i] ?? 0);
    });
    expect(outside.every((difference) => difference === 0)).toBe(true);
  });

  test('leaves the picture that it was made of alone', () => {
    expect(same(PICTURE, drawScene(sceneLook(3), 4, { clerk: 1, passer: 0.25 }))).toBe(true);
  });

  test('does not show the neighbouring seat, but where it lies over this one', () => {
    const neighbour: Part = { x: SCENE_SEAT.x + SCENE_SEAT.width, y: 0.2, width: 0.1, height: 0.6 };
    const overlapping: Part = { x: SCENE_SEAT.x - 0.05, y: 0.3, width: 0.1, height: 0.3 };
    const both = veiled(PICTURE, SCENE_SEAT, [neighbour, overlapping]);
    expect(same(cutOut(both, SCENE_SEAT), cutOut(PICTURE, SCENE_SEAT))).toBe(true);
    expect(detailOf(shown, neighbour)).toBeGreaterThan(10 * detailOf(both, neighbour));
  });
});

test.each<[string, Part]>([
  ['in a corner', { x: 0, y: 0, width: 0.2, height: 0.3 }],
  ['at the lower right', { x: 0.9, y: 0.8, width: 0.1, height: 0.2 }],
  ['as large as the picture', { x: 0, y: 0, width: 1, height: 1 }],
  ['of nothing', { x: 1, y: 1, width: 0, height: 0 }],
])('a seat %s is shown as it is', (_, seat) => {
  expect(same(cutOut(veiled(PICTURE, seat), seat), cutOut(PICTURE, seat))).toBe(true);
});

test('a strip has its pictures in order, and white between them', () => {
  const one = (value: number): GrayPicture => ({ width: 400, height: 10, pixels: new Uint8Array(4000).fill(value) });
  const strip = filmStrip([one(1), one(2), one(3), one(4)]);
  expect([strip.width, strip.height]).toEqual([1208, 24]);
  const at = (x: number, y: number): number | undefined => strip.pixels[y * strip.width + x];
  expect([at(0, 0), at(402, 0), at(404, 9), at(808, 0), at(0, 12), at(0, 14), at(404, 14)]).toEqual([
    1, 255, 2, 3, 255, 4, 255,
  ]);
  expect(filmStrip([one(7)]).pixels).toEqual(one(7).pixels);
});
