/** A Hikvision terminal that we call: heard at once, caught up with after whatever happened, and never asked more often than it bears. */
import { describe, expect, test } from 'vitest';
import { hikvisionClock } from '../../../adapters/clocks/hikvision.ts';
import { hikvision } from '../../../config/clocks/hikvision.ts';
import { MINUTE } from '../../../rules/time.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { HikvisionTerminal } from '../../support/hikvision-terminal.ts';
import { allOf, listenedTo, looked, terminalContract } from '../../support/terminal-contract.ts';
import { until } from '../../support/until.ts';

const { terminal, call, keepCalling } = terminalContract({
  open: () => HikvisionTerminal.open(),
  clock: (options, around) => hikvisionClock(hikvision.parse({ kind: 'hikvision', ...options }), around),
  seed: 20_260_302,
});

describe('what is heard', () => {
  test('a face at the door is a punch within moments, with its number, and without name and picture', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround());
    await listenedTo(device);
    const entry = device.punch('1001');
    const record = await until(() => ear.kept.get(`1001@${entry.at}`), { what: 'the punch' });
    expect(record.punch).toEqual({ credential: '1001', deviceAt: entry.at, seq: entry.serial, method: 'face' });
    expect(record.original.kept).toEqual({
      majorEventType: 5,
      subEventType: 75,
      serialNo: 1,
      frontSerialNo: 0,
      currentEvent: true,
      doorNo: 1,
      cardReaderNo: 1,
      userType: 'normal',
      currentVerifyMode: 'cardOrFaceOrFp',
      attendanceStatus: 'checkIn',
      statusValue: 0,
    });
    expect(record.original.digest).toMatch(/^[0-9a-f]{64}$/);
    await looked(ear);
    expect(ear.about()).toEqual({
      model: 'DS-K1T342EFWX',
      serialNumber: 'DS-K1T342-TEST0001',
      firmwareVersion: 'V3.3.5',
      search: 'works',
    });
    expect(ear.refused).toEqual([]);
  });

  test('doors, strangers, failures and other classes of events are no punches; a sub type that nobody knows is kept aside', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround(), { passes: [1281] });
    await listenedTo(device);
    device.note({ minor: 21 });
    device.note({ minor: 76, person: '1001' });
    device.note({ minor: 39 });
    device.note({ major: 2, minor: 38, person: '1001' });
    device.note({ minor: 1280, person: '1002' });
    device.note({ minor: 1281, person: '1003' });
    device.note({ minor: 38, person: '1004' });
    await until(() => ear.kept.size === 2, { what: 'the two punches' });
    expect([...ear.kept.values()].map(({ punch }) => [punch.credential, punch.method])).toEqual([
      ['1003', null],
      ['1004', 'finger'],
    ]);
    expect(ear.refused).toHaveLength(1);
    expect(ear.refused[0]?.because).toContain('1280');
    expect(String(Buffer.from(ear.refused[0]?.payload ?? []))).not.toContain('徐敏');
  });

  test('its time is left to a time server where it asks one', async () => {
    const device = await terminal();
    device.aheadMs = 15 * MINUTE;
    device.timeMode = 'NTP';
    const ear = clockEar();
    call(device, ear, clockAround(), { setTime: true });
    await looked(ear);
    expect(device.aheadMs).toBe(15 * MINUTE);
  });
});

