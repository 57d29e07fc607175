/** A disk without room: nothing is acknowledged that is not kept, and everything comes in when there is room again. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { punchTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { send } from '../support/broker-client.ts';
import { type Daemon, daemonOf, replayed } from '../support/daemon.ts';
import { type InfluxServer, startInfluxdb } from '../support/influxdb.ts';
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
let store: InfluxServer;
let daemon: Daemon;

beforeEach(async () => {
  disk = smallDisk(32);
  broker = await mosquitto({ config: ['max_queued_messages 0', 'max_inflight_messages 2000'] });
  store = await startInfluxdb({ databases: ['zaigang'] });
});
afterEach(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
  await store?.remove();
  disk?.[Symbol.dispose]();
});

async function prepare(diskReserve: string): Promise<void> {
  daemon = daemonOf({
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { all: { weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) } },
      employees: Array.from({ length: PEOPLE }, (_, i) => ({ id: `e${i}`, schedule: 'all', credentials: [`${i}`] })),
      windows: [{ id: 'W1', schedule: 'all', a: 'e1' }],
      rules: { settle: '1s', deliveryLag: '1s', dedupe: '1s' },
      mqtt: { url: broker.url },
      metrics: { driver: 'influxdb', url: store.url, database: 'zaigang' },
      // Nobody answers there: what is to be tried again has to be noted, on a full disk too.
      notify: {
        gather: '1s',
        channels: [
          { id: 'room', kind: 'webhook', url: `http://127.0.0.1:${await freePort()}/`, secret: `\${WEBHOOK_SECRET}` },
        ],
      },
      diskReserve,
    },
    data: join(disk.path, 'data'),
    env: { WEBHOOK_SECRET: 'shared' },
  });
}

async function startOn(diskReserve: string): Promise<void> {
  await prepare(diskReserve);
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
    await startOn('8MB');
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

describe('a disk that is really full', () => {
  test('is found out inside a transaction, of which nothing is kept', async () => {
    await startOn('1KB');
    await send(broker, PUNCH, touches(0, 100));
    await until(async () => (await seqs()).length === 100, { what: 'the first touches' });
    disk.fill(100_000);
    await send(broker, PUNCH, touches(100, 1000));
    await suspended();
    const { because } = await daemon.logged('taking in was suspended');
    expect(because).toMatch(/^the ledger could not be written: database or disk is full$/);
    expect((await seqs()).length).toBeLessThan(1100);

    disk.clear();
    await daemon.logged('taking in was resumed');
    await everythingOnce(1100);
  });
});
