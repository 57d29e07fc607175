/**
 * Dahua access control and attendance terminals, over their HTTP API. We listen to the stream of events
 * (`GET /cgi-bin/eventManager.cgi?action=attach&codes=[AccessControl]`), or the device pushes them (EventHttpUpload) to
 * `/dahua/<clock>`; and the log is asked every now and then for what neither said.
 */
import type { Dahua } from '../../config/clocks/dahua.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { type Ask, kept, Wake } from '../called-device.ts';
import {
  type ClockListener,
  type ClockSurroundings,
  type ConnectedClock,
  DecodeError,
  type Refused,
} from '../clock.ts';
import { type Outcome, toKeep } from '../outcome.ts';
import { callTerminal, type Terminal, terminalClock } from '../terminal.ts';
import { type EventContext, readEvents, unreadable } from './dahua-events.ts';
import { DahuaLog, readDeviceInfo, readDeviceTime, readUsers, setDeviceTime } from './dahua-log.ts';

const HEARTBEAT_SECONDS = 5;
const ATTACH = `/cgi-bin/eventManager.cgi?action=attach&codes=[AccessControl]&heartbeat=${HEARTBEAT_SECONDS}`;
const STREAM_SILENCE_MS = 6 * HEARTBEAT_SECONDS * SECOND;

export function dahuaClock(options: Dahua, around: ClockSurroundings): ConnectedClock {
  const path = `/dahua/${around.device}`;
  return terminalClock(new DahuaTerminal(options, around), { around, options, path, streamMs: STREAM_SILENCE_MS });
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
      take: (event: Uint8Array) => this.take([event], 'eventManager.cgi', listener, signal),
      time: {
        read: (ask: Ask) => readDeviceTime(ask, this.#context),
        set: (ask: Ask, now: Ms) => setDeviceTime(ask, now, this.#context),
      },
      meet: async (ask: Ask) => listener.heard({ about: await readDeviceInfo(ask) }),
      log: this.#logOf(listener),
    };
    return callTerminal(call, listener, signal);
  }

  users(ask: Ask) {
    return readUsers(ask);
  }

  async take(
    documents: readonly Uint8Array[],
    about: string,
    listener: ClockListener,
    signal: AbortSignal,
  ): Promise<void> {
    const outcomes: Outcome[] = [];
    const unread: Refused[] = [];
    for (const body of documents) {
      try {
        for (const outcome of readEvents(body, this.#context)) outcomes.push(outcome);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        unread.push({ about, because: error.message, payload: unreadable(body) });
      }
    }
    const { records, refused: strange } = toKeep(outcomes, about);
    const refused = [...unread, ...strange];
    if (records.length === 0 && refused.length === 0) listener.heard();
    else if ((await kept(listener, { records, refused }, signal)) && this.#options.url !== null) {
      this.#logOf(listener).heard(records);
    }
  }

  #logOf(listener: ClockListener): DahuaLog {
    const { backfill } = this.#options;
    this.#log ??= new DahuaLog({ around: this.#around, context: this.#context, backfillMs: backfill }, listener);
    return this.#log;
  }
}
