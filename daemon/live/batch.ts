/** How much one transaction takes in. */

/** The most: long enough to share the flush to disk, short enough to answer pages meanwhile. */
export const BATCH = 500;
/** So many facts take some three milliseconds (measured). */
const FEW = 40;
const PART = 4;

/**
 * Of a queue, so many. Where a deadline comes soon, its verdict is not to wait for a transaction of hundreds of facts; of a queue that
 * grows all the same a part is taken that grows with it.
 */
export function mostOf(queued: number, isDueSoon: boolean): number {
  return isDueSoon ? Math.min(Math.max(FEW, Math.ceil(queued / PART)), BATCH) : BATCH;
}
