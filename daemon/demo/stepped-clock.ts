/** The simulated hall's time: it stands until it is set, so that what is recorded depends on the play alone. */
import type { Ms } from '../../rules/time.ts';
import type { Clock } from '../clock.ts';

export interface SteppedClock extends Clock {
  /** Moves on to an instant; never back. */
  set(at: Ms): void;
  /** Lets it go on by itself, as fast as real time. */
  run(): void;
}

/** `elapsed` is real time, for when the clock runs by itself. */
export function steppedClock(startAt: Ms, elapsed: () => Ms): SteppedClock {
  let at = startAt;
  let runsFrom: Ms | null = null;
  return {
    now: () => (runsFrom === null ? at : at + Math.floor(elapsed() - runsFrom)),
    set(to) {
      at = Math.max(at, to);
    },
    run() {
      runsFrom ??= elapsed();
    },
    jump: null,
    steps: 0,
    accept() {},
    // Its ledger is its own, and new: nothing is doubted.
    doubt() {},
    standsAt: null,
  };
}
