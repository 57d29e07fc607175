/** Passwords: never tried into a lock-out, and never shown. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type RtspCamera, type RtspCameraOptions, rtspCamera } from '../../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../../support/rtsp-clips.ts';
import { type Hall, hall, processesWith, settingsOf } from '../../support/rtsp-hall.ts';
import type { VideoStream } from '../../support/rtsp-packets.ts';
import { until } from '../../support/until.ts';

let ffmpeg: string;
let stream: VideoStream;
beforeAll(async () => {
  ffmpeg = await ffmpegPath();
  stream = clip(ffmpeg, { gop: 5, seconds: 2 });
});

const CHANNELS = ['101', '201', '301', '401', '501', '601'];

interface Scene {
  readonly recorder: RtspCamera;
  open(sources: Readonly<Record<string, string>>): Promise<Hall>;
}

/** A recorder with six channels that locks out after five wrong logins. */
async function scene(
  onTestFinished: (clean: () => Promise<void>) => void,
  options: Partial<RtspCameraOptions> = {},
): Promise<Scene> {
  const videos = Object.fromEntries(CHANNELS.map((channel) => [channel, { stream, fps: 10 }]));
  const login = { user: 'admin', password: 'Right1!' };
  const recorder = await rtspCamera({ videos, login, lockAfter: 5, ...options });
  const { port } = recorder;
  const halls: Hall[] = [];
  onTestFinished(async () => {
    for (const one of halls) await one.close();
    await recorder.close();
    expect(processesWith(`127.0.0.1:${port}/`)).toEqual([]);
  });
  return {
    recorder,
    async open(sources) {
      const opened = await hall({ ffmpegPath: ffmpeg, sources });
      halls.push(opened);
      return opened;
    },
  };
}

describe.concurrent('a login', () => {
  test('that is right is used by every channel of the recorder', async ({ onTestFinished }) => {
    const { recorder, open } = await scene(onTestFinished);
    const all = Object.fromEntries(CHANNELS.map((channel) => [channel, recorder.url(channel, 'admin:Right1!')]));
    const seen = await open(all);
    for (const channel of CHANNELS) await seen.happened(['back'], 20_000, channel);
    expect(recorder.wrongLogins).toBe(0);
    expect(recorder.rightLogins).toBe(6);
  });

  test('that is wrong is tried twice by six channels together, then every half hour, and at once when it changes', async ({
    onTestFinished,
  }) => {
    const { recorder, open } = await scene(onTestFinished);
    const urls = (password: string) =>
      Object.fromEntries(CHANNELS.map((channel) => [channel, recorder.url(channel, `admin:${password}`)]));
    const seen = await open(urls('Wrong-Secret-7'));
    for (const channel of CHANNELS) await seen.happened(['wrong-login'], 10_000, channel);
    expect(recorder.wrongLogins).toBe(1);
    expect(seen.reading('101').retryMs).toBeGreaterThan(50_000);
    expect(seen.reading('101').retryMs).toBeLessThanOrEqual(60_000);
    seen.clock.jump(61_000);
    await until(() => recorder.wrongLogins === 2, { what: 'the second login' });
    await until(() => (seen.reading('601').retryMs ?? 0) > 1_700_000, { what: 'half an hour' });
    seen.clock.jump(1_700_000);
    expect(recorder.wrongLogins).toBe(2);
    seen.clock.jump(101_000);
    await until(() => recorder.wrongLogins === 3, { what: 'the third login' });
    for (const channel of CHANNELS) expect(seen.story(channel)).toEqual(['wrong-login']);
    expect(recorder.isLocked).toBe(false);

    await seen.cameras.replace(settingsOf(urls('Right1!')));
    for (const channel of CHANNELS) await seen.happened(['wrong-login', 'back'], 20_000, channel);
    expect(recorder.wrongLogins).toBe(3);
    expect(JSON.stringify([seen.events, seen.cameras.readings()])).not.toMatch(/Wrong-Secret-7|Right1!/);
  });

  test('that the camera refuses once for no reason works a minute later', async ({ onTestFinished }) => {
    const { recorder, open } = await scene(onTestFinished);
    recorder.setPassword('Starting-up');
    const seen = await open({ cam: recorder.url('101', 'admin:Right1!') });
    await seen.happened(['wrong-login']);
    recorder.setPassword('Right1!');
    seen.clock.jump(61_000);
    await seen.happened(['wrong-login', 'back']);
  });

  test('that is right does not open a camera that has locked out; it is left alone for half an hour', async ({
    onTestFinished,
  }) => {
    const { recorder, open } = await scene(onTestFinished);
    recorder.isLocked = true;
    const seen = await open({ cam: recorder.url('101', 'admin:Right1!') });
    await seen.happened(['locked-out']);
    expect(seen.reading().retryMs).toBeGreaterThan(1_790_000);
    recorder.unlock();
    seen.clock.jump(1_800_000);
    await seen.happened(['locked-out', 'back']);
  });

  test.for([
    { what: 'as it is', written: 'p:@/w?#%' },
    { what: 'percent-encoded', written: encodeURIComponent('p:@/w?#%') },
  ])('may hold any character, written $what', async ({ written }, { onTestFinished }) => {
    const { recorder, open } = await scene(onTestFinished, { login: { user: 'admin', password: 'p:@/w?#%' } });
    const seen = await open({ cam: recorder.url('101', `admin:${written}`) });
    await seen.happened(['back']);
    expect(recorder.wrongLogins).toBe(0);
    expect(seen.reading().address).toBe(`rtsp://***@127.0.0.1:${recorder.port}/101`);
  });

  test('that is needed and missing is said to be wrong', async ({ onTestFinished }) => {
    const { recorder, open } = await scene(onTestFinished);
    const seen = await open({ cam: recorder.url('101') });
    await seen.happened(['wrong-login']);
    expect(recorder.wrongLogins).toBe(0);
  });
});
