/** Regions as they are drawn: within the picture, whatever a hand or a key does. */
import { describe, expect, test } from 'vitest';
import type { Roi } from '../../web/cameras/camera-data.ts';
import {
  areaOf,
  asPolygon,
  boxBetween,
  cornersOf,
  moved,
  overlapOf,
  pointsOf,
  pointsText,
  withCorner,
  withoutPoint,
  withPoint,
} from '../../web/cameras/seat-shapes.ts';

const BOX: Roi = [0.2, 0.2, 0.4, 0.4];
const TRIANGLE: Roi = [
  [0, 0],
  [1, 0],
  [0, 1],
];

describe('a box', () => {
  test.each<[string, Roi, Roi]>([
    ['drawn the other way round', boxBetween([0.6, 0.6], [0.2, 0.2]), BOX],
    ['beyond the picture', boxBetween([-1, 0.5], [2, 3]), [0, 0.5, 1, 0.5]],
    ['of no size, at the lower right', boxBetween([1, 1], [1, 1]), [0.99, 0.99, 0.01, 0.01]],
    ['with a corner elsewhere', withCorner(BOX, 2, [0.8, 0.7]), [0.2, 0.2, 0.6, 0.5]],
    ['with a corner drawn over to the other side', withCorner(BOX, 0, [0.9, 0.9]), [0.6, 0.6, 0.3, 0.3]],
    ['moved as far as the picture goes', moved(BOX, [1, -1]), [0.6, 0, 0.4, 0.4]],
  ])('%s', (_, is, expected) => {
    expect(is).toEqual(expected);
  });

  test('stays the same as a polygon', () => {
    expect(cornersOf(asPolygon(BOX))).toEqual(
      cornersOf(BOX).map((point) => point.map((x) => Math.round(x * 1000) / 1000)),
    );
  });
});

describe('a polygon', () => {
  test('takes a point on its nearest edge, and keeps three', () => {
    const four = withPoint(TRIANGLE, [0.5, 0.1]);
    expect(four).toEqual([
      [0, 0],
      [0.5, 0.1],
      [1, 0],
      [0, 1],
    ]);
    expect(withoutPoint(four, 1)).toEqual(TRIANGLE);
    expect(withoutPoint(TRIANGLE, 1)).toEqual(TRIANGLE);
  });

  test('is written and read in percent', () => {
    expect(pointsText(TRIANGLE)).toBe('0,0 100,0 0,100');
    expect(pointsOf(' 0,0  100,0 0，100 ')).toEqual(TRIANGLE);
    for (const bad of ['', '1,2', '1,2 3,4', '1,2 3,4 5', '1,2 3,4 5,101', '1,2 3,4 5,x'])
      expect(pointsOf(bad)).toBeNull();
  });

  test('is measured by the box around it', () => {
    expect([areaOf(TRIANGLE), overlapOf(BOX, TRIANGLE), overlapOf(BOX, [0.7, 0.6, 0.1, 0.1])]).toEqual([1, 1, 0]);
  });
});
