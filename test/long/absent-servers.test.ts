/** Brokers, stores and addresses that are not there: the daemon says so in plain words, and catches up or ends as it must. */

import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { punchTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { type Daemon, type DaemonOptions, daemonOf, type Line, zaigang } from '../support/daemon.ts';
import { startInfluxdb } from '../support/influxdb.ts';
import { type Mosquitto, mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { until } from '../support/until.ts';

const HALL = 'absent';
const NOW = Date.now();
const noon = noonAt(NOW);
/** The session began an hour ago and goes on for hours. */
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
function use<T extends AsyncDisposable>(thing: T): T {
  cleanups.push(() => thing[Symbol.asyncDispose]());
  return thing;
}

const CONFIG = {
  hall: { id: HALL, timezone: noon.timezone },
  calendar: { country: 'none' },
  schedules: { all: { weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) } },
  employees: ['e1', 'e2', 'e3'].map((id, i) => ({ id, schedule: 'all', credentials: [`${i + 1}`] })),
  rules: { settle: '1s', deliveryLag: '1s' },
  clocks: [{ id: 'clock-1' }, { id: 'clock-2' }],
};

const hall = (more: Readonly<Record<string, unknown>>, options: Omit<DaemonOptions, 'config'> = {}): Daemon =>
  use(daemonOf({ config: { ...CONFIG, ...more }, ...options }));

async function punch(broker: Mosquitto, credential: string, at: number, device = 'clock-1', ...more: string[]) {
  const args = ['-h', '127.0.0.1', '-p', `${broker.port}`, '-q', '1', '-t', punchTopic(HALL, device), '-s', ...more];
  const payload = JSON.stringify({ credential, at: stamp(at) });
  expect(await mosquittoClient('mosquitto_pub', args, payload)).toMatchObject({ code: 0 });
}

const punchesOf = async (daemon: Daemon): Promise<Line[]> =>
  (await daemon.facts()).filter(({ fact }) => fact === 'punch');
const arrived = (daemon: Daemon, count: number): Promise<unknown> =>
  until(async () => (await punchesOf(daemon)).length >= count, { what: `${count} punches` });
async function statesOf(daemon: Daemon, device: string): Promise<unknown[]> {
  return (await daemon.facts())
    .filter((fact) => fact['device'] === device && fact['fact'] === 'device')
    .map(({ state }) => state);
}
async function saidOf(daemon: Daemon, employee: string): Promise<string> {
  const found = (await daemon.verdicts()).filter((verdict) => verdict['employee'] === employee);
  return found.map(({ rule, state, because }) => [rule, state, because].join(' ').trim()).join(', ');
}
const becomes = (daemon: Daemon, employee: string, said: string): Promise<unknown> =>
  until(async () => (await saidOf(daemon, employee)) === said, { what: `"${said}" of ${employee}` });

describe('at the start', () => {
  test('without broker and store it runs, says so, accuses nobody, and catches up when they come', async () => {
    const broker = use(await mosquitto());
    const store = await startInfluxdb({ databases: ['zaigang'] });
    cleanups.push(() => store.remove());
    await broker.stop();
    await store.kill();
    const daemon = hall({
      mqtt: { url: broker.url },
      metrics: { driver: 'influxdb', url: store.url, database: 'zaigang' },
    });
    await daemon.start();

    const because = `nothing listens at 127.0.0.1:${broker.port}`;
    expect(await daemon.logged('broker was lost')).toMatchObject({ level: 'warn', because });
    expect(await daemon.logged('series write failed')).toMatchObject({
      because: expect.stringContaining('ECONNREFUSED'),
    });
    expect((await daemon.get('/-/ready')).status).toBe(503);
    expect((await daemon.get('/-/healthy')).status).toBe(200);
    expect((await daemon.readiness()).checks).toEqual(
      expect.arrayContaining([
        { name: 'broker', ok: false, detail: 'not connected: mqtt' },
        expect.objectContaining({ name: 'series', detail: expect.stringContaining('ECONNREFUSED') }),
      ]),
    );
    // It has never heard a clock: that somebody did not come is not known.
    await becomes(daemon, 'e1', 'absent pending uncovered');

    await broker.start();
    await store.start();
    await until(async () => (await daemon.readiness()).ready, { timeoutMs: 20_000, what: 'the daemon to be ready' });
    await punch(broker, '2', BEGAN - MINUTE);
    await arrived(daemon, 1);
    await until(async () => (await daemon.metric('zaigang_series_lag')) === 0, {
      timeoutMs: 25_000,
      what: 'the series to be shipped',
    });
    expect(await store.points('zaigang', 'punch')).toHaveLength(1);
    expect(daemon.log.map(({ msg }) => msg)).toContain('series store came back');
  });

  test('with a wrong password for the broker it says that, and not the password', async () => {
    const broker = use(await mosquitto({ users: { zaigang: 'right' } }));
    const login = { username: 'zaigang', password: `\${MQTT_PASSWORD}` };
    const daemon = hall({ mqtt: { url: broker.url, ...login } }, { env: { MQTT_PASSWORD: 'guessed-wrongly' } });
    await daemon.start();
    const said = await daemon.logged('broker was lost');
    expect(said['because']).toMatch(/the broker (refused our user name or password|does not allow this user)/);
    expect(await daemon.readiness()).toMatchObject({ ready: false });
    expect(JSON.stringify(daemon.log)).not.toContain('guessed-wrongly');
  });
});

describe('a broker that restarts', () => {
  test('and has lost the session: the clocks must prove what they sent meanwhile', async () => {
    const broker = use(await mosquitto());
    const daemon = hall({ mqtt: { url: broker.url } });
    await daemon.startHearing();
    await punch(broker, '2', BEGAN - MINUTE);
    await arrived(daemon, 1);
    expect(await saidOf(daemon, 'e1')).toBe('absent open');

    await broker.stop();
    await becomes(daemon, 'e1', 'absent pending uncovered');
    expect((await daemon.readiness()).checks).toContainEqual({
      name: 'broker',
      ok: false,
      detail: 'not connected: mqtt',
    });
    await broker.start();
    await daemon.logged('broker kept no session; clocks must prove what they sent meanwhile');
    await until(async () => (await statesOf(daemon, 'daemon')).at(-1) === 'online', { what: 'the daemon to hear' });
    expect(await statesOf(daemon, 'daemon')).toEqual(['online', 'offline', 'online']);
    for (const clock of ['clock-1', 'clock-2']) expect(await statesOf(daemon, clock)).toEqual(['offline', 'online']);

    const facts = await daemon.facts();
    const offlineAt = facts.find(({ device, state }) => device === 'clock-1' && state === 'offline');
    const onlineAt = Date.parse(
      String(facts.find(({ device, state }) => device === 'clock-1' && state === 'online')?.['at']),
    );
    await until(() => Date.now() > onlineAt + 2 * SECOND, { what: 'the outage to settle' });
    expect(await saidOf(daemon, 'e1'), 'nothing is proved yet').toBe('absent pending uncovered');
    // One clock by a touch that it kept from then, the other by its word.
    await punch(broker, '3', Date.parse(String(offlineAt?.['at'])), 'clock-1');
    await arrived(daemon, 2);
    expect(await saidOf(daemon, 'e1')).toBe('absent pending uncovered');
    await daemon.import([
      { fact: 'device', id: 'complete-2', at: stamp(onlineAt + SECOND), device: 'clock-2', state: 'complete' },
    ]);
    await becomes(daemon, 'e1', 'absent open');
  });

  test('and has kept the session: what waited comes, and nothing need be proved', async () => {
    const broker = use(await mosquitto({ persistence: true }));
    const daemon = hall({ mqtt: { url: broker.url } });
    await daemon.startHearing();
    await daemon.stop();
    await punch(broker, '1', BEGAN - MINUTE);
    await broker.stop();
    await daemon.start();
    await broker.start();
    await arrived(daemon, 1);
    await until(async () => (await daemon.readiness()).ready, { what: 'the daemon to be ready' });
    await becomes(daemon, 'e2', 'absent open');
    expect(await saidOf(daemon, 'e1')).toBe('');
    expect(await statesOf(daemon, 'clock-1')).toEqual([]);
    expect(daemon.log.filter(({ msg }) => msg === 'broker was connected').at(-1)).toMatchObject({
      sessionPresent: true,
    });
  });
});

describe('it ends, and says why,', () => {
  async function holdPort(): Promise<number> {
    const server: Server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  test('with 69 where its port is taken', async () => {
    const port = await holdPort();
    const daemon = hall({ http: { listen: `127.0.0.1:${port}` } });
    daemon.launch();
    expect(await daemon.ended()).toBe(69);
    expect(daemon.stray).toBe(`port ${port} on 127.0.0.1 is already in use\n`);
  });

  test('with 69 where the port of its own broker is taken', async () => {
    const port = await holdPort();
    const daemon = hall({ clocks: [], mqtt: { embedded: { listen: `127.0.0.1:${port}` } } });
    daemon.launch();
    expect(await daemon.ended()).toBe(69);
    expect(daemon.stray).toBe(`the embedded broker cannot listen at 127.0.0.1:${port}\n`);
  });

  test('with 69 where another daemon has the data', async () => {
    const first = hall({});
    await first.start();
    const second = hall({}, { data: first.data });
    second.launch();
    expect(await second.ended()).toBe(69);
    expect(second.stray).toBe(`another process writes to ${first.data}\n`);
    expect(await first.verdicts(), 'the first one goes on').toHaveLength(3);
    // A killed one leaves no lock behind.
    await first.kill();
    await second.start();
  });

  test('with 78, 66 and 64 where the configuration or the command is no good', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zaigang-broken-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'hall.yaml');
    writeFileSync(file, 'hall: { id: h, timezone: Asia/Nowhere }\n');
    const [broken, missing, option, command] = await Promise.all([
      zaigang(['run', '--config', file]),
      zaigang(['run', '--config', join(folder, 'other.yaml')]),
      zaigang(['run', '--no-such-option']),
      zaigang(['no-such-command']),
    ]);
    expect(broken).toMatchObject({ code: 78, out: '' });
    expect(broken.err).toContain(`${file}:1:26: `);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect(missing).toMatchObject({ code: 66, out: '' });
    expect(missing.err).toContain('other.yaml');
    expect(option).toMatchObject({ code: 64, out: '', err: expect.stringContaining('--no-such-option') });
    expect(command).toMatchObject({ code: 64, out: '', err: expect.stringContaining('no-such-command') });
  });
});
