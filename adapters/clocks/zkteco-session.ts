/** One conversation with a standalone ZKTeco device: questions one after the other, and what it tells unasked in between. */
import { hash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Ms, SECOND } from '../../rules/time.ts';
import type { DeviceClock } from '../device-clock.ts';
import { COMMAND, keyBytes, type Packet, PacketReader, packetBytes, ZktecoFault } from './zkteco-wire.ts';

export interface SessionOptions {
  readonly host: string;
  readonly port: number;
  /** Null = none. */
  readonly key: number | null;
  readonly clock: DeviceClock;
  readonly signal: AbortSignal;
}

const CONNECT_MS: Ms = 10 * SECOND;
/** Old devices take some seconds to gather a log. */
const ANSWER_MS: Ms = 20 * SECOND;
/** As the vendor's software asks for it. */
const PIECE_BYTES = 65_472;
/** Several times what the largest devices hold (200 000 records). */
const MOST_BYTES = 64 * 1024 * 1024;
/** A piece that came damaged or cut short is asked for again. */
const ATTEMPTS = 3;
/** What is asked for with the command that reads users. */
const USER_FUNCTION = 5;
const NOTHING = Buffer.alloc(0);

export class ZktecoSession {
  readonly #options: SessionOptions;
  readonly #socket: Socket;
  readonly #reader = new PacketReader();
  readonly #inbox: Packet[] = [];
  readonly #events: Packet[] = [];
  #session = 0;
  #reply = 0;
  #fault: ZktecoFault | null = null;
  #wake: () => void = () => {};
  #isStirred = false;
  /** Whether its checksums are right where nothing can have gone wrong; otherwise they say nothing. */
  #countsRight = false;

  /** Rejects with a `ZktecoFault`. */
  static async open(options: SessionOptions): Promise<ZktecoSession> {
    const session = new ZktecoSession(options);
    try {
      await session.#enter();
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  private constructor(options: SessionOptions) {
    this.#options = options;
    const { host, port, signal } = options;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#end(faultOf(error, options)));
    this.#socket.on('close', () => this.#end(new ZktecoFault('ended', 'the device closed the connection')));
    signal.addEventListener('abort', this.#stop);
    if (signal.aborted) this.#stop();
  }

  /** An event that has not been looked at yet; null = none. */
  takeEvent(): Packet | null {
    return this.#events.shift() ?? null;
  }

  /** Resolves when there is an event, when it is stirred, or the time is over. Rejects when the conversation is. */
  async quiet(forMs: Ms): Promise<void> {
    const { clock } = this.#options;
    const until = clock.elapsed() + forMs;
    while (this.#events.length === 0 && !this.#isStirred && clock.elapsed() < until) {
      await this.#news(until - clock.elapsed());
    }
    this.#isStirred = false;
  }

  /** Somebody wants something of the device before its time. */
  stir(): void {
    this.#isStirred = true;
    this.#wake();
  }

  /** Says that an event was taken. */
  acknowledge(): void {
    // zk-protocol, "Realtime Events": with the session, and the reply number of the event, which is 0.
    this.#socket.write(packetBytes({ command: COMMAND.ok, session: this.#session, reply: 0, data: NOTHING }));
  }

  /** Asks, and waits for the answer. Rejects with a `ZktecoFault`. */
  async ask(command: number, data: Buffer = NOTHING): Promise<Packet> {
    this.#send(command, data);
    return await this.#answer();
  }

  /** What it says to a question of which some devices know nothing; null there. */
  async askIfKnown(command: number, data: Buffer = NOTHING): Promise<Buffer | null> {
    const { command: said, data: told } = await this.ask(command, data);
    return said === COMMAND.ok ? told : null;
  }

  /** An option such as `~SerialNumber`; null where the device has none of the name. */
  async option(name: string): Promise<string | null> {
    const told = (await this.askIfKnown(COMMAND.options, Buffer.from(`${name}\0`)))?.toString('latin1') ?? '';
    const text = told
      .slice(told.indexOf('=') + 1)
      .replace(/\0[\s\S]*$/, '')
      .trim();
    return told.startsWith(`${name}=`) && /^[\x20-\x7e]{1,60}$/.test(text) ? text : null;
  }

  /** The attendance log, all of it. */
  async log(): Promise<Buffer> {
    return await this.#table(COMMAND.log, 0);
  }

  async users(): Promise<Buffer> {
    return await this.#table(COMMAND.users, USER_FUNCTION);
  }

  close(): void {
    this.#options.signal.removeEventListener('abort', this.#stop);
    if (this.#fault === null && this.#session !== 0) this.#send(COMMAND.exit, NOTHING);
    this.#fault ??= new ZktecoFault('ended', 'closed by us');
    this.#socket.end();
    // Its last word is of no interest.
    this.#socket.removeAllListeners('data').resume();
    this.#socket.destroySoon();
  }

  // ---- beginning ---------------------------------------------------------------------------------------------------

  async #enter(): Promise<void> {
    const { host, port, key } = this.#options;
    this.#write({ command: COMMAND.connect, session: 0, reply: 0, data: NOTHING });
    const first = await this.#answer(CONNECT_MS);
    this.#session = first.session;
    this.#countsRight = first.isSound;
    if (first.command === COMMAND.ok) return;
    if (first.command !== COMMAND.unauthorized) {
      throw new ZktecoFault('unfit', `${host}:${port} refused the connection (${first.command})`);
    }
    if (key === null) {
      throw new ZktecoFault(
        'wrong-login',
        `${host} asks for a communication key (通讯密码); none is configured (password)`,
      );
    }
    const { command } = await this.ask(COMMAND.authenticate, keyBytes(key, this.#session));
    if (command === COMMAND.ok) return;
    throw new ZktecoFault('wrong-login', `${host} refused the communication key (通讯密码, password)`);
  }

  // ---- large answers -----------------------------------------------------------------------------------------------

  async #table(command: number, of: number): Promise<Buffer> {
    const request = Buffer.alloc(11);
    request.writeUInt8(1, 0);
    request.writeUInt16LE(command, 1);
    request.writeUInt32LE(of, 3);
    const first = await this.ask(COMMAND.prepareBuffer, request);
    if (first.command === COMMAND.data) return this.#sound(first);
    if (first.command !== COMMAND.ok && first.command !== COMMAND.prepare) {
      throw new ZktecoFault('not-found', `the device has no table ${command} to read (${first.command})`);
    }
    const bytes = first.data.length < 5 ? 0 : first.data.readUInt32LE(1);
    if (bytes > MOST_BYTES) throw new ZktecoFault('unfit', `the device says that its log has ${bytes} bytes`);
    const pieces: Buffer[] = [];
    for (let from = 0; from < bytes; from += PIECE_BYTES) {
      pieces.push(await this.#piece(from, Math.min(PIECE_BYTES, bytes - from)));
    }
    await this.ask(COMMAND.free);
    return Buffer.concat(pieces);
  }

  /** Again if it comes short or damaged. Twice damaged and twice the same, it is the device that counts otherwise. */
  async #piece(from: number, bytes: number): Promise<Buffer> {
    const range = Buffer.alloc(8);
    range.writeUInt32LE(from, 0);
    range.writeUInt32LE(bytes, 4);
    let damaged = '';
    let came = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.#send(COMMAND.readBuffer, range);
      const { data, isSound } = await this.#gather(bytes);
      came = data.length;
      if (came !== bytes) continue;
      const digest = hash('sha256', data, 'hex');
      if (isSound || digest === damaged) return data;
      damaged = digest;
    }
    throw new ZktecoFault(
      'ended',
      came === bytes
        ? `bytes ${from} to ${from + bytes} of the log came damaged ${ATTEMPTS} times (checksum)`
        : `the log broke off: of bytes ${from} to ${from + bytes} only ${came} came`,
    );
  }

  async #gather(bytes: number): Promise<{ readonly data: Buffer; readonly isSound: boolean }> {
    const parts: Buffer[] = [];
    let [came, isSound, isPrepared] = [0, true, false];
    for (;;) {
      const packet = await this.#answer();
      isSound &&= this.#isSound(packet);
      if (packet.command === COMMAND.prepare) isPrepared = true;
      else if (packet.command === COMMAND.data) {
        parts.push(packet.data);
        came += packet.data.length;
        // Without a word before, there is none behind.
        if (!isPrepared && came >= bytes) break;
      } else break;
    }
    return { data: Buffer.concat(parts), isSound };
  }

  #sound(packet: Packet): Buffer {
    if (this.#isSound(packet)) return packet.data;
    throw new ZktecoFault('ended', 'the log came damaged (checksum)');
  }

  #isSound({ isSound }: Packet): boolean {
    return isSound || !this.#countsRight;
  }

  // ---- packets -----------------------------------------------------------------------------------------------------

  #send(command: number, data: Buffer): void {
    this.#reply = (this.#reply + 1) % 0xffff;
    this.#write({ command, session: this.#session, reply: this.#reply, data });
  }

