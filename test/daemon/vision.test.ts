/** The thread that looks at pictures, as the daemon owns it: in order, never behind, and gone without harm. */
import { afterEach, describe, expect, test } from 'vitest';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { Reference } from '../../adapters/vision/reference-bank.ts';
import { type TaughtHow, Vision, type VisionListener, type VisionOptions } from '../../daemon/cameras/vision.ts';
import type { SeatReferences } from '../../daemon/cameras/vision-thread.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook, shrunk } from '../../daemon/demo/seat-scene.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { type JumpingClock, jumpingClock } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

const LOOK = sceneLook(7);

function frame(second: number, moment: SceneMoment): CameraFrame {
  const scene = drawScene(LOOK, second, moment);
  return { at: second * SECOND, whole: shrunk(scene, 160, 90), seats: [cutOut(scene, SCENE_SEAT, 48, 60)] };
}

/** The same, its pictures in one buffer, as they come of cameras. */
function joined({ at, whole, seats }: CameraFrame): CameraFrame {
  const all = Uint8Array.from(Buffer.concat([whole, ...seats].map(({ pixels }) => pixels)));
  let from = 0;
  const there = (picture: GrayPicture): GrayPicture => {
    const pixels = all.subarray(from, from + picture.pixels.length);
    from += pixels.length;
    return { ...picture, pixels };
  };
  return { at, whole: there(whole), seats: seats.map(there) };
}

const EMPTY: Reference = { picture: frame(0, {}).seats[0] as Reference['picture'], at: 0, origin: 'given' };

class Heard implements VisionListener {
  readonly silences: { camera: string; look: CameraLook }[] = [];
  readonly failures: string[] = [];
  known: SeatReferences | null = null;

  silent(camera: string, look: CameraLook): void {
    this.silences.push({ camera, look });
  }

  learnt(_camera: string, known: SeatReferences): void {
    this.known = known;
  }

  failed(because: string): void {
    this.failures.push(because);
  }
}

const running: Vision[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((vision) => vision.stop()));
});

function started(
  cameras: readonly string[],
  options: Pick<VisionOptions, 'stuckMs' | 'gatherMs'> = {},
  timing: Pick<JumpingClock, 'after'> | null = null,
): { vision: Vision; heard: Heard; clock: JumpingClock } {
  const [heard, clock] = [new Heard(), { ...jumpingClock(), ...timing }];
  const vision = new Vision({ gatherMs: 0, ...options, clock, listener: heard });
  running.push(vision);
  vision.start();
  for (const id of cameras) vision.watch({ id, places: [SCENE_SEAT], known: [[EMPTY]] });
  return { vision, heard, clock };
}

/** Hands a frame over and waits for what it says. */
function seen(vision: Vision, camera: string, one: CameraFrame): Promise<CameraLook | null> {
  return new Promise((resolve, reject) => {
    if (!vision.see(camera, one, resolve)) reject(new Error('the frame was not looked at'));
  });
}

