/** Face terminals at the real daemon, over real brokers and a WebSocket: whoever dies when, nothing that was acknowledged is lost. */
import { afterEach, expect, test } from 'vitest';
import { zoneTable } from '../../config/zone-table.ts';
import { formatInstant, MINUTE, SECOND } from '../../rules/time.ts';
import { type Daemon, daemonOf } from '../support/daemon.ts';
import { type FaceTerminal, faceTerminal } from '../support/face-terminal.ts';
import { mosquitto } from '../support/mosquitto.ts';
import { freePort } from '../support/ports.ts';
import { sendlogTerminal } from '../support/sendlog-terminal.ts';
import { until } from '../support/until.ts';

const ID = '1026700';
const SERIAL = 'AYTG04073202';
const ZONE = zoneTable('Asia/Shanghai');
const BEGAN = Date.now() - 10 * MINUTE;
const LONG = { timeoutMs: 120_000 };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const local = (second: number): string =>
  formatInstant(ZONE, BEGAN + second * SECOND)
    .slice(0, 19)
    .replace('T', ' ');

/** The devices' times of what is in the ledger, each as often as it is there. */
async function taken(daemon: Daemon, device: string): Promise<readonly string[]> {
  const punches = (await daemon.facts()).filter((fact) => fact['fact'] === 'punch' && fact['device'] === device);
  return punches.map((fact) => `${fact['credential']} ${fact['at']}`).sort();
}

const wanted = (credential: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${credential} ${local(i).replace(' ', 'T')}+08:00`).sort();

function hall(daemonConfig: Readonly<Record<string, unknown>>): Daemon {
  const daemon = daemonOf({
    config: { hall: { id: 'h1', timezone: 'Asia/Shanghai' }, calendar: { country: 'none' }, ...daemonConfig },
  });
  cleanups.push(() => daemon[Symbol.asyncDispose]());
  return daemon;
}

const recognise = (terminal: FaceTerminal, from: number, to: number): void => {
  for (let i = from; i < to; i++) terminal.recognise({ RecordID: String(i + 1), customId: '1001', time: local(i) });
};

/** So many are acknowledged, and each of them is in the ledger. */
async function acknowledged(terminal: FaceTerminal, daemon: Daemon, count: number): Promise<void> {
  await until(() => terminal.acknowledged.length >= count, { ...LONG, what: `${count} to be acknowledged` });
  const done = terminal.acknowledged.map((number) => `1001 ${local(Number(number) - 1).replace(' ', 'T')}+08:00`);
  const kept = new Set(await taken(daemon, 'face-1'));
  expect(done.filter((one) => !kept.has(one))).toEqual([]);
}

test('over Mosquitto: the daemon dies, the broker dies, the device reboots', async () => {
  const broker = await mosquitto();
  cleanups.push(() => broker[Symbol.asyncDispose]());
  const daemon = hall({
    mqtt: { url: broker.url },
    clocks: [{ id: 'face-1', profile: { kind: 'mqtt-face', device: ID } }],
  });
  const terminal = await faceTerminal({ url: broker.url, id: ID });
  cleanups.push(() => terminal[Symbol.asyncDispose]());
  // Before anybody listens.
  recognise(terminal, 0, 10);
  await daemon.startHearing();
  await acknowledged(terminal, daemon, 5);
  await daemon.kill();
  recognise(terminal, 10, 20);
  await terminal.reboot();
  await daemon.startHearing();
  await acknowledged(terminal, daemon, 15);
  await broker.kill();
  recognise(terminal, 20, 30);
  await broker.start();
  await acknowledged(terminal, daemon, 30);
  await terminal.stranger('946', local(31));
  await terminal.beat(local(600));
  await until(() => terminal.isOnline(), { ...LONG, what: 'the terminal to be told that it is online' });
  expect(await taken(daemon, 'face-1')).toEqual(wanted('1001', 30));
  expect(await daemon.rejects()).toEqual([]);
  expect(JSON.stringify(await daemon.facts()) + JSON.stringify(daemon.log)).not.toMatch(/宋岩|QUJDQUJD|420123/);
});

test('over the broker of our own, with its login and nobody else’s rights', async () => {
  const port = await freePort();
  const daemon = hall({
    mqtt: { embedded: { listen: `127.0.0.1:${port}` } },
    clocks: [{ id: 'face-1', password: 'first-secret', profile: { kind: 'mqtt-face', device: ID } }],
  });
  await daemon.startHearing();
  const login = { username: 'face-1', password: 'first-secret' };
  const terminal = await faceTerminal({ url: `mqtt://127.0.0.1:${port}`, id: ID, login });
  cleanups.push(() => terminal[Symbol.asyncDispose]());
  recognise(terminal, 0, 10);
  await acknowledged(terminal, daemon, 4);
  await daemon.kill();
  recognise(terminal, 10, 15);
  await daemon.startHearing();
  await acknowledged(terminal, daemon, 15);
  expect(await taken(daemon, 'face-1')).toEqual(wanted('1001', 15));
});

test('over a WebSocket: the daemon dies twice, the device reboots, its log breaks off, and its clock is set', async () => {
  const door = await freePort();
  const daemon = hall({
    http: { listen: '127.0.0.1:0', devices: `127.0.0.1:${door}` },
    clocks: [{ id: 'face-2', profile: { kind: 'sendlog', serial: SERIAL, modes: { '8': 'face' } } }],
  });
  const terminal = sendlogTerminal({ url: `ws://127.0.0.1:${door}/pub/chat`, serial: SERIAL, page: 5 });
  cleanups.push(() => terminal[Symbol.asyncDispose]());
  const touch = (from: number, to: number): void => {
    for (let i = from; i < to; i++) terminal.touch({ enrollid: 7, time: local(i) });
  };
  touch(0, 12);
  // What another server has had is not sent by itself; it stands in the log, which breaks off once in the middle of a page.
  for (let i = 24; i < 36; i++) terminal.hold({ enrollid: 7, time: local(i), event: 1 });
  terminal.breakAfterPages = 2;
  await daemon.start();
  await until(() => terminal.isDone(), { ...LONG, what: 'everything to be answered' });
  await daemon.kill();
  touch(12, 24);
  await daemon.start();
  await until(async () => (await taken(daemon, 'face-2')).length > 12, { ...LONG, what: 'more to be taken in' });
  await daemon.kill();
  await daemon.start();
  await terminal.reboot();
  terminal.touch({ enrollid: 99_999_999, time: local(40) }, { enrollid: 0, time: local(41), event: 2 });
  await until(() => terminal.isDone(), { ...LONG, what: 'everything to be answered' });
  await until(async () => (await taken(daemon, 'face-2')).length >= 36, { ...LONG, what: 'its log' });
  expect(await taken(daemon, 'face-2')).toEqual(wanted('7', 36));
  const isWhole = async (): Promise<boolean> =>
    (await daemon.facts()).some(
      ({ fact, device, state }) => fact === 'device' && device === 'face-2' && state === 'complete',
    );
  await until(isWhole, { ...LONG, what: 'the word that all is in' });
  expect([terminal.breakAfterPages, terminal.pages()]).toEqual([null, expect.any(Number)]);
  const [set = ''] = terminal.cloudTimes.slice(-1);
  expect(Math.abs(Date.parse(`${set.replace(' ', 'T')}+08:00`) - Date.now())).toBeLessThan(60_000);
  expect(await daemon.rejects()).toEqual([]);
});
