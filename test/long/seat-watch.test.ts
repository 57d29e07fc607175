/** The daemon's own eyes: from a camera's stream, through ffmpeg, to presence facts in the ledger. */
import { expect, onTestFinished, test } from 'vitest';
import { daemonOf, type Line } from '../support/daemon.ts';
import { type RtspCamera, rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { processesWith } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

const CREDENTIALS = { user: 'zaigang', password: 'p:w@d/1' };

function hallWith(camera: RtspCamera): Line {
  const [user, password] = [CREDENTIALS.user, CREDENTIALS.password].map(encodeURIComponent);
  return {
    hall: { id: 'suixian', name: '随县政务服务中心', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    schedules: { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } },
    employees: [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }],
    windows: [{ id: 'W1', name: '出入境', schedule: 'standard', a: 'e1' }],
    mqtt: { embedded: { listen: '127.0.0.1:0' } },
    cameras: [
      {
        id: 'cam-1',
        source: camera.url('live', `${user}:${password}`),
        seats: [{ window: 'W1', roi: [0.2, 0.2, 0.4, 0.6] }],
      },
    ],
  };
}

test('a seat of a camera is unknown at first, then seen, and unknown again when the camera is gone', async () => {
  const stream = clip(await ffmpegPath(), { fps: 10, gop: 5, seconds: 20 });
  const camera = await rtspCamera({ videos: { live: { stream, fps: 10 } }, login: CREDENTIALS });
  onTestFinished(() => camera.close());
  await using daemon = daemonOf({ config: hallWith(camera) });
  await daemon.startHearing();
  const said = async (): Promise<readonly unknown[]> => {
    const facts = (await daemon.facts()).filter(({ fact }) => fact === 'presence');
    expect(facts.every(({ source, window }) => source === 'cam-1' && window === 'W1')).toBe(true);
    return facts.map(({ state }) => state);
  };
  // Something moves in the picture all the time.
  await until(async () => (await said()).at(-1) === 'occupied', { timeoutMs: 60_000, what: 'somebody in the seat' });
  expect((await said())[0]).toBe('unknown');
  expect(await daemon.metric('zaigang_camera_live')).toBe(1);
  camera.setFault('not-found');
  camera.drop();
  await daemon.logged('camera was lost');
  await until(async () => (await said()).at(-1) === 'unknown', { timeoutMs: 20_000, what: 'nobody knows any more' });
  expect(await daemon.metric('zaigang_camera_live')).toBe(0);
  expect(JSON.stringify(daemon.log)).not.toContain(CREDENTIALS.password);
  expect(await daemon.stop()).toBe(0);
  expect(processesWith(`127.0.0.1:${camera.port}/`)).toEqual([]);
}, 120_000);
