/** Every fault a camera's connection can have, with a real ffmpeg at a camera of our own; times are those of `QUICK`. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CameraSettings } from '../../adapters/cameras/cameras.ts';
import { type RtspCamera, type RtspVideo, rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { type Hall, type HallOptions, hall, processesWith, settingsOf } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

let ffmpeg: string;
let videos: Record<string, RtspVideo>;
beforeAll(async () => {
  ffmpeg = await ffmpegPath();
  videos = {
    h264: { stream: clip(ffmpeg, { gop: 5 }), fps: 10 },
    h265: { stream: clip(ffmpeg, { gop: 5, codec: 'h265' }), fps: 10 },
  };
});

interface Scene {
  readonly camera: RtspCamera;
  open(path?: string, options?: Partial<HallOptions>): Promise<Hall>;
  /** How many ffmpegs are reading the camera. */
  running(): number;
}

/** A camera of the test's own; afterwards nothing may be left of what read it. */
async function scene(onTestFinished: (clean: () => Promise<void>) => void, shown = videos): Promise<Scene> {
  const camera = await rtspCamera({ videos: shown });
  const { port } = camera;
  const halls: Hall[] = [];
  onTestFinished(async () => {
    for (const one of halls) await one.close();
    await camera.close();
    expect(processesWith(`127.0.0.1:${port}/`)).toEqual([]);
  });
  return {
    camera,
    async open(path, options = {}) {
      const opened = await hall({ ffmpegPath: ffmpeg, sources: { cam: camera.url(path) }, ...options });
      halls.push(opened);
      return opened;
    },
    running: () => processesWith(`127.0.0.1:${port}/`).length,
  };
}

