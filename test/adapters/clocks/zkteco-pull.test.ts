import { describe, expect, test } from 'vitest';
import { HOUR, SECOND } from '../../../rules/time.ts';
import { clockEar, clockMemory } from '../../support/clock-ear.ts';
import { until } from '../../support/until.ts';
import type { PullTouch } from '../../support/zkteco-pull-device.ts';
import { complete, fillLog, MORNING, pullDevice, zktecoReader } from '../../support/zkteco-reader.ts';

const at = (minute: number, second = 0): PullTouch['time'] => [2026, 3, 2, 8, minute, second];

describe('a log', () => {
  test.each([
    [40, 10],
    [40, 5000],
    [16, 10],
    [16, 9000],
    [8, 50],
    [8, 20_000],
  ] as const)('of %i bytes a record is read, %i records', async (recordSize, count) => {
    const own = await pullDevice({ recordSize });
    for (let i = 0; i < 40; i++) own.users.push({ uid: i + 1, id: `${1000 + i}`, name: 'Zhang' });
    fillLog(own, count);
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    expect(ear.delivered).toBe(count);
    expect(ear.refused).toEqual([]);
    const users = new Set([...ear.kept.values()].map(({ punch }) => punch.credential));
    expect(users).toEqual(new Set(own.log.map(({ id }) => id)));
    expect(ear.signs).toContainEqual({ count });
    expect(ear.signs).toContainEqual({ deviceAt: MORNING });
    expect(ear.about()).toMatchObject({
      serial: 'AHQ6171960001',
      model: 'iClock360',
      firmware: 'Ver 6.60 Apr 28 2017',
    });
    expect(JSON.stringify([...ear.kept.values()])).not.toContain('Zhang');
  });

  test('is left as it is: no command that clears, deletes, writes or locks is ever sent', async () => {
    const own = await pullDevice();
    fillLog(own, 3000);
    const { ear } = zktecoReader(own.port, { realtime: false });
    await complete(ear, 3);
    expect(new Set(own.commands)).toEqual(new Set([1000, 11, 1100, 201, 50, 1503, 1504, 1502, 1001]));
    expect(own.log).toHaveLength(3000);
    expect(own.timesSet).toEqual([]);
  });

  test('is read again only when the number of records has changed, and then only the rest is delivered', async () => {
    const own = await pullDevice();
    fillLog(own, 1000);
    const { ear } = zktecoReader(own.port, { realtime: false });
    await complete(ear, 3);
    const reads = () => own.commands.filter((command) => command === 1503).length;
    expect([reads(), ear.delivered]).toEqual([1, 1000]);
    own.log.push({ id: '77', time: at(30) });
    await until(() => ear.delivered === 1001, { what: 'the new record' });
    await complete(ear, ear.completes.length + 2);
    expect(reads()).toBe(2);
  });

  test('of which somebody adds to while it is read', async () => {
    const own = await pullDevice();
    fillLog(own, 3000);
    own.faults.addWhileReading = { id: '77', time: at(30) };
    const { ear } = zktecoReader(own.port);
    await until(() => ear.delivered === 3001, { what: 'all records' });
    await complete(ear, 2);
  });

  test('that was cleared and has grown again is read from its beginning', async () => {
    const own = await pullDevice();
    fillLog(own, 30);
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    own.log = [];
    for (let i = 0; i < 31; i++) own.log.push({ id: `7${i}`, time: at(31) });
    await until(() => [...ear.kept.values()].filter(({ punch }) => punch.credential.startsWith('7')).length === 31, {
      what: 'the new records',
    });
    expect(ear.delivered).toBe(61);
  });

  test('of a full device loses its oldest records, and what is new is found behind the rest', async () => {
    const own = await pullDevice({ capacity: 40 });
    for (let i = 0; i < 40; i++) own.touch(`${i}`, at(1, i));
    const memory = clockMemory();
    const first = zktecoReader(own.port, { realtime: false }, { memory });
    await complete(first.ear);
    await first.stop();
    own.touch('77', at(30));
    own.touch('78', at(31));
    const { ear } = zktecoReader(own.port, { realtime: false }, { memory });
    await complete(ear);
    expect([...ear.kept.values()].map(({ punch }) => punch.credential)).toEqual(['77', '78']);
  });

  test('of many years is taken from the time on that people want, with what a clock without time stamped since', async () => {
    const own = await pullDevice();
    own.log.push({ id: '1', time: [2000, 1, 1, 0, 0, 5] }, { id: '2', time: [2024, 3, 2, 8, 0, 0] });
    own.log.push(
      { id: '3', time: [2026, 2, 1, 8, 0, 0] },
      { id: '4', time: [2000, 1, 1, 0, 0, 5] },
      { id: '5', time: at(1) },
    );
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    expect([...ear.kept.values()].map(({ punch }) => punch.credential)).toEqual(['3', '4', '5']);
  });

  test('in which all is old is taken whole: its clock may be wrong', async () => {
    const own = await pullDevice();
    own.log.push({ id: '1', time: [2017, 1, 1, 0, 0, 5] }, { id: '2', time: [2017, 1, 1, 0, 0, 9] });
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    expect(ear.kept.size).toBe(2);
  });

  test('that has fewer records than the device says proves nothing; what it has is taken', async () => {
    const own = await pullDevice();
    fillLog(own, 20);
    own.saysCount = 25;
    const { ear } = zktecoReader(own.port);
    await until(() => ear.about()['log'] === '20 records, and the device says that there are 25', {
      what: 'the difference',
    });
    expect([ear.delivered, ear.completes.length]).toEqual([20, 0]);
  });
});

