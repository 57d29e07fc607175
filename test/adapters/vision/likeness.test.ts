/** What makes comparing with known pictures quick changes nothing of what is said. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { unlikeness } from '../../../adapters/vision/likeness.ts';
import { type Reference, ReferenceBank } from '../../../adapters/vision/reference-bank.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../../daemon/demo/seat-scene.ts';

const seatOf = (seed: number, second: number, moment: SceneMoment): GrayPicture =>
  cutOut(drawScene(sceneLook(seed), second, moment), SCENE_SEAT, 48, 60);

const MOMENTS: readonly SceneMoment[] = [
  {},
  { gain: 0.5 },
  { gain: 0.2 },
  { sun: 40 },
  { coat: true },
  { chairAside: 7 },
  { customer: 0.5 },
  { clerk: 0 },
  { clerk: 1 },
  { covered: true },
];

describe.each([3, 14])('of the scene %i', (seed) => {
  const empty = seatOf(seed, 0, {});
  const pictures = MOMENTS.map((moment, i) => seatOf(seed, 3 + i, moment));

  test('to stop once it is too unlike tells whether it is', () => {
    for (const picture of pictures) {
      const { share } = unlikeness(empty, picture);
      for (const most of [0, 0.03, 0.1, 0.22, 0.5, share, share - 1e-9, share + 1e-9]) {
        const bounded = unlikeness(empty, picture, most);
        expect(bounded.share > most, `${share} against ${most}`).toBe(share > most);
        if (share <= most) expect(bounded).toEqual(unlikeness(empty, picture));
      }
    }
  });

  test('the nearest of many known pictures is the nearest of all of them, in whatever order they come', () => {
    const known = pictures.map((picture, at): Reference => ({ picture, at, origin: 'given' }));
    const rank = (says: string | null, share: number, patch: number): number =>
      (says === 'same' ? -1 : 0) + share + patch;
    for (const [i, moment] of MOMENTS.entries()) {
      const picture = seatOf(seed, 100 + i, moment);
      const alone = known.map((one) => new ReferenceBank([one]).compare(picture));
      const least = Math.min(...alone.map((one) => rank(one?.says ?? null, one?.share ?? 1, one?.patch ?? 1)));
      for (const order of [known, known.toReversed()]) {
        const nearest = new ReferenceBank(order).compare(picture);
        expect(rank(nearest?.says ?? null, nearest?.share ?? 1, nearest?.patch ?? 1)).toBe(least);
        expect(alone).toContainEqual(nearest);
      }
    }
  });
});

test('a person is one patch: the largest one is counted', () => {
  const changed = (boxes: readonly (readonly [x: number, y: number, side: number])[]): GrayPicture => {
    const pixels = new Uint8Array(48 * 60).fill(120);
    for (const [left, top, side] of boxes)
      for (let y = top; y < top + side; y++) pixels.fill(220, y * 48 + left, y * 48 + left + side);
    return { width: 48, height: 60, pixels };
  };
  const plain = changed([]);
  const small = unlikeness(plain, changed([[0, 0, 8]])).patch;
  const large = unlikeness(plain, changed([[24, 24, 16]])).patch;
  expect(small).toBeGreaterThan(0);
  expect(large).toBeGreaterThan(small);
  const both = unlikeness(
    plain,
    changed([
      [0, 0, 8],
      [24, 24, 16],
    ]),
  ).patch;
  expect(both).toBe(large);
});
