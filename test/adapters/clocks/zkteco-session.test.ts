import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import ZktecoJs from 'zkteco-js';
import { zktecoPullClock } from '../../../adapters/clocks/zkteco-pull.ts';
import { keyBytes } from '../../../adapters/clocks/zkteco-wire.ts';
import { SECOND } from '../../../rules/time.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { freePort } from '../../support/ports.ts';
import { spoiledBytes } from '../../support/spoiled-bytes.ts';
import { until } from '../../support/until.ts';
import type { ZktecoPullDevice } from '../../support/zkteco-pull-device.ts';
import { complete, fillLog, pullDevice, pullOptions, type Reader, zktecoReader } from '../../support/zkteco-reader.ts';

const SESSION = 0x4d2;

describe('what is wrong is said in one sentence', () => {
  const lossOf = ({ losses }: Reader) => until(() => losses[0], { what: 'the loss' });

  test('a communication key: right, wrong, none, no number', async () => {
    const own = await pullDevice({ key: keyBytes(123_456, SESSION) });
    const right = zktecoReader(own.port, { password: '123456' });
    await complete(right.ear);
    expect(await lossOf(zktecoReader(own.port, { password: '654321' }))).toEqual({
      reason: 'wrong-login',
      detail: '127.0.0.1 refused the communication key (通讯密码, password)',
    });
    expect(await lossOf(zktecoReader(own.port))).toEqual({
      reason: 'wrong-login',
      detail: '127.0.0.1 asks for a communication key (通讯密码); none is configured (password)',
    });
    expect((await lossOf(zktecoReader(own.port, { password: 'abc' }))).detail).toContain(
      'password is not a number of up to 9 digits',
    );
  });

  test('a wrong key is not tried again and again', async () => {
    const own = await pullDevice({ key: keyBytes(1, SESSION) });
    const clock = clockAround().clock;
    const made = zktecoPullClock(pullOptions(own.port, { password: '2' }), clockAround({ clock }));
    const listen = (signal: AbortSignal) => made.listen?.(clockEar().listener, signal);
    expect(await listen(new AbortController().signal)).toMatchObject({ reason: 'wrong-login' });
    const second = await listen(new AbortController().signal);
    expect(second).toMatchObject({ reason: 'wrong-login', detail: expect.stringContaining('not tried again yet') });
    expect(own.connections).toBe(1);
  });

  test('a port at which something else answers', async () => {
    const web = createServer((socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', () => resolve()));
    onTestFinished(() => new Promise<void>((resolve) => web.close(() => resolve())));
    const { port } = web.address() as { port: number };
    expect(await lossOf(zktecoReader(port))).toEqual({
      reason: 'unfit',
      detail: 'what answers there does not speak the protocol of ZKTeco devices (their port is 4370)',
    });
  });

  test('a port at which nothing answers', async () => {
    const port = await freePort();
    expect((await lossOf(zktecoReader(port))).detail).toContain('nothing listens on this port of it');
  });

  test('another device at the address', async () => {
    const own = await pullDevice({ serial: 'AHQ6171960002' });
    fillLog(own, 5);
    const called = zktecoReader(own.port, { serial: 'AHQ6171960001' });
    expect(await lossOf(called)).toEqual({
      reason: 'unfit',
      detail: 'the device at 127.0.0.1 has the serial number AHQ6171960002, and AHQ6171960001 is configured',
    });
    expect(called.ear.delivered).toBe(0);
  });
});

test('whatever comes over the wire, a call ends with a reason, and what was no record is none', async () => {
  const own = await pullDevice({ packetBytes: 700 });
  for (let i = 0; i < 60; i++) own.touch('1001', [2026, 3, 2, 8, i, i]);
  // What a whole conversation of the device sounds like, to be spoiled and said again, whatever is asked.
  const said = await heardFrom(own);
  const words = spoiledBytes(400, 4370, [said]);
  const parrot = createServer((socket) => {
    socket.on('error', () => socket.destroy()).resume();
    socket.end(words.next().value?.body);
  });
  await new Promise<void>((resolve) => parrot.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => parrot.close(() => resolve())));
  const { port } = parrot.address() as { port: number };
  const ear = clockEar();
  const made = zktecoPullClock(pullOptions(port, { interval: 10 }), clockAround());
  const reasons = new Set<string>();
  for (let i = 0; i < 400; i++) {
    const ended = await made.listen?.(ear.listener, new AbortController().signal);
    if (ended === undefined || !('reason' in ended)) throw new Error('the call ended without a reason');
    expect(ended.detail).not.toBe('');
    reasons.add(ended.reason);
  }
  expect([...reasons].sort()).toEqual(expect.arrayContaining(['ended', 'unfit']));
  expect([...ear.kept.values()].every(({ punch }) => punch.credential === '1001')).toBe(true);
});

/** All that a device says while it is read once. */
async function heardFrom(own: ZktecoPullDevice): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const tap = createServer((near) => {
    const far = connect(own.port, '127.0.0.1');
    far.on('data', (chunk) => chunks.push(chunk));
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => tap.listen(0, '127.0.0.1', () => resolve()));
  const called = zktecoReader((tap.address() as { port: number }).port, { interval: 60 * SECOND });
  await complete(called.ear);
  await called.stop();
  await new Promise((resolve) => tap.close(resolve));
  return Buffer.concat(chunks);
}

test('a client that others have written reads the same from the same device', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  onTestFinished(async () => log.mockRestore());
  const own = await pullDevice({ packetPauseMs: 20 });
  own.users.push({ uid: 3, id: '1001', name: 'Zhang' });
  fillLog(own, 5000);
  const other = new ZktecoJs('127.0.0.1', own.port, 20_000, 0);
  await other.createSocket();
  expect(await other.getSerialNumber()).toBe('AHQ6171960001');
  expect((await other.getInfo()).logCounts).toBe(5000);
  expect((await other.getUsers()).data).toMatchObject([{ uid: 3, userId: '1001', name: 'Zhang' }]);
  const { data } = await other.getAttendances();
  await other.disconnect();
  const { ear } = zktecoReader(own.port);
  await complete(ear);
  // It reads times as of the zone of this machine.
  const theirs = data.map(({ user_id, record_time, type }) => `${user_id} ${shownHere(record_time)} ${type}`);
  const ours = own.log.map(({ id, time: [y, mo, d, h, mi, s] }) => `${id} ${[y, mo, d, h, mi, s].join(' ')} 1`);
  expect(theirs).toEqual(ours);
  expect(ear.delivered).toBe(theirs.length);
});

function shownHere(text: string): string {
  const date = new Date(text);
  const parts = [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ];
  return parts.join(' ');
}
