/**
 * Dahua access control and attendance terminals, over their HTTP API. We listen to the stream of events
 * (`GET /cgi-bin/eventManager.cgi?action=attach&codes=[AccessControl]`), or the device pushes them (EventHttpUpload) to
 * `/dahua/<clock>`; and the log is asked every now and then for what neither said.
 */
import type { Dahua } from '../../config/clocks/dahua.ts';
import { SECOND } from '../../rules/time.ts';
import { type Ask, askBeside, deviceAddress, kept, Wake } from '../called-device.ts';
import {
  type ClockListener,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
  type DeviceAnswer,
  type DeviceRequest,
  type Refused,
} from '../clock.ts';
import { takePushed } from '../pushed.ts';
import { callTerminal, type Terminal, terminalClock, terminalSilence } from '../terminal.ts';
import { type EventContext, type Outcome, readEvents, unreadable } from './dahua-events.ts';
import { DahuaLog, readDeviceInfo, readDeviceTime, readUsers, setDeviceTime } from './dahua-log.ts';

const HEARTBEAT_SECONDS = 5;
const ATTACH = `/cgi-bin/eventManager.cgi?action=attach&codes=[AccessControl]&heartbeat=${HEARTBEAT_SECONDS}`;
const STREAM_SILENCE_MS = 6 * HEARTBEAT_SECONDS * SECOND;
/** The time of a device is set if it is off by more. */
const OFF_MS = 5 * SECOND;

export function dahuaClock(options: Dahua, around: ClockSurroundings): ConnectedClock {
  const path = `/dahua/${around.device}`;
  return terminalClock(
    new DahuaTerminal(options, around),
    options.url,
    path,
    terminalSilence(options, STREAM_SILENCE_MS),
  );
}

class DahuaTerminal implements Terminal {
  readonly #options: Dahua;
  readonly #around: ClockSurroundings;
  readonly #context: EventContext;
  #log: DahuaLog | null = null;

  constructor(options: Dahua, around: ClockSurroundings) {
    this.#options = options;
    this.#around = around;
    this.#context = { zone: around.zone, isUtcLocal: options.utcIsLocal };
  }

  listen(url: string, listener: ClockListener, signal: AbortSignal) {
    const call = {
      ...{ around: this.#around, url, options: this.#options, target: ATTACH, streamMs: STREAM_SILENCE_MS },
      wake: new Wake(),
      take: (event: Uint8Array) => this.#take([event], 'eventManager.cgi', listener, signal),
      meet: (ask: Ask, isFirst: boolean) => this.#meet(ask, listener, isFirst),
      log: this.#logOf(listener),
    };
    return callTerminal(call, listener, signal);
  }

  users(url: string, signal: AbortSignal) {
    const { username, password } = this.#options;
    return askBeside(this.#around, deviceAddress(url, username, password), signal, readUsers);
  }

  /** What the device pushed. */
  pushed(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    return takePushed(this.#around, request, (documents, about, signal) =>
      this.#take(documents, about, listener, signal),
    );
  }

  async #take(
    documents: readonly Uint8Array[],
    about: string,
    listener: ClockListener,
    signal: AbortSignal,
  ): Promise<void> {
    const outcomes: Outcome[] = [];
    const refused: Refused[] = [];
    for (const body of documents) {
      try {
        for (const outcome of readEvents(body, this.#context)) outcomes.push(outcome);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        refused.push({ about, because: error.message, payload: unreadable(body) });
      }
    }
    const records = outcomes.flatMap((outcome) => (outcome.is === 'punch' ? [outcome.record] : []));
    for (const outcome of outcomes) {
      if (outcome.is === 'refused') refused.push({ about, because: outcome.because, payload: outcome.payload });
    }
    if (records.length === 0 && refused.length === 0) listener.heard();
    else if ((await kept(listener, { records, refused }, signal)) && this.#options.url !== null) {
      this.#logOf(listener).heard(records);
    }
  }

  /** Asks the device what it is and what time it shows; sets it if that is wanted. */
  async #meet(ask: Ask, listener: ClockListener, isFirst: boolean): Promise<void> {
    const { clock } = this.#around;
    const at = await readDeviceTime(ask, this.#context);
    listener.heard(at === null ? {} : { deviceAt: at });
    if (at !== null && this.#options.setTime && this.#around.tellsTime() && Math.abs(at - clock.now()) > OFF_MS) {
      const isSet = await setDeviceTime(ask, clock.now(), this.#context);
      const now = isSet ? await readDeviceTime(ask, this.#context) : null;
      if (now !== null) listener.heard({ deviceAt: now });
    }
    if (isFirst) listener.heard({ about: await readDeviceInfo(ask) });
  }

  #logOf(listener: ClockListener): DahuaLog {
    const { backfill } = this.#options;
    this.#log ??= new DahuaLog({ around: this.#around, context: this.#context, backfillMs: backfill }, listener);
    return this.#log;
  }
}
