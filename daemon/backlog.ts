/** Facts that have been kept and wait to be judged together. */
import type { Fact } from '../rules/facts.ts';
import type { Ms } from '../rules/time.ts';

export interface Backlog {
  /** All of it becomes known at this instant. */
  readonly recordedAt: Ms;
  readonly facts: Fact[];
}

/** Most of a backlog that one transaction takes in: nothing of it is judged at once. */
export const BACKLOG_BATCH = 2000;
/** How many facts, and how long, a backlog is gathered before it is judged: nobody is to wait for the end of an endless one. */
const LARGEST = 100_000;
const LONGEST_MS: Ms = 10_000;

export function isFull({ facts }: Backlog): boolean {
  return facts.length >= LARGEST;
}

/** When it is judged, though more may come. */
export function judgedBy({ recordedAt }: Backlog): Ms {
  return recordedAt + LONGEST_MS;
}
