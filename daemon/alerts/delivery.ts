/** Sends what is in the outbox, oldest first in each channel, until the receiver has it or says that it never will. */
import { BrokerError } from '../../adapters/broker.ts';
import { type Notice, type NoticeFile, NotifyError } from '../../adapters/notifier.ts';
import { HOUR, type Ms } from '../../rules/time.ts';
import { type Ledger, LedgerError } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import type { Letter, NoticePart } from './letters.ts';
import type { Outbox, Outgoing } from './outbox.ts';

/** Sends one message; rejects with a `NotifyError` or a `BrokerError`. */
export type Send = (message: Outgoing) => Promise<void>;

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  /** By their ids; of one for persons, what it is asked to send names the person after a slash. */
  readonly channels: ReadonlyMap<string, Send>;
  readonly now: () => Ms;
  readonly log: Log;
}

const RETRY_FROM_MS: Ms = 1_000;
const RETRY_UP_TO_MS: Ms = 10 * 60_000;
/** However much longer a receiver asks for: nothing overtakes what waits, and one slip of its own clock would silence the channel. */
const LONGEST_ASKED_MS: Ms = HOUR;
const LONGEST_SLEEP_MS: Ms = 1_000;
/** How long nothing is sent after the ledger could not note what was. */
const LEDGER_REST_MS: Ms = 10_000;

export class Delivery {
  readonly #options: DeliveryOptions;
  /** By channel, one message each: none overtakes another, goes out twice at a time, or holds up another channel. */
  readonly #underWay = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #restUntil: Ms = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  start(): void {
    this.kick();
  }

  /** Something may be due now. */
  kick(): void {
    const { outbox, now } = this.#options;
    this.#sleep(Math.max(outbox.nextAt, this.#restUntil) - now());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await Promise.all(this.#underWay.values());
  }

  #sleep(ms: Ms): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#round(), Math.max(0, Math.min(ms, LONGEST_SLEEP_MS)));
  }

  #round(): void {
    const { outbox, now } = this.#options;
    const due = this.#restUntil > now() ? [] : outbox.due(now());
    for (const message of due) {
      const { channel } = message;
      if (this.#underWay.has(channel)) continue;
      const sent = this.#send(message).finally(() => {
        this.#underWay.delete(channel);
        this.kick();
      });
      this.#underWay.set(channel, sent);
    }
    // What is under way stays due until it has ended, and kicks then.
    if (this.#underWay.size > 0) this.#sleep(LONGEST_SLEEP_MS);
    else this.kick();
  }

  async #send(message: Outgoing): Promise<void> {
    const { now, log } = this.#options;
    const failure = await this.#attempt(message);
    try {
      this.#note(message, failure);
    } catch (error) {
      if (!(error instanceof LedgerError) || !error.retry) throw error;
      // It goes out again with the same key; but not on and on, while the ledger cannot note that it did.
      this.#restUntil = now() + LEDGER_REST_MS;
      log.warn({ channel: message.channel, because: error.message }, 'delivery could not be noted');
    }
  }

  /** Why it was not taken, or null. */
  async #attempt(message: Outgoing): Promise<NotifyError | BrokerError | null> {
    const send = this.#options.channels.get(message.channel.split('/', 1)[0] ?? '');
    // A channel that is no longer configured has nobody to tell.
    if (send === undefined) return new NotifyError(`channel ${message.channel} is not configured`, { retry: false });
    try {
      await send(message);
      return null;
    } catch (error) {
      if (error instanceof NotifyError || error instanceof BrokerError) return error;
      throw error;
    }
  }

  #note(message: Outgoing, failure: NotifyError | BrokerError | null): void {
    const { outbox, ledger, now, log } = this.#options;
    if (failure === null) return ledger.commit(() => outbox.delivered(message.seq, now()));
    const asked = failure instanceof NotifyError ? Math.min(failure.retryAfterMs ?? 0, LONGEST_ASKED_MS) : 0;
    const pause = Math.max(asked, Math.min(RETRY_FROM_MS * 2 ** message.attempts, RETRY_UP_TO_MS));
    ledger.commit(() => outbox.failed(message.seq, failure.message, failure.retry ? now() + pause : null));
    const fields = { channel: message.channel, key: message.key, because: failure.message, retry: failure.retry };
    if (failure.retry) log.warn(fields, 'message was not delivered');
    else log.error(fields, 'message was given up');
  }
}

/** A message about a report, as the outbox keeps it. */
export interface ReportLetter {
  readonly text: string;
  readonly files: readonly NoticeFile[];
}

const OPS: readonly Notice['op'][] = ['open', 'revise', 'close', 'retract'];

/** The notice that a gathered message or a letter is. */
export function noticeOf(hall: string, message: Outgoing): Notice {
  const body = JSON.parse(message.body) as readonly NoticePart[] | Letter | ReportLetter;
  if ('files' in body) {
    const { key, alert } = message;
    return { key, hall, alert, op: 'report', text: body.text, verdicts: [], files: body.files };
  }
  const parts = 'text' in body ? body.parts : body;
  const has = (op: Notice['op']): boolean => parts.some((part) => part.op === op);
  // One verdict in place of another, such as absence of lateness: the alert stands, and says something else.
  const replaced = has('open') && has('retract');
  const op = replaced ? 'revise' : (OPS.find(has) ?? 'revise');
  return {
    key: message.key,
    hall,
    alert: message.alert,
    op,
    text:
      'text' in body
        ? body.text
        : parts
            .filter((part) => !(replaced && part.op === 'retract'))
            .map((part) => part.text)
            .join('\n'),
    verdicts: parts.map((part) => part.verdict),
  };
}
