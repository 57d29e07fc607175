/** A Dahua terminal: heard at once, caught up with from its log, and pushed by it. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, createDeflate } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClockSurroundings } from '../../../adapters/clock.ts';
import { dahuaClock } from '../../../adapters/clocks/dahua.ts';
import { dahua } from '../../../config/clocks/dahua.ts';
import { type Called, callAgain, callOnce } from '../../support/called-clock.ts';
import { type ClockEar, clockAround, clockEar, clockMemory } from '../../support/clock-ear.ts';
import { DahuaTerminal, eventText, type Record as LogRecord } from '../../support/dahua-terminal.ts';
import { dice } from '../../support/mutations.ts';
import { until } from '../../support/until.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function terminal(options?: Parameters<typeof DahuaTerminal.open>[0]): Promise<DahuaTerminal> {
  const opened = await DahuaTerminal.open(options);
  stops.push(() => opened[Symbol.asyncDispose]());
  return opened;
}

function call(
  device: { readonly url: string },
  ear: Pick<ClockEar, 'listener'>,
  around: ClockSurroundings,
  more: Record<string, unknown> = {},
): Called {
  const login = { username: 'admin', password: 'right' };
  const options = dahua.parse({ kind: 'dahua', url: device.url, every: '1s', ...login, ...more });
  const called = callOnce(dahuaClock(options, around), ear);
  stops.push(called.stop);
  return called;
}

function keepCalling(device: DahuaTerminal, ear: ClockEar, around: ClockSurroundings): Pick<Called, 'stop'> {
  const called = callAgain(() => call(device, ear, around));
  stops.push(called.stop);
  return called;
}

const touches = (records: readonly LogRecord[]): string[] =>
  [
    ...new Set(
      records.filter(({ person, status }) => person !== '' && status === 1).map(({ person, at }) => `${person}@${at}`),
    ),
  ].sort();
const allOf = (device: DahuaTerminal, ear: ClockEar, what: string) =>
  until(() => String([...ear.kept.keys()].sort()) === String(touches(device.log)), { what, timeoutMs: 20_000 });
const heard = (device: DahuaTerminal) => until(() => device.device.listeners === 1, { what: 'somebody who listens' });
const sometime = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;

describe('a terminal that we call', () => {
  test('a face at the door is a punch within moments, without name and picture; failures and buttons are none', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround());
    await until(() => ear.completes.length === 1, { what: 'the first look' });
    device.punch('1002', { status: 0 });
    device.punch('', {});
    device.punch('1003', { method: 5 });
    const { at } = device.punch('1001');
    const record = await until(() => ear.kept.get(`1001@${at}`), { what: 'the punch' });
    expect(record.punch).toEqual({ credential: '1001', deviceAt: at, seq: null, method: 'face' });
    expect(record.original.kept).toEqual({
      Door: 0,
      ReaderID: '1',
      Method: 15,
      Status: 1,
      ErrorCode: 0,
      Type: 'Entry',
    });
    expect(ear.kept.size).toBe(1);
    expect(ear.refused).toEqual([]);
    expect(ear.about()).toEqual({ deviceType: 'ASI3214A-W', serialNumber: '9A0B1C2D', search: 'works' });
  });

  test.each(['seconds', 'text'] as const)(
    'what came while nobody listened is taken from the log (%s), page by page',
    async (search) => {
      const device = await terminal();
      device.search = search;
      for (let i = 0; i < 2300; i++)
        device.punch(String(1000 + (i % 7)), { at: sometime - 3_600_000 + Math.floor(i / 3) * 10_000 });
      const ear = clockEar();
      const around = clockAround();
      const first = call(device, ear, around);
      await allOf(device, ear, 'all of it');
      await until(() => ear.completes.length === 1, { what: 'proof' });
      await first.stop();
      device.punch('2001');
      const before = ear.delivered;
      call(device, ear, around);
      await allOf(device, ear, 'one more');
      // What lies within the last hour of its clock is taken once more.
      expect(ear.delivered - before).toBeLessThanOrEqual(1500);
    },
  );

  test('a log that heeds no times is taken as far as it reaches, and never called complete where it is cut off', async () => {
    const device = await terminal();
    device.search = 'deaf';
    device.punch('1', { at: sometime - 30 * 86_400_000 });
    device.punch('1001', { at: sometime });
    const ear = clockEar();
    const first = call(device, ear, clockAround());
    await until(() => ear.completes.length === 1, { what: 'proof' });
    expect([...ear.kept.keys()]).toEqual([`1001@${sometime}`]);
    await first.stop();
    for (let i = 0; i < 1100; i++) device.log.unshift({ ...(device.log[0] as LogRecord), number: -i });
    const other = clockEar();
    call(device, other, clockAround());
    await until(() => other.about()['search'] === 'refused (it heeds no times)', { what: 'a look' });
    expect(other.completes).toEqual([]);
  });

  test('a terminal whose pages hold fewer than are asked for is read to the end', async () => {
    const device = await terminal();
    device.pageSize = 25;
    for (let i = 0; i < 110; i++) device.punch(`${1000 + i}`, { at: sometime + i * 7000 });
    const ear = clockEar();
    call(device, ear, clockAround());
    await until(() => ear.completes.length === 1, { what: 'proof' });
    expect(ear.kept.size).toBe(110);
  });

  test('a terminal without a search is listened to, and nothing is called complete', async () => {
    const device = await terminal();
    device.search = 'none';
    const ear = clockEar();
    call(device, ear, clockAround());
    await until(() => device.searches > 2, { what: 'looks' });
    device.punch('1001');
    await allOf(device, ear, 'the punch');
    expect(ear.completes).toEqual([]);
  });

  test('one that calls its local time UTC is read right if that is written, live and from the log', async () => {
    const device = await terminal();
    device.isUtcLocal = true;
    device.punch('1001', { at: sometime });
    const ear = clockEar();
    call(device, ear, clockAround(), { utcIsLocal: true });
    await heard(device);
    device.punch('1002');
    await allOf(device, ear, 'both');
  });

  test('its time is told, and set only if that is wanted', async () => {
    const device = await terminal();
    device.aheadMs = 15 * 60_000;
    const ear = clockEar();
    const first = call(device, ear, clockAround());
    const sign = await until(() => ear.signs.find(({ deviceAt }) => deviceAt !== undefined), { what: 'its time' });
    expect(Math.abs((sign.deviceAt ?? 0) - Date.now() - 15 * 60_000)).toBeLessThan(5000);
    await first.stop();
    expect(device.aheadMs).toBe(15 * 60_000);
    const doubting = clockEar();
    const second = call(device, doubting, clockAround({ tellsTime: () => false }), { setTime: true });
    await until(() => doubting.about()['serialNumber'] !== undefined, { what: 'a look while our time is doubted' });
    await second.stop();
    expect(device.aheadMs).toBe(15 * 60_000);
    call(device, clockEar(), clockAround(), { setTime: true });
    await until(() => Math.abs(device.aheadMs) < 5000, { what: 'the right time' });
  });

  test.each(['stream', 'log'])(
    'what was heard (%s) and is not durable when we are killed is had again',
    async (listen) => {
      const device = await terminal();
      device.punch('1001');
      const memory = clockMemory();
      const kept: ClockEar['kept'] = new Map();
      const ear = clockEar(kept);
      let asked = 0;
      const deliver: typeof ear.listener.deliver = (delivery) => {
        asked++;
        return ear.listener.deliver(delivery);
      };
      const heeded = { ...ear, listener: { ...ear.listener, deliver } };
      const called = call(device, heeded, clockAround({ memory }), { listen });
      await until(() => ear.completes.length === 1, { what: 'the first look' });
      ear.hold();
      const before = asked;
      device.punch('1002');
      await until(() => asked > before, { what: 'the punch on its way' });
      ear.kill();
      await called.stop();
      expect(kept.size).toBe(1);
      call(device, clockEar(kept), clockAround({ memory }), { listen });
      await until(() => kept.size === 2, { what: 'the punch' });
    },
  );

  test('nothing gets lost whichever side dies when', async () => {
    const device = await terminal();
    const memory = clockMemory();
    const kept: ClockEar['kept'] = new Map();
    const seed = 20_260_303;
    const roll = dice(seed);
    const below = (limit: number): number => Math.floor(roll() * limit);
    let ear = clockEar(kept);
    let called = keepCalling(device, ear, clockAround({ memory }));
    let at = sometime;
    for (let round = 0; round < 150; round++) {
      at += 1000 * (1 + below(20));
      const die = below(20);
      if (die === 0) device.half = true;
      else if (die === 1) device.deaf += 1 + below(3);
      else if (die === 2) device.reboot();
      else if (die === 4) ear.hold();
      else if (die === 5) ear.release();
      else if (die === 6) {
        ear.kill();
        await called.stop();
        ear = clockEar(kept);
        called = keepCalling(device, ear, clockAround({ memory }));
      }
      device.punch(String(1000 + below(30)), { at });
      if (below(3) === 0) await new Promise((resolve) => setImmediate(resolve));
      if (below(25) === 0) {
        ear.release();
        await heard(device);
      }
    }
    ear.release();
    await allOf(device, ear, `everything (seed ${seed})`);
  });

  test('a stream that is deflated, with several events in a part and rubbish behind them', async () => {
    const events = [1, 2].map((i) =>
      eventText({ RecNo: i, CreateTime: sometime / 1000 + i, UserID: `100${i}`, Method: 6, Status: 1 }),
    );
    const server = createServer((_, response) => {
      response.writeHead(200, {
        'Content-Type': 'multipart/x-mixed-replace; boundary=myboundary',
        'Content-Encoding': 'deflate',
      });
      const deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH });
      deflate.pipe(response);
      deflate.write(`--myboundary\r\nContent-Type: text/plain\r\n\r\n${events.join('')}\0}} \r\n--myboundary\r\n`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    stops.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const ear = clockEar();
    call({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, ear, clockAround(), {
      username: null,
      password: null,
      every: '1h',
    });
    await until(() => ear.kept.size === 2, { what: 'both punches' });
    expect([...ear.kept.values()].map(({ punch }) => [punch.credential, punch.method])).toEqual([
      ['1001', 'finger'],
      ['1002', 'finger'],
    ]);
  });

  test('a wrong password is tried once; a port where nobody is, and silence, are one sentence each', async () => {
    const device = await terminal();
    const around = clockAround();
    expect(await call(device, clockEar(), around, { password: 'wrong' }).ended).toEqual({
      reason: 'wrong-login',
      detail: 'the device refused the user name or password',
    });
    for (let i = 0; i < 10; i++) {
      expect(await call(device, clockEar(), around, { password: 'wrong' }).ended).toMatchObject({
        reason: 'wrong-login',
        detail: expect.stringContaining('not tried again yet'),
      });
    }
    expect([device.device.wrongLogins, device.device.isLocked]).toEqual([1, false]);
    expect(await call({ url: 'http://127.0.0.1:1' }, clockEar(), around).ended).toMatchObject({ reason: 'offline' });
    device.isBeating = false;
    expect(await call(device, clockEar(), clockAround(), { silence: '1s', every: '1h' }).ended).toMatchObject({
      reason: 'silent',
    });
  });
});
