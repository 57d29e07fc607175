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

/** Starts the watchdog; what it returns allows so much more from now on. */
export function startLimit(): (moreMs: number) => void {
  const shared = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
  const limit = new Float64Array(shared);
  limit[0] = Number.POSITIVE_INFINITY;
  new Worker(new URL('watchdog.ts', import.meta.url), { workerData: shared }).unref();
  return (moreMs) => {
    limit[0] = usedMs() + moreMs;
  };
}
