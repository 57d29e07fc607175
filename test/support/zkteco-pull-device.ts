/**
 * A standalone ZKTeco device on TCP: speaks the protocol of port 4370 as zk-protocol describes it, written apart from the reader.
 * It can want a communication key, drop a log half way, damage a piece of it, show a wrong time, be cleared, and start anew.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface PullUser {
  readonly uid: number;
  readonly id: string;
  /** Bytes where it is no ASCII: devices in China write GBK. */
  readonly name: string | Buffer;
}

export interface PullTouch {
  readonly id: string;
  /** As the device shows it: year, month from 1, day, hour, minute, second. */
  readonly time: readonly [number, number, number, number, number, number];
  readonly verify?: number;
}

export interface PullDeviceOptions {
  readonly recordSize?: 40 | 16 | 8;
  /** The bytes that answer session 0x4d2 with the right key; null = none is wanted. */
  readonly key?: Buffer | null;
  readonly capacity?: number;
  readonly serial?: string;
  /** What its clock shows. */
  readonly now?: () => PullTouch['time'];
  /** Between two packets of a piece, as an old device has them; zkteco-js takes one packet for each time that something comes. */
  readonly packetPauseMs?: number;
  /** Data packets hold at most so many bytes: a piece comes in several. */
  readonly packetBytes?: number;
  readonly port?: number;
}

type Answer = (what: number, more?: Buffer) => void;

const SESSION = 0x4d2;
const [OK, ERROR, UNAUTHORIZED, PREPARE, DATA, EVENT] = [2000, 2001, 2005, 1500, 1501, 500] as const;

