/**
 * What Dahua terminals say of somebody at the door: `Code=AccessControl;action=Pulse;index=0;data={…}` in the stream of events,
 * `{"Events":[{"Code":"AccessControl","Data":{…}}]}` or the same text where they push it, and the entries of their log.
 *
 * Forms as devices sent them in public projects: ASI3204E-W, ASI3213A-W and others (JSON over several lines, more than one event in a
 * part, rubbish behind the last brace, `deflate`). An event has no number of the log in any of them, so that a punch has
 * none either: whoever it was at that second is the same punch whichever way it comes.
 */
import { hash } from 'node:crypto';
import { type Ms, offsetAt, SECOND, type Zone } from '../../rules/time.ts';
import { DecodeError } from '../clock.ts';
import { keptFields, masked, shownFields } from '../kept-fields.ts';
import { instantOfDigits } from '../local-time.ts';
import type { Outcome } from '../outcome.ts';
import { asObject, type Payload, requiredCredential } from '../payload.ts';
import { scrubbedText } from '../scrubbed.ts';
import { isOfNobody, methodOf } from './dahua-codes.ts';

export interface EventContext {
  readonly zone: Zone;
  /** What the device calls UTC is its local time. */
  readonly isUtcLocal: boolean;
}

/** An entry of the log. */
export interface Entry {
  /** Null = it says none. */
  readonly number: number | null;
  /** By the device's clock; null = none that can be read. */
  readonly at: Ms | null;
  readonly outcome: Outcome;
}

const ACCESS = 'AccessControl';

/**
 * What a part of the stream, or a body that was pushed, says: of each event of access one outcome. Throws `DecodeError` for what holds
 * no event; a heartbeat, and events of other kinds, are none.
 */
export function readEvents(bytes: Uint8Array, context: EventContext): readonly Outcome[] {
  const text = Buffer.from(bytes).toString('utf8').trim();
  if (text === '' || text === 'Heartbeat') return [];
  const events = text.startsWith('{') || text.startsWith('[') ? fromJson(text) : fromText(text);
  return events.flatMap(({ code, data }) => (code === ACCESS ? [outcomeOf(data, context)] : []));
}

/** An entry of the log, by its fields. */
export function readEntry(fields: Payload, context: EventContext): Entry {
  const at = timeOf(fields, context);
  return { number: numberIn(fields['RecNo']), at, outcome: outcomeOf(fields, context) };
}

function outcomeOf(data: Payload, context: EventContext): Outcome {
  const method = numberIn(data['Method']);
  const person = personIn(data);
  if (person === null || isOfNobody(method) || !isPassed(data)) return { is: 'none' };
  const refused = (because: string): Outcome => ({ is: 'refused', because, payload: shownFields(data, SHOWN) });
  const at = timeOf(data, context);
  if (at === null) return refused('None of "RealUTC", "UTC", "CreateTimeRealUTC" and "CreateTime" is a time.');
  try {
    const credential = requiredCredential(person, 'UserID');
    const punch = { credential, deviceAt: at, seq: null, method: methodOf(method) };
    const digest = hash('sha256', JSON.stringify(data), 'hex');
    return { is: 'punch', record: { punch, original: { digest, kept: keptFields(data, KEPT) } } };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refused(error.message);
  }
}

/** Whether the door let somebody in; a device that says neither is believed, since its log holds openings. */
function isPassed(data: Payload): boolean {
  const [status, fault] = [numberIn(data['Status']), numberIn(data['ErrorCode'])];
  return status !== 0 && (fault === null || fault === 0);
}

/** Of a person, or else of a card; null = of nobody. */
function personIn(data: Payload): unknown {
  for (const key of ['UserID', 'CardNo']) {
    const value = data[key];
    const text = typeof value === 'string' ? value.trim() : value;
    if (text !== undefined && text !== null && text !== '') return text;
  }
  return null;
}

