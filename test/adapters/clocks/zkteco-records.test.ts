import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../../adapters/clock.ts';
import {
  decodeEvent,
  decodeLog,
  type RecordContext,
  readLog,
  readUserIds,
} from '../../../adapters/clocks/zkteco-records.ts';
import { packTime, ZktecoFault } from '../../../adapters/clocks/zkteco-wire.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { formatInstant } from '../../../rules/time.ts';

const zone = zoneTable('Asia/Shanghai');
const context: RecordContext = { zone, codes: { series: 'classic', methods: null }, about: 'zkteco://10.0.0.9:4370' };
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const MOMENT = packTime({ year: 2026, month: 3, day: 2, hour: 8, minute: 55, second: 10 });

function logOf(...records: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), ...records]);
  bytes.writeUInt32LE(bytes.length - 4);
  return bytes;
}

function record16(user: number, time = MOMENT): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(user, 0);
  bytes.writeUInt32LE(time, 4);
  bytes[8] = 15;
  bytes.writeUInt32LE(3, 12);
  return bytes;
}

function record8(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(number, 0);
  bytes[2] = 1;
  bytes.writeUInt32LE(MOMENT, 3);
  return bytes;
}

/** The entry that zk-protocol shows. */
const SHOWN = hex(
  '0D00 3939 3931 3131 3333 3300 0000 0000 0000 0000 0000 0000 0000 016B B368 2300 0000 0000 FF00 0000'.padEnd(80, '0'),
);

describe('a log', () => {
  test('of 40 bytes a record, with the entry that zk-protocol shows', () => {
    const log = readLog(logOf(SHOWN), 1);
    expect([log.size, log.count]).toEqual([40, 1]);
    const [record] = decodeLog(log, 0, 10, new Map(), context).records;
    expect(record?.punch).toMatchObject({ credential: '999111333', seq: null, method: 'finger' });
    expect(formatInstant(zone, record?.punch.deviceAt ?? 0)).toBe('2018-06-25T17:50:35+08:00');
    expect(record?.original.kept).toEqual({ from: 'log', verify: 1, status: 0 });
  });

  test('of 16 bytes', () => {
    const [record] = decodeLog(readLog(logOf(record16(1001)), 1), 0, 10, new Map(), context).records;
    expect(record?.punch).toMatchObject({ credential: '1001', method: 'face' });
    expect(formatInstant(zone, record?.punch.deviceAt ?? 0)).toBe('2026-03-02T08:55:10+08:00');
    expect(record?.original.kept).toMatchObject({ verify: 15, workCode: 3 });
  });

  test('of 8 bytes names users by a number of the device; one who was deleted is nobody else', () => {
    const users = new Map([[7, '1001']]);
    const { records, refused } = decodeLog(readLog(logOf(record8(7), record8(8)), 2), 0, 10, users, context);
    expect(records.map(({ punch }) => punch.credential)).toEqual(['1001']);
    expect(refused[0]?.because).toContain('user number 8 of the device');
  });

  test.each([
    [80, 2, 40],
    [80, 5, 16],
    [80, 10, 8],
    // Somebody touched it after it had said how many there are.
    [120, 2, 40],
    [96, 5, 16],
  ])('of %i bytes and %i records has records of %i', (bytes, count, size) => {
    expect(readLog(logOf(Buffer.alloc(bytes)), count).size).toBe(size);
  });

  test('of which half came is none, nor one of no known size', () => {
    expect(() => readLog(logOf(SHOWN, SHOWN).subarray(0, 60), 2)).toThrow('56 of 80 bytes');
    expect(() => readLog(logOf(Buffer.alloc(81)), 2)).toThrow('no records of a known size');
    expect(readLog(Buffer.alloc(0), 0).count).toBe(0);
    expect(readLog(Buffer.alloc(4), 0).count).toBe(0);
  });

  test('with a record of no user or of no such day keeps it aside', () => {
    const bad = [
      record16(7, packTime({ year: 2026, month: 2, day: 30, hour: 8, minute: 0, second: 0 })),
      Buffer.alloc(16),
    ];
    const noName = Buffer.alloc(40);
    noName.writeUInt32LE(MOMENT, 27);
    expect(
      decodeLog(readLog(logOf(...bad), 2), 0, 9, new Map(), context).refused.map(({ because }) => because),
    ).toEqual(['The record is of 2026-2-30 8:0:0; expected a time that exists.']);
    const { refused } = decodeLog(readLog(logOf(noName), 1), 0, 9, new Map(), context);
    expect(refused[0]?.because).toContain('user id of the record is empty');
  });

  test('says who and when, wherever it stands and however it was told', () => {
    const other = Buffer.from(SHOWN);
    other.writeUInt16LE(3, 0);
    const at = (index: number, ...records: readonly Buffer[]) =>
      decodeLog(readLog(logOf(...records), records.length), index, 1, new Map(), context).records[0]?.punch;
    expect(at(0, SHOWN)).toEqual(at(2, record40('1'), record40('2'), SHOWN));
    expect(at(0, other)).toEqual(at(0, SHOWN));
    const event = Buffer.alloc(32);
    event.write('999111333');
    event.set([1, 0, 18, 6, 25, 17, 50, 35], 24);
    expect(decodeEvent(event, context)?.punch).toEqual(at(0, SHOWN));
  });
});

