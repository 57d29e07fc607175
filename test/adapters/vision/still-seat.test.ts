/** Which picture of a seat is chosen to be looked at: one of a still time, by daylight before by night. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { STILL, StillSeat } from '../../../adapters/vision/still-seat.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../../daemon/demo/seat-scene.ts';
import { MINUTE, type Ms, SECOND } from '../../../rules/time.ts';

const LOOK = sceneLook(7);
const seatAt = (second: number, moment: SceneMoment): GrayPicture =>
  cutOut(drawScene(LOOK, second, moment), SCENE_SEAT, 48, 60);

/** Shows the seat from a minute to another one, every fifteen seconds. */
function shown(
  seat: StillSeat,
  from: number,
  to: number,
  moment: SceneMoment,
  change = (one: GrayPicture) => one,
): void {
  for (let at: Ms = from * MINUTE; at < to * MINUTE; at += STILL.everyMs) {
    const picture = change(seatAt(at / SECOND, moment));
    seat.see(at, picture, () => picture);
  }
}

const night = ({ width, height, pixels }: GrayPicture): GrayPicture => ({
  width,
  height,
  pixels: pixels.map((one) => one / 4),
});

describe('a still time', () => {
  test('is one only after three minutes, and its picture stays the same however long it lasts', () => {
    const seat = new StillSeat();
    shown(seat, 0, 3, {});
    expect(seat.best).toBeNull();
    shown(seat, 3, 4, {});
    const first = seat.best;
    expect(first).toMatchObject({ at: 3 * MINUTE, light: 'day' });
    expect(first?.picture.pixels).toEqual(seatAt(180, {}).pixels);
    shown(seat, 4, 10, {});
    expect(seat.best?.picture).toBe(first?.picture);
    expect(seat.best?.stillMs).toBe(10 * MINUTE - STILL.everyMs);
  });

  test('ends with a disturbance, another picture, or a pause', () => {
    const [disturbed, changed, paused] = [new StillSeat(), new StillSeat(), new StillSeat()];
    for (const seat of [disturbed, changed, paused]) shown(seat, 0, 2, {});
    disturbed.disturb();
    shown(disturbed, 2, 4, {});
    expect(changed.see(2 * MINUTE, seatAt(120, { clerk: 1 }), () => seatAt(120, {}))).toBe(false);
    shown(changed, 2, 4, {});
    shown(paused, 3.5, 5.5, {});
    expect([disturbed.best, changed.best, paused.best]).toEqual([null, null, null]);
  });

  test('is nobody at work', () => {
    const seat = new StillSeat();
    shown(seat, 0, 10, { clerk: 1 });
    expect(seat.best).toBeNull();
  });
});

describe('of several', () => {
  test('the longest is chosen', () => {
    const seat = new StillSeat();
    shown(seat, 0, 4, {});
    shown(seat, 4, 12, { coat: true });
    expect(seat.best).toMatchObject({ at: 7 * MINUTE });
    seat.disturb();
    shown(seat, 12, 16, {});
    expect(seat.best).toMatchObject({ at: 7 * MINUTE });
  });

  test('one by daylight goes before a longer one by night', () => {
    const seat = new StillSeat();
    shown(seat, 0, 8, {}, night);
    expect(seat.best?.light).toBe('night');
    seat.disturb();
    shown(seat, 8, 12, {});
    expect(seat.best?.light).toBe('day');
    seat.disturb();
    shown(seat, 12, 30, {}, night);
    expect(seat.best?.light).toBe('day');
  });
});

test('what it keeps is a copy: the picture may be given away', () => {
  const seat = new StillSeat();
  for (let at = 0; at <= 4 * MINUTE; at += STILL.everyMs) {
    const picture = seatAt(at / SECOND, {});
    seat.see(at, picture, () => picture);
    picture.pixels.fill(0);
  }
  expect(seat.best?.picture.pixels).toEqual(seatAt(180, {}).pixels);
});
