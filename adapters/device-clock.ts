/** Time as the readers of devices are given it. */
import type { Ms } from '../rules/time.ts';

export interface DeviceClock {
  /** The trusted time, which dates what is seen. */
  now(): Ms;
  /** Time that only passes, whoever sets the clock; for limits and pauses. */
  elapsed(): Ms;
  /** Calls back once after `delayMs`; the answer cancels it. */
  after(delayMs: Ms, wake: () => void): () => void;
}

/** Resolves after the time, of which nothing may be left, or at once when `signal` is aborted. */
export function pause(clock: DeviceClock, delayMs: Ms, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(Math.max(0, delayMs), done);
    signal.addEventListener('abort', done);
  });
}
