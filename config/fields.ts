/** The leaves of hall.yaml. Each names its kind in its error (`@duration`), from which config/issues.ts makes a sentence. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { DAY_LENGTH, dayOfDate, type Ms } from '../rules/time.ts';
import { DURATION_PATTERN, parseDuration, parseSize, SIZE_PATTERN } from './durations.ts';
import { isTimeFormat } from './time-format.ts';
import { isTimeZone } from './zone-table.ts';

export type Leaf =
  | 'id'
  | 'credential'
  | 'text'
  | 'secret'
  | 'duration'
  | 'date'
  | 'time'
  | 'session'
  | 'zone'
  | 'whole'
  | 'url'
  | 'listen'
  | 'network'
  | 'header'
  | 'size'
  | 'topic'
  | 'roi'
  | 'pointer'
  | 'timeFormat'
  | 'topicName'
  | 'httpPath'
  | 'condition'
  | 'empty';

const error = (leaf: Leaf): `@${Leaf}` => `@${leaf}`;

function text(leaf: Leaf, allowed: (value: string) => boolean, params?: Record<string, unknown>) {
  return z.string({ error: error(leaf) }).refine(allowed, { error: error(leaf), ...(params && { params }) });
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;
const ID = /^[^\s/+#]{1,64}$/;
const CREDENTIAL = /^\S{1,64}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const SESSION = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Whether `HH:MM-HH:MM` is written as it must be; `24:00` may end a session. */
export const isSessionText = (value: string): boolean => SESSION.test(value);
export const isTimeText = (value: string): boolean => TIME.test(value);

/** Ids become levels of MQTT topics and names of series: no white space, none of `/ + #`, at most 64 characters. */
export const id = text('id', (value) => ID.test(value) && !INVISIBLE.test(value) && value !== '__proto__').meta({
  pattern: ID.source,
});
export const credentialId = text('credential', (value) => CREDENTIAL.test(value) && !INVISIBLE.test(value)).meta({
  pattern: CREDENTIAL.source,
});
export const shortText = text('text', (value) => value.trim() !== '' && value.length <= 200).meta({ maxLength: 200 });
/** Values under such a key are never printed; in the file they may also stand in another file (`password_file`). */
export const secret = text('secret', (value) => value !== '').meta({ 'x-secret': true });
export const date = text('date', (value) => dayOfDate(value) !== null).meta({ pattern: DATE.source });
export const timeOfDay = text('time', isTimeText).meta({ pattern: TIME.source });
export const session = text('session', isSessionText).meta({ pattern: SESSION.source });
export const timeZone = text('zone', isTimeZone);
export const topicFilter = text('topic', isTopicFilter);
/** A topic to publish to: without wildcards. */
export const topicName = text('topicName', (value) => isTopicFilter(value) && !/[+#]/.test(value));
/** RFC 6901: empty = the whole, else steps that each begin with `/`. */
export const jsonPointer = text('pointer', (value) => /^(\/([^~]|~[01])*)*$/.test(value) && value.length <= 200).meta({
  pattern: '^(/.*)?$',
});
/** How a device writes a time. */
export const timeFormat = text('timeFormat', isTimeFormat);
/** A path of an address, without query. */
export const httpPath = text('httpPath', (value) => /^\/[^\s?#]{1,200}$/.test(value)).meta({ pattern: '^/[^\\s?#]+$' });

/** A length of time with its unit, as milliseconds; at most ten years. */
export const duration = durationUpTo(3650 * DAY_LENGTH, '3650d');
/** The same for thresholds, which speak of one day. */
export const threshold = durationUpTo(DAY_LENGTH, '24h');

function durationUpTo(maximum: Ms, limit: string) {
  return z
    .string({ error: error('duration') })
    .transform((value, context): Ms => {
      const length = parseDuration(value);
      if (length !== null && length <= maximum) return length;
      context.issues.push({ code: 'custom', input: value, message: error('duration'), params: { limit } });
      return z.NEVER;
    })
    .meta({ pattern: DURATION_PATTERN });
}

/** A size such as `512MB`, as bytes. */
export const size = z
  .string({ error: error('size') })
  .transform((value, context): number => {
    const bytes = parseSize(value);
    if (bytes !== null) return bytes;
    context.issues.push({ code: 'custom', input: value, message: error('size') });
    return z.NEVER;
  })
  .meta({ pattern: SIZE_PATTERN });

/** A whole number between two limits, both allowed. */
export function whole(minimum: number, maximum: number) {
  return z
    .number({ error: error('whole') })
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, {
      error: error('whole'),
      params: { minimum, maximum },
    })
    .meta({ type: 'integer', minimum, maximum });
}

/** An address with one of the given schemes (`rtsp`, `https` …) and a host. */
export function url(...schemes: readonly string[]) {
  return text('url', (value) => schemes.includes(schemeOf(value)), { schemes });
}

function schemeOf(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  return parsed === null || parsed.hostname === '' ? '' : parsed.protocol.slice(0, -1);
}

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 = the system picks a free one. */
  readonly port: number;
}

/** `127.0.0.1:8420`, `[::1]:8420` or `localhost:8420`. */
export const listen = z.string({ error: error('listen') }).transform((value, context): ListenAddress => {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (match !== null && port <= 65_535) return { host: (match[1] as string).replace(/^\[|\]$/g, ''), port };
  context.issues.push({ code: 'custom', input: value, message: error('listen') });
  return z.NEVER;
});

/** An address, or all that begin as it does: `10.1.0.0/16`, `::1`. */
export const network = text('network', isNetwork);

function isNetwork(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

/** RFC 9110 section 5.1: what a header can be called. */
export const headerName = text('header', (value) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(value));

/** A region of a picture in fractions of its width and height, from the upper left. */
export type Roi =
  | { readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  | { readonly kind: 'polygon'; readonly points: readonly (readonly [x: number, y: number])[] };

export const roi = z
  .unknown()
  .transform((value, context): Roi => {
    const read = readRoi(value);
    if (read !== null && insidePicture(read)) return read;
    context.issues.push({ code: 'custom', input: value, message: error('roi') });
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 4, maxItems: 4 },
      {
        type: 'array',
        minItems: 3,
        items: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 2, maxItems: 2 },
      },
    ],
  });

/** A box or a polygon by its form alone, wherever it lies; null if it is neither. */
export function readRoi(value: unknown): Roi | null {
  if (!Array.isArray(value)) return null;
  const numbers = value.filter((item): item is number => typeof item === 'number' && Number.isFinite(item));
  if (value.length === 4 && numbers.length === 4) {
    const [x, y, width, height] = numbers as [number, number, number, number];
    return { kind: 'box', x, y, width, height };
  }
  const points = value.filter(isPoint);
  return points.length === value.length && points.length >= 3 ? { kind: 'polygon', points } : null;
}

function isPoint(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => typeof part === 'number' && Number.isFinite(part))
  );
}

