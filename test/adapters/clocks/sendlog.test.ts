import { describe, expect, test } from 'vitest';
import type { DeviceRequest, DeviceSocket } from '../../../adapters/clock.ts';
import { decodeSendlog, sendlogClock } from '../../../adapters/clocks/sendlog.ts';
import { sendlog } from '../../../config/clocks/sendlog.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { parseInstant } from '../../../rules/time.ts';
import { clockAround, clockEar, clockMemory, passingTime } from '../../support/clock-ear.ts';
import { garbled } from '../../support/garbled-json.ts';
import { regOf, sendlogOf } from '../../support/sendlog-terminal.ts';

const zone = zoneTable('Asia/Shanghai');
const SN = 'AYTG04073202';
const LOG = sendlogOf(SN, [
  { enrollid: 1, time: '2026-07-13 03:16:36' },
  { enrollid: 99_999_999, time: '2026-07-13 03:16:40' },
  { enrollid: 0, time: '2026-07-13 03:17:00', event: 3 },
]);
const NOW = parseInstant('2026-07-13T03:20:00+08:00') ?? 0;

function opened(written: object = {}, memory = clockMemory(), tellsTime = true) {
  const ear = clockEar();
  const time = passingTime(NOW);
  const clock = sendlogClock(
    sendlog.parse({ kind: 'sendlog', serial: SN, backfill: '0s', ...written }),
    clockAround({ clock: time.clock, memory, tellsTime: () => tellsTime }),
  );
  return { ear, time, clock, memory };
}

/** A conversation: what the device says, and what it is told. */
async function conversation({ ear, clock }: ReturnType<typeof opened>, ...said: readonly unknown[]) {
  const [first = '', ...rest] = said.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  const told: unknown[] = [];
  const socket: DeviceSocket = {
    ...{ path: '/pub/chat', query: new URLSearchParams(), from: '' },
    next: () => Promise.resolve(rest.shift() ?? null),
    send: (text) => void told.push(JSON.parse(text)),
    close: () => {},
  };
  await clock.socket?.talk(socket, first, ear.listener);
  return told;
}

const posted = (value: unknown): DeviceRequest => ({
  method: 'POST',
  path: '/pub/api',
  query: new URLSearchParams(),
  headers: new Headers(),
  body: Buffer.from(JSON.stringify(value)),
  from: '',
});

describe('a terminal', () => {
  test('registers by its serial number, and is told the time and not to send its people', async () => {
    const one = opened();
    expect(one.clock.socket?.isMine(JSON.stringify(regOf(SN)))).toBe(true);
    expect(one.clock.socket?.isMine(JSON.stringify(regOf('other')))).toBe(false);
    expect(one.clock.socket?.isMine('{')).toBe(false);
    expect(await conversation(one, regOf(SN))).toEqual([
      { ret: 'reg', result: true, cloudtime: '2026-07-13 03:20:00', nosenduser: true },
    ]);
    expect(one.ear.signs).toEqual([
      {
        deviceAt: parseInstant('2026-11-20T08:00:00+08:00'),
        count: 18,
        about: { modelname: 'AiFace', firmware: 'ai518_f43h_v1.27' },
      },
    ]);
  });

  test('sends touches, and is answered with their count and place when they are durable', async () => {
    const one = opened({ modes: { '8': 'face' } });
    one.ear.hold();
    const told = conversation(one, regOf(SN), LOG);
    await new Promise(setImmediate);
    expect(one.ear.kept.size).toBe(0);
    one.ear.release();
    expect((await told)[1]).toEqual({
      ret: 'sendlog',
      result: true,
      count: 3,
      logindex: 12,
      cloudtime: '2026-07-13 03:20:00',
    });
    expect([...one.ear.kept.values()]).toEqual([
      {
        punch: { credential: '1', deviceAt: parseInstant('2026-07-13T03:16:36+08:00'), seq: null, method: 'face' },
        original: { digest: expect.any(String), kept: { mode: 8, inout: 0, event: 0 } },
      },
    ]);
    expect(one.ear.refused).toEqual([]);
  });

  test('is not answered while nothing can be kept, and sends again', async () => {
    const one = opened();
    one.ear.hold();
    const told = conversation(one, LOG);
    await new Promise(setImmediate);
    one.time.pass(10_000);
    expect(await told).toEqual([]);
  });

  test('is not told a time of ours that is doubted', async () => {
    const told = await conversation(opened({}, clockMemory(), false), regOf(SN));
    expect(told[0]).toEqual({ ret: 'reg', result: true, nosenduser: true });
  });

  test('over HTTP it is told to come again', async () => {
    const one = opened({ setTime: false });
    expect(one.clock.http?.isMine(posted(LOG))).toBe(true);
    const answer = await one.clock.http?.handle(posted(LOG), one.ear.listener);
    expect(JSON.parse(answer?.body ?? '')).toEqual({ ret: 'sendlog', result: true, count: 3, logindex: 12 });
    one.ear.hold();
    const late = one.clock.http?.handle(posted(LOG), one.ear.listener);
    await new Promise(setImmediate);
    one.time.pass(10_000);
    expect(await late).toMatchObject({ status: 503 });
  });

  test('of another serial number is not taken for this one', async () => {
    const one = opened();
    const answer = await one.clock.http?.handle(posted({ ...LOG, sn: 'other' }), one.ear.listener);
    expect(JSON.parse(answer?.body ?? '')).toEqual({ ret: 'sendlog', result: false, reason: 1 });
    expect(one.ear.delivered).toBe(0);
  });

  test('that sends people all the same is thanked, and nothing of them is kept', async () => {
    const one = opened();
    const told = await conversation(one, regOf(SN), {
      cmd: 'senduser',
      enrollid: 1,
      name: '宋岩',
      backupnum: 50,
      record: 'QUJD',
    });
    expect(told[1]).toMatchObject({ ret: 'senduser', result: true });
    expect([one.ear.delivered, one.ear.refused.length]).toEqual([0, 0]);
  });
});

