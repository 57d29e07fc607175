/** Sends what is in the outbox, oldest first in each channel, until the receiver has it or says that it never will. */
import { BrokerError } from '../../adapters/broker.ts';
import { type Notice, NotifyError } from '../../adapters/notifier.ts';
import type { Ms } from '../../rules/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import type { NoticePart } from './announcer.ts';
import type { Outbox, Outgoing } from './outbox.ts';

/** Sends one message; rejects with a `NotifyError` or a `BrokerError`. */
export type Send = (message: Outgoing) => Promise<void>;

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly channels: ReadonlyMap<string, Send>;
  readonly now: () => Ms;
  readonly log: Log;
}

const RETRY_FROM_MS: Ms = 1_000;
const RETRY_UP_TO_MS: Ms = 10 * 60_000;
const LONGEST_SLEEP_MS: Ms = 1_000;

export class Delivery {
  readonly #options: DeliveryOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.kick();
  }

  /** Something may be due now. */
  kick(): void {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { outbox, now } = this.#options;
    const ms = Math.max(0, Math.min(outbox.nextAt - now(), LONGEST_SLEEP_MS));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#running = this.#round().finally(() => this.kick());
    }, ms);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #round(): Promise<void> {
    const { outbox, now } = this.#options;
    if (outbox.nextAt > now()) return;
    await Promise.all(outbox.due(now()).map((message) => this.#send(message)));
  }

  async #send(message: Outgoing): Promise<void> {
    const { outbox, ledger, channels, now, log } = this.#options;
    const send = channels.get(message.channel);
    try {
      // A channel that is no longer configured has nobody to tell.
      if (send === undefined) throw new NotifyError(`channel ${message.channel} is not configured`, { retry: false });
      await send(message);
      ledger.commit(() => outbox.delivered(message.seq, now()));
    } catch (error) {
      if (!(error instanceof NotifyError) && !(error instanceof BrokerError)) throw error;
      const asked = error instanceof NotifyError ? (error.retryAfterMs ?? 0) : 0;
      const pause = Math.max(asked, Math.min(RETRY_FROM_MS * 2 ** message.attempts, RETRY_UP_TO_MS));
      ledger.commit(() => outbox.failed(message.seq, error.message, error.retry ? now() + pause : null));
      const fields = { channel: message.channel, key: message.key, because: error.message, retry: error.retry };
      if (error.retry) log.warn(fields, 'message was not delivered');
      else log.error(fields, 'message was given up');
    }
  }
}

const OPS: readonly Notice['op'][] = ['open', 'revise', 'close', 'retract'];

/** The notice that a gathered message is. */
export function noticeOf(hall: string, message: Outgoing): Notice {
  const parts = JSON.parse(message.body) as NoticePart[];
  const op = OPS.find((candidate) => parts.some((part) => part.op === candidate)) ?? 'revise';
  return {
    key: message.key,
    hall,
    alert: message.alert,
    op,
    text: parts.map((part) => part.text).join('\n'),
    verdicts: parts.map((part) => part.verdict),
  };
}