describe('nothing is lost', () => {
  test('when the device drops the log half way', async () => {
    const own = await pullDevice({ packetBytes: 4096 });
    fillLog(own, 5000);
    own.faults.dropAfterBytes = 100_000;
    const { ear, loss } = zktecoReader(own.port);
    await complete(ear);
    expect(ear.delivered).toBe(5000);
    expect(loss()).toMatchObject({ reason: 'ended' });
    expect(own.connections).toBe(2);
  });

  test('when pieces come short or damaged: they are asked for again', async () => {
    const own = await pullDevice();
    fillLog(own, 5000);
    Object.assign(own.faults, { shortPieces: 2, damagePieces: 2 });
    const { ear, loss } = zktecoReader(own.port);
    await complete(ear);
    expect([ear.delivered, ear.refused.length, loss()]).toEqual([5000, 0, null]);
    expect([...ear.kept.values()].every(({ punch }) => /^10[0-3]\d$/.test(punch.credential))).toBe(true);
  });

  test('when a piece stays short: the call ends and says so', async () => {
    const own = await pullDevice();
    fillLog(own, 5000);
    own.faults.shortPieces = 3;
    const { ear, loss } = zktecoReader(own.port);
    await complete(ear);
    expect(loss()).toEqual({ reason: 'ended', detail: 'the log broke off: of bytes 0 to 65472 only 65372 came' });
    expect(ear.delivered).toBe(5000);
  });

  test('when we are killed in the middle of a log', async () => {
    const own = await pullDevice();
    fillLog(own, 2000);
    const memory = clockMemory();
    const first = zktecoReader(own.port, {}, { memory });
    const { kept } = first.ear;
    const deliver = first.ear.listener.deliver;
    let pages = 0;
    Object.assign(first.ear.listener, {
      deliver: (delivery: Parameters<typeof deliver>[0]) => {
        if (++pages === 3) first.ear.kill();
        return deliver(delivery);
      },
    });
    await until(() => pages === 3, { what: 'the third page' });
    await first.stop();
    expect(first.ear.delivered).toBe(1000);
    expect(memory.values.has('log')).toBe(false);
    const second = zktecoReader(own.port, {}, { memory, ear: clockEar(kept) });
    await complete(second.ear);
    expect(kept.size).toBe(new Set(own.log.map(({ id, time }) => `${id}@${time}`)).size);
  });

  test('when the device is without power for a while, and people touch it before it is found again', async () => {
    const own = await pullDevice();
    own.touch('1', at(1));
    const { ear, loss } = zktecoReader(own.port);
    await complete(ear);
    const { port } = own;
    await own.stop();
    own.log.push({ id: '2', time: at(2) }, { id: '3', time: at(3) });
    await until(() => loss()?.reason === 'offline', { what: 'the loss' });
    expect(loss()?.detail).toBe(
      `127.0.0.1:${port} cannot be reached (ECONNREFUSED); nothing listens on this port of it`,
    );
    await own.start(port);
    await until(() => ear.kept.size === 3, { what: 'all three' });
  });
});

