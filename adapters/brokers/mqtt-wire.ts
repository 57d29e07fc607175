/**
 * The bytes between us and a broker outside. The messages are taken out of them here; the few other packets go on to
 * mqtt.js, which needs several times as long for a message (measured: 6 µs against 1).
 */
import { createConnection, isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { MqttAddress } from '../mqtt-address.ts';

/** A PUBLISH that the broker sent. */
export interface Inbound {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retained: boolean;
  /** What it is acknowledged by; null where it is not to be (QoS 0). */
  readonly messageId: number | null;
}

/** How messages are encoded: 4 = MQTT 3.1.1, 5 = MQTT 5. */
export type Version = 4 | 5;

/** A message that is not as the protocol says. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const PUBLISH = 3;
/** The longest beginning of a packet that tells its length (MQTT 5.0, section 2.1.4). */
const LONGEST_HEADER = 5;
const NOTHING = Buffer.alloc(0);

/** Cuts what a broker sends into packets and reads the messages among them. */
export class PacketReader {
  readonly #version: Version;
  readonly #message: (message: Inbound) => void;
  readonly #other: (packet: Buffer) => void;
  /** The beginning of a packet, and how many bytes it must have before it is worth looking at again. */
  #begun: Buffer[] = [];
  #size = 0;
  #wanted = 0;
  #paused = false;

  constructor(version: Version, message: (message: Inbound) => void, other: (packet: Buffer) => void) {
    this.#version = version;
    this.#message = message;
    this.#other = other;
  }

  /** Takes the next bytes. Throws `WireError` for what is no packet; nothing can be read after that. */
  read(chunk: Buffer): void {
    this.#begun.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= this.#wanted) this.#readOn();
  }

  /** Keeps what comes from here on, the rest of the present chunk included, until `resume`. */
  pause(): void {
    this.#paused = true;
  }

  /** Throws like `read`. */
  resume(): void {
    this.#paused = false;
    this.#readOn();
  }

  #readOn(): void {
    const [first = NOTHING] = this.#begun;
    const bytes = this.#begun.length <= 1 ? first : Buffer.concat(this.#begun);
    const rest = bytes.subarray(this.#readPackets(bytes));
    this.#begun = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
  }

  /** Reads the packets that are there in full; returns where the one begins that is not. */
  #readPackets(bytes: Buffer): number {
    let start = 0;
    this.#wanted = 0;
    while (start < bytes.length && !this.#paused) {
      const length = lengthAt(bytes, start + 1);
      if (length === null) {
        this.#wanted = bytes.length - start + 1;
        return start;
      }
      const end = length.end + length.value;
      if (end > bytes.length) {
        this.#wanted = end - start;
        return start;
      }
      const first = bytes[start] as number;
      if (first >> 4 === PUBLISH) this.#message(messageAt(bytes, { first, from: length.end, to: end }, this.#version));
      else this.#other(bytes.subarray(start, end));
      start = end;
    }
    return start;
  }
}

/** A length of one to four bytes (MQTT 5.0, section 1.5.5) and where it ends; null if that is not there yet. */
function lengthAt(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  let value = 0;
  for (let i = at, unit = 1; i < bytes.length; i++, unit *= 128) {
    if (i - at === LONGEST_HEADER - 1) throw new WireError('a length has more than four bytes');
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return { value, end: i + 1 };
  }
  return null;
}

/** A PUBLISH (MQTT 5.0, section 3.3): its first byte, and where the rest of it lies. */
interface Extent {
  readonly first: number;
  readonly from: number;
  readonly to: number;
}

function messageAt(bytes: Buffer, { first, from, to }: Extent, version: Version): Inbound {
  const qos = (first >> 1) & 3;
  if (qos > 1) throw new WireError('a message came at a QoS that was not asked for');
  const topicFrom = from + 2;
  const topicTo = from + 2 > to ? to + 1 : topicFrom + bytes.readUInt16BE(from);
  let at = topicTo + (qos === 0 ? 0 : 2);
  // An empty topic stands for an alias, and we have said that we know none (MQTT 5.0, section 3.1.2.11.5).
  if (topicTo === topicFrom || at > to) throw new WireError('a message has no topic');
  const messageId = qos === 0 ? null : bytes.readUInt16BE(topicTo);
  if (version === 5) {
    const properties = lengthAt(bytes, at);
    at = properties === null ? to + 1 : properties.end + properties.value;
    if (at > to) throw new WireError('a message is shorter than its properties');
  }
  return {
    topic: bytes.toString('utf8', topicFrom, topicTo),
    payload: bytes.subarray(at, to),
    retained: (first & 1) === 1,
    messageId,
  };
}

export interface WireOptions {
  readonly version: Version;
  /** PEM; without it the certificates that Node trusts. */
  readonly ca?: string;
  /** PEM, with `key`. */
  readonly cert?: string;
  readonly key?: string;
}

/** A connection to a broker as mqtt.js sees it: everything but the messages. */
export class Wire extends Duplex {
  readonly #socket: Socket;
  readonly #reader: PacketReader;

  constructor(address: MqttAddress, options: WireOptions, message: (message: Inbound) => void) {
    super();
    this.#reader = new PacketReader(options.version, message, (packet) => this.push(packet));
    this.#socket = dial(address, options);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#read(() => this.#reader.read(chunk)));
    this.#socket.once('error', (error) => this.destroy(error));
    this.#socket.once('close', () => this.destroy());
  }

  #read(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.destroy(error);
    }
  }

  /** Reads not one packet more until `resumeReading`; what comes stays with the system. */
  pauseReading(): void {
    this.#reader.pause();
    this.#socket.pause();
  }

  /** Not at once: whoever calls may be in the midst of something. */
  resumeReading(): void {
    queueMicrotask(() => {
      this.#socket.resume();
      this.#read(() => this.#reader.resume());
    });
  }

  /** Nothing waits to be read: a packet is passed on as it comes. */
  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#socket.write(bytes);
    done();
  }

  /** mqtt.js writes a packet in pieces. */
  override _writev(pieces: readonly { readonly chunk: Buffer }[], done: () => void): void {
    this.#socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

function dial({ protocol, host, port }: MqttAddress, { ca, cert, key }: WireOptions): Socket {
  if (protocol === 'mqtt') return createConnection({ host, port });
  return connect({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}
