/** Reading JSON payloads strictly: known keys are what they should be, or a `DecodeError` names the one that is not. */
import { type Ms, parseInstant } from '../rules/time.ts';
import { DecodeError } from './clock.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** A punch is some hundred bytes; what is larger than this was meant for something else. */
export const MAX_PAYLOAD_BYTES = 65_536;

/** As long as a text in a fact may be. */
const MAX_TEXT = 1000;
const SAMPLE_LENGTH = 40;
const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Control characters and halves of characters: neither survives a log line or a database as it came. */
const UNFIT = /[\p{Cc}\p{Cs}]/u;

/** Null where it is none. */
export function asObject(value: unknown): Payload | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : null;
}

/** The object that a payload holds. Throws `DecodeError`; never quotes the payload, which may hold a credential. */
export function readPayload(bytes: Uint8Array): Payload {
  const value = readJson(bytes, MAX_PAYLOAD_BYTES);
  const payload = asObject(value);
  if (payload === null) throw new DecodeError(`The payload is ${kindOf(value)}; expected a JSON object.`);
  return payload;
}

/** What a payload holds. Throws `DecodeError`; never quotes it. */
export function readJson(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.length === 0) throw new DecodeError('The payload is empty; expected a JSON object.');
  if (bytes.length > maxBytes) {
    throw new DecodeError(`The payload has ${bytes.length} bytes; expected at most ${maxBytes}.`);
  }
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new DecodeError('The payload is not valid UTF-8; expected a JSON object in UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new DecodeError(`The payload (${bytes.length} bytes) is not JSON; expected a JSON object.`);
  }
}

/** A time with an offset. */
export function requiredInstant(value: unknown, key: string): Ms {
  const at = typeof value === 'string' ? parseInstant(value) : null;
  return at ?? refuse(key, value, 'a time with an offset, such as "2026-03-02T08:55:10+08:00"');
}

/** A time with an offset; null where there is none. */
export function optionalInstant(value: unknown, key: string): Ms | null {
  return value == null ? null : requiredInstant(value, key);
}

/** A whole number from 0; null where there is none. */
export function optionalCount(value: unknown, key: string): number | null {
  if (value == null) return null;
  if (isCount(value)) return value;
  return refuse(key, value, 'a whole number from 0');
}

/** A text; null where there is none. */
export function optionalText(value: unknown, key: string): string | null {
  if (value == null) return null;
  if (isText(value)) return value;
  return refuse(key, value, `a text of 1 to ${MAX_TEXT} characters`);
}

/** One of the words given. */
export function requiredWord<const T extends string>(value: unknown, key: string, words: readonly T[]): T {
  return words.find((word) => word === value) ?? refuse(key, value, words.map((word) => `"${word}"`).join(' or '));
}

/** An enrolment: a text, or a whole number read as its digits. Its value is never quoted. */
export function requiredCredential(value: unknown, key: string): string {
  if (isText(value)) return value;
  if (isCount(value)) return String(value);
  const found = value === undefined ? 'is missing' : `is ${kindOf(value)}`;
  throw new DecodeError(`"${key}" ${found}; expected a text of 1 to ${MAX_TEXT} characters or a whole number from 0.`);
}

/** Whether it can be a text of a fact. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && !UNFIT.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function refuse(key: string, value: unknown, expected: string): never {
  if (value === undefined) throw new DecodeError(`"${key}" is missing; expected ${expected}.`);
  throw new DecodeError(`"${key}" is ${sampleOf(value)}; expected ${expected}.`);
}

/** Objects and lists are not quoted: they may hold anything. */
function sampleOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return kindOf(value);
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= SAMPLE_LENGTH ? text : `${text.slice(0, SAMPLE_LENGTH - 1)}…`;
}

/** What a value is, in words, without quoting it. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'an empty text';
  return (
    { object: 'an object', string: 'another text', number: 'another number' }[typeof value as string] ?? String(value)
  );
}