/** What is certain to be UTC comes first. */
function timeOf(data: Payload, { zone, isUtcLocal }: EventContext): Ms | null {
  for (const key of ['RealUTC', 'CreateTimeRealUTC']) {
    const real = secondsIn(data[key]);
    if (real !== null) return real;
  }
  for (const key of ['UTC', 'CreateTime']) {
    const told = secondsIn(data[key]);
    if (told !== null) return isUtcLocal ? fromLocal(told, zone) : told;
    const local = localTimeIn(data[key], zone);
    if (local !== null) return local;
  }
  return null;
}

/** What a device writes as UTC for an instant. */
export const toShown = (at: Ms, { zone, isUtcLocal }: EventContext): Ms => (isUtcLocal ? at + offsetAt(zone, at) : at);

/** The instant at which a clock of the zone shows what this one shows in UTC. */
function fromLocal(shown: Ms, zone: Zone): Ms {
  const guess = shown - offsetAt(zone, shown);
  return shown - offsetAt(zone, guess);
}

/** Before this a count of seconds is none that a device wrote with a clock. */
const LAST_SECONDS = 253_402_300_799;

function secondsIn(value: unknown): Ms | null {
  const seconds = numberIn(value);
  return seconds === null || seconds === 0 || seconds > LAST_SECONDS ? null : seconds * SECOND;
}

/** The time that a device shows in its zone, such as `2026-03-02 08:55:10`; null where it is none. */
export function localTimeIn(value: unknown, zone: Zone): Ms | null {
  const found =
    typeof value === 'string' ? /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2})$/.exec(value.trim()) : null;
  return found === null ? null : instantOfDigits(zone, found.slice(1));
}

/** A whole number from 0; logs write it as a text. */
function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Of an entry: which door, how, and as what; nothing of the person. */
const KEPT = [
  'RecNo',
  'BlockId',
  'Door',
  'ReaderID',
  'Method',
  'Status',
  'ErrorCode',
  'Type',
  'AttendanceState',
  'CardType',
  'UserType',
] as const;
const SHOWN: readonly string[] = [...KEPT, 'UserID', 'CardNo', 'UTC', 'RealUTC', 'CreateTime', 'CreateTimeRealUTC'];

interface DeviceEvent {
  readonly code: string;
  readonly data: Payload;
}

/** One event, or a list of them under `Events`; keys begin with a capital letter or not. */
function fromJson(text: string): DeviceEvent[] {
  const value = parsed(text);
  if (value === undefined) throw new DecodeError('The message looks like JSON, and is none.');
  const list = Array.isArray(value) ? value : asObject(value)?.['Events'];
  const events = (Array.isArray(list) ? list : [value]).map((event) => {
    const fields = asObject(event) ?? {};
    const code = fields['Code'] ?? fields['code'];
    return typeof code === 'string' ? { code, data: asObject(fields['Data'] ?? fields['data']) ?? {} } : null;
  });
  if (events.includes(null)) throw new DecodeError('The message has an event without "Code".');
  return events.filter((event) => event !== null);
}

const HEAD = /Code=([^;\s]{1,64})\s*;\s*action=[^;]{1,32}(?:;\s*index=-?\d{1,9})?(?:;\s*data=)?/g;

/** `Code=…;action=…;index=…;data={…}`, one behind the other. Throws `DecodeError` for an event of access without its data. */
function fromText(text: string): DeviceEvent[] {
  const heads = [...text.matchAll(HEAD)];
  if (heads.length === 0) throw new DecodeError('The message is neither an event ("Code=…") nor JSON.');
  return heads.map((head, i) => {
    const code = head[1] ?? '';
    const rest = text.slice(head.index + head[0].length, heads[i + 1]?.index);
    const data = asObject(parsed(balanced(rest)));
    if (data === null && code === ACCESS) throw new DecodeError('The data of the event is no JSON object.');
    return { code, data: data ?? {} };
  });
}

/** The object with which a text begins, to its last brace: what firmware leaves behind it is none of it. */
function balanced(text: string): string {
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (isQuoted && char === '\\') i++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && char === '{') depth++;
    else if (!isQuoted && char === '}' && --depth <= 0) return text.slice(0, i + 1);
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A message that is no event, as it may be kept aside. */
export function unreadable(bytes: Uint8Array): Uint8Array {
  return Buffer.from(masked(scrubbedText(bytes)));
}
