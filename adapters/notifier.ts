/** The contract of channels that tell people. */
import { MINUTE, type Ms } from '../rules/time.ts';

/** How long is waited before the next try where somebody has to mend something first: a secret, a list of addresses. */
export const UNTIL_MENDED_MS: Ms = 10 * MINUTE;

/** One message of one alert. Receivers drop repeats by `key`. */
export interface Notice {
  /** The same for every attempt at the same message. */
  readonly key: string;
  readonly hall: string;
  /** Stable over the life of the alert; messages with one `alert` belong together. */
  readonly alert: string;
  /** `report`: a report was made by itself; it is about no alert, and nothing is wrong. */
  readonly op: 'open' | 'revise' | 'close' | 'retract' | 'report';
  /** A sentence for people. Never names a person while anything about it is pending. */
  readonly text: string;
  /** The verdict lines of contract.md section 4 that it is about. */
  readonly verdicts: readonly object[];
  /** What may go with it where a channel can carry files. */
  readonly files?: readonly NoticeFile[];
}

/** A file on this machine; whoever sends it reads it then, and sends nothing else than what was meant. */
export interface NoticeFile {
  readonly path: string;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

export interface Notifier {
  readonly name: string;
  /** Resolves once the receiver has taken it; rejects with a `NotifyError`. */
  send(notice: Notice): Promise<void>;
}

/** The message did not get through; `retry` says whether trying again can help. */
export class NotifyError extends Error {
  override readonly name = 'NotifyError';
  readonly retry: boolean;
  /** How long the receiver asked to be left alone; null = it did not say. Whoever waits sets the limit. */
  readonly retryAfterMs: Ms | null;

  constructor(
    message: string,
    options: { readonly retry: boolean; readonly retryAfterMs?: Ms | null; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.retry = options.retry;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
