/**
 * What ZKTeco devices upload: `table=ATTLOG`, a line with tabs for each punch (attendance devices), and `table=rtlog`, a line of
 * `key=value` for each event (access control devices).
 *
 * ATTLOG: user, time, status, way of verifying, work code, and whatever the firmware adds, such as a mask and a temperature
 * (ZKTeco "Attendance PUSH Communication Protocol" 4.8; "PUSH SDK Communication Protocol" 2.0.1). rtlog: ZKTeco "Security PUSH
 * Communication Protocol" 2.3, whose appendix 2 gives events 0 to 19 to people who were let in, 20 to 99 to those who were
 * not, 100 to 199 to alarms. Only fields in ASCII are read, so that it does not matter whether a body is UTF-8 or GBK.
 */
import { hash } from 'node:crypto';
import type { Ms, Zone } from '../../rules/time.ts';
import { type ClockRecord, DecodeError, type Refused } from '../clock.ts';
import { instantOfLocal } from '../local-time.ts';
import { type CodeOptions, methodOf } from './zkteco-codes.ts';

export interface UploadContext {
  readonly zone: Zone;
  readonly codes: CodeOptions;
  /** Of the device that uploads; kept with each record. */
  readonly serial: string;
  /** Where it came by, for what is refused. */
  readonly about: string;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
/** As long as an enrolment may be; ZKTeco's own are at most 24 digits and letters. */
const PIN = /^[\x21-\x7e]{1,64}$/;
const CODE = /^\d{1,5}$/;
const WORK_CODE = /^\d{1,10}$/;
/** More than any line with a punch has; longer ones hold a picture. */
const MOST_LINE_BYTES = 1024;

export interface DecodedLines {
  readonly records: readonly ClockRecord[];
  readonly refused: readonly Refused[];
  /** All that were not empty; some of rtlog are no records. */
  readonly lines: number;
}

/** Records and refusals of an ATTLOG body. */
export function decodeAttlog(body: Uint8Array, context: UploadContext): DecodedLines {
  return decodeLines(body, context, (line, bytes) => attlogRecord(line, bytes, context));
}

/** The same of an rtlog body; events of doors and of people who were not let in are no records. */
export function decodeRtlog(body: Uint8Array, context: UploadContext): DecodedLines {
  return decodeLines(body, context, (line, bytes) => rtlogRecord(line, bytes, context));
}

type ReadLine = (line: string, bytes: Uint8Array) => ClockRecord | null;

function decodeLines(body: Uint8Array, context: UploadContext, read: ReadLine): DecodedLines {
  const records: ClockRecord[] = [];
  const refused: Refused[] = [];
  let lines = 0;
  for (const bytes of linesOf(body)) {
    lines++;
    try {
      if (bytes.length > MOST_LINE_BYTES) {
        throw new DecodeError(`The line has ${bytes.length} bytes; a punch has at most ${MOST_LINE_BYTES}.`);
      }
      const record = read(textOf(bytes), bytes);
      if (record !== null) records.push(record);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      refused.push({ about: context.about, because: error.message, payload: withoutMore(bytes) });
    }
  }
  return { records, refused, lines };
}

function* linesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < body.length; ) {
    const end = body.indexOf(0x0a, from);
    const line = body.subarray(from, end < 0 ? body.length : end);
    const bytes = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    if (!isBlank(bytes)) yield bytes;
    from = end < 0 ? body.length : end + 1;
  }
}

/** One byte one character: what is not ASCII is in no field that is read. */
const textOf = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

function isBlank(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x20) return false;
  return true;
}

const SHOWN_FIELDS = 8;
const SHOWN_KEYS = /^(?:time|pin|event|eventaddr|inoutstatus|verifytype|index)=[\w :/-]{0,30}$/i;

/** What of a line may be looked at: users, times and codes. The rest, which may be a name or a picture, as its length. */
function withoutMore(bytes: Uint8Array): Uint8Array {
  const fields = textOf(bytes).split('\t');
  const shown = fields.slice(0, SHOWN_FIELDS).map((field, i) => {
    const isShown = SHOWN_KEYS.test(field) || (i === 0 ? /^[A-Za-z0-9]{0,24}$/ : /^[\d :/.-]{0,30}$/).test(field);
    return isShown ? field : `<${field.length} bytes>`;
  });
  return Buffer.from(shown.join('\t'));
}

