/** How what a broker sends is cut into messages and other packets; whole connections are in mqtt-client.test.ts. */
import { describe, expect, test } from 'vitest';
import { type Inbound, PacketReader, type Version, WireError } from '../../adapters/brokers/mqtt-wire.ts';
import { diceOf } from '../oracle/dice.ts';

interface Heard {
  readonly reader: PacketReader;
  readonly messages: Inbound[];
  readonly others: Buffer[];
}

function hearing(version: Version): Heard {
  const messages: Inbound[] = [];
  const others: Buffer[] = [];
  const reader = new PacketReader(
    version,
    (message) => messages.push(message),
    (packet) => others.push(packet),
  );
  return { reader, messages, others };
}

interface Publish {
  readonly qos?: number;
  readonly retain?: boolean;
  readonly dup?: boolean;
  readonly payload?: Buffer;
  readonly messageId?: number;
  /** Of version 5, encoded. */
  readonly properties?: readonly number[];
}

/** A PUBLISH as a broker writes it (MQTT 5.0, section 3.3; 3.1.1 has no properties). */
function publish(version: Version, more: Publish = {}): Buffer {
  const { qos = 1, retain = false, dup = false, payload = Buffer.from('x'), messageId = 7, properties = [] } = more;
  const body = Buffer.concat([
    text(TOPIC),
    Buffer.from(qos === 0 ? [] : [messageId >> 8, messageId & 0xff]),
    Buffer.from(version === 5 ? [...lengthOf(properties.length), ...properties] : []),
    payload,
  ]);
  const first = 0x30 + (dup ? 8 : 0) + 2 * qos + (retain ? 1 : 0);
  return Buffer.concat([Buffer.from([first, ...lengthOf(body.length)]), body]);
}

const TOPIC = '打卡/t';

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function lengthOf(size: number): number[] {
  return size < 128 ? [size] : [(size % 128) + 128, ...lengthOf(Math.floor(size / 128))];
}

/** A user property (section 3.3.2.3.7), long enough for a length of two bytes. */
const PROPERTIES = [0x26, ...text('of'), ...text('a sender '.repeat(20))];

describe.each([4, 5] as const)('MQTT version %i', (version) => {
  const packets = [
    publish(version, { properties: PROPERTIES }),
    Buffer.from([0xd0, 0]),
    publish(version, { qos: 0, retain: true, payload: Buffer.alloc(0) }),
    publish(version, { properties: PROPERTIES, payload: Buffer.alloc(20_000, 1), messageId: 65_535, dup: true }),
    Buffer.from([0x40, 2, 0, 9]),
    publish(version, { payload: Buffer.from('y'.repeat(120)) }),
  ];
  const topic = TOPIC;
  const expected = [
    { topic, payload: Buffer.from('x'), retained: false, messageId: 7 },
    { topic, payload: Buffer.from(''), retained: true, messageId: null },
    { topic, payload: Buffer.alloc(20_000, 1), retained: false, messageId: 65_535 },
    { topic, payload: Buffer.from('y'.repeat(120)), retained: false, messageId: 7 },
  ];

  test('messages and other packets come out, however the bytes arrive', () => {
    const bytes = Buffer.concat(packets);
    const dice = diceOf(version);
    for (let round = 0; round < 50; round++) {
      const { reader, messages, others } = hearing(version);
      const largest = dice.pick([1, 3, 1000, 70_000]);
      for (let at = 0; at < bytes.length; ) {
        const size = dice.between(1, largest);
        reader.read(bytes.subarray(at, at + size));
        at += size;
      }
      expect(messages).toEqual(expected);
      expect(others).toEqual([packets[1], packets[4]]);
    }
  });

  test('nothing comes out from a pause on, and nothing is missing after it', () => {
    const messages: Inbound[] = [];
    const reader: PacketReader = new PacketReader(
      version,
      (message) => {
        messages.push(message);
        reader.pause();
      },
      () => {},
    );
    for (const packet of packets) reader.read(packet);
    for (const i of expected.keys()) {
      expect(messages).toEqual(expected.slice(0, i + 1));
      reader.resume();
    }
    expect(messages).toEqual(expected);
  });

  test.each([
    ['a length of five bytes', [0xd0, 0x80, 0x80, 0x80, 0x80, 0]],
    ['a QoS that nobody asked for', [...publish(version, { qos: 2 })]],
    ['a QoS that there is not', [0x36, 5, 0, 1, 0x74, 0, 1]],
    ['no topic', [0x32, 4, 0, 0, 0, 1]],
    ['no room for the length of a topic', [0x30, 1, 0]],
    ['a topic longer than the packet', [0x30, 3, 0, 9, 0x74]],
    ['no room for a packet id', [0x32, 4, 0, 1, 0x74, 0]],
  ])('%s is no message', (_what, bytes) => {
    const { reader, messages } = hearing(version);
    expect(() => reader.read(Buffer.from(bytes))).toThrow(WireError);
    expect(messages).toEqual([]);
  });
});

test.each([
  ['longer than the packet', [0x30, 5, 0, 1, 0x74, 9, 0]],
  ['missing', [0x30, 3, 0, 1, 0x74]],
])('properties that are %s make no message', (_what, bytes) => {
  expect(() => hearing(5).reader.read(Buffer.from(bytes))).toThrow(WireError);
});
