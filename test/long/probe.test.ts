/** `probe` by the real command: one camera or clock, step by step, to the first that fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CommandOutcome, zaigang } from '../support/daemon.ts';
import { mosquitto } from '../support/mosquitto.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../support/onvif-device.ts';
import { freePort } from '../support/ports.ts';
import { type RtspCamera, type RtspCameraOptions, rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { processesWith } from '../support/rtsp-hall.ts';
import type { VideoStream } from '../support/rtsp-packets.ts';
import { jpegs } from '../support/rtsp-web.ts';

const LOGIN = { user: 'admin', password: 'p:w@d<&1' };
const CREDENTIALS = `${LOGIN.user}:${encodeURIComponent(LOGIN.password)}`;

let folder = '';
let stream: VideoStream;
let picture: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-probe-test-'));
  const ffmpeg = await ffmpegPath();
  stream = clip(ffmpeg, { fps: 10, gop: 10, seconds: 6 });
  [picture = Buffer.alloc(0)] = jpegs(ffmpeg, 1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cameraWith(options: Partial<RtspCameraOptions> = {}): Promise<RtspCamera> {
  const camera = await rtspCamera({ videos: { sub: { stream, fps: 10 } }, login: LOGIN, lockAfter: 3, ...options });
  onTestFinished(() => camera.close());
  return camera;
}

async function deviceWith(camera: RtspCamera, options: OnvifDeviceOptions = {}): Promise<OnvifDevice> {
  const streamOf = (): string => `rtsp://10.9.8.7:${camera.port}/sub`;
  const device = await onvifDevice({ login: LOGIN, lockAfter: 3, streamOf, picture, ...options });
  onTestFinished(() => device.close());
  return device;
}

interface Report {
  readonly ok: boolean;
  readonly remedy: string | null;
  readonly steps: readonly {
    readonly step: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly said: string;
    readonly reason?: string;
    readonly data?: Record<string, unknown>;
  }[];
}

const probe = (...args: string[]): Promise<CommandOutcome> => zaigang(['probe', ...args], '', folder);

async function report(...args: string[]): Promise<Report & { readonly code: number }> {
  const { code, out, err } = await probe(...args, '--json');
  expect(`${out}${err}`).not.toContain(LOGIN.password);
  expect(`${out}${err}`).not.toContain(encodeURIComponent(LOGIN.password));
  return { code, ...(JSON.parse(out) as Report) };
}

const stepsOf = ({ steps }: Report): string[] => steps.map(({ step, ok }) => `${ok ? '' : '!'}${step}`);

describe('a camera', { timeout: 90_000 }, () => {
  test('by ONVIF: from its address to a snapshot, whatever it calls itself', async () => {
    const camera = await cameraWith();
    const device = await deviceWith(camera, { namedHost: '192.168.68.111', aheadMs: 3_600_000 });
    const { code, steps, ok } = await report(device.source(CREDENTIALS));
    expect({ code, ok, names: stepsOf({ steps, ok, remedy: null }) }).toEqual({
      code: 0,
      ok: true,
      names: [
        'address',
        'port',
        'onvif',
        'login',
        'profiles',
        'stream',
        'first-frame',
        'interval',
        'picture',
        'snapshot',
      ],
    });
    const data = Object.fromEntries(steps.map((step) => [step.step, step.data]));
    expect(data['onvif']).toMatchObject({ namedHost: '192.168.68.111' });
    expect(Number(data['onvif']?.['aheadMs'])).toBeGreaterThan(3_590_000);
    expect(data['login']).toMatchObject({ maker: 'Fixture & Co', model: 'ZG-1' });
    expect(data['profiles']).toMatchObject({ taken: 'sub', stream: `rtsp://127.0.0.1:${camera.port}/sub` });
    expect(data['stream']).toMatchObject({ codec: 'h264', widthPx: 640, heightPx: 360 });
    expect(Number(data['interval']?.['keyframesApartMs'])).toBeGreaterThan(700);
    expect(Number(data['interval']?.['keyframesApartMs'])).toBeLessThan(1500);
    expect(data['snapshot']).toMatchObject({ widthPx: 320, heightPx: 180 });
    expect(device.wrongLogins + camera.wrongLogins).toBe(0);
    expect(processesWith(`127.0.0.1:${camera.port}/`)).toEqual([]);
  });

  test('by its stream, in Chinese and in English', async () => {
    const camera = await cameraWith();
    const url = camera.url('sub', CREDENTIALS);
    const [zh, en] = await Promise.all([probe(url, '--lang', 'zh'), probe(url, '--lang', 'en')]);
    expect({ code: zh.code, err: zh.err }).toEqual({ code: 0, err: '全部通过。\n' });
    expect({ code: en.code, err: en.err }).toEqual({ code: 0, err: 'Everything is fine.\n' });
    expect(zh.out).toMatch(/^✓ 地址 +\d+\.\d\d s {2}rtsp:\/\/\*\*\*@127\.0\.0\.1:\d+\/sub\n✓ 端口/);
    expect(zh.out).toMatch(/✓ 打开码流 +\d+\.\d\d s {2}登录成功，h264 640×360/);
    expect(en.out).toMatch(/✓ stream +\d+\.\d\d s {2}login accepted; h264 640×360/);
    expect(en.out).toMatch(/✓ interval +\d+\.\d\d s {2}a keyframe every (?:0\.9|1|1\.1) s/);
    expect(en.out).toMatch(/✓ picture +0\.00 s {2}can be seen well/);
  });

  test('with a wrong password: tried once, by ONVIF and by its stream', async () => {
    const camera = await cameraWith();
    const device = await deviceWith(camera);
    const digest = await deviceWith(camera, { way: 'digest' });
    const [onvif, byDigest, rtsp] = await Promise.all([
      report(device.source('admin:Wrong')),
      report(digest.source('admin:Wrong')),
      report(camera.url('sub', 'admin:Wrong')),
    ]);
    expect({ code: onvif.code, steps: stepsOf(onvif) }).toEqual({
      code: 77,
      steps: ['address', 'port', 'onvif', '!login'],
    });
    expect({ code: byDigest.code, steps: stepsOf(byDigest) }).toEqual({
      code: 77,
      steps: ['address', 'port', 'onvif', '!login'],
    });
    expect({ code: rtsp.code, steps: stepsOf(rtsp) }).toEqual({ code: 77, steps: ['address', 'port', '!stream'] });
    expect([onvif, byDigest, rtsp].map(({ steps }) => steps.at(-1)?.reason)).toEqual(Array(3).fill('wrong-login'));
    expect([device.wrongLogins, digest.wrongLogins, camera.wrongLogins]).toEqual([1, 1, 1]);
    expect(onvif.remedy).toContain('lock');
  });

  test('that is locked is told from one with another password', async () => {
    const camera = await cameraWith();
    const device = await deviceWith(camera);
    device.isLocked = true;
    camera.isLocked = true;
    const [onvif, rtsp] = await Promise.all([
      report(device.source(CREDENTIALS)),
      report(camera.url('sub', CREDENTIALS)),
    ]);
    expect([onvif, rtsp].map(({ code, steps }) => [code, steps.at(-1)?.reason])).toEqual([
      [77, 'locked-out'],
      [77, 'locked-out'],
    ]);
  });

  test('that is not there, has no such stream, or is no camera', async () => {
    const camera = await cameraWith();
    const device = await deviceWith(camera);
    device.fault = 'page';
    const port = await freePort();
    const [gone, missing, page, named] = await Promise.all([
      report(`rtsp://127.0.0.1:${port}/sub`),
      report(camera.url('other', CREDENTIALS)),
      report(device.source(CREDENTIALS)),
      report('rtsp://no-such-camera.invalid/sub'),
    ]);
    expect([gone.code, stepsOf(gone)]).toEqual([69, ['address', '!port']]);
    expect([missing.code, stepsOf(missing), missing.steps.at(-1)?.reason]).toEqual([
      1,
      ['address', 'port', '!stream'],
      'not-found',
    ]);
    expect([page.code, stepsOf(page), page.steps.at(-1)?.reason]).toEqual([
      1,
      ['address', 'port', '!onvif'],
      'not-onvif',
    ]);
    expect([named.code, stepsOf(named), named.steps.at(-1)?.reason]).toEqual([69, ['!address'], 'unknown-host']);
    expect(missing.remedy).toContain('probe onvif://');
  });

  test('that answers half, or nothing, is given up in time', async () => {
    const camera = await cameraWith();
    const [half, mute] = await Promise.all([deviceWith(camera), deviceWith(camera)]);
    half.fault = 'half';
    mute.fault = 'mute';
    const outcomes = await Promise.all([half, mute].map((device) => report(device.source(CREDENTIALS))));
    for (const { code, steps } of outcomes) {
      expect([code, steps.at(-1)?.reason]).toEqual([69, 'timeout']);
      expect(steps.at(-1)?.ms).toBeLessThan(12_000);
    }
  });

  test('whose stream is connected and silent is found out by the reader', async () => {
    const camera = await cameraWith();
    camera.setFault('stall-rtcp');
    const { code, steps } = await report(camera.url('sub', CREDENTIALS));
    expect([code, steps.at(-1)?.ok, steps.at(-1)?.step]).toEqual([
      expect.any(Number),
      false,
      expect.stringMatching(/stream|first-frame/),
    ]);
    expect(code).not.toBe(0);
    expect(processesWith(`127.0.0.1:${camera.port}/`)).toEqual([]);
  });

  test('whose snapshot fails is fine up to there', async () => {
    const camera = await cameraWith();
    const device = await deviceWith(camera);
    device.snapshotFault = 'huge';
    const { code, steps } = await report(device.source(CREDENTIALS));
    expect([code, steps.at(-1)]).toMatchObject([1, { step: 'snapshot', ok: false, reason: 'too-large' }]);
    expect(steps.slice(0, -1).every(({ ok }) => ok)).toBe(true);
  });
});

function hallFile(name: string, more: Readonly<Record<string, unknown>>): string {
  const file = join(folder, name);
  const hall = { id: 'suixian', name: '随县政务服务中心', timezone: 'Asia/Shanghai' };
  const schedules = { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } };
  const employees = [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }];
  const windows = [{ id: 'W1', name: '出入境', schedule: 'standard', a: 'e1' }];
  const clocks = [{ id: 'clock-1', kind: 'attendance' }];
  writeFileSync(
    file,
    JSON.stringify({ hall, calendar: { country: 'none' }, schedules, employees, windows, clocks, ...more }),
  );
  return file;
}

/** Publishes every fifth of a second until the probe has ended. */
async function whilePublishing<T>(port: number, topic: string, payload: string, work: () => Promise<T>): Promise<T> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`);
  const timer = setInterval(() => client.publish(topic, payload, { qos: 1 }), 200);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await client.endAsync();
  }
}

const PUNCHES = 'zaigang/suixian/clock/clock-1/punch';
const STATUS = 'zaigang/suixian/clock/clock-1/status';
const PUNCH = '{"credential":"1001","at":"2026-03-02T08:55:10+08:00","seq":4711}';

describe('a clock', { timeout: 90_000 }, () => {
  test('is heard through the broker, and its punch understood, without a name', async () => {
    await using broker = await mosquitto();
    const config = hallFile('clock.yaml', { mqtt: { url: `mqtt://127.0.0.1:${broker.port}` } });
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    await client.publishAsync(STATUS, '{"state":"online","count":7}', { qos: 1, retain: true });
    await client.endAsync();
    const { code, out } = await whilePublishing(broker.port, PUNCHES, PUNCH, () =>
      probe('clock-1', '--config', config, '--wait', '20', '--lang', 'en'),
    );
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /✓ MQTT broker.*\n✓ status.*online.*7 punches in all\n✓ message.*punch of 1001 \(which is e1\) at 2026-03-02T08:55:10\+08:00\n/,
      ),
    });
    expect(out).not.toContain('徐敏');
  });

  test('is spoken for by `punch` on the same way', async () => {
    await using broker = await mosquitto();
    const config = hallFile('punch.yaml', { mqtt: { url: `mqtt://127.0.0.1:${broker.port}` } });
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    onTestFinished(() => client.endAsync(true));
    await client.subscribeAsync(PUNCHES, { qos: 1 });
    const message = new Promise<Buffer>((heard) => client.once('message', (_topic, payload) => heard(payload)));
    const { code, err } = await zaigang(['punch', 'e1', '--config', config], '', folder);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(PUNCHES) });
    expect(JSON.parse((await message).toString())).toMatchObject({ credential: '1001', method: 'simulated' });
  });

  test('that says nothing, or what nobody understands, or has no broker', async () => {
    await using broker = await mosquitto();
    const config = hallFile('odd.yaml', { mqtt: { url: `mqtt://127.0.0.1:${broker.port}` } });
    const nowhere = hallFile('nowhere.yaml', { mqtt: { url: `mqtt://127.0.0.1:${await freePort()}` } });
    const silent = await report('clock-1', '--config', config, '--wait', '1');
    expect([silent.code, stepsOf(silent), silent.steps.at(-1)?.reason]).toEqual([
      1,
      ['broker', 'status', '!message'],
      'silent',
    ]);
    expect(silent.remedy).toContain(PUNCHES);
    const odd = await whilePublishing(broker.port, PUNCHES, '{"card":1}', () =>
      report('clock-1', '--config', config, '--wait', '20'),
    );
    expect([odd.code, odd.steps.at(-1)?.reason]).toEqual([1, 'not-understood']);
    const gone = await report('clock-1', '--config', nowhere);
    expect([gone.code, stepsOf(gone), gone.steps.at(-1)?.reason]).toEqual([69, ['!broker'], 'offline']);
  });
});

describe('what is tested', { timeout: 90_000 }, () => {
  test('may be a camera of the configuration, by its id', async () => {
    const camera = await cameraWith();
    camera.isLocked = true;
    const config = hallFile('camera.yaml', {
      cameras: [{ id: 'cam-1', source: camera.url('sub', CREDENTIALS), seats: [] }],
    });
    const { code, steps } = await report('cam-1', '--config', config);
    expect([code, steps.at(-1)?.reason]).toEqual([77, 'locked-out']);
  });

  test('must be known', async () => {
    const config = hallFile('known.yaml', {});
    const [other, none, address] = await Promise.all([
      probe('cam-9', '--config', config, '--lang', 'en'),
      probe('cam-9', '--lang', 'en'),
      probe('ftp://admin:secret9@camera/', '--lang', 'en'),
    ]);
    expect([other.code, none.code, address.code]).toEqual([66, 64, 64]);
    expect(other.err).toContain('has clock-1');
    expect(address.err).not.toContain('secret9');
  });
});
