/** What makes motion and light quick to tell changes nothing of what is told: against the same, said plainly. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { lightBetween, middleGrey, toneOf } from '../../../adapters/vision/light.ts';
import { changedPlaces, type PreparedPicture, prepared } from '../../../adapters/vision/motion.ts';
import { MOTION } from '../../../adapters/vision/occupancy-limits.ts';
import { smoothed } from '../../../adapters/vision/smooth.ts';
import { Dice } from '../../../daemon/demo/dice.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../../daemon/demo/seat-scene.ts';

const seatAt = (second: number, moment: SceneMoment, noise = 2): GrayPicture =>
  cutOut(drawScene({ ...sceneLook(5), noise }, second, moment), SCENE_SEAT, 48, 60);

const MOMENTS: readonly [what: string, moment: SceneMoment, noise?: number][] = [
  ['nothing', {}],
  ['a clerk', { clerk: 1 }],
  ['half the light', { gain: 0.5 }],
  ['more light and a clerk', { clerk: 1, gain: 1.4, offset: 10 }],
  ['a very noisy camera', {}, 40],
  ['a clerk before a very noisy camera', { clerk: 1 }, 40],
  ['a cap', { covered: true }],
];

function plainlyChanged(before: PreparedPicture, now: PreparedPicture): number[] {
  const { gain } = lightBetween(before.samples, now.samples);
  const less = 1 / Math.max(1, gain);
  const was = Array.from(before.detail);
  const distances = was.map((then, i) => Math.abs((now.detail[i] as number) - gain * then) * less);
  const floor = Math.max(MOTION.pixelDifference, MOTION.noiseTimes * plainMiddle(distances));
  const least = was.map((then) => Math.max(floor, MOTION.detailTimes * Math.abs(then)));
  return distances.flatMap((distance, i) => (distance > (least[i] as number) ? [i] : []));
}

/** To an eighth of a grey level. */
function plainMiddle(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.floor((sorted[values.length >> 1] as number) * 8 + 0.5) / 8;
}

/** A line through all that is near to the one before, four times. */
function plainLight(before: Float64Array, after: Float64Array): { gain: number; offset: number } {
  let light = { gain: 1, offset: plainMiddle(Array.from(after, (value, i) => value - (before[i] as number))) };
  for (let round = 0; round < 4; round++) {
    const { gain, offset } = light;
    const away = Array.from(after, (value, i) => Math.abs(value - gain * (before[i] as number) - offset));
    const limit = Math.max(2, 2.5 * plainMiddle(away));
    let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
    for (const [i, y] of after.entries()) {
      if ((away[i] as number) > limit) continue;
      const x = before[i] as number;
      [n, sx, sy, sxx, sxy] = [n + 1, sx + x, sy + y, sxx + x * x, sxy + x * y];
    }
    if (n < 8) break;
    const variance = sxx - (sx * sx) / n;
    const to = variance < n ? 1 : Math.min(12, Math.max(0.05, (sxy - (sx * sy) / n) / variance));
    light = { gain: to, offset: (sy - to * sx) / n };
  }
  return light;
}

describe.each(MOMENTS)('before an empty seat: %s', (_, moment, noise = 2) => {
  const before = prepared(seatAt(0, {}, noise));
  const now = prepared(seatAt(7, moment, noise));

  test('the light is that of all that stayed', () => {
    expect(lightBetween(before.samples, now.samples)).toEqual(plainLight(before.samples, now.samples));
  });

  test('those pixels changed that differ by more than noise', () => {
    expect(Array.from(changedPlaces(before, now))).toEqual(plainlyChanged(before, now));
  });
});

test('a picture made ready in the room of another one is the same', () => {
  const room = prepared(seatAt(0, {}));
  const picture = seatAt(3, { clerk: 1 });
  const alone = prepared(picture);
  const again = prepared(picture, smoothed(picture), room);
  expect(again.detail).toBe(room.detail);
  expect(again).toEqual(alone);
  const small = { width: 12, height: 10, pixels: picture.pixels.slice(0, 120) };
  expect(prepared(small, smoothed(small), room)).toEqual(prepared(small));
});

test('the middle of values is theirs, whatever was counted before', () => {
  const dice = new Dice(8);
  for (const spread of [1, 30, 600, 0.1]) {
    const values = Float64Array.from({ length: 321 }, () => (dice.next() - 0.5) * spread);
    const bounded = Array.from(values, (value) => Math.max(-256, Math.min(256, value)));
    expect(middleGrey(values)).toBe(plainMiddle(bounded));
  }
  expect(middleGrey(new Float64Array(0))).toBe(0);
});

test('the tone of a large picture is as exact as that of a small one', () => {
  const white = (side: number): GrayPicture => ({
    width: side,
    height: side,
    pixels: new Uint8Array(side * side).fill(255),
  });
  for (const side of [8, 400]) expect(toneOf(white(side))).toEqual({ mean: 255, spread: 0 });
});