describe('as it happens', () => {
  test.each([40, 16] as const)(
    'a touch is told at once, acknowledged when durable, and the log not read for it (%i)',
    async (recordSize) => {
      const own = await pullDevice({ recordSize });
      fillLog(own, 10);
      const { ear } = zktecoReader(own.port, { interval: 60 * SECOND });
      await complete(ear);
      await until(() => own.commands.at(-1) === 50, { what: 'the end of the visit' });
      ear.hold();
      own.touch('77', at(30, 5), 15);
      await until(() => own.commands.at(-1) === 50 && own.acknowledged === 0, { what: 'the event' });
      ear.release();
      await until(() => own.acknowledged === 1, { what: 'the acknowledgement' });
      expect([...ear.kept.values()].at(-1)).toMatchObject({
        punch: { credential: '77', deviceAt: MORNING + 30 * 60 * SECOND + 5 * SECOND, method: 'face' },
        original: { kept: { from: 'event', verify: 15 } },
      });
      expect(own.commands.filter((command) => command === 1503)).toHaveLength(1);
    },
  );

  test('the number of records proves that all were told', async () => {
    const own = await pullDevice();
    fillLog(own, 10);
    const { ear } = zktecoReader(own.port);
    await complete(ear, 2);
    own.touch('77', at(30));
    await until(() => own.acknowledged === 1, { what: 'the acknowledgement' });
    await complete(ear, ear.completes.length + 2);
    expect(own.commands.filter((command) => command === 1503)).toHaveLength(1);
  });

  test('a touch whose user only the log can tell has it read', async () => {
    const own = await pullDevice({ recordSize: 8 });
    own.users.push({ uid: 5, id: '1001', name: 'Zhang' });
    own.log.push({ id: '1001', time: at(1) });
    const { ear } = zktecoReader(own.port, { interval: 60 * SECOND });
    await complete(ear);
    own.touch('1001', at(30));
    await until(() => ear.kept.size === 2, { what: 'the touch' });
    expect([...ear.kept.values()].every(({ punch }) => punch.credential === '1001')).toBe(true);
  });
});

describe('its clock', () => {
  const fast = (): PullTouch['time'] => [2026, 3, 2, 8, 15, 0];

  test('is left alone unless people want it set', async () => {
    const own = await pullDevice({ now: fast });
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    expect(ear.signs).toContainEqual({ deviceAt: MORNING + HOUR / 4 });
    expect(own.timesSet).toEqual([]);
  });

  test('is set to our time where they do, and one that is right is not', async () => {
    const own = await pullDevice({ now: fast });
    const { ear } = zktecoReader(own.port, { setTime: true, interval: 60 * SECOND });
    await complete(ear);
    const packed = ((26 * 12 + 2) * 31 + 1) * 86_400 + 8 * 3600;
    expect(own.timesSet).toHaveLength(1);
    expect(own.timesSet[0]).toBeGreaterThanOrEqual(packed);
    expect(own.timesSet[0]).toBeLessThan(packed + 30);
    const right = await pullDevice();
    const other = zktecoReader(right.port, { setTime: true, interval: 60 * SECOND });
    await complete(other.ear);
    expect(right.timesSet).toEqual([]);
  });

  test('is not set to a time of ours that is doubted', async () => {
    const own = await pullDevice({ now: fast });
    const { ear } = zktecoReader(own.port, { setTime: true }, { tellsTime: () => false });
    await complete(ear);
    expect(own.timesSet).toEqual([]);
  });

  test('that shows a time which does not exist is no measurement', async () => {
    const own = await pullDevice({ now: () => [2026, 2, 31, 8, 0, 0] });
    const { ear } = zktecoReader(own.port);
    await complete(ear);
    expect(ear.signs.filter(({ deviceAt }) => deviceAt !== undefined)).toEqual([]);
  });
});
