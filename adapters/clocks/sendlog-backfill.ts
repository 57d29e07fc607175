/**
 * What a terminal of the `sendlog` family has in its log, asked for when it has registered over a WebSocket: some firmware holds touches
 * back, or has said to another server that they are sent. `getalllog` only reads; `getnewlog`, which moves what counts as new, is left alone.
 *
 * `{"cmd":"getalllog","stn":true,"from":"2026-03-01","to":"2026-03-03"}` is answered by a page of about 50 with `count`, `from`, `to` and
 * `record`, and `stn` false asks for the next ("WebSocket + JSON protocol" 2.7, as retold on GitHub). The text does not say how it ends:
 * here by a page without records, or by the last of `count` where that is more than a page holds. Some firmware answers with `cmd`
 * in place of `ret` (a receiver for "AI Face 11").
 */
import { DAY_LENGTH, formatInstant, HOUR, type Ms, SECOND } from '../../rules/time.ts';
import type { ClockDelivery, ClockListener, ClockSurroundings } from '../clock.ts';
import type { Payload } from '../payload.ts';
import { within } from '../within.ts';

export interface SendlogBackfillOptions {
  readonly around: Pick<ClockSurroundings, 'zone' | 'clock' | 'memory'>;
  readonly listener: ClockListener;
  /** How far back a log is asked for that was never seen whole; 0 = it is never asked for. */
  readonly backfillMs: Ms;
  readonly decode: (page: Uint8Array) => ClockDelivery;
  readonly send: (command: object) => void;
}

const COMMAND = 'getalllog';
/** More pages than any log has are a device that begins again and again. */
const MOST_PAGES = 20_000;
/** The log is asked for by the device's dates: one whose clock is off by more may have noted touches under others. */
const MOST_OFF_MS: Ms = 12 * HOUR;
const KEPT_WITHIN_MS: Ms = 60 * SECOND;
/** When the log was asked for of which all has come. */
const WHOLE = 'whole';

interface Asked {
  readonly at: Ms;
  readonly isTrusted: boolean;
  pages: number;
  /** The place of the last record that came. */
  last: number;
}

export class SendlogBackfill {
  readonly #options: SendlogBackfillOptions;
  #asked: Asked | null = null;

  constructor(options: SendlogBackfillOptions) {
    this.#options = options;
  }

  /** Asks from the beginning. `deviceAt`: what its clock showed when it registered; null = it did not say. */
  begin(deviceAt: Ms | null): void {
    const { around, listener, backfillMs, send } = this.#options;
    // A device that is not answered at once registers again; its log would begin anew in the middle.
    if (backfillMs === 0 || this.#asked !== null) return;
    const now = around.clock.now();
    const whole = around.memory.get(WHOLE);
    const since = whole === null ? now - backfillMs : Number(whole);
    this.#asked = {
      at: now,
      isTrusted: deviceAt !== null && Math.abs(deviceAt - now) <= MOST_OFF_MS,
      ...{ pages: 0, last: -1 },
    };
    listener.heard({ about: { backfill: 'asked for' } });
    send({ cmd: COMMAND, stn: true, from: this.#date(since - DAY_LENGTH), to: this.#date(now + DAY_LENGTH) });
  }

  isAnswer(message: Payload): boolean {
    return message['ret'] === COMMAND || (message['cmd'] === COMMAND && this.#asked !== null);
  }

  /** Keeps a page, and asks for the next one when it is durable. */
  async take(message: Payload, bytes: Uint8Array): Promise<void> {
    const { around, listener, decode, send } = this.#options;
    const asked = this.#asked;
    listener.heard();
    if (asked === null) return;
    const { record, count, from, to } = message;
    const list: readonly unknown[] = Array.isArray(record) ? record : [];
    if (message['result'] === false) return this.#end('refused by the device');
    if (list.length === 0) return this.#end(this.#isWhole(asked));
    const isAgain = typeof from === 'number' && from <= asked.last;
    if (isAgain || ++asked.pages > MOST_PAGES) return this.#end('the device begins again and again');
    if (!(await within(around.clock, KEPT_WITHIN_MS, listener.deliver(decode(bytes))))) {
      return this.#end('could not be kept in time');
    }
    asked.last = typeof to === 'number' ? to : asked.last;
    const isLast = typeof count === 'number' && count > list.length && asked.last + 1 >= count;
    if (isLast) return this.#end(this.#isWhole(asked));
    send({ cmd: COMMAND, stn: false });
  }

  /** What is said of it; where the device's own dates can be relied upon, everything it had recorded by then is here. */
  #isWhole({ at, isTrusted }: Asked): string {
    if (!isTrusted) return 'all that it said; its clock was wrong';
    const { around, listener } = this.#options;
    around.memory.set(WHOLE, String(at));
    listener.complete(at);
    return 'whole';
  }

  #end(said: string): void {
    this.#asked = null;
    this.#options.listener.heard({ about: { backfill: said } });
  }

  #date(at: Ms): string {
    return formatInstant(this.#options.around.zone, at).slice(0, 10);
  }
}
