/**
 * The data's clock: what time it is where the snapshots come from. It runs on between them, and stands still when the
 * link is lost, because a timer that ran on would claim something that nobody has seen.
 */

/** Corrections smaller than this backwards are the network's jitter; seconds that jump back and forth look broken. */
const JITTER_MS = 2000;

export interface DataClock {
  /** Milliseconds since the epoch; null before the first `set`. */
  now(): number | null;
  /** The data is known up to this instant; the clock runs on from it. */
  set(at: number): void;
  /** The link lives, and the clock has not been told anything newer: what it shows is known. */
  confirm(): void;
  /** Back to the last instant that is known, and still. */
  hold(): void;
}

/** `monotonic` counts milliseconds and never jumps (`performance.now`). */
export function dataClock(monotonic: () => number): DataClock {
  let anchor: { readonly at: number; readonly mark: number } | null = null;
  let known: number | null = null;
  let held = false;
  const running = (): number | null => (anchor === null ? null : anchor.at + monotonic() - anchor.mark);
  return {
    now: () => (held ? known : running()),
    set(at) {
      const shown = held ? null : running();
      if (shown === null || at > shown || shown - at > JITTER_MS) anchor = { at, mark: monotonic() };
      held = false;
      known = running();
    },
    confirm() {
      if (held && known !== null) anchor = { at: known, mark: monotonic() };
      held = false;
      known = running();
    },
    hold() {
      held = true;
    },
  };
}
