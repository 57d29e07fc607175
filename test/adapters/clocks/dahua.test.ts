/** A Dahua terminal: heard at once, caught up with from its log, and pushed by it. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, createDeflate } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dahuaClock } from '../../../adapters/clocks/dahua.ts';
import { dahua } from '../../../config/clocks/dahua.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { DahuaTerminal, eventText, type Record as LogRecord } from '../../support/dahua-terminal.ts';
import { allOf, listenedTo, looked, terminalContract } from '../../support/terminal-contract.ts';
import { until } from '../../support/until.ts';

const { terminal, call } = terminalContract({
  open: () => DahuaTerminal.open(),
  clock: (options, around) => dahuaClock(dahua.parse({ kind: 'dahua', ...options }), around),
  seed: 20_260_303,
});
const sometime = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;

describe('a terminal that we call', () => {
  test('a face at the door is a punch within moments, without name and picture; failures and buttons are none', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround());
    await looked(ear);
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
      await looked(ear);
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
    await looked(ear);
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
    await looked(ear);
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
    await listenedTo(device);
    device.punch('1002');
    await allOf(device, ear, 'both');
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
    onTestFinished(async () => {
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
});
