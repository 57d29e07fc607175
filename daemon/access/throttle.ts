/** Guessing made slow: after some failures each further try has to wait, twice as long each time. */
import type { Ms } from '../../rules/time.ts';

export interface ThrottleOptions {
  /** Tries before the first pause. */
  readonly free: number;
  readonly firstPauseMs: Ms;
  readonly longestPauseMs: Ms;
  /** Keys that are remembered; the one unused for longest goes first. */
  readonly most: number;
}

interface Count {
  readonly failures: number;
  readonly lastAt: Ms;
}

/** Failures by key (an account, an address), in memory. Time is handed in, on a clock that nobody sets. */
export class Throttle {
  readonly #options: ThrottleOptions;
  /** In the order of their last failure. */
  readonly #counts = new Map<string, Count>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  /** How long the next try has to wait; 0 = it may be made. */
  pause(key: string, now: Ms): Ms {
    const count = this.#counts.get(key);
    if (count === undefined || count.failures < this.#options.free) return 0;
    return Math.max(0, count.lastAt + this.#pauseAfter(count.failures) - now);
  }

  /** A try begins: it counts as failed until it is known that it was not, so that many at once are counted too. */
  begin(key: string, now: Ms): void {
    const count = this.#counts.get(key);
    this.#counts.delete(key);
    const isForgotten = count === undefined || now - count.lastAt > 2 * this.#options.longestPauseMs;
    this.#counts.set(key, { failures: isForgotten ? 1 : count.failures + 1, lastAt: now });
    if (this.#counts.size <= this.#options.most) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }

  /** The try that began was none of guessing: it does not count. */
  undo(key: string): void {
    const count = this.#counts.get(key);
    if (count === undefined) return;
    if (count.failures <= 1) this.#counts.delete(key);
    else this.#counts.set(key, { ...count, failures: count.failures - 1 });
  }

  /** Whoever this is has proved who they are. */
  clear(key: string): void {
    this.#counts.delete(key);
  }

  #pauseAfter(failures: number): Ms {
    const { free, firstPauseMs, longestPauseMs } = this.#options;
    return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - free, 40));
  }
}
