/**
 * The log of a Dahua terminal, by `GET /cgi-bin/recordFinder.cgi?action=find&name=AccessControlCardRec`, and its time.
 *
 * As seen on terminals with firmware 2.x and 3.x by public projects: entries come with the oldest first and 1024 at the most, whatever
 * `offset` says, so that the next page is what begins with the last second of this one; times are counts of seconds, on some
 * firmware local ones in text, and others heed none at all; a clock that was set back shows times that have been already.
 */
import { DAY_LENGTH, HOUR, type Ms, SECOND } from '../../rules/time.ts';
import { type Ask, kept } from '../called-device.ts';
import type { ClockListener, ClockRecord, ClockSurroundings, DeviceUser } from '../clock.ts';
import { DeviceFault } from '../device-fault.ts';
import { eachOnce, shownName } from '../device-users.ts';
import { localText } from '../local-time.ts';
import { toKeep } from '../outcome.ts';
import { type Entry, type EventContext, localTimeIn, readEntry, toShown } from './dahua-events.ts';

export interface LogOptions {
  readonly around: ClockSurroundings;
  readonly context: EventContext;
  /** How far back a log is taken that was never taken before. */
  readonly backfillMs: Ms;
}

const FIND = '/cgi-bin/recordFinder.cgi?action=find&name=AccessControlCardRec';
const PAGE_SIZE = 1000;
/** Taken once more each time, since clocks of devices are set back. */
const OVERLAP_MS = HOUR;
/** A time further ahead of ours says nothing of what comes later. */
const MOST_AHEAD_MS = HOUR;
const PLACE = 'place';

/** What a page of the log came to. */
type Page = { readonly entries: readonly Entry[]; readonly total: number } | { readonly because: string };

export class DahuaLog {
  readonly #options: LogOptions;
  readonly #listener: ClockListener;
  /** Everything up to it is kept, as far as the device's clock was not set back. */
  #place: Ms | null;
  /** What was kept in this life, and may be met again. */
  readonly #kept = new Map<string, Ms>();
  #isText = false;
  #isToldComplete = false;
  /** Why the log is not to be had, or not to its end; null = it is, as far as is known. */
  noSearch: string | null = null;
  /** The greatest number of an entry; null = none had one. */
  newest: number | null = null;

  constructor(options: LogOptions, listener: ClockListener) {
    this.#options = options;
    this.#listener = listener;
    const place = options.around.memory.get(PLACE);
    this.#place = place === null ? null : Number(place);
  }

  /** The device was reached anew. */
  connected(): void {
    this.#isToldComplete = false;
  }

  /** These were kept as they were heard. */
  heard(records: readonly ClockRecord[]): void {
    for (const record of records) this.#kept.set(keyOf(record), record.punch.deviceAt);
  }