export class ZktecoPullDevice {
  readonly options: PullDeviceOptions;
  readonly users: PullUser[] = [];
  log: PullTouch[] = [];
  /** Commands that came, in order. */
  readonly commands: number[] = [];
  /** Times that it was set to, packed. */
  readonly timesSet: number[] = [];
  /** Events that were acknowledged. */
  acknowledged = 0;
  /** What it does wrong, once each. */
  readonly faults = {
    dropAfterBytes: null as number | null,
    damagePieces: 0,
    shortPieces: 0,
    addWhileReading: null as PullTouch | null,
  };
  /** The number of records that it says it has, if not the true one. */
  saysCount: number | null = null;
  connections = 0;
  #sending: Promise<void> = Promise.resolve();
  readonly #sockets = new Set<Socket>();
  readonly #listening = new Set<Socket>();
  #server: Server | null = null;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(options: PullDeviceOptions = {}) {
    this.options = options;
  }

  get port(): number {
    const address = this.#server?.address();
    if (address === null || address === undefined || typeof address === 'string') throw new Error('the device is off');
    return address.port;
  }

  /** Begins to listen: at the port it had before, after the first time. */
  async start(port = this.options.port ?? 0): Promise<this> {
    const server = createServer((socket) => this.#talk(socket)).listen(port, '127.0.0.1');
    this.#server = server;
    await once(server, 'listening');
    return this;
  }

  /** Loses its power; what it recorded stays. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    for (const socket of this.#sockets) socket.destroy();
    this.#listening.clear();
    server.close();
    await once(server, 'close');
    this.#server = null;
  }

  /** Somebody touches it. */
  touch(id: string, time: PullTouch['time'], verify = 1): void {
    const touch: PullTouch = { id, time, verify };
    this.log.push(touch);
    if (this.log.length > (this.options.capacity ?? Number.POSITIVE_INFINITY)) this.log.shift();
    for (const socket of this.#listening) this.#tell(socket, touch);
  }

  #tell(socket: Socket, { id, time, verify = 1 }: PullTouch): void {
    const [year, ...rest] = time;
    const data = Buffer.alloc({ 8: 10, 16: 12, 40: 32 }[this.options.recordSize ?? 40]);
    const at = data.length - 8;
    if (at === 2) data.writeUInt16LE(Number(id), 0);
    else if (at === 4) data.writeUInt32LE(Number(id), 0);
    else data.write(id, 0, 'latin1');
    data.set([verify, 0, year - 2000, ...rest], at);
    socket.write(packet(EVENT, 1, 0, data));
  }

  #talk(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#listening.delete(socket);
    });
    socket.on('error', () => socket.destroy());
    let rest = Buffer.alloc(0);
    let mayTalk = this.options.key == null;
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32LE(4)) {
        const payload = rest.subarray(8, 8 + rest.readUInt32LE(4));
        rest = rest.subarray(8 + payload.length);
        const [command, reply, data] = [payload.readUInt16LE(0), payload.readUInt16LE(6), payload.subarray(8)];
        this.commands.push(command);
        const answer: Answer = (what, more = Buffer.alloc(0)) => void socket.write(packet(what, SESSION, reply, more));
        if (command === 1000) answer(mayTalk ? OK : UNAUTHORIZED);
        else if (command === 1102) {
          mayTalk = this.options.key?.equals(data) ?? true;
          answer(mayTalk ? OK : UNAUTHORIZED);
        } else if (!mayTalk) answer(UNAUTHORIZED);
        else this.#do(command, data, answer, socket, reply);
      }
    });
  }

  #do(command: number, data: Buffer, answer: Answer, socket: Socket, reply: number): void {
    switch (command) {
      case 11:
        return this.#option(data.toString('latin1').replace(/\0.*$/s, ''), answer);
      case 50:
        return answer(OK, this.#sizes());
      case 201:
        return answer(OK, packed(this.options.now?.() ?? [2026, 3, 2, 8, 0, 0]));
      case 202:
        this.timesSet.push(data.readUInt32LE(0));
        return answer(OK);
      case 500:
        this.#listening.add(socket);
        return answer(OK);
      case 1001:
        answer(OK);
        return void socket.end();
      case 1100:
        return answer(OK, Buffer.from('Ver 6.60 Apr 28 2017\0'));
      case 1502:
        this.#buffer = Buffer.alloc(0);
        return answer(OK);
      case 1503:
        return this.#prepare(data, answer);
      case 1504:
        // One piece after the other, whatever is asked meanwhile.
        this.#sending = this.#sending.then(() => this.#send(data, answer, socket, reply));
        return;
      case OK:
        this.acknowledged++;
        return;
      default:
        return answer(ERROR);
    }
  }

  #option(name: string, answer: Answer): void {
    const options: Record<string, string> = {
      '~SerialNumber': this.options.serial ?? 'AHQ6171960001',
      '~DeviceName': 'iClock360',
    };
    const value = options[name];
    if (value === undefined) answer(ERROR);
    else answer(OK, Buffer.from(`${name}=${value}\0`));
  }

  #sizes(): Buffer {
    const sizes = Buffer.alloc(92);
    sizes.writeUInt32LE(this.users.length, 16);
    sizes.writeUInt32LE(this.saysCount ?? this.log.length, 32);
    sizes.writeUInt32LE(this.options.capacity ?? 100_000, 64);
    return sizes;
  }

  #prepare(data: Buffer, answer: Answer): void {
    const table = data.readUInt16LE(1) === 9 ? this.#userTable() : this.#logTable();
    this.#buffer = table;
    if (table.length < 1024) return answer(DATA, table);
    const stat = Buffer.alloc(13);
    stat.writeUInt32LE(table.length, 1);
    stat.writeUInt32LE(table.length, 5);
    answer(OK, stat);
  }

  async #send(range: Buffer, answer: Answer, socket: Socket, reply: number): Promise<void> {
    const [from, bytes] = [range.readUInt32LE(0), range.readUInt32LE(4)];
    const piece = this.#buffer.subarray(from, from + bytes);
    const drop = this.faults.dropAfterBytes;
    const size = Buffer.alloc(8);
    size.writeUInt32LE(piece.length, 0);
    await this.#pause();
    answer(PREPARE, size);
    if (drop !== null && from + bytes > drop) {
      this.faults.dropAfterBytes = null;
      answer(DATA, piece.subarray(0, Math.max(0, drop - from)));
      socket.end();
      return;
    }
    const isShort = this.faults.shortPieces > 0;
    if (isShort) this.faults.shortPieces--;
    const isDamaged = this.faults.damagePieces > 0;
    if (isDamaged) this.faults.damagePieces--;
    const packetBytes = this.options.packetBytes ?? 65_472;
    const sent = isShort ? piece.subarray(0, piece.length - 100) : piece;
    for (let at = 0; at < sent.length; at += packetBytes) {
      const part = sent.subarray(at, at + packetBytes);
      await this.#pause();
      if (!isDamaged || at > 0) {
        answer(DATA, part);
        continue;
      }
      // Turned over on the way, each time otherwise: the checksum is that of what was meant.
      const whole = packet(DATA, SESSION, reply, part);
      whole[20] = (whole[20] as number) ^ (1 + this.faults.damagePieces);
      socket.write(whole);
    }
    await this.#pause();
    answer(OK);
    const added = this.faults.addWhileReading;
    this.faults.addWhileReading = null;
    if (added !== null) this.log.push(added);
  }

  async #pause(): Promise<void> {
    const { packetPauseMs } = this.options;
    if (packetPauseMs !== undefined) await sleep(packetPauseMs);
  }

  #logTable(): Buffer {
    const size = this.options.recordSize ?? 40;
    const uids = new Map(this.users.map(({ uid, id }) => [id, uid]));
    const records = this.log.map(({ id, time, verify = 1 }) => {
      const record = Buffer.alloc(size);
      if (size === 40) {
        record.writeUInt16LE(uids.get(id) ?? 1, 0);
        record.write(id, 2, 'latin1');
        record[26] = verify;
        packed(time).copy(record, 27);
      } else if (size === 16) {
        record.writeUInt32LE(Number(id), 0);
        packed(time).copy(record, 4);
        record[8] = verify;
      } else {
        record.writeUInt16LE(uids.get(id) ?? 999, 0);
        record[2] = verify;
        packed(time).copy(record, 3);
      }
      return record;
    });
    return table(records);
  }

  #userTable(): Buffer {
    const size = this.options.recordSize === 8 ? 28 : 72;
    return table(
      this.users.map(({ uid, id, name }) => {
        const user = Buffer.alloc(size);
        user.writeUInt16LE(uid, 0);
        (typeof name === 'string' ? Buffer.from(name.slice(0, 8), 'latin1') : name).copy(user, size === 28 ? 8 : 11);
        if (size === 28) user.writeUInt32LE(Number(id), 24);
        else user.write(id, 48, 'latin1');
        return user;
      }),
    );
  }
}

function table(records: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), ...records]);
  bytes.writeUInt32LE(bytes.length - 4, 0);
  return bytes;
}

function packed([year, month, day, hour, minute, second]: PullTouch['time']): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(
    ((year % 100) * 12 * 31 + (month - 1) * 31 + day - 1) * 86_400 + (hour * 60 + minute) * 60 + second,
  );
  return bytes;
}

function packet(command: number, session: number, reply: number, data: Buffer): Buffer {
  const payload = Buffer.alloc(8 + data.length);
  payload.writeUInt16LE(command, 0);
  payload.writeUInt16LE(session, 4);
  payload.writeUInt16LE(reply, 6);
  data.copy(payload, 8);
  let sum = 0;
  for (let i = 0; i < payload.length; i++) sum += (payload[i] as number) * (i % 2 === 0 ? 1 : 256);
  while (sum > 65_535) sum = (sum % 65_536) + Math.floor(sum / 65_536);
  payload.writeUInt16LE(65_535 - sum, 2);
  const top = Buffer.from([0x50, 0x50, 0x82, 0x7d, 0, 0, 0, 0]);
  top.writeUInt32LE(payload.length, 4);
  return Buffer.concat([top, payload]);
}
