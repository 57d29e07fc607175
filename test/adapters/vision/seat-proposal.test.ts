/** Seats proposed from motion, on drawn windows whose seats are known. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import type { Part } from '../../../adapters/vision/scene.ts';
import { SeatSurvey } from '../../../adapters/vision/seat-proposal.ts';
import { drawScene, SCENE_SEAT, type SceneMoment, sceneLook, shrunk } from '../../../daemon/demo/seat-scene.ts';

const [WIDTH, HEIGHT] = [160, 90];
const EVERY_S = 2;

/** Windows side by side in one picture, each drawn by its own seed. */
function counter(moments: readonly SceneMoment[], seconds: number): GrayPicture {
  const width = Math.floor(WIDTH / moments.length);
  const scenes = moments.map((moment, i) => shrunk(drawScene(sceneLook(i + 3), seconds, moment, 2), width, HEIGHT));
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  for (const [i, scene] of scenes.entries())
    for (let y = 0; y < HEIGHT; y++)
      pixels.set(scene.pixels.subarray(y * width, (y + 1) * width), y * WIDTH + i * width);
  return { width: WIDTH, height: HEIGHT, pixels };
}

const seatOf = (window: number, windows: number): Part => ({
  ...SCENE_SEAT,
  x: (window + SCENE_SEAT.x) / windows,
  width: SCENE_SEAT.width / windows,
});

function likeness(one: Part, other: Part): number {
  const overlap = (from: number, size: number, otherFrom: number, otherSize: number): number =>
    Math.max(0, Math.min(from + size, otherFrom + otherSize) - Math.max(from, otherFrom));
  const both = overlap(one.x, one.width, other.x, other.width) * overlap(one.y, one.height, other.y, other.height);
  return both / (one.width * one.height + other.width * other.height - both);
}

/** Some minutes of it. */
function surveyed(momentsAt: (seconds: number) => readonly SceneMoment[], minutes = 6) {
  const survey = new SeatSurvey();
  for (let at = 0; at < minutes * 60; at += EVERY_S) survey.see(at * 1000, counter(momentsAt(at), at));
  return survey;
}

describe('seats are proposed where somebody works', { timeout: 120_000 }, () => {
  // Of a narrow window less of whoever sits there is seen to move.
  test.each([
    [1, 0.5],
    [2, 0.4],
    [3, 0.2],
  ])('at %i windows, from left to right', (windows, least) => {
    const seats = surveyed(() => Array.from({ length: windows }, () => ({ clerk: 1 }))).propose();
    expect(seats).toHaveLength(windows);
    for (const [i, { place, share }] of seats.entries()) {
      expect([i, likeness(place, seatOf(i, windows)) > least]).toEqual([i, true]);
      expect(share).toBeGreaterThan(0.5);
    }
  });

  test('also where they are there half of the time, with people walking past behind', () => {
    const seats = surveyed((at) => {
      const passer = at % 24 < 8 ? { passer: (at % 24) / 8 } : {};
      const here = Math.floor(at / 120) % 2 === 0 ? { clerk: 1 } : {};
      return [{ ...here, ...passer }, passer];
    }).propose();
    expect(seats.map(({ place }) => likeness(place, seatOf(0, 2)) > 0.3)).toEqual([true]);
  });

  test('not where people only walk past, nor in an empty hall, nor when lamps go on and off', () => {
    expect(surveyed((at) => [at % 20 < 6 ? { passer: (at % 20) / 6 } : {}]).propose()).toEqual([]);
    expect(surveyed(() => [{}, {}]).propose()).toEqual([]);
    expect(surveyed((at) => [Math.floor(at / 10) % 2 === 0 ? {} : { gain: 0.6 }]).propose()).toEqual([]);
  });

  test('not before enough has been seen, and a camera that was away in between moves nothing', () => {
    expect(surveyed(() => [{ clerk: 1 }], 1).propose()).toEqual([]);
    const survey = new SeatSurvey();
    expect(survey.propose()).toEqual([]);
    for (let at = 0; at < 600; at += 30) survey.see(at * 1000, counter([{ clerk: 1 }], at));
    expect([survey.propose(), survey.slots]).toEqual([[], 0]);
  });
});
