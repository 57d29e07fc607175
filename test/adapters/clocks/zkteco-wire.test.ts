import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COMMAND,
  checksumOf,
  keyBytes,
  PacketReader,
  packetBytes,
  packTime,
  unpackTime,
  ZktecoFault,
} from '../../../adapters/clocks/zkteco-wire.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('packets as zk-protocol shows them', () => {
  test.each([
    ['0b005a17f38d03005a4b4661636556657273696f6e00', 0x175a],
    ['0b00b9e6f38d0c007e506c6174666f726d00', 0xe6b9],
    ['d007714cf38d0c007e506c6174666f726d3d5a454d3736305f54465400', 0x4c71],
    ['d007f6f702003700', 0xf7f6],
    ['d007296af38d0a0009', 0x6a29],
  ])('the checksum of %s', (payload, checksum) => expect(checksumOf(hex(payload))).toBe(checksum));

  test('is written and read', () => {
    const bytes = packetBytes({
      command: COMMAND.options,
      session: 0x8df3,
      reply: 12,
      data: Buffer.from('~Platform\0'),
    });
    expect(bytes.toString('hex')).toBe('5050827d120000000b00b9e6f38d0c007e506c6174666f726d00');
    expect(new PacketReader().take(bytes)).toEqual([
      { command: 11, session: 0x8df3, reply: 12, data: Buffer.from('~Platform\0'), isSound: true },
    ]);
  });

  test('a packet that was turned over on the way is not sound', () => {
    const bytes = hex('5050827d0800 0000 d007f6f702003800');
    expect(new PacketReader().take(bytes)[0]?.isSound).toBe(false);
  });
});

test('packets come whole however they are torn apart', () => {
  const packets = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(3000, 7)].map((data, reply) =>
    packetBytes({ command: 2000, session: 1, reply, data }),
  );
  const stream = Buffer.concat(packets);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (sizes) => {
      const reader = new PacketReader();
      const replies: number[] = [];
      for (let at = 0, i = 0; at < stream.length; at += sizes[i++ % sizes.length] as number) {
        const chunk = stream.subarray(at, at + (sizes[i % sizes.length] as number));
        replies.push(...reader.take(chunk).map(({ reply, isSound }) => (isSound ? reply : -1)));
      }
      expect(replies).toEqual([0, 1, 2]);
    }),
    { seed: 4370 },
  );
});

test.each(['H', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'PP\x82\x7c', '\x16\x03\x01'])('%j is no packet', (text) => {
  expect(() => new PacketReader().take(Buffer.from(text, 'latin1'))).toThrow(ZktecoFault);
});

test('a packet that says it has a gigabyte is none', () => {
  expect(() => new PacketReader().take(hex('5050827d00000040'))).toThrow('does not speak the protocol');
});

test.each([
  [0, 0, '617d3279'],
  [123_456, 50_000, '297f323a'],
  [999_999, 65_535, '22813296'],
  [1, 42, '61fd3279'],
])('the key %i in session %i, as pyzk mixes it', (key, session, mixed) => {
  expect(keyBytes(key, session).toString('hex')).toBe(mixed);
});

test('a time as zk-protocol shows it, and one that no calendar has', () => {
  const time = { year: 2018, month: 6, day: 25, hour: 17, minute: 41, second: 5 };
  expect(unpackTime(packTime(time))).toEqual(time);
  expect(unpackTime(packTime({ ...time, month: 2, day: 31 }))).toMatchObject({ month: 2, day: 31 });
  expect(unpackTime(0xffffffff).year).toBeGreaterThan(2100);
});