describe('nothing is lost', () => {
  test('what came while nobody listened is asked for, over several pages, and proven to be all', async () => {
    const device = await terminal();
    for (let i = 0; i < 70; i++)
      device.punch(String(1000 + i), { at: Math.floor(Date.now() / 1000) * 1000 - i * 1000 });
    const ear = clockEar();
    const around = clockAround();
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first seventy');
    await looked(ear);
    await first.stop();
    device.punch('2001');
    device.note({ minor: 21 });
    device.punch('2002');
    const before = ear.delivered;
    call(device, ear, around);
    await allOf(device, ear, 'what came meanwhile');
    // Asked for from where it was left off: nothing is asked for twice.
    await looked(ear, 2);
    expect(ear.delivered - before).toBe(2);
  });

  test('an event that the stream leaves out is found by its number, and no gap is told where the log has it', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround(), { every: '1h' });
    await looked(ear);
    device.punch('1001');
    device.deaf = 2;
    device.punch('1002');
    device.punch('1003');
    device.punch('1004');
    await allOf(device, ear, 'those left out');
    expect(ear.gaps).toEqual([]);
  });

  test('the retained events with which a stream begins are neither lost nor taken twice', async () => {
    const device = await terminal();
    device.replays = true;
    for (let i = 0; i < 40; i++)
      device.punch(String(1000 + i), { at: Math.floor(Date.now() / 1000) * 1000 - i * 1000 });
    const ear = clockEar();
    const around = clockAround();
    const first = call(device, ear, around);
    await allOf(device, ear, 'all');
    await looked(ear);
    await first.stop();
    const before = ear.delivered;
    call(device, ear, around);
    device.punch('2001');
    await allOf(device, ear, 'one more');
    expect(ear.delivered - before).toBeLessThan(45);
  });

  test.each(['time', 'deaf'] as const)(
    'a model whose search does not take numbers (%s) is asked by time',
    async (search) => {
      const device = await terminal();
      device.search = search;
      device.punch('1001');
      const ear = clockEar();
      const around = clockAround();
      const first = call(device, ear, around);
      await allOf(device, ear, 'the first');
      await first.stop();
      device.punch('1002');
      device.punch('1003');
      call(device, ear, around);
      await allOf(device, ear, 'the others');
      await looked(ear, 2);
    },
  );

  test('a model without a search is listened to; what it leaves out is named as a gap, and nothing is called complete', async () => {
    const device = await terminal();
    device.search = 'none';
    const ear = clockEar();
    call(device, ear, clockAround());
    await until(() => device.searches > 0, { what: 'a look' });
    device.punch('1001');
    await until(() => ear.kept.size === 1, { what: 'the first' });
    device.deaf = 2;
    device.punch('1002');
    device.punch('1003');
    device.punch('1004');
    await until(() => ear.kept.size === 2, { what: 'the last' });
    expect(ear.gaps).toEqual([{ from: 2, to: 3, isAskedFor: false }]);
    expect(ear.completes).toEqual([]);
    expect(ear.about()['search']).toBe('refused (403 notSupport)');
    expect(device.device.isLocked).toBe(false);
  });

  test('a log that was cleared begins anew, while nobody listened or under our eyes, and whether its numbers have caught up or not', async () => {
    const device = await terminal();
    const ear = clockEar();
    const around = clockAround();
    const start = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
    for (let i = 0; i < 5; i++) device.punch(String(1000 + i), { at: start + i * 1000 });
    const all = [...device.log];
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first log', all);
    await first.stop();
    device.reset();
    // Its numbers go beyond those of the old log.
    for (let i = 0; i < 8; i++) device.punch(String(2000 + i), { at: start + 60_000 + i * 1000 });
    all.push(...device.log);
    keepCalling(device, ear, around);
    await allOf(device, ear, 'the second log', all);
    await listenedTo(device);
    device.reset();
    for (let i = 0; i < 3; i++) all.push(device.punch(String(3000 + i), { at: start + 120_000 + i * 1000 }));
    await allOf(device, ear, 'the third log', all);
    await listenedTo(device);
    all.push(device.punch('3004'));
    await allOf(device, ear, 'and on', all);
  });

  test('another device in its place is taken from the time on at which the first one ended', async () => {
    const device = await terminal();
    const ear = clockEar();
    const around = clockAround();
    const start = Math.floor(Date.now() / 1000) * 1000 - 600_000;
    for (let i = 0; i < 3; i++) device.punch('1001', { at: start + i * 1000 });
    const all = [...device.log];
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first device', all);
    await first.stop();
    device.serialNumber = 'DS-K1T342-TEST0002';
    device.log = [];
    device.punch('9', { at: start - 86_400_000 });
    for (let i = 0; i < 3; i++) all.push(device.punch('1002', { at: start + 10_000 + i * 1000 }));
    call(device, ear, around);
    await allOf(device, ear, 'the second device', all);
  });
});

describe('what goes wrong is one sentence', () => {
  test('a locked device, something else at the address, and one listener too many', async () => {
    const device = await terminal();
    const around = clockAround();
    device.device.fault = 'page';
    expect(await call(device, clockEar(), around).ended).toMatchObject({ reason: 'unfit' });
    device.device.fault = 'not-found';
    expect(await call(device, clockEar(), around).ended).toMatchObject({ reason: 'not-found' });
    device.device.fault = null;
    device.isCrowded = true;
    device.punch('1001');
    const ear = clockEar();
    const loss = await call(device, ear, around).ended;
    expect(loss).toMatchObject({ reason: 'unfit', detail: expect.stringContaining('close the other platform') });
    // What it has noted is had all the same.
    expect([...ear.kept.values()].map(({ punch }) => punch.credential)).toEqual(['1001']);
    device.isCrowded = false;
    device.device.isLocked = true;
    expect(await call(device, clockEar(), clockAround()).ended).toMatchObject({
      reason: 'locked-out',
      detail: expect.stringContaining('403'),
    });
  });
});
