/** Waiting for something to become true. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs?: number;
  /** What is waited for, in the words of a failed wait: "waited 5000 ms for …". */
  readonly what: string;
}

/**
 * Asks again and again until the answer is neither false, null nor undefined, and returns it. A question that throws has
 * not been answered yet; after the deadline (10 s unless told) its last error is the cause of the one thrown.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 10_000, what }: UntilOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
    await sleep(pauseMs);
  }
}
