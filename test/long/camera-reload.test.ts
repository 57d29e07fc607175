/** Another configuration while the daemon runs: cameras that differ are read anew, the others go on undisturbed. */
import { expect, onTestFinished, test } from 'vitest';
import { daemonOf, type Line } from '../support/daemon.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { processesWith } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

const hallWith = (cameras: readonly Line[]): Line => ({
  hall: { id: 'suixian', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  schedules: { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } },
  employees: [{ id: 'e1', schedule: 'standard', credentials: ['1001'] }],
  windows: ['W1', 'W2'].map((id) => ({ id, schedule: 'standard', a: 'e1' })),
  mqtt: { embedded: { listen: '127.0.0.1:0' } },
  cameras,
});

test('a camera that stays goes on; one that is gone is let go and says nothing more; one that is new is read', async () => {
  const stream = clip(await ffmpegPath(), { fps: 10, gop: 5, seconds: 20 });
  const video = { stream, fps: 10 };
  const camera = await rtspCamera({ videos: { stays: video, goes: video, comes: video } });
  onTestFinished(() => camera.close());
  const entry = (id: string, window: string): Line => ({
    id,
    source: camera.url(id),
    seats: [{ window, roi: [0.2, 0.2, 0.4, 0.6] }],
  });
  await using daemon = daemonOf({ config: hallWith([]) });
  await daemon.startHearing();
  const said = async (source: string): Promise<readonly unknown[]> =>
    (await daemon.facts()).filter((fact) => fact['source'] === source).map(({ state }) => state);
  const delivers = (detail: string): Promise<unknown> =>
    until(async () => (await daemon.readiness()).checks.some((check) => check.detail === detail), {
      timeoutMs: 30_000,
      what: detail,
    });

  // The first cameras of all come while it runs.
  daemon.reload(hallWith([entry('stays', 'W1'), entry('goes', 'W2')]));
  await delivers('2 deliver');
  await until(async () => (await said('goes')).at(-1) === 'occupied', {
    timeoutMs: 60_000,
    what: 'somebody in the seat',
  });

  const frames = await daemon.metric('zaigang_camera_frames_total');
  daemon.reload(hallWith([entry('stays', 'W1'), entry('comes', 'W2')]));
  await until(async () => (await said('goes')).at(-1) === 'unknown', { what: 'the former camera to take it back' });
  await until(() => camera.played.get('comes') === 1, { timeoutMs: 30_000, what: 'the new camera' });
  await delivers('2 deliver');
  expect(processesWith(`127.0.0.1:${camera.port}/goes`)).toEqual([]);
  expect([camera.played.get('stays'), camera.played.get('goes')]).toEqual([1, 1]);
  const framesNow = (): Promise<number> => daemon.metric('zaigang_camera_frames_total');
  await until(async () => (await framesNow()) > frames, { timeoutMs: 10_000, what: 'a picture of the one that stays' });
  expect(await daemon.metric('zaigang_camera_reconnects_total')).toBe(0);
  expect(await daemon.stop()).toBe(0);
  expect(processesWith(`127.0.0.1:${camera.port}/`)).toEqual([]);
}, 150_000);
