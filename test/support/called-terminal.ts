/**
 * What the fixtures of terminals that we call have in common, whatever their make: a port of 127.0.0.1, a log, a stream of events with
 * heartbeats, and a clock that may be wrong; they reboot, lose events, and send halves of them.
 */
import type { PunchReading } from '../../adapters/clock.ts';
import type { Ms } from '../../rules/time.ts';
import { touchOf } from './clock-ear.ts';
import { type Answered, type Asked, EventDevice } from './event-device.ts';

const HEARTBEAT_MS = 200;

export abstract class CalledTerminal<Entry = unknown> implements AsyncDisposable {
  readonly device: EventDevice;
  readonly #heart: NodeJS.Timeout;
  log: Entry[] = [];
  /** By how much its clock is ahead. */
  aheadMs: Ms = 0;
  /** So many of the next events are not streamed. */
  deaf = 0;
  /** The next event breaks off in its middle, and the connection with it. */
  half = false;
  isBeating = true;
  /** How often its log was asked. */
  searches = 0;

  constructor(device: EventDevice) {
    this.device = device;
    this.#heart = setInterval(() => this.isBeating && this.beat(), HEARTBEAT_MS);
  }

  get url(): string {
    return this.device.url('');
  }

  /** Somebody was recognised; what the terminal noted of it. */
  abstract punch(person: string, more?: { readonly at?: Ms }): Entry;
  /** A door was opened, which is no punch. */
  abstract door(at: Ms): void;
  /** What there is to keep of an entry; null = nothing. */
  abstract punchIn(entry: Entry): Omit<PunchReading, 'method'> | null;
  /** What it answers; null = with its stream of events. */
  abstract answer(asked: Asked): Answered | null;
  protected abstract beat(): void;

  /** The touches among entries of its log, as an ear keeps them. */
  touches(entries: readonly Entry[] = this.log): string[] {
    const punches = entries.map((entry) => this.punchIn(entry)).filter((punch) => punch !== null);
    return [...new Set(punches.map((punch) => touchOf({ punch })))].sort();
  }

  /** The power fails and comes back. */
  reboot(): void {
    this.device.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heart);
    await this.device[Symbol.asyncDispose]();
  }

  /** The second that its clock shows. */
  protected get shown(): Ms {
    return Math.floor((Date.now() + this.aheadMs) / 1000) * 1000;
  }

  protected setTo(shown: Ms): void {
    this.aheadMs = shown - Math.floor(Date.now() / 1000) * 1000;
  }

  /** Streams an event, unless it gets lost or breaks off: then `begun` is all that is sent of it. */
  protected stream(begun: string, send: () => void): void {
    if (this.half) {
      this.half = false;
      this.device.write(begun);
      this.device.cut();
    } else if (this.deaf > 0) this.deaf--;
    else send();
  }
}

/** On any free port, to be asked as `admin` with the password `right`; five wrong ones lock it. */
export async function openTerminal<T extends CalledTerminal>(
  Make: new (device: EventDevice) => T,
  { type, boundary }: { readonly type: string; readonly boundary: string },
): Promise<T> {
  let opened: T | null = null;
  const device = await EventDevice.open({
    ...{ type: `${type}; boundary=${boundary}`, boundary },
    ...{ login: { user: 'admin', password: 'right' }, lockAfter: 5 },
    answer: (asked) => opened?.answer(asked) ?? null,
  });
  opened = new Make(device);
  return opened;
}
