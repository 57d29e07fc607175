/**
 * The attendance log of ZKTeco's standalone devices: records of 40 bytes (user id as text), 16 (as a number) or 8 (the device's own
 * number of the user), as firmware goes; and what a device tells when somebody has just touched it. Offsets: zk-protocol,
 * `sections/data-record.md` and `realtime.md`, for 40 bytes and events; pyzk, `zk/base.py`, for the others.
 *
 * A record is who and when, wherever it stands in the log: the log may be cleared, or its oldest records written over.
 */
import { hash } from 'node:crypto';
import type { Ms, Zone } from '../../rules/time.ts';
import { type ClockRecord, DecodeError, type DeviceUser, type Refused } from '../clock.ts';
import { eachOnce, nameIn } from '../device-users.ts';
import { instantOfLocal, type LocalTime, localTimeOf } from '../local-time.ts';
import { type CodeOptions, methodOf } from './zkteco-codes.ts';
import { packTime, unpackTime, ZktecoFault } from './zkteco-wire.ts';

export interface RecordContext {
  readonly zone: Zone;
  readonly codes: CodeOptions;
  /** Where it came by, for what is refused. */
  readonly about: string;
}

const SIZES = [40, 16, 8] as const;
export type RecordSize = (typeof SIZES)[number];

/** A whole log, as the device sent it. */
export interface Log {
  readonly size: RecordSize;
  readonly records: Buffer;
  readonly count: number;
}

/** User ids by the device's own numbers, which records of 8 bytes have. */
export type UserIds = ReadonlyMap<number, string>;

const USER_ID = /^[\x21-\x7e]{1,24}$/;

/**
 * Cuts a log into records; what size they have nothing says, but how many there are does, about: somebody may touch the device
 * meanwhile. Throws a `ZktecoFault` for half a log.
 */
export function readLog(bytes: Buffer, count: number): Log {
  const said = bytes.length < 4 ? 0 : bytes.readUInt32LE(0);
  const records = bytes.subarray(4);
  if (said === 0 && records.length === 0) return { size: 40, records, count: 0 };
  if (said !== records.length) {
    throw new ZktecoFault('ended', `the log broke off: ${records.length} of ${said} bytes of records came`);
  }
  const fitting = SIZES.filter((size) => said % size === 0);
  const [size] = fitting.sort((a, b) => Math.abs(said / a - count) - Math.abs(said / b - count));
  if (size === undefined)
    throw new ZktecoFault('unfit', `the log has ${said} bytes, which are no records of a known size`);
  return { size, records, count: said / size };
}

/** Records from the given one on, at most so many. */
export function decodeLog(log: Log, from: number, most: number, users: UserIds, context: RecordContext) {
  const records: ClockRecord[] = [];
  const refused: Refused[] = [];
  for (let i = from; i < Math.min(log.count, from + most); i++) {
    const bytes = log.records.subarray(i * log.size, (i + 1) * log.size);
    try {
      records.push(recordOf(touchIn(bytes, users), bytes, 'log', context));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refused.push({ about: context.about, because: error.message, payload: Buffer.from(bytes.toString('hex')) });
    }
  }
  return { records, refused };
}

/**
 * The first record that is not older than an instant. Older ones behind it count as well: they were recorded later, by a clock that
 * had lost its time. 0 where all are older, for the same reason.
 */
export function firstSince(log: Log, since: Ms, zone: Zone): number {
  const place = { 40: 27, 16: 4, 8: 3 }[log.size];
  // The later a time, the greater its number.
  const packed = packTime(localTimeOf(zone, since));
  for (let i = 0; i < log.count; i++) {
    if (log.records.readUInt32LE(i * log.size + place) >= packed) return i;
  }
  return 0;
}

interface Touch {
  readonly user: string;
  readonly time: LocalTime;
  readonly verify: number;
  readonly status: number;
  readonly workCode: number | null;
}

