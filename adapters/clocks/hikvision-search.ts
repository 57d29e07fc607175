/**
 * The log of a Hikvision terminal, asked by `POST /ISAPI/AccessControl/AcsEvent?format=json`, page by page until it says no more
 * `MORE`; its time and what it is, by `/ISAPI/System/time` and `/ISAPI/System/deviceInfo`.
 *
 * 30 entries are the most that a page has on devices seen (capabilities of a DS-K1T342, DS-K1T343); `beginSerialNo` is
 * heeded there, other models refuse it, or the whole search (github.com/ERPNEXT-PAKISTAN/Hikvision-Frappe).
 */
import { formatInstant, type Ms, type Zone } from '../../rules/time.ts';
import type { Ask } from '../called-device.ts';
import { DecodeError, type DeviceUser } from '../clock.ts';
import { DeviceFault } from '../device-fault.ts';
import type { HttpAnswer } from '../device-http.ts';
import { eachOnce, shownName } from '../device-users.ts';
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
  const found = resultIn(body, 'AcsEvent');
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

function resultIn(body: Buffer, name: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const result = (value as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const USERS = '/ISAPI/AccessControl/UserInfo/Search?format=json';
/** Several times what the largest terminals hold. */
const MOST_USERS = 200_000;

/**
 * Whom it knows: numbers and names, page by page as the log is (the same condition and answer by another name; devices seen by
 * integrators give 10 to 30 a page whatever is asked for). Rejects with a `DeviceFault`.
 */
export async function searchUsers(ask: Ask, searchId: string): Promise<readonly DeviceUser[]> {
  // A refusal of the search alone must not count as one of the login.
  await readDeviceInfo(ask, false);
  const users: DeviceUser[] = [];
  for (;;) {
    const condition = { searchID: searchId, searchResultPosition: users.length, maxResults: PAGE_SIZE };
    const post = { body: JSON.stringify({ UserInfoSearchCond: condition }), type: JSON_TYPE };
    const answer = await ask({ target: USERS, post, isLoginProven: true });
    if (answer.status !== 200) {
      throw new DeviceFault(
        'not-found',
        `does not say whom it knows (${answer.status} ${reasonIn(answer) ?? ''})`.replace(' )', ')'),
      );
    }
    const found = resultIn(answer.body, 'UserInfoSearch');
    if (found === null) throw new DeviceFault('refused', 'answers with something else to the question whom it knows');
    const page = Array.isArray(found['UserInfo']) ? found['UserInfo'] : [];
    for (const user of page) users.push(userOf(user));
    if (found['responseStatusStrg'] !== 'MORE' || page.length === 0 || users.length > MOST_USERS) break;
  }
  return eachOnce(users.filter(({ credential }) => credential !== ''));
}

function userOf(entry: unknown): DeviceUser {
  const { employeeNo, name } = (entry ?? {}) as { readonly employeeNo?: unknown; readonly name?: unknown };
  const isNumber = typeof employeeNo === 'string' || typeof employeeNo === 'number';
  return { credential: isNumber ? String(employeeNo).trim().slice(0, 64) : '', name: shownName(name) };
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
export async function readDeviceInfo(ask: Ask, isLoginProven = true): Promise<Readonly<Record<string, string>>> {
  const { status, body } = await ask({ target: '/ISAPI/System/deviceInfo', isLoginProven });
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
