/**
 * Face terminals that open a WebSocket at `/pub/chat` (some post the same JSON to `/pub/api`), say `reg`, and then `sendlog` until they are
 * answered. Known under many names: AiFace, DIXI, Topdata, TIMMY and others.
 *
 * From the makers' "WebSocket + JSON protocol" 2.7 and 2.8, as retold on GitHub (2.8: lokesh-reddy54/timmy), and from notes of people who
 * run such devices (nachapa-pdv on a DIXI Facial 40, a receiver for "AI Face 11"): a record is sent again until
 * `{"ret":"sendlog","result":true,…}` comes, `cloudtime` sets the device's clock, `enrollid` 99999999 is a stranger and 0 the door,
 * `event` is a key that a person pressed (F1 to F4), and what `mode` means differs by model.
 */
import { createHash } from 'node:crypto';
import type { Sendlog } from '../../config/clocks/sendlog.ts';
import { readTime } from '../../config/time-format.ts';
import { formatInstant, type Ms, SECOND, type Zone } from '../../rules/time.ts';
import {
  type ClockDelivery,
  type ClockListener,
  type ClockRecord,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
  type DeviceAnswer,
  type DeviceRequest,
  type DeviceSocket,
} from '../clock.ts';
import { type Payload, readJson, requiredCredential } from '../payload.ts';
import { scrubbedBytes } from '../scrubbed.ts';
import { within } from '../within.ts';
import { SendlogBackfill } from './sendlog-backfill.ts';

/** Devices give up waiting after about 20 s. */
const ANSWER_WITHIN_MS = 10 * SECOND;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_RECORDS = 2000;
/** Somebody whom it does not know; and the door, whose `event` says what it did. */
const NOBODY = ['99999999', '0'];
const TIME = 'yyyy-MM-dd HH:mm:ss';
/** What is kept with a punch. */
const KEPT = ['mode', 'inout', 'event'] as const;
/** What it says of itself when it registers; shown to installers. */
const ABOUT = ['modelname', 'firmware', 'fpalgo'] as const;

type Around = Pick<ClockSurroundings, 'device' | 'zone' | 'clock' | 'memory' | 'tellsTime'>;

export function sendlogClock(options: Sendlog, around: Around): ConnectedClock {
  const serial = options.serial ?? around.device;
  return {
    silenceMs: options.silence,
    socket: {
      paths: [options.path],
      isMine: (first) => messageOf(Buffer.from(first))?.['sn'] === serial,
      talk: (socket, first, listener) => talk(options, serial, around, socket, first, listener),
    },
    http: {
      isMine: ({ method, path, query }) =>
        method === 'POST' && path === options.httpPath && (query.get('sn') ?? serial) === serial,
      handle: (request, listener) => overHttp(options, serial, around, request, listener),
    },
  };
}

/** The object that a message holds; null where it holds none. */
function messageOf(bytes: Uint8Array): Payload | null {
  try {
    const value = readJson(bytes, MOST_BYTES);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : null;
  } catch {
    return null;
  }
}

async function talk(
  options: Sendlog,
  serial: string,
  around: Around,
  socket: DeviceSocket,
  first: string,
  listener: ClockListener,
): Promise<void> {
  const log = new SendlogBackfill({
    ...{ around, listener, backfillMs: options.backfill },
    decode: (bytes) => decodeSendlog(bytes, `${socket.path} getalllog`, around.zone, options.modes),
    send: (command) => socket.send(JSON.stringify(command)),
  });
  for (let text: string | null = first; text !== null; text = await socket.next()) {
    const bytes = Buffer.from(text);
    const message = messageOf(bytes);
    if (message !== null && log.isAnswer(message)) {
      await log.take(message, bytes);
      continue;
    }
    const answer = await answered(options, serial, around, bytes, socket.path, listener);
    if (answer !== null) socket.send(JSON.stringify(answer));
    if (message !== null && message['cmd'] === 'reg' && (message['sn'] ?? serial) === serial) {
      log.begin(signOf(message, around.zone).deviceAt ?? null);
    }
  }
}

async function overHttp(
  options: Sendlog,
  serial: string,
  around: Around,
  { body, path }: DeviceRequest,
  listener: ClockListener,
): Promise<DeviceAnswer> {
  const answer = await answered(options, serial, around, body, path, listener);
  if (answer === null) return { status: 503, body: '', headers: { 'Retry-After': '10' } };
  return { status: 200, body: JSON.stringify(answer), headers: { 'Content-Type': 'application/json; charset=utf-8' } };
}

