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

/** Something that is found out once, and again when time may have changed it. Whoever learns of a fact that may have forgets it. */
export class Kept<T> {
  #what: T | null = null;
  #at: Ms = Number.POSITIVE_INFINITY;
  #nextAt: Ms = Number.NEGATIVE_INFINITY;

  /**
   * What it is at a moment, which is told when it may differ: then so may the answer of whoever asks. `before` is what was found out the
   * last time, which holds no longer.
   */
  at(moment: Moment, find: (moment: Moment, before: T | null) => T): T {
    if (!this.holds(moment)) {
      const own = new Moment(moment.now);
      this.#what = find(own, this.#what);
      this.#at = own.now;
      this.#nextAt = own.nextAt;
    }
    moment.due(this.#nextAt);
    return this.#what as T;
  }

  /** Whether it need not be found out again. */
  holds({ now }: Moment): boolean {
    return this.#at <= now && now < this.#nextAt;
  }

  forget(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }
}
