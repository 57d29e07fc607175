/**
 * What Hikvision terminals say of somebody at the door: `AccessControllerEvent` in JSON or XML, sent by the stream of events or
 * pushed, and the entries of their log as a search answers them. Names, pictures and temperatures stay where they are.
 *
 * Keys and values as devices sent them in public projects: the stream of a DS-K1T342 and of a time and attendance terminal
 * (JSON; heartbeats are `videoloss` or `heartBeat`), notifications of a DS-K1T673 (multipart, part `event_log`, often without a
 * type), and of older firmware in XML.
 */
import { hash } from 'node:crypto';
import { type Ms, parseInstant, type Zone } from '../../rules/time.ts';
import { DecodeError } from '../clock.ts';
import { keptFields, masked, shownFields } from '../kept-fields.ts';
import { instantOfDigits } from '../local-time.ts';
import type { Outcome } from '../outcome.ts';
import { asObject, type Payload, requiredCredential } from '../payload.ts';
import { scrubbedText } from '../scrubbed.ts';
import { meaningOf } from './hikvision-codes.ts';

/** An access event, wherever it came from. */
export interface AccessEvent {
  /** Of the device's log, counting whatever it notes; null = it says none. */
  readonly serial: number | null;
  /** The number of the entry before this one. */
  readonly front: number | null;
  /** By the device's clock; null = none that can be read. */
  readonly at: Ms | null;
  /** It happened before, and is said again. */
  readonly isReplay: boolean;
  /** The MAC address of the device, where it says so. */
  readonly mac: string | null;
  readonly outcome: Outcome;
}

export interface EventContext {
  readonly zone: Zone;
  /** Sub types that count as passes beside those of the table. */
  readonly passes: readonly number[];
}

/** The entry of an attendance record is in this class; the others are alarms, exceptions and operations. */
const MAJOR_EVENT = 5;
const ACCESS = 'accesscontrollerevent';
const MOST_UNREAD_BYTES = 4000;

/**
 * The access event that a message holds; null where it holds another one, such as a heartbeat. Throws `DecodeError` for what
 * is no event at all.
 */
export function readEvent(bytes: Uint8Array, context: EventContext): AccessEvent | null {
  const text = Buffer.from(bytes).toString('utf8');
  const root = /^\s*</.test(text) ? fromXml(text) : fromJson(text);
  const inner = objectIn(root, 'AccessControllerEvent');
  if (inner === null) {
    if (typeof root['eventType'] === 'string' && root['eventType'].toLowerCase() !== ACCESS) return null;
    throw new DecodeError('The message has neither "eventType" nor "AccessControllerEvent".');
  }
  return accessEvent(
    { ...inner, dateTime: root['dateTime'] ?? inner['dateTime'] ?? inner['time'] },
    root,
    bytes,
    context,
  );
}

/** The entry of a log, as a search answers it. Throws `DecodeError` for what is none. */
export function readEntry(entry: unknown, context: EventContext): AccessEvent {
  const fields = asObject(entry);
  if (fields === null) throw new DecodeError('An entry of "InfoList" is no object.');
  const event = { ...fields, majorEventType: fields['major'], subEventType: fields['minor'], dateTime: fields['time'] };
  return accessEvent(event, fields, Buffer.from(JSON.stringify(entry)), context);
}

function accessEvent(event: Payload, root: Payload, bytes: Uint8Array, context: EventContext): AccessEvent {
  const at = instantIn(event['dateTime'], context.zone);
  return {
    serial: numberIn(event['serialNo']),
    front: numberIn(event['frontSerialNo']),
    at,
    isReplay: event['currentEvent'] === false || event['currentEvent'] === 'false',
    mac: macIn(root['macAddress']),
    outcome: outcomeOf(event, at, bytes, context),
  };
}

