/** node-onvif behind its fence: what a camera says of itself, whatever it does meanwhile. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CameraAddress } from '../../../adapters/cameras/camera-address.ts';
import { OnvifCamera, readOnvifAddress, streamToWatch, withLogin } from '../../../adapters/cameras/onvif-device.ts';
import { cameraAround, faultOf } from '../../support/camera-around.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../../support/onvif-device.ts';

function address(source: string): CameraAddress {
  const read = readOnvifAddress(source);
  if ('because' in read) throw new Error(`${source} ${read.because}`);
  return read;
}

async function deviceWith(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const device = await onvifDevice(options);
  onTestFinished(() => device.close());
  return device;
}

const LOGIN = { user: 'ad<m&n', password: 'p:w@d<&1密' };
const CREDENTIALS = `${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}`;
const MONTH_MS = 30 * 86_400_000;

describe('an address', () => {
  test.each([
    ['onvif://u:p@10.0.0.5', 'http://u:p@10.0.0.5/onvif/device_service', 'onvif://***@10.0.0.5'],
    ['ONVIF://10.0.0.5:8000', 'http://10.0.0.5:8000/onvif/device_service', 'onvif://10.0.0.5:8000'],
    ['onvif://u:p@10.0.0.5:443', 'https://u:p@10.0.0.5/onvif/device_service', 'onvif://***@10.0.0.5:443'],
    ['https://u:p@cam:8443', 'https://u:p@cam:8443/onvif/device_service', 'https://***@cam:8443/onvif/device_service'],
    ['onvif://cam/other/service', 'http://cam/other/service', 'onvif://cam/other/service'],
  ])('%s', (source, url, shown) => expect(address(source)).toMatchObject({ url, shown }));

  test.each(['rtsp://cam/', 'onvif://', 'onvif:cam', '10.0.0.5'])('is not %s', (source) => {
    expect(readOnvifAddress(source)).toHaveProperty('because');
  });

  test('takes a login along, encoded', () => {
    expect(withLogin('rtsp://cam/a', address('onvif://a:p%40%2F$&@cam'))).toBe('rtsp://a:p%40%2F%24%26@cam/a');
    expect(withLogin('rtsp://cam/a', address('onvif://cam'))).toBe('rtsp://cam/a');
  });
});

describe('a camera', () => {
  test.each(['token', 'digest', 'token-basic'] as const)(
    'that wants a %s is asked with it once it is known to want it',
    async (way) => {
      const device = await deviceWith({ login: LOGIN, way, algorithm: 'SHA-256', aheadMs: 2 * MONTH_MS });
      const camera = new OnvifCamera(cameraAround(), address(device.source(CREDENTIALS)));
      const { aheadMs, namedHost } = await camera.connect();
      expect(Math.abs((aheadMs ?? 0) - 2 * MONTH_MS)).toBeLessThan(3_000);
      expect([namedHost, camera.door.isLoggedIn]).toEqual([null, false]);
      expect(await camera.information()).toEqual({
        maker: 'Fixture & Co',
        model: 'ZG-1',
        firmware: 'V5.7.3',
        serial: 'S1',
      });
      expect((await camera.profiles()).map(({ token }) => token)).toEqual(['main', 'sub']);
      expect(camera.door.isLoggedIn).toBe(true);
      expect(device.wrongLogins).toBe(0);
      expect(device.asked.slice(0, 4)).toEqual([
        { method: 'GetSystemDateAndTime', isIn: true },
        { method: 'GetCapabilities', isIn: true },
        { method: 'GetDeviceInformation', isIn: false },
        { method: 'GetDeviceInformation', isIn: true },
      ]);
    },
  );

  test('is reached where it was reached, whatever host it names; the query of its addresses stays', async () => {
    const device = await deviceWith({
      namedHost: '192.168.68.111',
      streamOf: () => 'rtsp://192.168.68.111:554/cam/realmonitor?channel=1&subtype=1',
      snapshotPath: '/onvif-http/snapshot?',
    });
    const camera = new OnvifCamera(cameraAround(), address(device.source()));
    expect(await camera.connect()).toMatchObject({ namedHost: '192.168.68.111' });
    expect(await camera.streamUrl('sub')).toBe('rtsp://127.0.0.1:554/cam/realmonitor?channel=1&subtype=1');
    expect(await camera.snapshotUrl('sub')).toBe(`http://127.0.0.1:${device.port}/onvif-http/snapshot?`);
    expect(camera.eventsUrl).toBe(`http://127.0.0.1:${device.port}/onvif/events`);
  });

  test('does not lead to another host by an address that only looks like a path', async () => {
    const device = await deviceWith({ namedHost: '192.168.68.111//evil.invalid', login: LOGIN });
    const camera = new OnvifCamera(cameraAround(), address(device.source(CREDENTIALS)));
    await camera.connect();
    expect(camera.eventsUrl).toBe(`http://127.0.0.1:${device.port}//evil.invalid/onvif/events`);
    expect(await camera.profiles()).toHaveLength(2);
  });

  test('without a rate is understood; the small stream is taken, but not the smallest', async () => {
    const device = await deviceWith({
      profiles: [
        { token: 'a', width: 2560, height: 1440, fps: 25, gop: 50, hasRateControl: false },
        { token: 'b', width: 704, height: 576, fps: 12, gop: 24 },
        { token: 'c', width: 352, height: 288, fps: 12, gop: 24 },
      ],
    });
    const camera = new OnvifCamera(cameraAround(), address(device.source()));
    await camera.connect();
    const profiles = await camera.profiles();
    expect(profiles[0]).toMatchObject({ codec: 'H264', widthPx: 2560, fps: null, keyframeEvery: 50 });
    expect(streamToWatch(profiles)?.token).toBe('b');
    expect(streamToWatch(profiles.slice(2))?.token).toBe('c');
    expect(streamToWatch([])).toBeNull();
  });

  test('names no file and no other protocol as its video', async () => {
    const device = await deviceWith({ streamOf: () => 'file:///etc/passwd' });
    const camera = new OnvifCamera(cameraAround(), address(device.source()));
    await camera.connect();
    expect(await faultOf(camera.streamUrl('sub'))).toMatchObject({ reason: 'refused' });
  });
});

describe('a login', () => {
  test.each(['token', 'digest', 'token-basic'] as const)(
    'that is wrong is tried once (%s), by several questions together',
    async (way) => {
      const device = await deviceWith({ login: LOGIN, way, lockAfter: 2 });
      const around = cameraAround();
      const cameras = [1, 2, 3].map(() => new OnvifCamera(around, address(device.source('admin:Wrong'))));
      for (const camera of cameras) await camera.connect();
      const faults = await Promise.all(cameras.map((camera) => faultOf(camera.information())));
      expect(faults.map(({ reason }) => reason).sort()).toEqual(['login-closed', 'login-closed', 'wrong-login']);
      expect(faults.map(({ message }) => message).join()).not.toContain('Wrong');
      expect([device.wrongLogins, device.isLocked]).toEqual([1, false]);
      const right = new OnvifCamera(around, address(device.source(CREDENTIALS)));
      await right.connect();
      expect(await right.information()).toMatchObject({ model: 'ZG-1' });
    },
  );

  test('of a locked camera, and none where one is wanted', async () => {
    const device = await deviceWith({ login: LOGIN });
    device.isLocked = true;
    const locked = new OnvifCamera(cameraAround(), address(device.source(CREDENTIALS)));
    await locked.connect();
    expect(await faultOf(locked.information())).toMatchObject({ reason: 'locked-out' });
    const nobody = new OnvifCamera(cameraAround(), address(device.source()));
    await nobody.connect();
    expect(await faultOf(nobody.information())).toMatchObject({ reason: 'login-needed' });
    expect(device.wrongLogins).toBe(0);
  });
});

describe('a fault', () => {
  test.each([
    ['half', 'timeout', true],
    ['mute', 'timeout', true],
    ['redirect', 'elsewhere', false],
    ['away', 'elsewhere', false],
    ['page', 'not-onvif', false],
  ] as const)('%s ends in time, as %s', async (fault, reason, retry) => {
    const device = await deviceWith({});
    device.fault = fault;
    const camera = new OnvifCamera(cameraAround(), address(device.source()), 500);
    const startedAt = performance.now();
    expect(await faultOf(camera.connect())).toMatchObject({ reason, retry });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    device.fault = 'none';
    expect(await camera.connect()).toMatchObject({ namedHost: null });
  });

  test('a camera that is gone', async () => {
    const device = await onvifDevice();
    const camera = new OnvifCamera(cameraAround(), address(device.source()));
    await device.close();
    expect(await faultOf(camera.connect())).toMatchObject({ reason: 'offline', retry: true });
  });
});
