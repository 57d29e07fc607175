/** Limits in processor time, not by the clock: on a busy machine the same code gives the same verdict. */
import { Worker } from 'node:worker_threads';

/** The file descriptor that answers are written to: tests may print what they like. */
export const ANSWERS_TO = 3;

/** Who is said to have noticed what does not end. */
export const TIME_LIMIT = 'the time limit';

/** Processor time of this process, all its threads together. */
export function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What the watchdog is told: the processor time at which it ends the process, and how many trials were begun. */
export interface Limit {
  /** So much more from now on, for the trial of this number. */
  allow(moreMs: number, begun: number): void;
  begun(): number;
}

export function startLimit(): Limit {
  const shared = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const told = new Float64Array(shared);
  told[0] = Number.POSITIVE_INFINITY;
  new Worker(new URL('watchdog.ts', import.meta.url), { workerData: shared }).unref();
  return {
    allow(moreMs, begun) {
      told[0] = usedMs() + moreMs;
      told[1] = begun;
    },
    begun: () => told[1] ?? 0,
  };
}