function outcomeOf(event: Payload, at: Ms | null, bytes: Uint8Array, { passes }: EventContext): Outcome {
  const refused = (because: string): Outcome => {
    return { is: 'refused', because, payload: shownFields(event, SHOWN) };
  };
  const [major, subType] = [
    numberIn(event['majorEventType'] ?? event['major']),
    numberIn(event['subEventType'] ?? event['minor']),
  ];
  if (major === null || subType === null) return refused('"majorEventType" or "subEventType" is missing or no number.');
  if (major !== MAJOR_EVENT) return { is: 'none' };
  const credential = credentialIn(event);
  const meaning = meaningOf(subType, passes);
  // Of nobody known: doors, buttons, and strangers.
  if (meaning.is === 'none' || credential === null) return { is: 'none' };
  if (meaning.is === 'unknown') {
    return refused(`"subEventType" ${subType} of a person is not known here; if it is a punch, write it under passes.`);
  }
  if (at === null) return refused('"dateTime" is missing or no time that exists.');
  try {
    const punch = {
      credential: requiredCredential(credential, 'employeeNoString'),
      deviceAt: at,
      seq: numberIn(event['serialNo']),
      method: meaning.method,
    };
    const original = { digest: hash('sha256', bytes, 'hex'), kept: keptFields(event, KEPT) };
    return { is: 'punch', record: { punch, original } };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refused(error.message);
  }
}

/** Of a person, or else of a card; null where the event is of nobody. */
function credentialIn(event: Payload): unknown {
  for (const key of ['employeeNoString', 'employeeNo', 'cardNo']) {
    const value = event[key];
    const text = typeof value === 'string' ? value.trim() : value;
    // Where nobody was recognised some firmware writes a nought.
    if (text !== undefined && text !== null && text !== '' && text !== 0 && text !== '0') return text;
  }
  return null;
}

/** Of an entry: which door, how, and as what; nothing of the person. */
const KEPT = [
  'majorEventType',
  'subEventType',
  'serialNo',
  'frontSerialNo',
  'currentEvent',
  'doorNo',
  'cardReaderNo',
  'cardReaderKind',
  'cardType',
  'userType',
  'currentVerifyMode',
  'attendanceStatus',
  'statusValue',
  'label',
] as const;
const SHOWN: readonly string[] = [
  ...KEPT,
  'major',
  'minor',
  'dateTime',
  'time',
  'employeeNoString',
  'employeeNo',
  'cardNo',
];

/** With the offset that it has, else by the zone of the device. */
export function instantIn(value: unknown, zone: Zone): Ms | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const told = parseInstant(text);
  if (told !== null) return told;
  const local = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})$/.exec(text);
  return local === null ? null : instantOfDigits(zone, local.slice(1));
}

/** A whole number from 0; XML and some firmware write it as a text, in base 10 or 16. */
export function numberIn(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : '';
  const number = /^(?:\d{1,15}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

const macIn = (value: unknown): string | null =>
  typeof value === 'string' && /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i.test(value) ? value.toLowerCase() : null;

function objectIn(fields: Payload, key: string): Payload | null {
  return asObject(fields[key]);
}

function fromJson(text: string): Payload {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DecodeError('The message is neither JSON nor XML.');
  }
  const root = asObject(value);
  if (root === null) throw new DecodeError('The message is JSON, but no object.');
  // Some firmware wraps the event once more.
  return objectIn(root, 'EventNotificationAlert') ?? root;
}

/** By its tags alone: devices write `&` as it is in names, which no XML parser takes. Only leaves are read, and no entities. */
function fromXml(text: string): Payload {
  const inner = /<(?:\w+:)?AccessControllerEvent[\s>]([\s\S]*?)<\/(?:\w+:)?AccessControllerEvent>/.exec(text);
  const outer = inner === null ? text : text.replace(inner[0], '');
  return { ...leavesOf(outer), ...(inner !== null && { AccessControllerEvent: leavesOf(inner[1] ?? '') }) };
}

function leavesOf(text: string): Record<string, string> {
  const leaves: Record<string, string> = Object.create(null);
  for (const [, tag = '', value = ''] of text.matchAll(/<(?:\w+:)?(\w{1,64})(?:\s[^<>]*)?>([^<>]*)</g))
    leaves[tag] ??= value.trim();
  return leaves;
}

/** A message that is no event, as it may be kept aside: of XML the tags and the numbers. */
export function unreadable(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.subarray(0, MOST_UNREAD_BYTES)).toString('utf8');
  if (/^\s*</.test(text)) return Buffer.from(masked(text.replace(/>[^<>]*[^<>\s\d:.+T-][^<>]*/g, '>…')));
  return Buffer.from(masked(scrubbedText(bytes)));
}
