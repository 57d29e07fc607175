import type { Ms } from './time.ts';

/**
 * The instant at which a day is judged, and the earliest later one at which the answer can differ without new facts.
 * Whoever compares something with `now` says so through `due`, and the engine looks again at `nextAt`, not before.
 */
export class Moment {
  readonly now: Ms;
  #nextAt: Ms = Number.POSITIVE_INFINITY;

  constructor(now: Ms) {
    this.now = now;
  }

  /** Whether `at` has come; if not, the day is judged again then. */
  due(at: Ms): boolean {
    if (at <= this.now) return true;
    if (at < this.#nextAt) this.#nextAt = at;
    return false;
  }

  /** Something begins or ends at `at`: half-open as stretches are, it shows at that instant and from the next one on. */
  passes(at: Ms): void {
    this.due(at);
    this.due(at + 1);
  }

  /** Infinity = nothing changes any more without new facts. */
  get nextAt(): Ms {
    return this.#nextAt;
  }
}
