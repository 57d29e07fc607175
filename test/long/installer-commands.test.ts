/** What an installer types first: `init`, `check --online`, `doctor`, `reload`. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Daemon, daemonOf, zaigang } from '../support/daemon.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-installer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('init', () => {
  test('writes what passes the check, and never over what is there', async () => {
    const made = await zaigang(['init', join(folder, 'new'), '--yes', '--lang', 'zh']);
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('已写好 hall.yaml')]);
    expect(readdirSync(join(folder, 'new')).sort()).toEqual([
      '.env.example',
      'hall.schema.json',
      'hall.yaml',
      'people.csv',
    ]);
    const file = join(folder, 'new', 'hall.yaml');
    const checked = await zaigang(['check', file, '--lang', 'en'], '', folder, { CLOCK_PASSWORD: 'secret-1' });
    expect([checked.code, checked.err]).toEqual([0, `${file} has no errors.\n`]);
    writeFileSync(file, 'mine');
    const again = await zaigang(['init', join(folder, 'new'), '--yes', '--lang', 'en']);
    expect([again.code, again.err]).toEqual([73, expect.stringContaining('nothing was written')]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  }, 60_000);

  test('says where it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, err } = await zaigang(['init', join(folder, 'file', 'x'), '--yes', '--lang', 'en']);
    expect([code, err]).toEqual([73, expect.stringContaining('cannot write to')]);
    expect(existsSync(join(folder, 'file', 'x'))).toBe(false);
  }, 30_000);
});

const HALL = {
  hall: { id: 'h', name: '随县政务服务中心', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  schedules: { s: { weekly: { mon: ['09:00-12:00'] } } },
  departments: [{ id: 'd', name: '公安局' }],
  employees: [{ id: 'e1', name: '欧阳徐敏', department: 'd', schedule: 's', credentials: ['1001-secret'] }],
  windows: [{ id: 'W1', name: '出入境', department: 'd', schedule: 's', a: 'e1' }],
  http: { listen: '127.0.0.1:0' },
};

test('check --online tries everything once, says which do not answer, and never a password', async () => {
  const open = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => open.once('listening', resolve));
  const port = (open.address() as { port: number }).port;
  const config = {
    ...HALL,
    mqtt: { url: 'mqtt://127.0.0.1:1', username: 'zaigang', password: 'hunter2' },
    clocks: [
      { id: 'k1', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port } },
      { id: 'k2', profile: { kind: 'hikvision', url: 'http://127.0.0.1:1', username: 'admin', password: 'hunter3' } },
    ],
    cameras: [
      { id: 'c1', source: 'rtsp://viewer:hunter4@127.0.0.1:1/s', seats: [{ window: 'W1', roi: [0, 0, 1, 1] }] },
    ],
    metrics: { driver: 'influxdb', url: 'http://127.0.0.1:1', database: 'x', password: 'hunter5', username: 'u' },
    notify: {
      channels: [{ id: 'hook', kind: 'webhook', url: `http://127.0.0.1:${port}/key-hunter6`, secret: 'hunter7' }],
    },
  };
  const file = join(folder, 'hall.yaml');
  writeFileSync(file, JSON.stringify(config));
  const { code, out, err } = await zaigang(['check', file, '--online', '--lang', 'en']);
  open.close();
  expect(code).toBe(69);
  const ends = out
    .trim()
    .split('\n')
    .map((line) => line.split('  ')[0])
    .sort();
  expect(ends).toEqual(['✓ clocks.k1', '✓ notify.channels.hook', '✗ cameras.c1', '✗ clocks.k2', '✗ metrics', '✗ mqtt']);
  expect(err).toContain('4 of 6 connections failed.');
  expect(out + err).not.toMatch(/hunter/);
}, 60_000);

describe('of a running daemon', () => {
  let daemon: Daemon;
  beforeEach(async () => {
    daemon = daemonOf({
      config: { ...HALL, clocks: [{ id: 'k1', password: 'hunter2' }], mqtt: { embedded: { listen: '127.0.0.1:0' } } },
    });
    await daemon.start();
  });
  afterEach(async () => {
    await daemon[Symbol.asyncDispose]();
  });

  test('doctor tells all that helps, and no name, number or password', async () => {
    const { code, out } = await zaigang(['doctor', '--config', daemon.configFile, '--lang', 'zh']);
    expect(code).toBe(0);
    const bundle = JSON.parse(out) as Record<string, Record<string, unknown>>;
    expect(Object.keys(bundle)).toEqual(['madeAt', 'surroundings', 'problems', 'config', 'ledger', 'daemon']);
    expect(bundle['ledger']).toMatchObject({ facts: expect.any(Array), rejects: [] });
    expect(bundle['daemon']).toMatchObject({ strangers: [], metrics: expect.stringContaining('zaigang_') });
    expect(out).not.toMatch(/欧阳|1001-secret|hunter/);
    expect(out).toContain('欧*');
  }, 60_000);

  test('reload says what changes when, and a bad file changes nothing', async () => {
    const write = (more: object): void => writeFileSync(daemon.configFile, JSON.stringify({ ...read, ...more }));
    const read = JSON.parse(readFileSync(daemon.configFile, 'utf8')) as object;
    const reload = () => zaigang(['reload', '--config', daemon.configFile, '--lang', 'en']);
    expect(await reload()).toMatchObject({ code: 0, out: 'Nothing has changed.\n' });
    write({ rules: { lateGrace: '7m' }, intake: { ahead: '6m' } });
    const { code, out } = await reload();
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^ {2}\+ rules\.lateGrace: 7m\n {2}~ intake\.ahead\nDays are judged by it from .*\nTaken up with the next start: intake\.\n$/,
      ),
    ]);
    write({ nonsense: 1 });
    expect(await reload()).toMatchObject({ code: 78, err: expect.stringContaining('nonsense') });
  }, 60_000);

  test('trust-clock says that a clock was trusted anyway, or notes for the next start that it is right', async () => {
    const trust = (...more: string[]) => zaigang(['trust-clock', '--config', daemon.configFile, ...more]);
    writeFileSync(
      daemon.configFile,
      JSON.stringify({ ...JSON.parse(readFileSync(daemon.configFile, 'utf8')), nonsense: undefined }),
    );
    expect(await trust('--lang', 'en')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^The clock was not set; it is /),
    });
    expect(await trust('--lang', 'zh')).toMatchObject({ code: 0, out: expect.stringMatching(/^时间没有被拨动过/) });
    await daemon.stop();
    expect(await trust('--lang', 'en')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^It was noted that it is /),
    });
  }, 60_000);
});
