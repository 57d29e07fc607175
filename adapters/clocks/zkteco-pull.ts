/**
 * Standalone ZKTeco devices, read over TCP port 4370: their time, how many records they have, the attendance log, and touches as
 * they happen. Nothing is cleared, deleted or written; people go on touching while the log is read. Only the time is set, and
 * only where the configuration says so.
 *
 * The log is read when the number of records is not what it was and what was told meanwhile; of a log that begins with what was
 * read before, only the rest is delivered. Whoever has the log of at least as many records as the device said it had, has all
 * that it recorded until it said so, which is the proof of completeness. Not verified on a device here.
 */
import { hash } from 'node:crypto';
import { DAY_LENGTH, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import {
  type ClockListener,
  type ClockLoss,
  type ClockRecord,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
} from '../clock.ts';
import { DeviceFault } from '../device-fault.ts';
import { withPass } from '../device-http.ts';
import { type UsersAnswer, UsersQuestion } from '../device-users.ts';
import { instantOfLocal, localTimeOf } from '../local-time.ts';
import type { CodeOptions } from './zkteco-codes.ts';
import {
  decodeEvent,
  decodeLog,
  firstSince,
  type Log,
  type RecordContext,
  readLog,
  readUserIds,
  readUserNames,
  type UserIds,
} from './zkteco-records.ts';
import { ZktecoSession } from './zkteco-session.ts';
import { COMMAND, PUNCH_EVENTS, packTime, unpackTime, ZktecoFault } from './zkteco-wire.ts';

export interface ZktecoPullOptions extends CodeOptions {
  readonly host: string;
  readonly port: number;
  /** Digits; null = none. */
  readonly password: string | null;
  /** Of the device that is meant; null = any. */
  readonly serial: string | null;
  /** How often it is asked for its time and number of records. */
  readonly interval: Ms;
  /** Records at the beginning of its log that are older are left there. */
  readonly backfill: Ms;
  /** Whether the connection is held, so that it tells of touches at once. */
  readonly realtime: boolean;
  readonly setTime: boolean;
}

/** A log is delivered in parts of so many records. */
const PAGE = 500;
/** From so much on a clock is set: packets take a moment, and clocks show whole seconds. */
const SET_FROM_MS: Ms = 5 * SECOND;
/** Even an unchanged number is looked behind after a day: the log may have been cleared, and have grown to the same. */
const READ_EVERY_MS: Ms = DAY_LENGTH;
/** A full device writes over its oldest records, and its number stays; and one whose log does not agree may come to. */
const READ_AGAIN_MS: Ms = 10 * MINUTE;
/** Records at the end of a log by which it is found again. */
const TAIL = 8;
const LOG = 'log';
/** The log of a full device takes some time, and is not interrupted. */
const USERS_WITHIN_MS: Ms = MINUTE;

export function zktecoPullClock(options: ZktecoPullOptions, around: ClockSurroundings): ConnectedClock {
  const device = new PulledDevice(options, around);
  return {
    silenceMs: Math.max(3 * options.interval, 3 * MINUTE),
    listen: (listener, signal) => device.listen(listener, signal),
    users: (signal) => device.users(signal),
  };
}

/** What of its log is in the ledger. */
interface ReadSoFar {
  readonly count: number;
  /** Of the bytes of all its records. */
  readonly digest: string;
  /** The bytes of its last records, in base 16. */
  readonly tail: string;
  /** In trusted time. */
  readonly at: Ms;
}

/** One conversation. */
interface Talk {
  readonly session: ZktecoSession;
  readonly listener: ClockListener;
  readonly signal: AbortSignal;
}

interface Sizes {
  readonly users: number;
  readonly records: number;
  /** It has no room for more, and writes over its oldest. */
  readonly isFull: boolean;
}

class PulledDevice {
  readonly #options: ZktecoPullOptions;
  readonly #around: ClockSurroundings;
  readonly #context: RecordContext;
  /** Touches that it told of, and that its log had not when it was read. */
  readonly #told = new Set<string>();
  /** The last ones of its log when it was read: some of them it may tell of afterwards. */
  #read: ReadonlySet<string> = new Set();
  /** When its log was read last, in elapsed time, and how many records it said it had. */
  #tried: { readonly elapsed: Ms; readonly count: number } | null = null;
  /** The conversation that stands: many devices take only one at a time. */
  #present: ZktecoSession | null = null;
  readonly #usersAsked = new UsersQuestion();

  constructor(options: ZktecoPullOptions, around: ClockSurroundings) {
    this.#options = options;
    this.#around = around;
    this.#context = { zone: around.zone, codes: options, about: `zkteco://${options.host}:${options.port}` };
  }

  async listen(listener: ClockListener, signal: AbortSignal): Promise<ClockLoss | { readonly againAfterMs: Ms }> {
    const talk = (session: ZktecoSession): Promise<void> => this.#talk({ session, listener, signal });
    return (await this.#converse(signal, talk)) ?? { againAfterMs: this.#options.interval };
  }

  /** In the conversation that stands, or in one of its own. */
  async users(signal: AbortSignal): Promise<UsersAnswer> {
    if (this.#present === null) {
      let users: UsersAnswer = [];
      const read = async (session: ZktecoSession): Promise<void> => {
        users = await userNames(session);
      };
      return (await this.#converse(signal, read)) ?? users;
    }
    const late: ClockLoss = { reason: 'offline', detail: `the device was busy for ${USERS_WITHIN_MS / SECOND} s` };
    const answer = this.#usersAsked.wait(this.#around.clock, USERS_WITHIN_MS, signal, late);
    this.#present.stir();
    return await answer;
  }

  /** The answer: why it is over; null = because `work` is done. */
  async #converse(signal: AbortSignal, work: (session: ZktecoSession) => Promise<void>): Promise<ClockLoss | null> {
    const { host, password } = this.#options;
    try {
      const key = keyOf(password);
      if (password === null) await this.#enter(key, signal, () => {}, work);
      else {
        const login = { user: 'communication key', password };
        await withPass(this.#around.gate, { host, login, signal }, async (pass) => {
          try {
            await this.#enter(key, signal, () => pass.accepted(), work);
          } catch (error) {
            if (error instanceof ZktecoFault && error.reason === 'wrong-login') pass.refused('wrong-login');
            throw error;
          }
        });
      }
      return null;
    } catch (error) {
      if (error instanceof ZktecoFault) return error.loss;
      if (error instanceof DeviceFault) return { reason: 'wrong-login', detail: `${host} ${error.message}` };
      throw error;
    }
  }

  async #enter(
    key: number | null,
    signal: AbortSignal,
    accepted: () => void,
    work: (session: ZktecoSession) => Promise<void>,
  ): Promise<void> {
    const { host, port } = this.#options;
    const session = await ZktecoSession.open({ host, port, key, clock: this.#around.clock, signal });
    try {
      accepted();
      await work(session);
    } finally {
      session.close();
    }
  }

  async #talk(talk: Talk): Promise<void> {
    const { interval, realtime } = this.#options;
    const { session, listener } = talk;
    this.#present = session;
    try {
      await this.#introduce(session, listener);
      if (realtime) await session.ask(COMMAND.event, uint32(PUNCH_EVENTS));
      for (;;) {
        await this.#visit(talk);
        await this.#tellUsers(session);
        if (!realtime) return;
        await this.#hearFor(interval, talk);
      }
    } finally {
      this.#present = null;
      this.#usersAsked.answer({ reason: 'ended', detail: 'the conversation with the device ended; please try again' });
    }
  }

  async #tellUsers(session: ZktecoSession): Promise<void> {
    if (this.#usersAsked.isOpen) this.#usersAsked.answer(await userNames(session));
  }

  async #introduce(session: ZktecoSession, listener: ClockListener): Promise<void> {
    const serial = await session.option('~SerialNumber');
    const wanted = this.#options.serial;
    if (wanted !== null && serial !== null && serial.toUpperCase() !== wanted.toUpperCase()) {
      const { host } = this.#options;
      throw new ZktecoFault(
        'unfit',
        `the device at ${host} has the serial number ${serial}, and ${wanted} is configured`,
      );
    }
    const model = await session.option('~DeviceName');
    const firmware = (await session.askIfKnown(COMMAND.version))?.toString('latin1').replace(/\0[\s\S]*$/, '') ?? null;
    const about = Object.entries({ serial, model, firmware }).filter(
      (entry): entry is [string, string] => entry[1] !== null && /^[\x20-\x7e]{1,60}$/.test(entry[1]),
    );
    listener.heard({ about: Object.fromEntries(about) });
  }

  // ---- now and then --------------------------------------------------------------------------------------------------

  async #visit(talk: Talk): Promise<void> {
    const { session, listener } = talk;
    const { clock } = this.#around;
    await this.#look(session, listener);
    const at = clock.now();
    const sizes = await sizesOf(session);
    const { records: count, isFull } = sizes;
    listener.heard({ count });
    // What was recorded before it said so was told before as well.
    await this.#hearAll(talk);
    const known = this.#known();
    const isFresh = known !== null && at - known.at >= 0 && at - known.at < READ_EVERY_MS;
    if (known !== null && isFresh && !isFull && count === known.count + this.#told.size) return listener.complete(at);
    const tried = this.#tried;
    const isSame = tried !== null && tried.count === count && clock.elapsed() - tried.elapsed < READ_AGAIN_MS;
    if (isSame) return;
    const read = await this.#readLog(talk, sizes);
    this.#tried = { elapsed: clock.elapsed(), count };
    const after = await sizesOf(session);
    const agrees = read >= count && read <= Math.max(count, after.records);
    const log = agrees ? `${read} records, all read` : `${read} records, and the device says that there are ${count}`;
    listener.heard({ about: { log } });
    if (agrees) listener.complete(at);
  }

  /** Its time, and ours where it is to have it. */
  async #look(session: ZktecoSession, listener: ClockListener): Promise<void> {
    const aheadMs = await this.#shown(session, listener);
    const { clock, zone, tellsTime } = this.#around;
    if (!this.#options.setTime || !tellsTime() || aheadMs === null || Math.abs(aheadMs) < SET_FROM_MS) return;
    await session.ask(COMMAND.setTime, uint32(packTime(localTimeOf(zone, clock.now() + SECOND / 2))));
    await this.#shown(session, listener);
  }

  /** By how much it is ahead; null where it shows no time. */
  async #shown(session: ZktecoSession, listener: ClockListener): Promise<Ms | null> {
    const { clock, zone } = this.#around;
    const said = await session.askIfKnown(COMMAND.time);
    const now = clock.now();
    const deviceAt = said === null || said.length < 4 ? null : instantOfLocal(zone, unpackTime(said.readUInt32LE(0)));
    if (deviceAt === null) return null;
    listener.heard({ deviceAt });
    return deviceAt - now;
  }

  // ---- the log -------------------------------------------------------------------------------------------------------

  /** Delivers what is new in it; the answer: how many records it has. */
  async #readLog({ session, listener, signal }: Talk, { records: count, isFull }: Sizes): Promise<number> {
    const log = readLog(count === 0 ? Buffer.alloc(0) : await session.log(), count);
    const users = log.size === 8 && log.count > 0 ? await this.#users(session) : new Map<number, string>();
    for (let from = this.#newFrom(log, isFull); from < log.count; from += PAGE) {
      const delivery = decodeLog(log, from, PAGE, users, this.#context);
      await unlessAborted(listener.deliver(delivery), signal);
      this.#read = new Set(delivery.records.map(touchOf));
    }
    this.#remember(log);
    this.#told.clear();
    return log.count;
  }

  async #users(session: ZktecoSession): Promise<UserIds> {
    const { users } = await sizesOf(session);
    return users === 0 ? new Map() : readUserIds(await session.users(), users);
  }

  #newFrom(log: Log, isFull: boolean): number {
    const { clock, zone } = this.#around;
    return this.#behindRead(log, isFull) ?? firstSince(log, clock.now() - this.#options.backfill, zone);
  }

  /** Behind what was read before, if the log begins with that, or has lost its oldest records since. */
  #behindRead({ records, size, count }: Log, isFull: boolean): number | null {
    const known = this.#known();
    if (known === null || known.count > count) return null;
    if (digestOf(records.subarray(0, known.count * size)) === known.digest) return known.count;
    if (!isFull || known.tail === '') return null;
    const tail = Buffer.from(known.tail, 'hex');
    const at = records.lastIndexOf(tail);
    return at >= 0 && at % size === 0 ? (at + tail.length) / size : null;
  }

  #known(): ReadSoFar | null {
    const [count, at, digest, tail] = (this.#around.memory.get(LOG) ?? '').split(' ');
    if (digest === undefined || tail === undefined) return null;
    return { count: Number(count), at: Number(at), digest, tail };
  }

  #remember({ records, size, count }: Log): void {
    const tail = records.subarray(Math.max(0, count - TAIL) * size).toString('hex');
    this.#around.memory.set(LOG, [count, this.#around.clock.now(), digestOf(records), tail].join(' '));
  }

  // ---- as it happens ---------------------------------------------------------------------------------------------------

  async #hearFor(forMs: Ms, talk: Talk): Promise<void> {
    const { clock } = this.#around;
    const until = clock.elapsed() + forMs;
    for (let left = forMs; left > 0; left = until - clock.elapsed()) {
      await talk.session.quiet(left);
      await this.#tellUsers(talk.session);
      if (!(await this.#hearAll(talk))) return;
    }
  }

  /** What it has told so far. The answer: false where only the log can tell more. */
  async #hearAll(talk: Talk): Promise<boolean> {
    const { session } = talk;
    let isTold = true;
    for (let event = session.takeEvent(); event !== null; event = session.takeEvent()) {
      if (event.session === PUNCH_EVENTS && !(await this.#hear(event.data, talk))) isTold = false;
      session.acknowledge();
    }
    return isTold;
  }

  /** Whether it was understood, and is durable. */
  async #hear(data: Buffer, { listener, signal }: Talk): Promise<boolean> {
    try {
      const record = decodeEvent(data, this.#context);
      if (record === null) return false;
      await unlessAborted(listener.deliver({ records: [record] }), signal);
      if (!this.#read.has(touchOf(record))) this.#told.add(touchOf(record));
      return true;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return false;
    }
  }
}

/** Throws a `ZktecoFault` for what no device has, before it is tried. */
function keyOf(password: string | null): number | null {
  if (password === null) return null;
  if (/^\d{1,9}$/.test(password)) return Number(password);
  throw new ZktecoFault(
    'wrong-login',
    'the configured password is not a number of up to 9 digits, as the communication key (通讯密码) of a device is',
  );
}

/** What is asked for where the device stores what; the places are pyzk's (`read_sizes`). */
async function sizesOf(session: ZktecoSession): Promise<Sizes> {
  const said = await session.askIfKnown(COMMAND.sizes);
  if (said === null || said.length < 68)
    throw new ZktecoFault('not-found', 'the device does not say how many records it has');
  const [users, records, capacity] = [16, 32, 64].map((at) => said.readUInt32LE(at)) as [number, number, number];
  return { users, records, isFull: capacity > 0 && records >= capacity };
}

async function userNames(session: ZktecoSession): Promise<UsersAnswer> {
  const { users } = await sizesOf(session);
  return users === 0 ? [] : readUserNames(await session.users(), users);
}

/** Waits for the ledger as long as we live. Rejects when we stop. */
async function unlessAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => reject(new ZktecoFault('ended', 'stopped'));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    done.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

const touchOf = ({ punch }: ClockRecord): string => `${punch.credential} ${punch.deviceAt}`;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const digestOf = (bytes: Buffer): string => hash('sha256', bytes, 'hex');
