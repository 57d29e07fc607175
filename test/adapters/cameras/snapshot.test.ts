/** Still pictures over HTTP: the right one or none, in time and in size, and never a login too many. */
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { fetchSnapshot, type Snapshot } from '../../../adapters/cameras/snapshot.ts';
import { cameraAround, faultOf } from '../../support/camera-around.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../../support/onvif-device.ts';
import { ffmpegPath } from '../../support/rtsp-clips.ts';
import { jpegs, webSource } from '../../support/rtsp-web.ts';

const LOGIN = { user: 'admin', password: 'p:w "d\\1' };
let pictures: readonly Buffer[];
beforeAll(async () => {
  pictures = jpegs(await ffmpegPath(), 2);
});

async function deviceWith(options: OnvifDeviceOptions = {}): Promise<OnvifDevice> {
  const device = await onvifDevice({ login: LOGIN, picture: pictures[0] ?? Buffer.alloc(0), ...options });
  onTestFinished(() => device.close());
  return device;
}

const fetched = (device: OnvifDevice, login = LOGIN, timeoutMs = 5_000): Promise<Snapshot> =>
  fetchSnapshot(cameraAround(), { url: device.snapshotUrl, login, timeoutMs });

describe('a snapshot', () => {
  test.each(['MD5', 'SHA-256'] as const)('is fetched with a digest of %s, and its size is known', async (algorithm) => {
    const device = await deviceWith({ algorithm });
    expect(await fetched(device)).toMatchObject({ jpeg: pictures[0], widthPx: 320, heightPx: 180 });
    expect(device.wrongLogins).toBe(0);
  });

  test('is of the camera that was asked, by however many at once', async () => {
    const devices = await Promise.all(pictures.map((picture) => deviceWith({ picture })));
    const all = await Promise.all([...devices, ...devices].map((device) => fetched(device)));
    expect(all.map(({ jpeg }) => pictures.findIndex((picture) => picture.equals(jpeg)))).toEqual([0, 1, 0, 1]);
  });

  test.each(['/snap?', '/a?channel=1&x=%20', '/plain'])('keeps its address as it is: %s', async (snapshotPath) => {
    expect(await fetched(await deviceWith({ snapshotPath }))).toMatchObject({ widthPx: 320 });
  });

  test('is fetched although its nonce became too old on the way', async () => {
    const device = await deviceWith();
    device.snapshotFault = 'stale';
    expect(await fetched(device)).toMatchObject({ widthPx: 320 });
    expect(device.wrongLogins).toBe(0);
  });

  test.each([
    ['huge', 'too-large'],
    ['endless', 'too-large'],
    ['cut', 'broken-off'],
    ['page', 'no-picture'],
    ['mute', 'timeout'],
    ['redirect', 'elsewhere'],
  ] as const)('that is %s is none: %s', async (fault, reason) => {
    const device = await deviceWith();
    device.snapshotFault = fault;
    const before = process.memoryUsage().rss;
    expect(await faultOf(fetched(device, LOGIN, fault === 'mute' ? 300 : 20_000))).toMatchObject({ reason });
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(200);
  });

  test('with a wrong password is asked for once, and then not', async () => {
    const device = await deviceWith({ lockAfter: 2 });
    const around = cameraAround();
    const ask = () =>
      faultOf(
        fetchSnapshot(around, {
          url: device.snapshotUrl,
          login: { user: 'admin', password: 'Wrong' },
          timeoutMs: 5_000,
        }),
      );
    expect([(await ask()).reason, (await ask()).reason]).toEqual(['wrong-login', 'login-closed']);
    expect(device.wrongLogins).toBe(1);
  });

  test('of a server that knows passwords in clear only, or wants what is not known', async () => {
    const server = await webSource({
      '/basic': (response) => {
        if (response.req.headers.authorization === undefined)
          response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="cam"' }).end();
        else response.end(pictures[0]);
      },
      '/other': (response) => void response.writeHead(401, { 'WWW-Authenticate': 'Negotiate' }).end(),
      '/silent': (response) => void response.writeHead(401).end(),
    });
    onTestFinished(() => server.close());
    const ask = (path: string) =>
      fetchSnapshot(cameraAround(), { url: server.url(path), login: LOGIN, timeoutMs: 5_000 });
    expect(await faultOf(ask('/basic'))).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('in clear'),
    });
    expect(server.asked.get('/basic')).toBe(1);
    expect(await faultOf(ask('/other'))).toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('negotiate'),
    });
    expect(await faultOf(ask('/silent'))).toMatchObject({ reason: 'refused', retry: true });
    expect(await faultOf(ask('/none'))).toMatchObject({ reason: 'not-found' });
  });
});