function touchIn(bytes: Buffer, users: UserIds): Touch {
  switch (bytes.length) {
    case 40:
      return {
        user: textIn(bytes.subarray(2, 26)),
        time: unpackTime(bytes.readUInt32LE(27)),
        verify: bytes[26] as number,
        status: bytes[31] as number,
        workCode: null,
      };
    case 16:
      return {
        user: String(bytes.readUInt32LE(0)),
        time: unpackTime(bytes.readUInt32LE(4)),
        verify: bytes[8] as number,
        status: bytes[9] as number,
        workCode: bytes.readUInt32LE(12),
      };
    default:
      return {
        user: userOf(bytes.readUInt16LE(0), users),
        time: unpackTime(bytes.readUInt32LE(3)),
        verify: bytes[2] as number,
        status: bytes[7] as number,
        workCode: null,
      };
  }
}

function userOf(number: number, users: UserIds): string {
  const user = users.get(number);
  if (user !== undefined) return user;
  throw new DecodeError(
    `The record is of user number ${number} of the device, whose user id the device does not know any more.`,
  );
}

/** What a device tells at once; null where it does not say whose id it is, so that only the log can tell. */
export function decodeEvent(data: Buffer, context: RecordContext): ClockRecord | null {
  // User id, way of verifying, status, and the time in six bytes; how long the id is, the length shows.
  const idBytes = data.length >= 32 ? 24 : data.length === 12 ? 4 : 0;
  if (idBytes === 0) return null;
  const [verify = 0, status = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] =
    data.subarray(idBytes);
  const user = idBytes === 4 ? String(data.readUInt32LE(0)) : textIn(data.subarray(0, idBytes));
  const time = { year: 2000 + year, month, day, hour, minute, second };
  return recordOf({ user, time, verify, status, workCode: null }, data, 'event', context);
}

function recordOf(touch: Touch, bytes: Buffer, from: 'log' | 'event', { zone, codes }: RecordContext): ClockRecord {
  const { user, time, verify, status, workCode } = touch;
  if (!USER_ID.test(user))
    throw new DecodeError('The user id of the record is empty or no ASCII; expected 1 to 24 characters.');
  return {
    punch: { credential: user, deviceAt: instantIn(zone, time), seq: null, method: methodOf(codes, verify) },
    original: {
      digest: hash('sha256', bytes, 'hex'),
      kept: { from, verify, status, ...(workCode !== null && { workCode }) },
    },
  };
}

function instantIn(zone: Zone, time: LocalTime): Ms {
  const at = instantOfLocal(zone, time);
  if (at !== null) return at;
  const { year, month, day, hour, minute, second } = time;
  throw new DecodeError(
    `The record is of ${year}-${month}-${day} ${hour}:${minute}:${second}; expected a time that exists.`,
  );
}

/** Up to the first zero byte. */
function textIn(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('latin1');
}

/** Ids by numbers, of a table of users; names, passwords and cards in it are not looked at. */
export function readUserIds(bytes: Buffer, count: number): UserIds {
  return new Map(usersIn(bytes, count).map((user) => [user.readUInt16LE(0), userIdIn(user)]));
}

/** The same with their names, for whoever asks for them. Places: pyzk, `zk/base.py` (`get_users`). */
export function readUserNames(bytes: Buffer, count: number): readonly DeviceUser[] {
  const users = usersIn(bytes, count).map((user) => ({
    credential: userIdIn(user),
    name: nameIn(user.length === 28 ? user.subarray(8, 16) : user.subarray(11, 35)),
  }));
  return eachOnce(users.filter(({ credential }) => USER_ID.test(credential)));
}

/** Users have 28 or 72 bytes each. */
function usersIn(bytes: Buffer, count: number): readonly Buffer[] {
  const table = bytes.subarray(4);
  const size = count > 0 && Math.round(table.length / count) >= 72 ? 72 : 28;
  return Array.from({ length: Math.floor(table.length / size) }, (_, i) => table.subarray(i * size, (i + 1) * size));
}

const userIdIn = (user: Buffer): string =>
  user.length === 28 ? String(user.readUInt32LE(24)) : textIn(user.subarray(48, 72));
