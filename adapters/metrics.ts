/** The contract of time-series stores (contract.md section 7). */
import type { Ms } from '../rules/time.ts';

/** One point. The same measurement, tags and time overwrite: writing a point twice is writing it once. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Numbers only, so that stores without text fields serve too. */
  readonly fields: Readonly<Record<string, number>>;
  readonly at: Ms;
}

export interface MetricsStore {
  readonly name: string;
  /** Resolves once the store has acknowledged all of them; rejects with a `MetricsError`. */
  write(points: readonly Point[]): Promise<void>;
  /** Reachable and willing? Rejects with a `MetricsError` that says why not. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** `retry`: trying the same points again can help (unreachable, overloaded); false = the store refuses these points. */
export class MetricsError extends Error {
  override readonly name = 'MetricsError';
  readonly retry: boolean;

  constructor(message: string, options: { readonly retry: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retry = options.retry;
  }
}
