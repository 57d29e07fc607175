/** A Hikvision terminal that we call: heard at once, caught up with after whatever happened, and never asked more often than it bears. */
import { afterEach, describe, expect, test } from 'vitest';
import type { ClockSurroundings } from '../../../adapters/clock.ts';
import { hikvisionClock } from '../../../adapters/clocks/hikvision.ts';
import { hikvision } from '../../../config/clocks/hikvision.ts';
import { type Called, callAgain, callOnce } from '../../support/called-clock.ts';
import { type ClockEar, clockAround, clockEar, clockMemory } from '../../support/clock-ear.ts';
import { type Entry, HikvisionTerminal } from '../../support/hikvision-terminal.ts';
import { dice } from '../../support/mutations.ts';
import { until } from '../../support/until.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function terminal(options?: Parameters<typeof HikvisionTerminal.open>[0]): Promise<HikvisionTerminal> {
  const opened = await HikvisionTerminal.open(options);
  stops.push(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** Called once, as the room does it. */
function call(
  device: HikvisionTerminal,
  ear: Pick<ClockEar, 'listener'>,
  around: ClockSurroundings,
  more: Record<string, unknown> = {},
): Called {
  const login = { username: 'admin', password: 'right' };
  const options = hikvision.parse({ kind: 'hikvision', url: device.url, every: '1s', ...login, ...more });
  const called = callOnce(hikvisionClock(options, around), ear);
  stops.push(called.stop);
  return called;
}

function keepCalling(device: HikvisionTerminal, ear: ClockEar, around: ClockSurroundings): Pick<Called, 'stop'> {
  const called = callAgain(() => call(device, ear, around));
  stops.push(called.stop);
  return called;
}

const touches = (entries: readonly Entry[]): string[] =>
  entries
    .filter(({ major, person }) => major === 5 && person !== '')
    .map(({ person, at }) => `${person}@${at}`)
    .sort();
const allOf = (device: HikvisionTerminal, ear: ClockEar, what: string, entries = device.log) =>
  until(() => String([...ear.kept.keys()].sort()) === String(touches(entries)), { what, timeoutMs: 20_000 });

describe('what is heard', () => {
  test('a face at the door is a punch within moments, with its number, and without name and picture', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround());
    await until(() => device.device.listeners === 1, { what: 'somebody who listens' });
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
    await until(() => ear.completes.length === 1, { what: 'the first look' });
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
    await until(() => device.device.listeners === 1, { what: 'somebody who listens' });
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

  test('its time is told, and set only if that is wanted and no time server does', async () => {
    const device = await terminal();
    device.aheadMs = 15 * 60_000;
    const ear = clockEar();
    const first = call(device, ear, clockAround());
    const sign = await until(() => ear.signs.find(({ deviceAt }) => deviceAt !== undefined), { what: 'its time' });
    expect(Math.abs((sign.deviceAt ?? 0) - Date.now() - 15 * 60_000)).toBeLessThan(5000);
    await first.stop();
    expect(device.aheadMs).toBe(15 * 60_000);
    device.timeMode = 'NTP';
    const asked = clockEar();
    const second = call(device, asked, clockAround(), { setTime: true });
    await until(() => asked.completes.length > 0, { what: 'a look' });
    await second.stop();
    expect(device.aheadMs).toBe(15 * 60_000);
    device.timeMode = 'manual';
    const doubting = clockEar();
    const third = call(device, doubting, clockAround({ tellsTime: () => false }), { setTime: true });
    await until(() => doubting.completes.length > 0, { what: 'a look while our time is doubted' });
    await third.stop();
    expect(device.aheadMs).toBe(15 * 60_000);
    call(device, clockEar(), clockAround(), { setTime: true });
    await until(() => Math.abs(device.aheadMs) < 5000, { what: 'the right time' });
  });
});

describe('nothing is lost', () => {
  test('what came while nobody listened is asked for, over several pages, and proven to be all', async () => {
    const device = await terminal();
    for (let i = 0; i < 70; i++)
      device.note({ person: String(1000 + i), minor: 75, at: Math.floor(Date.now() / 1000) * 1000 - i * 1000 });
    const ear = clockEar();
    const around = clockAround();
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first seventy');
    await until(() => ear.completes.length === 1, { what: 'proof' });
    await first.stop();
    device.punch('2001');
    device.note({ minor: 21 });
    device.punch('2002');
    const before = ear.delivered;
    call(device, ear, around);
    await allOf(device, ear, 'what came meanwhile');
    // Asked for from where it was left off: nothing is asked for twice.
    await until(() => ear.completes.length === 2, { what: 'proof again' });
    expect(ear.delivered - before).toBe(2);
  });

  test('an event that the stream leaves out is found by its number, and no gap is told where the log has it', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround(), { every: '1h' });
    await until(() => ear.completes.length === 1, { what: 'the first look' });
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
      device.note({ person: String(1000 + i), minor: 75, at: Math.floor(Date.now() / 1000) * 1000 - i * 1000 });
    const ear = clockEar();
    const around = clockAround();
    const first = call(device, ear, around);
    await allOf(device, ear, 'all');
    await until(() => ear.completes.length === 1, { what: 'proof' });
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
      await until(() => ear.completes.length === 2, { what: 'proof' });
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
    for (let i = 0; i < 5; i++) device.note({ person: String(1000 + i), minor: 75, at: start + i * 1000 });
    const all = [...device.log];
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first log', all);
    await first.stop();
    device.reset();
    // Its numbers go beyond those of the old log.
    for (let i = 0; i < 8; i++) device.note({ person: String(2000 + i), minor: 75, at: start + 60_000 + i * 1000 });
    all.push(...device.log);
    keepCalling(device, ear, around);
    await allOf(device, ear, 'the second log', all);
    await until(() => device.device.listeners === 1, { what: 'somebody who listens' });
    device.reset();
    for (let i = 0; i < 3; i++)
      all.push(device.note({ person: String(3000 + i), minor: 75, at: start + 120_000 + i * 1000 }));
    await allOf(device, ear, 'the third log', all);
    await until(() => device.device.listeners === 1, { what: 'somebody who listens' });
    all.push(device.punch('3004'));
    await allOf(device, ear, 'and on', all);
  });

  test('another device in its place is taken from the time on at which the first one ended', async () => {
    const device = await terminal();
    const ear = clockEar();
    const around = clockAround();
    const start = Math.floor(Date.now() / 1000) * 1000 - 600_000;
    for (let i = 0; i < 3; i++) device.note({ person: '1001', minor: 75, at: start + i * 1000 });
    const all = [...device.log];
    const first = call(device, ear, around);
    await allOf(device, ear, 'the first device', all);
    await first.stop();
    device.serialNumber = 'DS-K1T342-TEST0002';
    device.log = [];
    device.note({ person: '9', minor: 75, at: start - 86_400_000 });
    for (let i = 0; i < 3; i++) all.push(device.note({ person: '1002', minor: 75, at: start + 10_000 + i * 1000 }));
    call(device, ear, around);
    await allOf(device, ear, 'the second device', all);
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

  test('nothing gets lost whichever side dies when, and nothing is taken for another punch', async () => {
    const device = await terminal();
    const memory = clockMemory();
    const kept: ClockEar['kept'] = new Map();
    const seed = 20_260_302;
    const roll = dice(seed);
    const below = (limit: number): number => Math.floor(roll() * limit);
    let ear = clockEar(kept);
    let called = keepCalling(device, ear, clockAround({ memory }));
    let at = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;
    const ears = [ear];
    for (let round = 0; round < 150; round++) {
      at += 1000 * (1 + below(20));
      const die = below(20);
      if (die === 0) device.half = true;
      else if (die === 1) device.deaf += 1 + below(3);
      else if (die === 2) device.reboot();
      else if (die === 3) device.note({ minor: 21, at });
      else if (die === 4) ear.hold();
      else if (die === 5) ear.release();
      else if (die === 6) {
        // We are killed in the middle of whatever it is, and come back with what was remembered.
        ear.kill();
        await called.stop();
        ear = clockEar(kept);
        ears.push(ear);
        called = keepCalling(device, ear, clockAround({ memory }));
      }
      device.note({ person: String(1000 + below(30)), minor: 75, at });
      if (below(3) === 0) await new Promise((resolve) => setImmediate(resolve));
      if (below(25) === 0) {
        ear.release();
        await until(() => device.device.listeners === 1, { what: `somebody who listens (seed ${seed})` });
      }
    }
    ear.release();
    await allOf(device, ear, `everything (seed ${seed})`);
    const numbers = [...kept.values()].map(({ punch }) => punch.seq);
    expect(numbers.sort((x, y) => (x ?? 0) - (y ?? 0))).toEqual(
      device.log.filter(({ person }) => person !== '').map(({ serial }) => serial),
    );
    expect(ears.flatMap(({ refused }) => refused)).toEqual([]);
  });
});
