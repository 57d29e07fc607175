/** A disk without room: nothing is acknowledged that is not kept, and everything comes in when there is room again. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { punchTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { send } from '../support/broker-client.ts';
import { type Daemon, daemonOf, replayed } from '../support/daemon.ts';
import { startInfluxdb } from '../support/influxdb.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { freePort } from '../support/ports.ts';
import { type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

const HALL = 'full';
const NOW = Date.now();
const noon = noonAt(NOW);
/** The session began an hour ago and goes on for hours: whoever has not come is absent. */
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;
/** Half of them come. */
const PEOPLE = 60;
const PUNCH = punchTopic(HALL, 'clock-1');
const MEGABYTE = 1_048_576;

let disk: SmallDisk;
let broker: Mosquitto;
let daemon: Daemon;

beforeEach(async () => {
  disk = smallDisk(32);
  broker = await mosquitto({ config: ['max_queued_messages 0', 'max_inflight_messages 2000'] });
});
afterEach(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
  disk?.[Symbol.dispose]();
});

async function prepare(diskReserve: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  daemon = daemonOf({
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { all: { weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) }, called: { weekly: {} } },
      employees: [
        ...Array.from({ length: PEOPLE }, (_, i) => ({ id: `e${i}`, schedule: 'all', credentials: [`${i}`] })),
        { id: 'prompt', schedule: 'called', credentials: ['prompt'] },
      ],
      windows: [{ id: 'W1', schedule: 'all', a: 'e1' }],
      rules: { settle: '1s', deliveryLag: '1s', dedupe: '1s' },
      mqtt: { url: broker.url },
      diskReserve,
      ...more,
    },
    data: join(disk.path, 'data'),
    env: { WEBHOOK_SECRET: 'shared' },
  });
}

async function startOn(diskReserve: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await prepare(diskReserve, more);
  await daemon.startHearing();
}

/** `count` touches of those who come, in turn, the first ones from before the session. */
const touches = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const n = first + i;
    return JSON.stringify({ credential: `${n % (PEOPLE / 2)}`, at: stamp(BEGAN - 10 * MINUTE + n * 1000), seq: n });
  });

async function seqs(): Promise<number[]> {
  const punches = (await daemon.facts()).filter(({ fact }) => fact === 'punch');
  return punches.map(({ seq }) => Number(seq));
}

const suspended = (): Promise<unknown> =>
  until(async () => (await daemon.metric('zaigang_taking_in')) === 0, {
    timeoutMs: 20_000,
    what: 'it to be suspended',
  });

