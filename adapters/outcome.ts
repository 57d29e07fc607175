/** What an event of a terminal, or an entry of its log, says of a person. */
import type { ClockRecord, Refused } from './clock.ts';

export type Outcome =
  | { readonly is: 'punch'; readonly record: ClockRecord }
  | { readonly is: 'none' }
  | { readonly is: 'refused'; readonly because: string; readonly payload: Uint8Array };

/** What of it there is to keep. `about`: by which way it came. */
export function toKeep(outcomes: readonly Outcome[], about: string): { records: ClockRecord[]; refused: Refused[] } {
  return {
    records: outcomes.flatMap((outcome) => (outcome.is === 'punch' ? [outcome.record] : [])),
    refused: outcomes.flatMap((outcome) => {
      return outcome.is === 'refused' ? [{ about, because: outcome.because, payload: outcome.payload }] : [];
    }),
  };
}