describe('a look', () => {
  test('says the same as on the main thread, of each camera by itself', async () => {
    const { vision } = started(['a', 'b']);
    const states: (string | undefined)[] = [];
    for (let second = 1; second <= 8; second++) {
      const [empty, occupied] = await Promise.all([
        seen(vision, 'a', frame(second, {})),
        seen(vision, 'b', frame(second, { clerk: 1 })),
      ]);
      states.push(empty?.seats[0]?.state);
      expect(occupied?.seats[0]?.state).not.toBe('empty');
    }
    expect(states.at(-1)).toBe('empty');
  });

  test('takes the pixels over instead of copying them', async () => {
    const { vision } = started(['a']);
    const given = frame(1, {});
    await seen(vision, 'a', given);
    expect(given.whole.pixels.length).toBe(0);
    expect(given.seats[0]?.pixels.length).toBe(0);
  });

  test('of pictures that lie in one buffer is the same, and takes that over', async () => {
    const { vision } = started(['a', 'b']);
    const given = joined(frame(1, { clerk: 1 }));
    expect(await seen(vision, 'a', given)).toEqual(await seen(vision, 'b', frame(1, { clerk: 1 })));
    expect(given.whole.pixels.length + (given.seats[0]?.pixels.length ?? 0)).toBe(0);
  });

  test('is dropped and counted while the one before is not done; the answers keep their order', async () => {
    const { vision } = started(['a', 'b']);
    const answered: string[] = [];
    const taken = [1, 2, 3, 4].map((second) =>
      ['a', 'b'].map((camera) => vision.see(camera, frame(second, {}), () => answered.push(`${camera}${second}`))),
    );
    // Nothing can be answered before this function returns: one of each camera is under way.
    expect(taken).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
    await until(() => answered.length === 2, { what: 'both looks' });
    expect(answered).toEqual(['a1', 'b1']);
    expect(vision.reading()).toMatchObject({ looks: 2, dropped: 6, failures: 0 });
    // There is room again.
    expect((await seen(vision, 'a', frame(9, {})))?.picture.fault).toBeNull();
  });

  test('waits for those of other cameras, and all of them for one answer; a question waits for nothing', async () => {
    const gathering: { inMs: Ms; wake: () => void }[] = [];
    const after = (inMs: Ms, wake: () => void) => {
      const one = { inMs, wake };
      gathering.push(one);
      return () => gathering.splice(gathering.indexOf(one), 1);
    };
    const { vision } = started(['a', 'b', 'c'], { gatherMs: 300 }, { after });
    const answered: string[] = [];
    const see = (camera: string): boolean => vision.see(camera, frame(1, {}), () => answered.push(camera));
    expect(['a', 'b', 'a'].map(see)).toEqual([true, true, false]);
    expect(gathering.map(({ inMs }) => inMs)).toEqual([300]);
    gathering[0]?.wake();
    await until(() => answered.length === 2, { what: 'both looks' });
    expect(gathering).toEqual([]);
    see('c');
    see('a');
    vision.wait(2 * SECOND);
    expect(gathering, 'they went with it').toEqual([]);
    await until(() => answered.length === 4, { what: 'the others' });
    expect(answered).toEqual(['a', 'b', 'c', 'a']);
  });

  test('that is of no interest any more is not told, and what a camera showed before does not hold it up', async () => {
    const { vision } = started(['a']);
    let isTold = false;
    vision.see('a', frame(1, {}), () => {
      isTold = true;
    });
    vision.lookAway('a');
    await seen(vision, 'a', frame(2, {}));
    expect(isTold).toBe(false);
  });

  test('of a camera that is not watched is not taken', async () => {
    const { vision } = started(['a']);
    vision.forget('a');
    expect(vision.see('a', frame(1, {}), () => {})).toBe(false);
    vision.watch({ id: 'a', places: [SCENE_SEAT], known: [[EMPTY]] });
    expect(await seen(vision, 'a', frame(1, {}))).not.toBeNull();
  });
});

test('a camera that is silent for long is said to be lost', async () => {
  const { vision, heard } = started(['a', 'b']);
  await seen(vision, 'a', frame(1, {}));
  vision.wait(120 * SECOND);
  await until(() => heard.silences.length > 0, { what: 'a word on silence' });
  expect(heard.silences.map(({ camera, look }) => [camera, look.picture.fault, look.seats[0]?.state])).toEqual([
    ['a', 'lost', 'unknown'],
  ]);
});

describe('a thread that fails', () => {
  /** A frame without the seat that it should have: the detector throws. */
  const broken = (second: number): CameraFrame => ({ ...frame(second, {}), seats: [] });

  test('is told, takes nobody with it, and begins anew with what it knew', async () => {
    const { vision, heard, clock } = started(['a', 'b']);
    vision.see('a', broken(1), () => {
      throw new Error('a broken frame was looked at');
    });
    await until(() => heard.failures.length > 0, { what: 'the failure' });
    expect(heard.failures[0]).toContain('TypeError');
    expect(vision.reading().failures).toBe(1);
    expect(vision.see('b', frame(1, {}), () => {})).toBe(false);
    clock.jump(SECOND + 1);
    let last: CameraLook | null = null;
    for (let second = 2; second <= 8; second++) last = await seen(vision, 'b', frame(second, {}));
    expect(last?.seats[0]?.state).toBe('empty');
  });

  test('again and again is tried less and less often', async () => {
    const { vision, heard, clock } = started(['a']);
    for (const [i, pauseMs] of [1, 2, 5].map((seconds) => seconds * SECOND).entries()) {
      vision.see('a', broken(1), () => {});
      await until(() => heard.failures.length === i + 1, { what: `failure ${i + 1}` });
      clock.jump(pauseMs - 200);
      expect(vision.see('a', broken(1), () => {})).toBe(false);
      clock.jump(400);
    }
    expect(await seen(vision, 'a', frame(1, {}))).not.toBeNull();
  });

  test('because a look never ends is ended and begun anew', async () => {
    const { vision, heard, clock } = started(['a', 'b'], { stuckMs: 200 });
    const [width, height] = [6000, 6000];
    // Of such a size that one look takes some seconds.
    const whole = { width, height, pixels: new Uint8Array(width * height).map((_, i) => (i * 7919) % 251) };
    vision.see('a', { ...frame(1, {}), whole }, () => {});
    await until(
      () => {
        vision.wait(2 * SECOND);
        return heard.failures.length > 0;
      },
      { what: 'the stuck thread to be noticed' },
    );
    expect(heard.failures[0]).toContain('a look has taken more than');
    clock.jump(SECOND + 1);
    expect(await seen(vision, 'b', frame(3, {}))).not.toBeNull();
  });

  test('while it is stopped says nothing', async () => {
    const { vision, heard } = started(['a']);
    vision.see('a', broken(1), () => {});
    await vision.stop();
    expect(heard.failures).toEqual([]);
  });
});