async function everythingOnce(count: number): Promise<void> {
  await until(async () => (await seqs()).length >= count, {
    timeoutMs: 25_000,
    what: `${count} touches in the ledger`,
  });
  expect((await seqs()).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
  await until(async () => (await daemon.readiness()).ready, { timeoutMs: 20_000, what: 'the daemon to be ready' });
  // Until what was pending because of a restart is settled, and nothing more is said.
  await until(async () => (await daemon.verdicts()).every(({ state }) => state !== 'pending'), {
    what: 'no pending verdict',
  });
  const history = await daemon.exported('history');
  const replay = await replayed(daemon, await daemon.exported('facts'), stamp(Date.now()));
  expect(history.length).toBeGreaterThan(0);
  expect(history).toBe(replay.history);
  expect(await daemon.stop()).toBe(0);
  expect(daemon.stray).toBe('');
  const ledger = new DatabaseSync(join(daemon.data, 'ledger.db'), { readOnly: true });
  expect(ledger.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  ledger.close();
}

describe('below the reserve', () => {
  test('it says so and takes nothing in; with room again it goes on where it was', { timeout: 60_000 }, async () => {
    const store = await startInfluxdb({ databases: ['zaigang'] });
    onTestFinished(() => store.remove());
    const url = `http://127.0.0.1:${await freePort()}/`;
    await startOn('8MB', {
      metrics: { driver: 'influxdb', url: store.url, database: 'zaigang' },
      // Nobody answers there: what is to be tried again has to be noted, on a full disk too.
      notify: { gather: '1s', channels: [{ id: 'room', kind: 'webhook', url, secret: `\${WEBHOOK_SECRET}` }] },
    });
    await store.kill();
    await send(broker, PUNCH, touches(0, 100));
    await until(async () => (await seqs()).length === 100, { what: 'the first touches' });
    await daemon.logged('message was not delivered');
    await daemon.logged('series write failed');
    const said = await daemon.history();
    disk.fill(7 * MEGABYTE);

    await send(broker, PUNCH, touches(100, 1000));
    await suspended();
    expect(await daemon.logged('taking in was suspended')).toMatchObject({
      level: 'error',
      because: expect.stringMatching(/^only [67] MB free, 8 MB are kept in reserve$/),
    });
    expect((await daemon.get('/-/ready')).status).toBe(503);
    expect((await daemon.readiness()).checks).toContainEqual({
      name: 'ledger',
      ok: false,
      detail: expect.stringContaining('kept in reserve'),
    });
    expect((await daemon.get('/-/healthy')).status).toBe(200);
    // A webhook that is tried again, and a store that comes back now, have nothing to note it in.
    await daemon.logged('delivery could not be noted');
    await store.start();
    await daemon.logged('series shipping was suspended');
    await until(async () => (await daemon.metric('zaigang_queue')) >= 1000, { what: 'what waits for room' });
    expect(await seqs()).toHaveLength(100);
    expect(await daemon.history(), 'nothing is judged that is not in the ledger').toEqual(said);

    disk.clear();
    await daemon.logged('taking in was resumed');
    await everythingOnce(1100);
  });

  test('what waits is the broker’s: a daemon that is killed meanwhile gets it again', async () => {
    await startOn('8MB');
    disk.fill(7 * MEGABYTE);
    await send(broker, PUNCH, touches(0, 1000));
    await suspended();
    await daemon.kill();
    disk.clear();
    await daemon.startHearing();
    await everythingOnce(1000);
  });
});

test('where there is no room at the start it ends with 73, says why, and begins once there is', async () => {
  await prepare('8MB');
  disk.fill(7 * MEGABYTE);
  daemon.launch();
  expect(await daemon.ended()).toBe(73);
  expect(daemon.stray).toMatch(/^only \d MB free, 8 MB are kept in reserve\n$/);
  disk.clear();
  await daemon.startHearing();
  expect((await daemon.verdicts()).length).toBeGreaterThan(PEOPLE);
});

test('who comes while there is no room is not accused of having been away', async () => {
  await startOn('8MB', { rules: { lateGrace: '2s', settle: '1s', deliveryLag: '1s' } });
  const dueAt = Date.now() + 2 * SECOND;
  await daemon.record([
    { fact: 'duty', id: 'd1', employee: 'prompt', from: stamp(dueAt), to: stamp(BEGAN + 6 * HOUR) },
  ]);
  disk.fill(7 * MEGABYTE);
  await suspended();
  const [cpuMs, since] = [daemon.cpuMs(), Date.now()];
  await until(() => Date.now() > dueAt, { what: 'the time to come' });
  await send(broker, PUNCH, [JSON.stringify({ credential: 'prompt', at: stamp(dueAt) })]);
  await until(() => Date.now() > dueAt + 4 * SECOND, { what: 'the grace to be over' });
  expect(daemon.cpuMs() - cpuMs, 'what is due is not waited for in a circle').toBeLessThan((Date.now() - since) / 25);
  disk.clear();
  await until(async () => (await daemon.facts()).some((fact) => fact['credential'] === 'prompt'), {
    timeoutMs: 20_000,
    what: 'the punch in the ledger',
  });
  const said = (await daemon.history()).filter(({ employee, state }) => employee === 'prompt' && state !== 'pending');
  expect(said).toEqual([]);
  expect((await daemon.verdicts()).filter(({ employee }) => employee === 'prompt')).toEqual([]);
});

describe('a disk that is really full', () => {
  test('is found out inside a transaction, of which nothing is kept', { timeout: 60_000 }, async () => {
    // Nothing is told, so that nothing but the touches is written.
    await startOn('1KB', { rules: { deliveryLag: '24h', settle: '1s', dedupe: '1s' } });
    let sent = 0;
    let because: unknown = '';
    // Once in a while a transaction takes the very last page, and the next one is not begun: then again.
    for (let attempt = 0; attempt < 5 && !/disk is full/.test(String(because)); attempt++) {
      const from = daemon.log.length;
      disk.fill(100_000 + attempt * 10_000);
      await send(broker, PUNCH, touches(sent, 1000));
      sent += 1000;
      await suspended();
      because = (await daemon.logged('taking in was suspended', { from }))['because'];
      expect((await seqs()).length).toBeLessThan(sent);
      disk.clear();
      await daemon.logged('taking in was resumed', { from });
    }
    expect(because).toBe('the ledger could not be written: database or disk is full');
    await everythingOnce(sent);
  });
});
