/**
 * The log of a Hikvision terminal, asked by `POST /ISAPI/AccessControl/AcsEvent?format=json`, page by page until it says no more
 * `MORE`; its time and what it is, by `/ISAPI/System/time` and `/ISAPI/System/deviceInfo`.
 *
 * 30 entries are the most that a page has on devices seen (capabilities of a DS-K1T342, DS-K1T343); `beginSerialNo` is
 * heeded there, other models refuse it, or the whole search (github.com/ERPNEXT-PAKISTAN/Hikvision-Frappe).
 */
import { formatInstant, type Ms, type Zone } from '../../rules/time.ts';
import type { Ask } from '../called-device.ts';
import { DecodeError } from '../clock.ts';
import { DeviceFault } from '../device-fault.ts';
import type { HttpAnswer } from '../device-http.ts';
import { type AccessEvent, type EventContext, instantIn, readEntry } from './hikvision-events.ts';

/** What part of the log. */
export type Range = { readonly fromSerial: number } | { readonly from: Ms; readonly to: Ms };

export interface Page {
  readonly entries: readonly AccessEvent[];
  /** Entries that are none, each as a sentence with what came. */
  readonly unread: readonly { readonly because: string; readonly entry: unknown }[];
  readonly hasMore: boolean;
}

/** The device understands the question, and does not answer it. */
export interface NoSearch {
  readonly because: string;
}

const PAGE_SIZE = 30;
const SEARCH = '/ISAPI/AccessControl/AcsEvent?format=json';
const JSON_TYPE = 'application/json';

/** A page of the log. Rejects with a `DeviceFault` where nobody answers, or not with what was asked for. */
export async function searchPage(
  ask: Ask,
  { range, position, searchId }: { readonly range: Range; readonly position: number; readonly searchId: string },
  context: EventContext,
): Promise<Page | NoSearch> {
  const condition = {
    searchID: searchId,
    searchResultPosition: position,
    maxResults: PAGE_SIZE,
    major: 5,
    minor: 0,
    ...('fromSerial' in range
      ? { beginSerialNo: range.fromSerial }
      : {
          startTime: formatInstant(context.zone, seconds(range.from)),
          endTime: formatInstant(context.zone, seconds(range.to)),
        }),
  };
  const post = { body: JSON.stringify({ AcsEventCond: condition }), type: JSON_TYPE };
  const answer = await ask({ target: SEARCH, post, isLoginProven: true });
  const { status } = answer;
  if (status >= 500 && reasonIn(answer) === null)
    throw new DeviceFault('refused', `answers ${status} to a search of its log`);
  if (status !== 200) return { because: `${status}${reasonIn(answer) === null ? '' : ` ${reasonIn(answer)}`}` };
  return pageOf(answer, context);
}

const seconds = (at: Ms): Ms => Math.floor(at / 1000) * 1000;

/** The device's own word of why it refuses. */
function reasonIn({ body }: HttpAnswer): string | null {
  return /subStatusCode["']?\s*[>:]\s*["']?(\w{1,40})/.exec(body.toString('latin1', 0, 4096))?.[1] ?? null;
}

function pageOf({ body }: HttpAnswer, context: EventContext): Page | NoSearch {
  const found = resultIn(body);
  if (found === null) return { because: 'the answer is no list of events' };
  const entries: AccessEvent[] = [];
  const unread: { because: string; entry: unknown }[] = [];
  const list = Array.isArray(found['InfoList']) ? found['InfoList'] : [];
  for (const entry of list) {
    try {
      entries.push(readEntry(entry, context));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      unread.push({ because: error.message, entry });
    }
  }
  // An empty page that promises more would be asked for without end.
  return { entries, unread, hasMore: found['responseStatusStrg'] === 'MORE' && list.length > 0 };
}

function resultIn(body: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const result = (value as { readonly AcsEvent?: unknown } | null)?.AcsEvent;
    return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const TIME = '/ISAPI/System/time';

export interface TimeAnswer {
  readonly at: Ms;
  /** As it came, to be sent back with another time. */
  readonly document: string;
}

/** The time that the device shows; null where it does not tell. Proves the login. */
export async function readDeviceTime(ask: Ask, zone: Zone): Promise<TimeAnswer | null> {
  const { status, body } = await ask({ target: TIME });
  if (status !== 200) return null;
  const document = body.toString('utf8');
  const at = instantIn(leaf(document, 'localTime'), zone);
  return at === null ? null : { at, document };
}

/** Sets the time of the device, in its own form; whether it took it. One that asks a time server is left alone. */
export async function setDeviceTime(ask: Ask, { document }: TimeAnswer, now: Ms, zone: Zone): Promise<boolean> {
  if (leaf(document, 'timeMode')?.toLowerCase() !== 'manual') return false;
  const written = leaf(document, 'localTime') ?? '';
  const shown = formatInstant(zone, seconds(now));
  // Without the offset where the device writes none.
  const told = /(?:Z|[+-]\d{2}:\d{2})$/.test(written) ? shown : shown.slice(0, 19);
  const body = document.replace(/(<(?:\w+:)?localTime>)[^<]*/, `$1${told}`);
  const { status } = await ask({
    target: TIME,
    post: { body, type: 'application/xml', method: 'PUT' },
    isLoginProven: true,
  });
  return status === 200;
}

/** What the device says it is; empty where it does not tell. */
export async function readDeviceInfo(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const { status, body } = await ask({ target: '/ISAPI/System/deviceInfo', isLoginProven: true });
  if (status !== 200) return {};
  const document = body.toString('utf8');
  const about: Record<string, string> = {};
  for (const key of ['model', 'serialNumber', 'firmwareVersion']) {
    const value = leaf(document, key);
    if (value !== null) about[key] = value;
  }
  return about;
}

function leaf(document: string, tag: string): string | null {
  const text = new RegExp(`<(?:\\w+:)?${tag}>\\s*([^<]{1,100}?)\\s*<`).exec(document)?.[1] ?? '';
  return text === '' ? null : text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}
