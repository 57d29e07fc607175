/**
 * What can happen to a camera's picture, from its stream through ffmpeg to what is said of the seat: each ends as unknown with
 * its reason within a stated time, goes again when the fault does, and never makes a seat empty at which somebody works.
 */
import { expect, onTestFinished, test } from 'vitest';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import { type CameraLook, CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import { HEALTH } from '../../adapters/vision/occupancy-limits.ts';
import type { PictureFault } from '../../adapters/vision/picture-health.ts';
import { type SceneMoment, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { hall, processesWith, SEAT_BOX } from '../support/rtsp-hall.ts';
import { sceneStream } from '../support/seat-stream.ts';
import { until } from '../support/until.ts';

const WORKS: SceneMoment = { clerk: 1 };
const SCENES = {
  nobody: {},
  somebody: WORKS,
  dark: { ...WORKS, gain: 0.03 },
  covered: { ...WORKS, covered: true },
  blurred: { ...WORKS, defocused: true },
  moved: { ...WORKS, turned: true },
  nudged: { ...WORKS, nudge: [6, 4] },
} as const satisfies Record<string, SceneMoment>;
type SceneName = keyof typeof SCENES;
const NAMES = Object.keys(SCENES) as SceneName[];
const SCENE_SECONDS = 10;

/**
 * From when it is so to when it is said: a keyframe a second, and what the limits ask for (`HEALTH`). Twice that on a busy machine;
 * the time is the pictures' own.
 */
const WITHIN_MS: Readonly<Partial<Record<PictureFault, Ms>>> = {
  dark: 5 * SECOND,
  covered: 5 * SECOND,
  blurred: 5 * SECOND,
  moved: 5 * SECOND,
  nudged: 5 * SECOND,
  frozen: 2 * HEALTH.frozenMs,
  lost: 2 * HEALTH.lostMs,
};

test('each fault of a picture is told for what it is, and takes no seat for empty', async () => {
  const ffmpeg = await ffmpegPath();
  const acts = NAMES.map((name) => ({ seconds: SCENE_SECONDS, shows: SCENES[name] }));
  const { stream, fps } = sceneStream(ffmpeg, sceneLook(5), acts);
  let scene: SceneName = 'nobody';
  const part = (): readonly [number, number] => {
    const from = NAMES.indexOf(scene) * SCENE_SECONDS * fps;
    return [from, from + SCENE_SECONDS * fps];
  };
  const camera = await rtspCamera({ videos: { live: { stream, fps, part } } });
  onTestFinished(() => camera.close());
  const limits = { gapMs: 5 * MINUTE, confirmMs: 5 * MINUTE };
  const seen = await hall({ ffmpegPath: ffmpeg, sources: { cam: camera.url('live') }, limits });
  onTestFinished(() => seen.close());
  const occupancy = new CameraOccupancy({ places: [boxOf(SEAT_BOX)] });
  const looks: { at: Ms; look: CameraLook }[] = [];
  let taken = 0;
  /** The last look, when all pictures that have come were looked at. */
  const last = (): CameraLook | undefined => {
    for (const { frame } of seen.frames.slice(taken)) {
      const look = occupancy.see(frame);
      if (look !== null) looks.push({ at: frame.at, look });
    }
    taken = seen.frames.length;
    const now = seen.clock.now();
    const silent = occupancy.wait(now);
    if (silent !== null) looks.push({ at: now, look: silent });
    return looks.at(-1)?.look;
  };
  const fault = (): PictureFault | null | undefined => last()?.picture.fault;
  const shows = (state: string, timeoutMs: Ms): Promise<unknown> =>
    until(() => last()?.seats[0]?.state === state, { timeoutMs, what: `a seat that is ${state}` });

  await until(() => seen.frames.length >= 3, { timeoutMs: 30_000, what: 'pictures' });
  const [empty] = seen.frames.at(-1)?.frame.seats ?? [];
  if (empty !== undefined) occupancy.learnEmpty(0, seen.clock.now(), empty);
  await shows('empty', 30_000);
  scene = 'somebody';
  await shows('occupied', 30_000);
  const beganAt = seen.clock.now();
  // So long it takes to know what of the scene lasts.
  await until(() => last() !== undefined && seen.clock.now() - beganAt > HEALTH.sceneMs + 10 * SECOND, {
    timeoutMs: 3 * MINUTE,
    what: 'the scene to be known',
  });

  const told: Record<string, Ms> = {};
  const happens = async (name: PictureFault, begin: () => void, end: () => void): Promise<void> => {
    const sinceAt = seen.clock.now();
    begin();
    await until(() => fault() === name, { timeoutMs: MINUTE, what: name });
    const first = looks.find(({ at, look }) => at > sinceAt && look.picture.fault === name);
    told[name] = Math.round((first?.at ?? 0) - sinceAt);
    expect(first?.look.seats).toMatchObject([{ state: 'unknown', reason: name, wantsPerson: false }]);
    end();
    await until(() => fault() === null, { timeoutMs: MINUTE, what: `the end of ${name}` });
    await shows('occupied', MINUTE);
  };
  for (const name of ['dark', 'covered', 'blurred', 'moved', 'nudged'] as const) {
    const show = (next: SceneName) => (): void => {
      scene = next;
    };
    await happens(name, show(name), show('somebody'));
  }
  await happens(
    'frozen',
    () => camera.setFault('freeze'),
    () => camera.setFault('none'),
  );
  await happens(
    'lost',
    () => camera.setFault('stall-rtcp'),
    () => camera.setFault('none'),
  );

  // The scene changes with the next keyframe of the camera, within a second.
  for (const [name, ms] of Object.entries(told))
    expect(ms, `${name}: ${JSON.stringify(told)}`).toBeLessThan((WITHIN_MS[name as PictureFault] ?? 0) + SECOND);
  const states = looks.filter(({ at }) => at > beganAt).map(({ look }) => look.seats[0]?.state);
  expect(states).not.toContain('empty');
  await seen.close();
  expect(processesWith(`127.0.0.1:${camera.port}/`)).toEqual([]);
}, 900_000);
