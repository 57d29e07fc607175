/** What is wrong with a camera's picture, told from the small whole picture alone. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { HEALTH } from '../../../adapters/vision/occupancy-limits.ts';
import { PictureHealth } from '../../../adapters/vision/picture-health.ts';
import { drawScene, SCENE_SEAT, type SceneMoment, sceneLook, shrunk } from '../../../daemon/demo/seat-scene.ts';
import { SECOND } from '../../../rules/time.ts';

const LOOK = sceneLook(5);
const wholeAt = (second: number, moment: SceneMoment = {}): GrayPicture =>
  shrunk(drawScene(LOOK, second, moment), 160, 90);

/** A camera that has looked at its scene for a while. */
function settled(): PictureHealth {
  const health = new PictureHealth([SCENE_SEAT]);
  for (let second = 0; second < 20; second++)
    expect(health.see(second * SECOND, wholeAt(second, { clerk: second % 2 })).fault).toBeNull();
  return health;
}

describe('a picture', () => {
  test.each<[string, SceneMoment, string | null]>([
    ['as ever', {}, null],
    ['of half the light', { gain: 0.5 }, null],
    ['of much light', { gain: 1.35, offset: 20 }, null],
    ['with people', { clerk: 1, passer: 0.7, customer: 1 }, null],
    ['with sun', { sun: 50 }, null],
    ['without light', { gain: 0.04 }, 'dark'],
    ['of a cap', { covered: true }, 'covered'],
    ['out of focus', { defocused: true }, 'blurred'],
    ['of another room', { turned: true }, 'moved'],
    ['shifted', { nudge: [8, 4] }, 'nudged'],
  ])('%s', (_, moment, fault) => {
    const health = settled();
    const state = health.see(20 * SECOND, wholeAt(20, moment));
    expect(state.fault).toBe(fault);
    if (fault !== null) expect(health.see(21 * SECOND, wholeAt(21)).fault, 'and back').toBeNull();
  });

  test('that was shifted says how far', () => {
    const { shift } = settled().see(20 * SECOND, wholeAt(20, { nudge: [8, 4] }));
    expect(shift?.dx).toBeCloseTo(8 / 320, 2);
    expect(shift?.dy).toBeCloseTo(4 / 180, 2);
  });

  test.each([0.5, 1, 2])('that comes again and again is frozen, at %d a second', (fps) => {
    const health = settled();
    const picture = wholeAt(20);
    const faults: (string | null)[] = [];
    for (let i = 0; i <= 12 * fps; i++) faults.push(health.see(20 * SECOND + (i * SECOND) / fps, picture).fault);
    const first = faults.indexOf('frozen');
    expect((first * SECOND) / fps).toBeGreaterThanOrEqual(HEALTH.frozenMs);
    expect((first * SECOND) / fps).toBeLessThanOrEqual(HEALTH.frozenMs + (HEALTH.frozenLooks * SECOND) / fps);
    expect(new Set(faults.slice(first))).toEqual(new Set(['frozen']));
    expect(health.see(40 * SECOND, wholeAt(40)).fault).toBeNull();
  });

  test('that does not come is lost, by its own usual pauses', () => {
    const often = settled();
    expect(often.wait(19 * SECOND + HEALTH.lostMs)).toBeNull();
    expect(often.wait(19 * SECOND + HEALTH.lostMs + 1)).toMatchObject({ fault: 'lost' });
    const seldom = new PictureHealth();
    for (let i = 0; i < 5; i++) seldom.see(i * 10 * SECOND, wholeAt(i));
    expect(seldom.wait(65 * SECOND)).toBeNull();
    expect(seldom.wait(71 * SECOND)).toMatchObject({ fault: 'lost', limit: 30 * SECOND });
  });

  test('stirs all over where the camera shakes, and not where somebody walks', () => {
    const walked = settled();
    expect(walked.see(20 * SECOND, wholeAt(20, { passer: 0.3 })).stir).toBeLessThan(0.02);
    const shaken = settled();
    expect(shaken.see(20 * SECOND, wholeAt(20, { nudge: [3, 2] })).stir).toBeGreaterThan(0.02);
  });
});