describe('its log', () => {
  const page = (from: number, count: number, ...times: string[]) => ({
    ...{ ret: 'getalllog', sn: SN, result: true, count, from, to: from + times.length - 1 },
    record: times.map((time) => ({ enrollid: 5, time: `2026-07-12 ${time}`, mode: 8, inout: 0, event: 1 })),
  });
  const rightReg = regOf(SN, '2026-07-13 03:19:58');
  const next = { cmd: 'getalllog', stn: false };

  test('is asked for when it has registered, page by page, and then is proven complete', async () => {
    const one = opened({ backfill: '7d' });
    const told = await conversation(one, rightReg, page(0, 3, '08:00:00', '08:00:01'), page(2, 3, '08:00:02'), LOG);
    expect(told.slice(1, 3)).toEqual([{ cmd: 'getalllog', stn: true, from: '2026-07-05', to: '2026-07-14' }, next]);
    expect(told[3]).toMatchObject({ ret: 'sendlog', result: true });
    // Whoever pressed a key beside was there all the same.
    expect([...one.ear.kept.values()].map(({ original }) => original.kept['event'])).toEqual([1, 1, 1, 0]);
    expect([one.ear.completes, one.ear.about()['backfill']]).toEqual([[NOW], 'whole']);
    // The next time only since then, by days of the device.
    const again = await conversation(opened({ backfill: '7d' }, one.memory), rightReg);
    expect(again[1]).toMatchObject({ from: '2026-07-12', to: '2026-07-14' });
  });

  test('is asked for once, however often it registers', async () => {
    const one = opened({ backfill: '7d' });
    const told = await conversation(one, rightReg, rightReg, page(0, 2, '08:00:00'), page(1, 2, '08:00:01'));
    expect(told.filter((command) => 'cmd' in (command as object))).toHaveLength(2);
    expect(one.ear.completes).toEqual([NOW]);
  });

  test('of which the end is not told ends with a page without records', async () => {
    const one = opened({ backfill: '7d' });
    const told = await conversation(one, rightReg, page(0, 2, '08:00:00', '08:00:01'), page(0, 0));
    expect(told.slice(2)).toEqual([next]);
    expect([one.ear.kept.size, one.ear.completes.length]).toEqual([2, 1]);
  });

  test.each([
    ['refused by the device', rightReg, { ret: 'getalllog', result: false, reason: 1 }],
    ['the device begins again and again', rightReg, page(0, 9, '08:00:00'), page(0, 9, '08:00:00')],
    ['all that it said; its clock was wrong', regOf(SN, '2000-01-01 00:00:10'), page(0, 0)],
    ['all that it said; its clock was wrong', { cmd: 'reg', sn: SN }, page(0, 0)],
  ])('%s: nothing is proven', async (backfill, ...said) => {
    const one = opened({ backfill: '7d' });
    await conversation(one, ...said);
    expect([one.ear.completes, one.ear.about()['backfill']]).toEqual([[], backfill]);
  });

  test('is not gone on with before a page is durable', async () => {
    const one = opened({ backfill: '7d' });
    one.ear.hold();
    const told = conversation(one, rightReg, page(0, 3, '08:00:00', '08:00:01'), page(2, 3, '08:00:02'));
    await new Promise(setImmediate);
    one.time.pass(60_000);
    expect(await told).toHaveLength(2);
    expect([one.ear.completes, one.ear.about()['backfill']]).toEqual([[], 'could not be kept in time']);
  });

  test('that nobody asked for is no touch', async () => {
    const one = opened();
    expect(await conversation(one, rightReg, page(0, 1, '08:00:00'))).toHaveLength(1);
    expect(one.ear.kept.size).toBe(0);
  });
});

test.each([
  ['[]', 'The message is not a JSON object.'],
  ['{"cmd":"sendlog"}', 'The message has no list "record".'],
  [
    '{"cmd":"sendlog","record":[{"enrollid":1,"time":"2000-13-01 00:00:00"}]}',
    '"time" is no time written yyyy-MM-dd HH:mm:ss.',
  ],
  [
    '{"cmd":"sendlog","record":[{"time":"2026-07-13 03:16:36"}]}',
    '"enrollid" is missing; expected a text of 1 to 1000 characters or a whole number from 0.',
  ],
  ['{"cmd":"sendlog","record":[7]}', 'A record is no object.'],
])('%s is kept aside, and says why', (text, because) => {
  expect(decodeSendlog(Buffer.from(text), '/pub/chat', zone, null)).toMatchObject({
    records: [],
    refused: [{ because }],
  });
});

test('10 000 messages that went wrong are each answered or kept aside, and none is thrown', async () => {
  const { ear, clock } = opened();
  for (const payload of garbled([LOG, regOf(SN)], 10_000, 13)) {
    await clock.http?.handle({ ...posted(null), body: payload }, ear.listener);
  }
  expect(ear.delivered).toBeGreaterThan(1000);
  expect(ear.refused.length).toBeGreaterThan(1000);
  expect(ear.refused.every(({ because }) => because !== '')).toBe(true);
  expect(/(?:QUJD){20}|宋岩/.exec(Buffer.concat(ear.refused.map(({ payload }) => payload)).toString())).toBeNull();
}, 120_000);