  #write(packet: Omit<Packet, 'isSound'>): void {
    this.#socket.write(packetBytes(packet));
  }

  /** The next packet that answers the last question; what answers an earlier one is late, and dropped. */
  async #answer(withinMs: Ms = ANSWER_MS): Promise<Packet> {
    const { clock, host, port } = this.#options;
    const until = clock.elapsed() + withinMs;
    for (;;) {
      for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
        if (next.reply === this.#reply) return next;
      }
      if (this.#fault !== null) throw this.#fault;
      const left = until - clock.elapsed();
      if (left <= 0) throw new ZktecoFault('offline', `${host}:${port} did not answer within ${withinMs / SECOND} s`);
      await this.#news(left);
    }
  }

  /** Resolves when something has come or the time is over. Rejects when nothing can come any more. */
  async #news(forMs: Ms): Promise<void> {
    if (this.#fault !== null) throw this.#fault;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(forMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #take(chunk: Buffer): void {
    try {
      for (const packet of this.#reader.take(chunk)) {
        (packet.command === COMMAND.event ? this.#events : this.#inbox).push(packet);
      }
      this.#wake();
    } catch (error) {
      if (!(error instanceof ZktecoFault)) throw error;
      this.#end(error);
    }
  }

  #end(fault: ZktecoFault): void {
    this.#fault ??= fault;
    this.#socket.destroy();
    this.#wake();
  }

  readonly #stop = (): void => this.#end(new ZktecoFault('ended', 'stopped'));
}

function faultOf({ code = '', message }: NodeJS.ErrnoException, { host, port }: SessionOptions): ZktecoFault {
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new ZktecoFault('ended', `the device closed the connection (${code})`);
  const hint = code === 'ECONNREFUSED' ? '; nothing listens on this port of it' : '';
  return new ZktecoFault('offline', `${host}:${port} cannot be reached (${code || message})${hint}`);
}
