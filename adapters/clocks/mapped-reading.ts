/**
 * What a mapping makes of a message, field by field. The daemon takes the punches of it; whoever writes a mapping is shown every
 * step of the same reading (`tap`, the page of live messages), so that what is shown is what happens.
 */
import type { Condition, Mapping, Reply } from '../../config/clocks/mapped.ts';
import { readTime } from '../../config/time-format.ts';
import type { Ms, Zone } from '../../rules/time.ts';
import { type ClockSign, DecodeError, type PunchReading } from '../clock.ts';
import { isText, readJson } from '../payload.ts';
import { covers } from '../topics.ts';
import { type DeadEnd, deadEnd, valueAt } from './mapped-pointer.ts';

/** Pictures come within messages; they are dropped, and what is larger than this is no message of a clock. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A page of a device's log has some hundred. */
const MOST_RECORDS = 2000;
const LONGEST_CREDENTIAL = 64;
const LONGEST_WORD = 40;
const LONGEST_KEPT = 100;

export interface MappedMessage {
  /** Null = it came over HTTP. */
  readonly topic: string | null;
  readonly payload: Uint8Array;
}

/** Why a value is not what its field asks for. */
export type Fault =
  | ({ readonly kind: 'missing'; readonly pointers: readonly string[] } & DeadEnd)
  | { readonly kind: 'empty' }
  | { readonly kind: 'not-a-value' }
  | { readonly kind: 'too-long'; readonly most: number }
  | { readonly kind: 'bad-time'; readonly format: string; readonly fits: string | null }
  | { readonly kind: 'bad-number' }
  | { readonly kind: 'not-listed'; readonly listed: readonly string[] };

/** One step of a reading: from where, what was there, what became of it. */
export interface Step {
  /** As in the mapping: `credential`, `time`, `keep.door` … */
  readonly field: string;
  /** The pointer that led to the value; null = none did. */
  readonly pointer: string | null;
  readonly found: unknown;
  readonly result: string | number | boolean | null;
  readonly fault: Fault | null;
}

/** One record: a punch, a verification that failed (no punch), or something that cannot be understood. */
export interface RecordReading {
  readonly steps: readonly Step[];
  readonly outcome:
    | { readonly kind: 'punch'; readonly punch: PunchReading; readonly kept: Readonly<Record<string, Scalar>> }
    | { readonly kind: 'not-passed' }
    | { readonly kind: 'unfit' };
}

export type Scalar = string | number | boolean;

export type MappedReading =
  | { readonly kind: 'punches'; readonly records: readonly RecordReading[]; readonly reply: Answer | null }
  /** `which`: its place in `others`. */
  | { readonly kind: 'other'; readonly which: number; readonly sign: ClockSign | null; readonly reply: Answer | null }
  /** Neither a punch nor among `others`: the conditions of a punch that do not hold. */
  | { readonly kind: 'unknown'; readonly failed: readonly FailedCondition[] }
  | { readonly kind: 'no-items'; readonly fault: Fault }
  | { readonly kind: 'unreadable'; readonly because: string };

export interface FailedCondition {
  readonly condition: Condition;
  readonly found: unknown;
}

/** What the device waits for. */
export interface Answer {
  /** Null = in the answer to its request. */
  readonly topic: string | null;
  readonly payload: string;
}

/** What a mapping makes of a message; times without offset are local to `zone`. Throws nothing, whatever the message is. */
export function mappedReading(mapping: Mapping, { topic, payload }: MappedMessage, zone: Zone): MappedReading {
  let message: unknown;
  try {
    message = readJson(payload, MAX_MESSAGE_BYTES);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'unreadable', because: error.message };
  }
  const failed = failedOf(mapping.when, topic, message);
  if (failed.length === 0 && !isRatherOther(mapping, topic, message)) return punches(mapping, message, zone);
  const which = mapping.others.findIndex(({ when }) => failedOf(when, topic, message).length === 0);
  if (which < 0) return { kind: 'unknown', failed };
  return other(mapping, which, message, zone);
}

/** Where a mapping has no condition for punches, everything else is told apart by the conditions of the others. */
function isRatherOther({ when, others }: Mapping, topic: string | null, message: unknown): boolean {
  return (
    when.length === 0 && others.some((one) => one.when.length > 0 && failedOf(one.when, topic, message).length === 0)
  );
}

function failedOf(conditions: readonly Condition[], topic: string | null, message: unknown): FailedCondition[] {
  return conditions.flatMap((condition): FailedCondition[] => {
    if ('topic' in condition) {
      return topic !== null && covers(condition.topic, topic) ? [] : [{ condition, found: topic ?? undefined }];
    }
    const found = valueAt(message, condition.ptr);
    return isAmong(found, condition) ? [] : [{ condition, found }];
  });
}