describe.concurrent('a camera', () => {
  test.for(['h264', 'h265'])(
    'with %s is seen within 10 s, whole and at its seat',
    async (codec, { onTestFinished }) => {
      const { camera, open } = await scene(onTestFinished);
      const seen = await open(codec);
      const beganAt = seen.clock.now();
      await until(() => seen.frames.length >= 4, { timeoutMs: 10_000, what: 'four pictures' });
      const [first, second] = seen.frames;
      expect(first?.frame.whole).toMatchObject({ width: 160, height: 90 });
      expect(first?.frame.seats.map(({ width, height }) => ({ width, height }))).toEqual([{ width: 48, height: 60 }]);
      expect(new Set(first?.frame.whole.pixels).size).toBeGreaterThan(50);
      expect(second?.frame.whole.pixels).not.toEqual(first?.frame.whole.pixels);
      expect(first?.frame.at).toBeGreaterThan(beganAt - 1000);
      expect(seen.story()).toEqual(['back']);
      expect(seen.reading()).toMatchObject({
        state: 'live',
        loss: null,
        decoding: 'keyframes',
        sameFrames: 1,
        reconnects: 0,
      });
      expect(seen.reading().quality).toBe('excellent');
      // The camera has been told good-bye: some have few places.
      await seen.close();
      await until(() => camera.connections === 0, { what: 'the camera being left' });
      expect(seen.reading()).toMatchObject({ state: 'stopped' });
    },
  );

  test('is seen when it is: a picture does not wait for the next one', async ({ onTestFinished }) => {
    const stream = clip(ffmpeg, { gop: 60, seconds: 6, width: 320, height: 180 });
    const { camera, open } = await scene(onTestFinished, { slow: { stream, fps: 10 } });
    const seen = await open('slow', { limits: { firstFrameMs: 20_000 } });
    await until(() => camera.played.get('slow') === 1, { what: 'the first picture being sent' });
    const sentAt = seen.clock.elapsed();
    await seen.happened(['back']);
    expect(seen.clock.elapsed() - sentAt).toBeLessThan(5000);
  });

  test('that drops the connection is back within 10 s', async ({ onTestFinished }) => {
    const { camera, open, running } = await scene(onTestFinished);
    const seen = await open();
    await seen.happened(['back']);
    camera.drop();
    await seen.happened(['back', 'ended', 'back'], 10_000);
    expect(seen.reading()).toMatchObject({ state: 'live', reconnects: 1, stalls: 0, quality: 'fair' });
    expect(running()).toBe(1);
  });

  test.for(['stall', 'stall-rtcp'] as const)(
    'that goes on without pictures (%s) is given up, and taken up again',
    async (fault, { onTestFinished }) => {
      const { camera, open, running } = await scene(onTestFinished);
      const seen = await open();
      await until(() => seen.frames.length >= 3, { what: 'three pictures' });
      camera.setFault(fault);
      await seen.happened(['back', 'stalled'], 10_000);
      expect(seen.reading()).toMatchObject({ state: 'lost', stalls: 1, quality: 'unusable' });
      camera.setFault('none');
      await seen.happened(['stalled', 'back'], 10_000);
      expect(running()).toBe(1);
    },
  );

  test('is not given up because the daemon could not run for a while', async ({ onTestFinished }) => {
    const { camera, open } = await scene(onTestFinished);
    const seen = await open();
    await until(() => seen.frames.length >= 3, { what: 'three pictures' });
    for (const jumpMs of [3000, 60_000]) {
      seen.clock.jump(jumpMs);
      const count = seen.frames.length;
      await until(() => seen.frames.length >= count + 4, { what: 'four more pictures' });
    }
    expect(seen.story()).toEqual(['back']);
    expect(camera.played.get('h264')).toBe(1);
  });

  test('that never sends a picture is given up, and taken up again', async ({ onTestFinished }) => {
    const { camera, open } = await scene(onTestFinished);
    camera.setFault('stall-rtcp');
    const seen = await open('h264', { limits: { firstFrameMs: 4000, firstSampleMs: 4000 } });
    await seen.happened(['no-picture'], 10_000);
    camera.setFault('none');
    await seen.happened(['no-picture', 'back'], 15_000);
    // It hung; nothing is wrong with its keyframes, and everything need not be decoded from now on.
    expect(seen.reading()).toMatchObject({ state: 'live', decoding: 'keyframes' });
  });

  test('whose picture freezes is told of, goes on being read, and is told of when it moves again', async ({
    onTestFinished,
  }) => {
    const { camera, open } = await scene(onTestFinished);
    const seen = await open();
    await seen.happened(['back']);
    camera.setFault('freeze');
    await seen.happened(['back', 'frozen'], 10_000);
    expect(seen.reading()).toMatchObject({ state: 'live', quality: 'unusable' });
    expect(seen.reading().sameFrames).toBeGreaterThanOrEqual(6);
    const count = seen.frames.length;
    await until(() => seen.frames.length > count, { what: 'another picture' });
    camera.setFault('none');
    await seen.happened(['frozen', 'moving-again'], 10_000);
    expect(camera.played.get('h264')).toBe(1);
  });

  test('without such a stream is asked again after five minutes', async ({ onTestFinished }) => {
    const { camera, open } = await scene(onTestFinished);
    camera.setFault('not-found');
    const seen = await open();
    await seen.happened(['not-found'], 10_000);
    expect(seen.reading().retryMs).toBeGreaterThan(299_000);
    camera.setFault('none');
    seen.clock.jump(300_000);
    await seen.happened(['not-found', 'back'], 10_000);
  });

  test.for(['mute', 'half', 'redirect'] as const)(
    'that leads nowhere (%s) is given up',
    async (fault, { onTestFinished }) => {
      const { camera, open, running } = await scene(onTestFinished);
      camera.setFault(fault);
      const seen = await open('h264', { limits: { firstFrameMs: 1500 } });
      await until(() => seen.story()[0], { timeoutMs: 10_000, what: 'its loss' });
      expect(['no-picture', 'offline']).toContain(seen.story()[0]);
      await until(() => running() === 0, { timeoutMs: 2000, what: 'the end of ffmpeg' });
    },
  );

  test('that is switched off is tried after 1, 1, 2, 5, 10, 30, 60 and 60 s, and back when it is on', async ({
    onTestFinished,
  }) => {
    const { camera, open } = await scene(onTestFinished);
    const seen = await open('h264', { sources: { cam: 'rtsp://127.0.0.1:9/' } });
    await seen.happened(['offline'], 10_000);
    const pauses: number[] = [];
    for (let i = 1; i <= 8; i++) {
      await until(() => seen.reading().reconnects === i - 1 && seen.reading().retryMs, { what: `pause ${i}` });
      pauses.push(Math.round((seen.reading().retryMs as number) / 1000));
      if (i < 8) seen.clock.jump(60_000);
    }
    expect(pauses).toEqual([1, 1, 2, 5, 10, 30, 60, 60]);
    expect(seen.story()).toEqual(['offline']);
    await seen.cameras.replace([{ id: 'cam', source: camera.url(), seats: [] }]);
    await seen.happened(['offline', 'back'], 10_000);
    expect(seen.frames.at(-1)?.frame.seats).toEqual([]);
  });
});

