/** `discover` by the real command: cameras on loopback addresses of a test's own, found by UDP and by their web service. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { zaigang } from '../support/daemon.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../support/onvif-device.ts';

/** Addresses that no other process uses: three of a network that the process's number chooses. */
const NETWORK = `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}`;
const RANGE = `${NETWORK}.0/29`;

/** Nothing of the network that the test runs in. */
const LOOPBACK = ['--card', '127.0.0.1'];
const NOWHERE = ['--card', '203.0.113.77'];

/** Other tests may have cameras on the loopback card at the same time. */
const linesOf = (out: string, text: string): string[] => out.split('\n').filter((line) => line.includes(text));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-discover-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function deviceWith(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const device = await onvifDevice(options);
  onTestFinished(() => device.close());
  return device;
}

function hallWith(sources: readonly string[]): string {
  const file = join(folder, 'hall.yaml');
  const cameras = sources.map((source, i) => ({ id: `cam-${i + 1}`, source, seats: [] }));
  const hall = { id: 'suixian', name: '随县政务服务中心', timezone: 'Asia/Shanghai' };
  const schedules = { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } };
  const employees = [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }];
  const windows = [{ id: 'W1', name: '出入境', schedule: 'standard', a: 'e1' }];
  writeFileSync(file, JSON.stringify({ hall, calendar: { country: 'none' }, schedules, employees, windows, cameras }));
  return file;
}

test('cameras of a range are found, each once, with what they say of themselves and whether they are configured', async () => {
  const login = { user: 'admin', password: 'x' };
  // The same name for both, as cheap cameras have it; one does not answer searches, and one says nothing to strangers.
  const urn = 'urn:uuid:1419d68a-1dd2-11b2-a105-000000000000';
  await deviceWith({ host: `${NETWORK}.1`, isFound: true, urn, name: 'IPC', login });
  await deviceWith({ host: `${NETWORK}.2`, isFound: true, urn, name: '二楼 大厅' });
  await deviceWith({ host: `${NETWORK}.3`, port: 8080 });
  const config = hallWith([`rtsp://admin:\${NO_SUCH_PASSWORD}@${NETWORK}.2:554/sub`]);
  const outcome = await zaigang([
    'discover',
    ...LOOPBACK,
    '--range',
    RANGE,
    '--config',
    config,
    '--json',
    '--lang',
    'en',
  ]);
  expect({ code: outcome.code, err: outcome.err }).toMatchObject({
    code: 0,
    err: expect.stringContaining('asking 6 addresses'),
  });
  const found = (JSON.parse(outcome.out) as { host: string }[]).filter(({ host }) => host.startsWith(`${NETWORK}.`));
  expect(found).toMatchObject([
    { host: `${NETWORK}.1`, urn, name: 'IPC', model: 'ZG-1', maker: null, location: 'hall', configured: [] },
    { host: `${NETWORK}.2`, urn, name: '二楼 大厅', maker: 'Fixture & Co', configured: ['cam-1'] },
    {
      host: `${NETWORK}.3`,
      urn: null,
      url: `http://${NETWORK}.3:8080/onvif/device_service`,
      maker: 'Fixture & Co',
      model: 'ZG-1',
    },
  ]);
}, 90_000);

test('people read a line for each, in their language', async () => {
  const [port, host] = [8010, `${NETWORK}.4`];
  await deviceWith({ host, port, isFound: true, name: 'IPC-4', namedHost: '192.168.68.111:8010' });
  const { code, out, err } = await zaigang(['discover', ...LOOPBACK, '--range', host, '--lang', 'zh'], '', folder);
  const line = `${host}:8010  Fixture & Co ZG-1 IPC-4  hall  自称 192.168.68.111  未配置`;
  expect({ code, lines: linesOf(out, host) }).toEqual({ code: 0, lines: [line] });
  expect(err).toMatch(/找到 \d+ 台，其中 \d+ 台未配置/);
}, 90_000);

test('on a card everybody is asked at once', async () => {
  await deviceWith({ card: '127.0.0.1', name: 'IPC-5' });
  const { code, out } = await zaigang(['discover', ...LOOPBACK, '--lang', 'en'], '', tmpdir());
  expect({ code, lines: linesOf(out, 'IPC-5') }).toEqual({
    code: 0,
    lines: [expect.stringMatching(/^127\.0\.0\.1:\d+ {2}.*ZG-1 IPC-5 {2}hall {2}not configured$/)],
  });
}, 90_000);

test('a card that is not there is no reason to stop, unless it is the only one; where nobody is, the answer is no', async () => {
  const [only, also] = await Promise.all([
    zaigang(['discover', ...NOWHERE, '--lang', 'en'], '', tmpdir()),
    zaigang(['discover', ...NOWHERE, '--range', `${NETWORK}.6`, '--lang', 'en'], '', tmpdir()),
  ]);
  expect([only.code, also.code]).toEqual([69, 1]);
  expect(only.err).toContain('the network card 203.0.113.77 cannot be used');
  expect([also.out, also.err]).toEqual(['', expect.stringContaining('Is ONVIF turned on')]);
}, 90_000);

test.each([
  ['10.0.0.0/8', 'at most a thousand'],
  ['10.0.0.300', 'expected a range'],
  ['camera', 'expected a range'],
])('%s is no range', async (range, said) => {
  const { code, err } = await zaigang(['discover', '--range', range, '--lang', 'en']);
  expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining(said) });
});