/** Numbers and texts are compared as they are written: many devices send every value as a text. */
function isAmong(
  value: unknown,
  { equals, in: list }: { equals: Scalar | null; in: readonly Scalar[] | null },
): boolean {
  return isScalar(value) && (list ?? [equals ?? '']).some((one) => String(one) === String(value));
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

function punches(mapping: Mapping, message: unknown, zone: Zone): MappedReading {
  const items = valueAt(message, mapping.items ?? '');
  if (typeof items !== 'object' || items === null) {
    const pointer = mapping.items ?? '';
    const missing = { kind: 'missing', pointers: [pointer], ...deadEnd(message, pointer) } as const;
    return { kind: 'no-items', fault: items === undefined ? missing : { kind: 'not-a-value' } };
  }
  const list: readonly unknown[] = Array.isArray(items) ? items : [items];
  if (list.length > MOST_RECORDS) return { kind: 'no-items', fault: { kind: 'too-long', most: MOST_RECORDS } };
  const records = list.map((item) => recordOf(mapping, item, message, zone));
  return { kind: 'punches', records, reply: answerOf(mapping.reply, message) };
}

function other(mapping: Mapping, which: number, message: unknown, zone: Zone): MappedReading {
  const { alive, time, count, reply } = mapping.others[which] as Mapping['others'][number];
  const at = time === null ? null : readTime(time.format, pick(time, message, message).found, zone);
  const records = count === null ? null : countOf(pick(count, message, message).found);
  const sign: ClockSign = { ...(at === null ? {} : { deviceAt: at }), ...(records === null ? {} : { count: records }) };
  return { kind: 'other', which, sign: alive ? sign : null, reply: answerOf(reply, message) };
}

// ---- one record -------------------------------------------------------------------------------------------------------

interface Place {
  readonly ptr: readonly string[];
  readonly of: 'item' | 'message';
}

interface Picked {
  readonly pointer: string | null;
  readonly found: unknown;
}

/** The first place where something is. */
function pick({ ptr, of }: Place, item: unknown, message: unknown): Picked {
  const from = of === 'message' ? message : item;
  let empty: Picked = { pointer: null, found: undefined };
  for (const pointer of ptr) {
    const found = valueAt(from, pointer);
    const isThere = found !== undefined && found !== null && !(typeof found === 'string' && found.trim() === '');
    if (isThere) return { pointer, found };
    if (found !== undefined && empty.pointer === null) empty = { pointer, found };
  }
  return empty;
}

function recordOf({ fields, keep }: Mapping, item: unknown, message: unknown, zone: Zone): RecordReading {
  const step = (
    field: string,
    place: Place,
    read: (found: unknown) => Step['result'] | Fault,
    isNeeded: boolean,
  ): Step => {
    const picked = pick(place, item, message);
    const isNothing = picked.found == null || picked.found === '';
    if (isNothing && !isNeeded) return { field, ...picked, result: read(undefined) as Step['result'], fault: null };
    const result = picked.pointer === null ? missingOf(place, item, message) : read(picked.found);
    const isFault = typeof result === 'object' && result !== null;
    return { field, ...picked, result: isFault ? null : result, fault: isFault ? result : null };
  };
  const { credential, time, seq, method, direction, ok } = fields;
  const passed = ok === null ? null : step('ok', ok, (found) => passes(found, ok), true);
  const who = step('credential', credential, (found) => credentialOf(found, credential.dropZeros), true);
  const at = step('time', time, (found) => timeOf(found, time.format, zone), true);
  const number =
    seq === null
      ? null
      : step('seq', seq, (found) => (found === undefined ? null : (countOf(found) ?? BAD_NUMBER)), false);
  const by = method === null ? null : step('method', method, (found) => wordOf(found, method), false);
  const way = direction === null ? null : step('direction', direction, (found) => wordOf(found, direction), false);
  const kept = Object.entries(keep ?? {}).map(([name, ptr]) =>
    step(
      `keep.${name}`,
      { ptr: [ptr], of: 'item' },
      (found) => (isScalar(found) && String(found).length <= LONGEST_KEPT ? found : null),
      false,
    ),
  );
  const steps = [passed, who, at, number, by, way, ...kept].filter((one) => one !== null);
  // Of a stranger there may be no number: that is no fault of the mapping.
  if (passed?.result === false) return { steps, outcome: { kind: 'not-passed' } };
  if (steps.some(({ fault }) => fault !== null)) return { steps, outcome: { kind: 'unfit' } };
  const punch: PunchReading = {
    credential: String(who.result),
    deviceAt: at.result as Ms,
    seq: (number?.result ?? null) as number | null,
    method: (by?.result ?? null) as string | null,
  };
  const values = [
    ...kept.map(({ field, result }) => [field.slice('keep.'.length), result] as const),
    ['direction', way?.result ?? null] as const,
  ];
  const filled = values.filter((one): one is readonly [string, Scalar] => one[1] !== null);
  return { steps, outcome: { kind: 'punch', punch, kept: Object.fromEntries(filled) } };
}

const BAD_NUMBER: Fault = { kind: 'bad-number' };

function missingOf({ ptr, of }: Place, item: unknown, message: unknown): Fault {
  return { kind: 'missing', pointers: ptr, ...deadEnd(of === 'message' ? message : item, ptr[0] ?? '') };
}

function passes(found: unknown, ok: NonNullable<Mapping['fields']['ok']>): boolean | Fault {
  if (!isScalar(found)) return { kind: 'not-a-value' };
  if (isAmong(found, ok)) return true;
  if (ok.failed === null || isAmong(found, { equals: null, in: ok.failed })) return false;
  const listed = [...(ok.in ?? [ok.equals ?? '']), ...ok.failed].map(String);
  return { kind: 'not-listed', listed };
}

function credentialOf(found: unknown, dropZeros: boolean): string | Fault {
  if (!isScalar(found) || typeof found === 'boolean') return { kind: 'not-a-value' };
  const text = String(found).trim();
  if (text === '') return { kind: 'empty' };
  if (text.length > LONGEST_CREDENTIAL) return { kind: 'too-long', most: LONGEST_CREDENTIAL };
  if (!isText(text)) return { kind: 'not-a-value' };
  return dropZeros ? text.replace(/^0+(?=.)/, '') : text;
}

/** Formats that are tried to tell what a time looks like where it is not in the one that was named. */
export const USUAL_FORMATS = [
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'yyyy/MM/dd HH:mm:ss',
  'yyyy-MM-ddTHH:mm:ss',
  'yyyyMMddHHmmss',
  'rfc3339',
] as const;

function timeOf(found: unknown, format: string, zone: Zone): Ms | Fault {
  if (typeof found === 'string' && found.trim() === '') return { kind: 'empty' };
  const at = readTime(format, found, zone);
  return at ?? { kind: 'bad-time', format, fits: formatOf(found, zone) };
}

/** In which of the usual ways a time is written; null if in none. */
export function formatOf(found: unknown, zone: Zone): string | null {
  const usual = USUAL_FORMATS.find((format) => readTime(format, found, zone) !== null);
  if (usual !== undefined) return usual;
  const digits = String(found);
  if (/^1\d{9}(\.\d+)?$/.test(digits)) return 'unix';
  return /^1\d{12}$/.test(digits) ? 'unix-ms' : null;
}

function countOf(found: unknown): number | null {
  const text = typeof found === 'number' ? String(found) : typeof found === 'string' ? found.trim() : '';
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : null;
}

/** A word that is not listed says nothing: how somebody was recognised is no reason to doubt that they were. */
function wordOf(
  found: unknown,
  { map, default: otherwise }: { map: Readonly<Record<string, string>> | null; default: string | null },
): string | null {
  if (!isScalar(found)) return otherwise;
  const text = String(found).trim();
  if (map !== null) return Object.hasOwn(map, text) ? (map[text] ?? null) : otherwise;
  return isText(text) && text.length <= LONGEST_WORD ? text : otherwise;
}

// ---- what the device waits for ------------------------------------------------------------------------------------------

const DEEPEST_TEMPLATE = 10;

/** Null where a value that belongs into it is not in the message: the device would not know what is meant. */
function answerOf(reply: Reply | null, message: unknown): Answer | null {
  if (reply === null) return null;
  const filled = fill(reply.template, message, 0);
  if (filled === undefined) return null;
  return { topic: reply.topic, payload: typeof filled === 'string' ? filled : JSON.stringify(filled) };
}

function fill(template: unknown, message: unknown, depth: number): unknown {
  if (typeof template !== 'object' || template === null) return template;
  if (depth > DEEPEST_TEMPLATE) return undefined;
  if (Array.isArray(template)) {
    const items = template.map((item) => fill(item, message, depth + 1));
    return items.includes(undefined) ? undefined : items;
  }
  const entries = Object.entries(template);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'ptr' && typeof only[1] === 'string') {
    const found = valueAt(message, only[1]);
    return isScalar(found) && String(found).length <= LONGEST_KEPT ? found : undefined;
  }
  const values = entries.map(([key, value]) => [key, fill(value, message, depth + 1)] as const);
  return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values);
}
