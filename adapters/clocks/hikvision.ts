/**
 * Hikvision access control and attendance terminals, over ISAPI. We listen to the stream of events
 * (`GET /ISAPI/Event/notification/alertStream`), or the device pushes them (`httpHosts`) to `/hikvision/<clock>`; and the log is
 * asked every now and then, because neither says everything: a stream begins with what was retained, and some firmware
 * comes to an end with that only after hours (seen on a DS-K1T342, V3.3.5).
 */
import type { Hikvision } from '../../config/clocks/hikvision.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import { type Ask, kept, Wake } from '../called-device.ts';
import {
  type ClockListener,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
  type Refused,
} from '../clock.ts';
import { toKeep } from '../outcome.ts';
import { callTerminal, type Terminal, terminalClock } from '../terminal.ts';
import { type AccessEvent, type EventContext, readEvent, unreadable } from './hikvision-events.ts';
import { HikvisionLog } from './hikvision-log.ts';
import { readDeviceInfo, readDeviceTime, searchUsers, setDeviceTime, type TimeAnswer } from './hikvision-search.ts';

const ALERT_STREAM = '/ISAPI/Event/notification/alertStream';
/** About every ten seconds comes a heartbeat, which is a `videoloss` that is not active. */
const STREAM_SILENCE_MS = MINUTE;
const ABOUT = 'about';
/** Another device at the same address is a mistake while the first one is heard, and a replacement later. */
const OTHER_AFTER_MS = 10 * MINUTE;

export function hikvisionClock(options: Hikvision, around: ClockSurroundings): ConnectedClock {
  const path = `/hikvision/${around.device}`;
  return terminalClock(new HikvisionTerminal(options, around), { around, options, path, streamMs: STREAM_SILENCE_MS });
}

class HikvisionTerminal implements Terminal {
  readonly #options: Hikvision;
  readonly #around: ClockSurroundings;
  readonly #context: EventContext;
  readonly #wake = new Wake();
  #log: HikvisionLog | null = null;
  /** Who pushes here, and when last, in elapsed time. */
  #pusher: { readonly mac: string; readonly at: Ms } | null = null;

  constructor(options: Hikvision, around: ClockSurroundings) {
    this.#options = options;
    this.#around = around;
    this.#context = { zone: around.zone, passes: options.passes };
  }

  listen(url: string, listener: ClockListener, signal: AbortSignal) {
    const call = {
      ...{ around: this.#around, url, options: this.#options, target: ALERT_STREAM, streamMs: STREAM_SILENCE_MS },
      wake: this.#wake,
      take: (event: Uint8Array) => this.take([event], ALERT_STREAM, listener, signal),
      time: {
        read: (ask: Ask) => readDeviceTime(ask, this.#around.zone),
        set: (ask: Ask, now: Ms, shown: TimeAnswer) => setDeviceTime(ask, shown, now, this.#around.zone),
      },
      meet: (ask: Ask) => this.#meet(ask, listener),
      log: this.#logOf(listener),
    };
    return callTerminal(call, listener, signal);
  }

  users(ask: Ask) {
    return searchUsers(ask, `users-${Math.floor(this.#around.random() * 1e9)}`);
  }

  /** False where it was broken off. */
  async take(
    documents: readonly Uint8Array[],
    about: string,
    listener: ClockListener,
    signal: AbortSignal,
  ): Promise<boolean> {
    const log = this.#logOf(listener);
    const events: AccessEvent[] = [];
    const unread: Refused[] = [];
    for (const body of documents) {
      try {
        const event = readEvent(body, this.#context);
        const other = event === null ? null : this.#other(event);
        if (other !== null) unread.push({ about, because: other, payload: unreadable(body) });
        else if (event !== null && !log.isTaken(event)) events.push(event);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        unread.push({ about, because: error.message, payload: unreadable(body) });
      }
    }
    const { records, refused: strange } = toKeep(
      events.map(({ outcome }) => outcome),
      about,
    );
    const refused = [...unread, ...strange];
    if (records.length === 0 && refused.length === 0) listener.heard();
    else if (!(await kept(listener, { records, refused }, signal))) return false;
    if (events.map((event) => log.heard(event)).includes(true)) this.#wake.now();
    return true;
  }

  /** Why an event is not of this clock's device; null = it is. Two that push to one address would be one to everybody. */
  #other({ mac }: AccessEvent): string | null {
    if (mac === null) return null;
    const now = this.#around.clock.elapsed();
    const known = this.#pusher;
    if (known !== null && known.mac !== mac && now - known.at < OTHER_AFTER_MS) {
      return `Two devices send as clock "${this.#around.device}" (${known.mac} and ${mac}); give each its own.`;
    }
    this.#pusher = { mac, at: now };
    return null;
  }

  async #meet(ask: Ask, listener: ClockListener): Promise<void> {
    const { memory } = this.#around;
    const about = await readDeviceInfo(ask);
    listener.heard({ about });
    const { serialNumber } = about;
    if (serialNumber === undefined) return;
    const before = memory.get(ABOUT);
    if (before !== null && before !== serialNumber) this.#logOf(listener).replaced();
    if (before !== serialNumber) memory.set(ABOUT, serialNumber);
  }

  #logOf(listener: ClockListener): HikvisionLog {
    const { backfill, url } = this.#options;
    const log = { around: this.#around, context: this.#context, backfillMs: backfill, hasSearch: url !== null };
    this.#log ??= new HikvisionLog(log, listener);
    return this.#log;
  }
}