/** What is said to a message; null = nothing, and the device says it again. */
async function answered(
  options: Sendlog,
  serial: string,
  around: Around,
  bytes: Uint8Array,
  path: string,
  listener: ClockListener,
): Promise<object | null> {
  const { clock, zone } = around;
  const message = messageOf(bytes);
  const command = message === null ? null : message['cmd'];
  if (typeof command === 'string' && command !== 'sendlog') {
    if (message?.['sn'] !== undefined && message['sn'] !== serial) return refusal(command);
    listener.heard(signOf(message ?? {}, zone));
    // It is told not to send its people; where it does all the same, nothing of them is kept.
    return {
      ret: command,
      result: true,
      ...timeOf(options, around),
      ...(command === 'reg' ? { nosenduser: true } : {}),
    };
  }
  // An answer to something that we never asked.
  if (message !== null && command === undefined && message['ret'] !== undefined) {
    listener.heard();
    return null;
  }
  // Several devices may post to one path: the record of another would be taken for this one's.
  if (message !== null && message['sn'] !== undefined && message['sn'] !== serial) return refusal('sendlog');
  const done = listener.deliver(decodeSendlog(bytes, path, zone, options.modes));
  if (!(await within(clock, ANSWER_WITHIN_MS, done))) return null;
  const echoed = Object.fromEntries(
    ['count', 'logindex'].flatMap((key) => (isNumber(message?.[key]) ? [[key, message?.[key]]] : [])),
  );
  return { ret: 'sendlog', result: true, ...echoed, ...timeOf(options, around) };
}

const refusal = (command: string): object => ({ ret: command, result: false, reason: 1 });

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** `cloudtime`, by which the device sets its clock. */
function timeOf({ setTime }: Sendlog, { clock, zone, tellsTime }: Around): object {
  return setTime && tellsTime() ? { cloudtime: formatInstant(zone, clock.now()).slice(0, 19).replace('T', ' ') } : {};
}

function signOf(message: Payload, zone: Zone) {
  const told = message['devinfo'];
  const info: Payload = typeof told === 'object' && told !== null ? (told as Payload) : message;
  const about = ABOUT.flatMap((key) => {
    const value = info[key];
    return typeof value === 'string' && value !== '' ? [[key, value.slice(0, 60)] as const] : [];
  });
  const at = readTime(TIME, info['time'], zone);
  const count = info['usedlog'];
  return {
    ...(at === null ? {} : { deviceAt: at }),
    ...(isNumber(count) && count >= 0 ? { count } : {}),
    ...(about.length === 0 ? {} : { about: Object.fromEntries(about) }),
  };
}

/** The touches in a `sendlog`, and aside what cannot be understood; strangers and events of the door are no touches. Throws nothing. */
export function decodeSendlog(
  bytes: Uint8Array,
  about: string,
  zone: Zone,
  modes: Readonly<Record<string, string>> | null,
): ClockDelivery {
  const refuse = (because: string): ClockDelivery => ({
    records: [],
    refused: [{ about, because, payload: scrubbedBytes(bytes) }],
  });
  const message = messageOf(bytes);
  if (message === null) return refuse('The message is not a JSON object.');
  const list = message['record'];
  if (!Array.isArray(list)) return refuse('The message has no list "record".');
  if (list.length > MOST_RECORDS)
    return refuse(`The message has ${list.length} records; expected at most ${MOST_RECORDS}.`);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const records: ClockRecord[] = [];
  const faults = new Set<string>();
  for (const one of list as readonly unknown[]) {
    try {
      const record = recordOf(one, zone, modes);
      if (record !== null) records.push({ punch: record.punch, original: { digest, kept: record.kept } });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      faults.add(error.message);
    }
  }
  return { records, refused: faults.size === 0 ? [] : (refuse([...faults].slice(0, 5).join(' | ')).refused ?? []) };
}

/** Null = no touch, by the device's own word. */
function recordOf(value: unknown, zone: Zone, modes: Readonly<Record<string, string>> | null) {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DecodeError('A record is no object.');
  const record = value as Payload;
  const { time, mode } = record;
  const credential = requiredCredential(record['enrollid'], 'enrollid');
  if (NOBODY.includes(credential)) return null;
  const at: Ms | null = readTime(TIME, time, zone);
  if (at === null) throw new DecodeError(`"time" is no time written ${TIME}.`);
  const kept = KEPT.flatMap((key) => (isNumber(record[key]) ? [[key, record[key]] as const] : []));
  const method =
    modes !== null && isNumber(mode) && Object.hasOwn(modes, String(mode)) ? (modes[String(mode)] ?? null) : null;
  return {
    punch: { credential, deviceAt: at, seq: null, method },
    kept: Object.fromEntries(kept),
  };
}
