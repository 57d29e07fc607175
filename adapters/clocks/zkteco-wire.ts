/**
 * The packets of ZKTeco's standalone devices on TCP port 4370: eight bytes that frame, then command, checksum, session and reply
 * number, two bytes each with the low one first, then data. As described by zk-protocol (github.com/adrobinoga/zk-protocol,
 * `protocol.md`), whose examples are in the tests; the communication key, which it leaves open, as pyzk has it
 * (github.com/fananimi/pyzk, `zk/base.py`). Times are numbers in which each month has 31 days.
 */
import type { ClockLoss, ClockLossReason } from '../clock.ts';
import type { LocalTime } from '../local-time.ts';

/** Those that only read, and the one that sets the time. None that clears, deletes or writes users is here, so none can be sent. */
export const COMMAND = {
  options: 11,
  users: 9,
  log: 13,
  sizes: 50,
  time: 201,
  setTime: 202,
  event: 500,
  connect: 1000,
  exit: 1001,
  authenticate: 1102,
  version: 1100,
  prepare: 1500,
  data: 1501,
  free: 1502,
  prepareBuffer: 1503,
  readBuffer: 1504,
  ok: 2000,
  unauthorized: 2005,
} as const;

/** Only punches, of all that a device tells at once. */
export const PUNCH_EVENTS = 1;

/** A conversation that cannot go on. */
export class ZktecoFault extends Error {
  override readonly name = 'ZktecoFault';
  readonly reason: ClockLossReason;
  /** Whether trying again can help although nobody changes anything. */
  readonly retry: boolean;

  /** `detail`: a sentence without credentials. */
  constructor(reason: ClockLossReason, detail: string) {
    super(detail);
    this.reason = reason;
    this.retry = reason === 'offline' || reason === 'ended' || reason === 'silent';
  }

  get loss(): ClockLoss {
    return { reason: this.reason, detail: this.message };
  }
}

export interface Packet {
  readonly command: number;
  /** Of an event: what kind it is. */
  readonly session: number;
  readonly reply: number;
  readonly data: Buffer;
  /** Whether its checksum is right. */
  readonly isSound: boolean;
}

const MAGIC = Buffer.from([0x50, 0x50, 0x82, 0x7d]);
const TOP_BYTES = 8;
const HEAD_BYTES = 8;
/** Data is asked for in pieces of at most 65 472 bytes; no packet is much larger. */
const MOST_BYTES = 131_072;

/** The complement of the sum of all 16-bit numbers but the checksum's own, carried round. */
export function checksumOf(payload: Buffer): number {
  let sum = 0;
  for (let i = 0; i < payload.length; i += 2) {
    if (i === 2) continue;
    sum += (payload[i] as number) | ((payload[i + 1] ?? 0) << 8);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export function packetBytes({ command, session, reply, data }: Omit<Packet, 'isSound'>): Buffer {
  const bytes = Buffer.alloc(TOP_BYTES + HEAD_BYTES + data.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(HEAD_BYTES + data.length, 4);
  const payload = bytes.subarray(TOP_BYTES);
  payload.writeUInt16LE(command, 0);
  payload.writeUInt16LE(session, 4);
  payload.writeUInt16LE(reply, 6);
  data.copy(payload, HEAD_BYTES);
  payload.writeUInt16LE(checksumOf(payload), 2);
  return bytes;
}

/** Cuts packets out of what comes over the wire, however it is torn apart. */
export class PacketReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Throws a `ZktecoFault` for what is no packet. */
  take(chunk: Buffer): Packet[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const packets: Packet[] = [];
    for (let length = this.#lengthOf(); length !== null; length = this.#lengthOf()) {
      packets.push(packetOf(this.#rest.subarray(TOP_BYTES, length)));
      this.#rest = this.#rest.subarray(length);
    }
    return packets;
  }

  /** Of the packet at the beginning, if all of it is there. */
  #lengthOf(): number | null {
    const rest = this.#rest;
    // At once: something else may say less than a packet, and then wait.
    const begin = rest.subarray(0, MAGIC.length);
    if (!begin.equals(MAGIC.subarray(0, begin.length))) throw notSpoken();
    if (rest.length < TOP_BYTES) return null;
    const payload = rest.readUInt32LE(MAGIC.length);
    if (payload < HEAD_BYTES || payload > MOST_BYTES) throw notSpoken();
    return rest.length < TOP_BYTES + payload ? null : TOP_BYTES + payload;
  }
}

const notSpoken = (): ZktecoFault =>
  new ZktecoFault('unfit', 'what answers there does not speak the protocol of ZKTeco devices (their port is 4370)');

function packetOf(payload: Buffer): Packet {
  return {
    command: payload.readUInt16LE(0),
    session: payload.readUInt16LE(4),
    reply: payload.readUInt16LE(6),
    data: payload.subarray(HEAD_BYTES),
    isSound: payload.readUInt16LE(2) === checksumOf(payload),
  };
}

const TICKS = 50;

/** What answers `unauthorized`: the key with its bits turned round, mixed with the session. */
export function keyBytes(key: number, session: number): Buffer {
  let turned = 0;
  for (let bit = 0; bit < 32; bit++) turned = ((turned << 1) | ((key >>> bit) & 1)) >>> 0;
  const mixed = Buffer.alloc(4);
  mixed.writeUInt32LE((turned + session) >>> 0);
  const [, b = 0, c = 0, d = 0] = [...Buffer.from('ZKSO')].map((letter, i) => letter ^ (mixed[i] ?? 0));
  return Buffer.from([c ^ TICKS, d ^ TICKS, TICKS, b ^ TICKS]);
}

/** The number that stands for a time on the wire. */
export function packTime({ year, month, day, hour, minute, second }: LocalTime): number {
  const days = ((year - 2000) * 12 + (month - 1)) * 31 + (day - 1);
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

/** Any number is some time; whether there is such a date is another question. */
export function unpackTime(packed: number): LocalTime {
  const minutes = Math.floor(packed / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const months = Math.floor(days / 31);
  return {
    year: 2000 + Math.floor(months / 12),
    month: (months % 12) + 1,
    day: (days % 31) + 1,
    hour: hours % 24,
    minute: minutes % 60,
    second: packed % 60,
  };
}