test('what is learnt of an empty seat is handed out, and holds in another life', async () => {
  const { vision, heard } = started(['a']);
  // The light wanders: still the empty seat, and far enough from what is known of it.
  for (let second = 1; second <= 80; second++) await seen(vision, 'a', frame(second, { sun: 2.5 }));
  expect(heard.known?.[0]?.map(({ origin }) => origin)).toEqual(['given', 'learnt']);
  const other = started([]);
  other.vision.watch({ id: 'a', places: [SCENE_SEAT], known: heard.known ?? [] });
  let last: CameraLook | null = null;
  for (let second = 1; second <= 8; second++) last = await seen(other.vision, 'a', frame(second, { sun: 2.5 }));
  expect(last?.seats[0]?.state).toBe('empty');
  expect(last?.seats[0]?.because[0]?.value).toBeLessThan(0.04);
});

describe('a lesson', () => {
  const taught = (vision: Vision): Promise<TaughtHow> => new Promise((resolve) => vision.teach('a', [0], resolve));

  test('is learnt from the next pictures, and what was learnt is told before', async () => {
    const { vision, heard, clock } = started([]);
    vision.watch({ id: 'a', places: [SCENE_SEAT], known: [[]] });
    const from = Math.round(clock.now() / SECOND);
    const end = taught(vision);
    for (let second = from + 1; second <= from + 3; second++) await seen(vision, 'a', frame(second, {}));
    expect(await end).toEqual({ seats: [{ seat: 0, outcome: 'learnt' }] });
    expect(heard.known?.[0]?.map(({ origin }) => origin)).toEqual(['given']);
    expect(vision.known('a')).toEqual(heard.known);
  });

  test('keeps the picture of the seat alone, whatever came in the same buffer', async () => {
    const { vision, heard, clock } = started([]);
    vision.watch({ id: 'a', places: [SCENE_SEAT], known: [[]] });
    const from = Math.round(clock.now() / SECOND);
    const end = taught(vision);
    for (let second = from + 1; second <= from + 3; second++) await seen(vision, 'a', joined(frame(second, {})));
    await end;
    const [kept] = heard.known?.[0] ?? [];
    expect(kept?.picture.pixels.buffer.byteLength).toBe(48 * 60);
  });

  test('of a picture that was taken earlier is of exactly that picture', async () => {
    const { vision, heard } = started([]);
    vision.watch({ id: 'a', places: [SCENE_SEAT], known: [[]] });
    const [picture] = frame(1, {}).seats as [Reference['picture']];
    const end = await new Promise<TaughtHow>((resolve) => vision.show('a', 0, SECOND, picture, resolve));
    expect(end).toEqual({ seats: [{ seat: 0, outcome: 'learnt' }] });
    expect(heard.known).toEqual([[{ picture, at: SECOND, origin: 'given' }]]);
    vision.forget('a');
    const next = await new Promise<TaughtHow>((resolve) => vision.show('a', 0, SECOND, picture, resolve));
    expect(next).toEqual({ because: 'interrupted' });
  });

  test('ends with the camera, with the thread, and without pictures', async () => {
    const { vision, clock } = started(['a']);
    const [first, second, third] = [taught(vision), taught(vision), taught(vision)];
    clock.jump(60 * SECOND);
    vision.wait(clock.now());
    expect(await Promise.all([first, second, third])).toEqual(Array(3).fill({ because: 'no-picture' }));
    const next = taught(vision);
    vision.forget('a');
    expect(await next).toEqual({ because: 'interrupted' });
    expect(await taught(vision)).toEqual({ because: 'interrupted' });
  });
});