function attlogRecord(line: string, bytes: Uint8Array, { zone, codes, serial }: UploadContext): ClockRecord {
  const [pin = '', time = '', status = '', verify = '', workCode = ''] = line.split('\t').map((field) => field.trim());
  const verified = codeOf(verify);
  return {
    punch: {
      credential: readPin(pin),
      deviceAt: readAt(time, zone),
      // ATTLOG has no numbers; the place in an upload is none.
      seq: null,
      method: methodOf(codes, verified),
    },
    original: {
      digest: hash('sha256', bytes, 'hex'),
      kept: {
        serial,
        table: 'ATTLOG',
        ...coded('status', status),
        ...coded('verify', verify),
        ...(WORK_CODE.test(workCode) && { workCode }),
      },
    },
  };
}

/** Null for what is no touch of a person. */
function rtlogRecord(line: string, bytes: Uint8Array, { zone, codes, serial }: UploadContext): ClockRecord | null {
  const fields = keyedFields(line);
  const pin = fields.get('pin') ?? '';
  const event = codeOf(fields.get('event') ?? '');
  if (!fields.has('pin') || event === null) {
    throw new DecodeError('The line has no "pin" or no "event" with a number; expected an event of access control.');
  }
  if (pin === '' || pin === '0' || (event >= 20 && event <= 199)) return null;
  // Documented for doors and the device itself; whether a person was let in, nobody says.
  if (event >= 200)
    throw new DecodeError(`"event" is ${event}, with a person; expected 0 to 19 for one who was let in.`);
  const verify = fields.get('verifytype') ?? '';
  return {
    punch: {
      credential: readPin(pin),
      deviceAt: readAt(fields.get('time') ?? '', zone),
      // `index` counts events of doors too, so that its gaps say nothing; and the same touch may come as ATTLOG.
      seq: null,
      // Newer firmware writes a row of 16 bits instead of a code.
      method: methodOf(codes, /^0\d/.test(verify) ? null : codeOf(verify)),
    },
    original: {
      digest: hash('sha256', bytes, 'hex'),
      kept: {
        serial,
        table: 'rtlog',
        event,
        ...coded('index', fields.get('index') ?? ''),
        ...coded('door', fields.get('eventaddr') ?? ''),
        ...coded('status', fields.get('inoutstatus') ?? ''),
        ...(/^\d{1,16}$/.test(verify) && { verify }),
      },
    },
  };
}

/** `a=1<tab>b=2`, by its keys in lower case; fields stand in another order from firmware to firmware. */
export function keyedFields(line: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const pair of line.split('\t')) {
    const at = pair.indexOf('=');
    if (at > 0) fields.set(pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim());
  }
  return fields;
}

function readPin(pin: string): string {
  if (PIN.test(pin)) return pin;
  const found = pin === '' ? 'is missing' : 'is no number or name in ASCII of at most 64 characters';
  throw new DecodeError(`The user ${found}; expected "user<tab>time<tab>status<tab>verification".`);
}

/** A log of years comes in some uploads: this is read a hundred thousand times. */
export function readDeviceTime(time: string, zone: Zone): Ms | null {
  const parts = TIME.exec(time);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(parts[i])) as Parts;
  return instantOfLocal(zone, { year, month, day, hour, minute, second });
}

type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number];

function readAt(time: string, zone: Zone): Ms {
  const at = readDeviceTime(time, zone);
  if (at !== null) return at;
  const shown = /^[\d :/.T-]{0,30}$/.test(time) ? `"${time}"` : `a text of ${time.length} bytes`;
  throw new DecodeError(`The time is ${shown}; expected a date that exists, such as "2026-03-02 08:55:10".`);
}

const codeOf = (field: string): number | null => (CODE.test(field) ? Number(field) : null);

function coded(key: string, field: string): Readonly<Record<string, number>> {
  const code = /^\d{1,15}$/.test(field) ? Number(field) : null;
  return code === null ? {} : { [key]: code };
}
