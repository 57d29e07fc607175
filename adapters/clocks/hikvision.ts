/**
 * Hikvision access control and attendance terminals, over ISAPI. We listen to the stream of events
 * (`GET /ISAPI/Event/notification/alertStream`), or the device pushes them (`httpHosts`) to `/hikvision/<clock>`; and the log is
 * asked every now and then, because neither says everything: a stream begins with what was retained, and some firmware
 * comes to an end with that only after hours (seen on a DS-K1T342, V3.3.5).
 */
import type { Hikvision } from '../../config/clocks/hikvision.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { type Ask, askBeside, deviceAddress, kept, Wake } from '../called-device.ts';
import {
  type ClockListener,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
  type DeviceAnswer,
  type DeviceRequest,
} from '../clock.ts';
import { takePushed } from '../pushed.ts';
import { callTerminal, type Terminal, terminalClock, terminalSilence } from '../terminal.ts';
import { type AccessEvent, type EventContext, readEvent, unreadable } from './hikvision-events.ts';
import { HikvisionLog } from './hikvision-log.ts';
import { readDeviceInfo, readDeviceTime, searchUsers, setDeviceTime } from './hikvision-search.ts';

const ALERT_STREAM = '/ISAPI/Event/notification/alertStream';
/** About every ten seconds comes a heartbeat, which is a `videoloss` that is not active. */
const STREAM_SILENCE_MS = MINUTE;
/** The time of a device is set if it is off by more. */
const OFF_MS = 5 * SECOND;
const ABOUT = 'about';
/** Another device at the same address is a mistake while the first one is heard, and a replacement later. */
const OTHER_AFTER_MS = 10 * MINUTE;

export function hikvisionClock(options: Hikvision, around: ClockSurroundings): ConnectedClock {
  const path = `/hikvision/${around.device}`;
  return terminalClock(
    new HikvisionTerminal(options, around),
    options.url,
    path,
    terminalSilence(options, STREAM_SILENCE_MS),
  );
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
      take: (event: Uint8Array) => this.#take([event], ALERT_STREAM, listener, signal),
      meet: (ask: Ask, isFirst: boolean) => this.#meet(ask, listener, isFirst),
      log: this.#logOf(listener),
    };
    return callTerminal(call, listener, signal);
  }

  users(url: string, signal: AbortSignal) {
    const { username, password } = this.#options;
    const searchId = `users-${Math.floor(this.#around.random() * 1e9)}`;
    return askBeside(this.#around, deviceAddress(url, username, password), signal, (ask) => searchUsers(ask, searchId));
  }

  /** What the device pushed. */
  pushed(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    return takePushed(this.#around, request, (documents, about, signal) =>
      this.#take(documents, about, listener, signal),
    );
  }

  /** Keeps what documents say; false where it was broken off. */
  async #take(
    documents: readonly Uint8Array[],
    about: string,
    listener: ClockListener,
    signal: AbortSignal,
  ): Promise<boolean> {
    const log = this.#logOf(listener);
    const events: AccessEvent[] = [];
    const refused: { about: string; because: string; payload: Uint8Array }[] = [];
    for (const body of documents) {
      try {
        const event = readEvent(body, this.#context);
        const other = event === null ? null : this.#other(event);
        if (other !== null) refused.push({ about, because: other, payload: unreadable(body) });
        else if (event !== null && !log.isTaken(event)) events.push(event);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        refused.push({ about, because: error.message, payload: unreadable(body) });
      }
    }
    const outcomes = events.map(({ outcome }) => outcome);
    const records = outcomes.flatMap((outcome) => (outcome.is === 'punch' ? [outcome.record] : []));
    for (const outcome of outcomes) if (outcome.is === 'refused') refused.push({ about, ...rest(outcome) });
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

  /** Asks the device what it is and what time it shows; sets it if that is wanted. */
  async #meet(ask: Ask, listener: ClockListener, isFirst: boolean): Promise<void> {
    const { clock, zone, memory } = this.#around;
    const time = await readDeviceTime(ask, zone);
    listener.heard(time === null ? {} : { deviceAt: time.at });
    if (
      time !== null &&
      this.#options.setTime &&
      this.#around.tellsTime() &&
      Math.abs(time.at - clock.now()) > OFF_MS
    ) {
      const isSet = await setDeviceTime(ask, time, clock.now(), zone);
      const now = isSet ? await readDeviceTime(ask, zone) : null;
      if (now !== null) listener.heard({ deviceAt: now.at });
    }
    if (!isFirst) return;
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

const rest = ({ because, payload }: { readonly because: string; readonly payload: Uint8Array }) => ({
  because,
  payload,
});
