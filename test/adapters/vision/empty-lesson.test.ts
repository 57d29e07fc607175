/** Teaching an empty seat: from three pictures, and only where nothing moves. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { EmptyLesson, LESSON_MS } from '../../../adapters/vision/empty-lesson.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../../daemon/demo/seat-scene.ts';

const seat = (second: number, moment: SceneMoment): GrayPicture =>
  cutOut(drawScene(sceneLook(7), second, moment), SCENE_SEAT, 48, 60);

/** What a lesson ends with, and which pictures it learnt. */
function lesson(seats: readonly number[], pictures: readonly (readonly GrayPicture[] | null)[], everyMs = 2000) {
  const one = new EmptyLesson(seats, 0);
  const learnt: [number, number][] = [];
  for (const [i, given] of pictures.entries()) {
    const end = one.see((i + 1) * everyMs, given, (which, at) => void learnt.push([which, at]));
    if (end !== null) return { end, learnt };
  }
  return { end: null, learnt };
}

describe('a lesson', () => {
  test('learns the middle of three pictures', () => {
    const pictures = [1, 3, 5].map((second) => [seat(second, {})]);
    expect(lesson([0], pictures)).toEqual({ end: { seats: [{ seat: 0, outcome: 'learnt' }] }, learnt: [[0, 4000]] });
    expect(lesson([0], pictures.slice(0, 2)).end).toBeNull();
  });

  test('learns nothing of a seat in which somebody is, or is on the way out', () => {
    const sitting = [1, 3, 5].map((second) => [seat(second, { clerk: 1 }), seat(second, {})]);
    expect(lesson([0, 1], sitting).end).toEqual({
      seats: [
        { seat: 0, outcome: 'restless' },
        { seat: 1, outcome: 'learnt' },
      ],
    });
    const leaving = [[seat(1, { clerk: 1 })], [seat(3, {})], [seat(5, {})]];
    expect(lesson([0], leaving)).toEqual({ end: { seats: [{ seat: 0, outcome: 'restless' }] }, learnt: [] });
  });

  test('begins anew after a picture that cannot be believed, and ends in time', () => {
    const good = (second: number): readonly GrayPicture[] => [seat(second, {})];
    const { learnt } = lesson([0], [good(1), good(3), null, good(7), good(9), good(11)]);
    expect(learnt).toEqual([[0, 10_000]]);
    const late = lesson([0], [good(1), good(2), good(3)], LESSON_MS);
    expect(late).toEqual({ end: { because: 'no-picture' }, learnt: [] });
  });
});