describe.concurrent('the cameras of a hall', () => {
  test('are not disturbed by a configuration in which they are the same', async ({ onTestFinished }) => {
    const { camera, open, running } = await scene(onTestFinished);
    const [same, other] = [camera.url('h264'), camera.url('h265')];
    const seen = await open('h264', { sources: { stays: same, changes: other, goes: other } });
    for (const id of ['stays', 'changes', 'goes']) await seen.happened(['back'], 15_000, id);
    const [stays, changes] = settingsOf({ stays: same, changes: other });
    const next = [
      { id: 'new', source: same, seats: [] },
      { ...(changes as CameraSettings), seats: [] },
    ];
    // Twice at once, as two reloads may come.
    await Promise.all([0, 1].map(() => seen.cameras.replace([...next, stays as CameraSettings])));
    await seen.happened(['back'], 15_000, 'new');
    await seen.happened(['back', 'back'], 15_000, 'changes');
    expect(seen.cameras.readings().map(({ id }) => id)).toEqual(['new', 'changes', 'stays']);
    expect(seen.story('stays')).toEqual(['back']);
    expect(camera.played).toEqual(
      new Map([
        ['h264', 2],
        ['h265', 3],
      ]),
    );
    expect(running()).toBe(3);
    await expect(seen.cameras.replace(settingsOf({ cam: 'nothing' }))).rejects.toThrow('the source of camera cam');
  });

  test('can be stopped while they start, and stay so', async ({ onTestFinished }) => {
    const { open, running } = await scene(onTestFinished);
    const seen = await open('h264');
    await seen.cameras.stop();
    expect(running()).toBe(0);
    await seen.cameras.replace(settingsOf({ cam: 'rtsp://127.0.0.1:9/' }));
    expect(seen.frames).toEqual([]);
    expect(seen.story()).toEqual([]);
  });
});

describe.concurrent('keyframes', () => {
  test.for([
    { what: 'of which there is only one, the picture being renewed in stripes', gop: 100, intraRefresh: true },
    { what: 'that are ten seconds apart', gop: 100, intraRefresh: false },
  ])('$what, are too few: everything is decoded', async ({ gop, intraRefresh }, { onTestFinished }) => {
    const stream = clip(ffmpeg, { gop, seconds: 20, intraRefresh, width: 320, height: 180 });
    const { open } = await scene(onTestFinished, { rare: { stream, fps: 10 } });
    const seen = await open();
    await seen.happened(['back', 'few-keyframes', 'back'], 15_000);
    const count = seen.frames.length;
    await until(() => seen.frames.length >= count + 5, { timeoutMs: 10_000, what: 'pictures twice a second' });
    expect(seen.reading()).toMatchObject({ state: 'live', decoding: 'sampled', stalls: 0 });
    expect(seen.reading().intervalMs).toBeLessThan(1000);
  });

  test('of which the first one never comes in time are tried twice before everything is decoded', async ({
    onTestFinished,
  }) => {
    const stream = clip(ffmpeg, { gop: 50, seconds: 10, width: 320, height: 180 });
    const { camera, open } = await scene(onTestFinished, { late: { stream, fps: 10, startsLate: true } });
    const limits = { firstFrameMs: 2000, firstSampleMs: 15_000, confirmMs: 200, backOffMs: [100] };
    const seen = await open('late', { limits });
    await seen.happened(['no-picture', 'back'], 28_000);
    expect(seen.reading()).toMatchObject({ state: 'live', decoding: 'sampled' });
    expect(camera.played.get('late')).toBe(4);
  });
});