  /** Takes what is behind the place. Rejects with a `DeviceFault`. */
  async look(ask: Ask, signal: AbortSignal): Promise<void> {
    const { around, backfillMs } = this.#options;
    const beganAt = around.clock.now();
    const start = this.#place === null ? beganAt - backfillMs : Math.min(this.#place, beganAt) - OVERLAP_MS;
    for (const [key, at] of this.#kept) if (at < start) this.#kept.delete(key);
    const isWhole = await this.#takeFrom(ask, signal, Math.floor(start / SECOND) * SECOND);
    if (!isWhole || signal.aborted) return;
    if (!this.#isToldComplete) this.#listener.complete(beganAt);
    this.#isToldComplete = true;
  }

  /** Whether all of it was read and kept. */
  async #takeFrom(ask: Ask, signal: AbortSignal, start: Ms): Promise<boolean> {
    for (let from = start; ; ) {
      const page = await this.#page(ask, from);
      // A device that does not answer is only listened to.
      this.noSearch = 'entries' in page ? null : page.because;
      if (!('entries' in page)) return false;
      const { entries, total } = page;
      const later = entries.filter(({ at }) => at === null || at >= from);
      if (!(await this.#keep(later, signal))) return false;
      const last = later.reduce((most, { at }) => Math.max(most, at ?? most), from);
      this.#move(this.#plausible(last));
      // A page may hold fewer than were asked for.
      if (entries.length < PAGE_SIZE && total <= entries.length) return true;
      // The oldest entries, whatever was asked for: the later ones are out of reach.
      if (later.length === 0) {
        this.noSearch = 'it heeds no times';
        return false;
      }
      from = last > from ? last : from + SECOND;
    }
  }

  async #page(ask: Ask, from: Ms): Promise<Page> {
    const page = await this.#find(ask, from);
    if ('entries' in page) return page;
    this.#isText = !this.#isText;
    return await this.#find(ask, from);
  }

  async #find(ask: Ask, from: Ms): Promise<Page> {
    const { around, context } = this.#options;
    const times = [from, around.clock.now() + DAY_LENGTH].map((at) =>
      this.#isText ? encodeURIComponent(localText(around.zone, at)) : String(Math.floor(toShown(at, context) / SECOND)),
    );
    const target = `${FIND}&StartTime=${times[0]}&EndTime=${times[1]}&count=${PAGE_SIZE}`;
    const { status, body } = await ask({ target, isLoginProven: true });
    if (status >= 500 && status !== 501) throw new DeviceFault('refused', `answers ${status} to a search of its log`);
    const text = body.toString('utf8');
    if (status !== 200 || !/^(?:totalCount|found)=\d+/m.test(text)) return { because: `${status}` };
    const total = Number(/^totalCount=(\d{1,9})/m.exec(text)?.[1] ?? 0);
    return { entries: recordsIn(text).map((fields) => readEntry(fields, context)), total };
  }

  async #keep(entries: readonly Entry[], signal: AbortSignal): Promise<boolean> {
    for (const { number } of entries) if (number !== null) this.newest = Math.max(this.newest ?? 0, number);
    const { records: all, refused } = toKeep(
      entries.map(({ outcome }) => outcome),
      FIND,
    );
    const records = all.filter((record) => !this.#kept.has(keyOf(record)));
    if (records.length > 0 || refused.length > 0) {
      if (!(await kept(this.#listener, { records, refused }, signal))) return false;
      this.heard(records);
    }
    return !signal.aborted;
  }

  #move(place: Ms | null): void {
    if (place === null || (this.#place !== null && place <= this.#place)) return;
    this.#place = place;
    this.#options.around.memory.set(PLACE, String(place));
  }

  #plausible(at: Ms): Ms | null {
    return at <= this.#options.around.clock.now() + MOST_AHEAD_MS ? at : null;
  }
}

const keyOf = ({ punch }: ClockRecord): string => `${punch.credential}\n${punch.deviceAt}`;

/** `records[0].UserID=1001`, a line for each field. */
function recordsIn(text: string): readonly Readonly<Record<string, string>>[] {
  const records = new Map<string, Record<string, string>>();
  for (const [, index = '', key = '', value = ''] of text.matchAll(/^records\[(\d{1,6})\]\.(\w{1,64})=([^\r\n]*)/gm)) {
    const fields = records.get(index) ?? {};
    fields[key] = value;
    records.set(index, fields);
  }
  return [...records.values()];
}

const CURRENT_TIME = '/cgi-bin/global.cgi?action=getCurrentTime';
const USERS = '/cgi-bin/recordFinder.cgi?action=find&name=AccessControlCard&count=1024';

/** Whom it knows: a card or user for each, at most as many as it answers with at once. Rejects with a `DeviceFault`. */
export async function readUsers(ask: Ask): Promise<readonly DeviceUser[]> {
  // A refusal of the question alone must not count as one of the login.
  await ask({ target: CURRENT_TIME });
  const { status, body } = await ask({ target: USERS, isLoginProven: true });
  const text = body.toString('utf8');
  if (status !== 200 || !/^(?:totalCount|found)=\d+/m.test(text)) {
    throw new DeviceFault('not-found', `does not say whom it knows (${status})`);
  }
  const users = recordsIn(text).map(({ UserID = '', CardName }) => ({
    credential: UserID.trim().slice(0, 64),
    name: shownName(CardName),
  }));
  return eachOnce(users.filter(({ credential }) => credential !== ''));
}

/** The time that the device shows; null where it does not tell. Proves the login. */
export async function readDeviceTime(ask: Ask, { zone }: EventContext): Promise<{ readonly at: Ms } | null> {
  const { status, body } = await ask({ target: CURRENT_TIME });
  if (status !== 200) return null;
  const at = localTimeIn(/^result\s*=\s*(.{8,30}?)\s*$/m.exec(body.toString('latin1'))?.[1], zone);
  return at === null ? null : { at };
}

/** Whether the device took it. */
export async function setDeviceTime(ask: Ask, now: Ms, { zone }: EventContext): Promise<boolean> {
  const time = encodeURIComponent(localText(zone, now));
  const { status, body } = await ask({
    target: `/cgi-bin/global.cgi?action=setCurrentTime&time=${time}`,
    isLoginProven: true,
  });
  return status === 200 && /^\s*OK/i.test(body.toString('latin1'));
}

/** What the device says it is; empty where it does not tell. */
export async function readDeviceInfo(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const { status, body } = await ask({ target: '/cgi-bin/magicBox.cgi?action=getSystemInfo', isLoginProven: true });
  if (status !== 200) return {};
  const found = [
    ...body.toString('latin1').matchAll(/^(serialNumber|deviceType|hardwareVersion)=([ -~]{1,100}?)\s*$/gm),
  ];
  return Object.fromEntries(found.map(([, key = '', value = '']) => [key, value]));
}