function record40(id: string): Buffer {
  const bytes = Buffer.from(SHOWN);
  bytes.fill(0, 2, 26);
  bytes.write(id, 2);
  return bytes;
}

describe('what is told at once', () => {
  test('the packet that zk-protocol shows', () => {
    const data = hex(
      '3939 3931 3131 3333 3300 0000 0000 0000 0000 0000 0000 0000 0100 1206 1911 2905'.replaceAll(' ', ''),
    );
    const record = decodeEvent(data, context);
    expect(record?.punch).toMatchObject({ credential: '999111333', method: 'finger' });
    expect(formatInstant(zone, record?.punch.deviceAt ?? 0)).toBe('2018-06-25T17:41:05+08:00');
  });

  test.each([32, 36, 37, 52])('with an id as text, in %i bytes', (length) => {
    const data = Buffer.alloc(length);
    data.write('1001');
    data.set([15, 0, 26, 3, 2, 8, 55, 10], 24);
    expect(decodeEvent(data, context)?.punch).toMatchObject({ credential: '1001', method: 'face' });
  });

  test('with an id as a number; what has the number of a device, or nothing, is not understood', () => {
    const data = Buffer.alloc(12);
    data.writeUInt32LE(1001);
    data.set([1, 0, 26, 3, 2, 8, 55, 10], 4);
    expect(decodeEvent(data, context)?.punch.credential).toBe('1001');
    for (const length of [0, 8, 10, 14]) expect(decodeEvent(Buffer.alloc(length), context)).toBeNull();
    expect(() => decodeEvent(Buffer.alloc(32), context)).toThrow(DecodeError);
  });
});

test('ids by numbers, of both tables of users', () => {
  const short = Buffer.alloc(28);
  short.writeUInt16LE(7, 0);
  short.write('Zhang', 8);
  short.writeUInt32LE(1001, 24);
  const long = Buffer.alloc(72);
  long.writeUInt16LE(8, 0);
  long.write('Zhang', 11);
  long.write('A1002', 48);
  expect([...readUserIds(logOf(short, short), 2)]).toEqual([[7, '1001']]);
  expect([...readUserIds(logOf(long), 1)]).toEqual([[8, 'A1002']]);
});

test('10 000 mutated logs and events: decoded, refused with a reason, or a fault in words; never anything else', () => {
  const good = logOf(SHOWN, record40('1001'), record40('1002'), record16(5), record16(6), record8(7));
  const mutation = fc.tuple(
    fc.nat(good.length),
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 20 }),
    fc.integer({ min: 0, max: 20 }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(mutation, ([length, changes, count, isSized]) => {
      const bytes = Buffer.from(good.subarray(0, length));
      for (const [place, byte] of changes) if (place < bytes.length) bytes[place] = byte;
      if (isSized && bytes.length >= 4) bytes.writeUInt32LE(bytes.length - 4);
      try {
        const log = readLog(bytes, count);
        const { records, refused } = decodeLog(log, 0, 1000, new Map([[7, '1001']]), context);
        if (records.length + refused.length !== log.count) return false;
      } catch (error) {
        if (!(error instanceof ZktecoFault)) throw error;
      }
      try {
        decodeEvent(bytes.subarray(0, 60), context);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
      return true;
    }),
    { numRuns: 10_000, seed: 20_260_302 },
  );
});