function insidePicture(region: Roi): boolean {
  const inside = (part: number): boolean => part >= 0 && part <= 1;
  if (region.kind === 'polygon') return region.points.every((point) => point.every(inside));
  // Fractions written with two decimals add up to a hair over 1 in binary: 0.7 + 0.3 must be allowed.
  const [right, bottom] = [region.x + region.width, region.y + region.height].map((edge) => edge - 1e-9) as [
    number,
    number,
  ];
  return [region.x, region.y, right, bottom].every(inside) && region.width > 0 && region.height > 0;
}

/** MQTT 3.1.1 section 4.7: `+` fills a level, `#` only the last one. */
function isTopicFilter(value: string): boolean {
  if (value === '' || value.length > 1024 || value.includes('\0')) return false;
  const levels = value.split('/');
  return levels.every((level, i) => level === '+' || (level === '#' && i === levels.length - 1) || !/[+#]/.test(level));
}

/** A key that may be left out; null where it is. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | null => value ?? null);
}

/** A list that may be left out; empty where it is. */
export function listOf<T extends z.ZodType>(schema: T) {
  return z
    .array(schema)
    .nullish()
    .transform((value): z.output<T>[] => value ?? []);
}

/** A key that may be left out and then has this value, written as in the file. */
export function withDefault<T extends z.ZodType>(schema: T, written: z.input<T>) {
  return schema
    .nullish()
    .transform((value): z.output<T> => value ?? schema.parse(written))
    .meta({ 'x-default': written });
}

/** A section that may be left out and then has its keys' defaults. */
export function section<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> => value ?? schema.parse({}));
}
