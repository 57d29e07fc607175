/** The time that a ledger is written by: the clock's as far as it is trusted, and never before what has been written. */
import { DAY_LENGTH, type Ms } from '../rules/time.ts';
import { type Clock, type ClockJump, JUMP_LIMIT_MS } from './clock.ts';
import type { Log } from './log.ts';

export interface LedgerTimeOptions {
  readonly clock: Clock;
  /** Real time that has passed, however the clock is set. */
  readonly elapsed: () => Ms;
  readonly log: Log;
}

/** No machine of a hall is off for longer: so much later than the ledger's last commit it may be by now. */
const LONGEST_OFF_MS: Ms = 400 * DAY_LENGTH;

export class LedgerTime {
  readonly #options: LedgerTimeOptions;
  #lastAt: Ms;
  /** Until when we are known to have listened. */
  aliveAt: Ms;
  #looked: { readonly at: Ms; readonly elapsed: Ms; readonly steps: number };

  /** `lastAt`: the instant of the ledger's last commit; `aliveAt`: the last sign of life. */
  constructor(options: LedgerTimeOptions, lastAt: Ms, aliveAt: Ms) {
    this.#options = options;
    this.#lastAt = lastAt;
    this.aliveAt = aliveAt;
    this.#looked = this.#look();
  }

  /** The trusted time, and never before the last commit: a machine that lives in the past is not to date facts. */
  get now(): Ms {
    return Math.max(this.#options.clock.now(), this.#lastAt);
  }

  /** The last commit where it is yet to come by the clock: the machine runs by a wrong time; null = it does not. */
  get aheadOfUs(): Ms | null {
    return this.#lastAt - this.#options.clock.now() > JUMP_LIMIT_MS ? this.#lastAt : null;
  }

  /** By how much the true time may be ahead of `now`, as far as clock and ledger tell; 0 = the clock is trusted. */
  get behindByMs(): Ms {
    const isBehind = this.aheadOfUs !== null;
    const { jump } = this.#options.clock;
    return jump === null && !isBehind ? 0 : Math.max(jump?.byMs ?? 0, 0) + LONGEST_OFF_MS;
  }

  /**
   * When a commit that wants to be of `wanted` is: each has an instant of its own, so that a replay of the ledger groups the facts as
   * they were. A clock that stepped dates nothing and convicts nobody: facts are kept, deadlines wait.
   */
  commitAt(wanted: Ms): Ms {
    const next = this.#lastAt + 1;
    return this.#options.clock.jump === null ? Math.max(wanted, next) : next;
  }

  committed(at: Ms): void {
    this.#lastAt = at;
  }

  /** Somebody says that the clock is right; by how much it had been set, null = it was trusted anyway. */
  trust(): ClockJump | null {
    const { clock } = this.#options;
    clock.now();
    const { jump } = clock;
    if (jump !== null) clock.accept();
    return jump;
  }

  /** Since when nobody listened, where the process stood still since this was asked, or the clock skipped time; null = it did not. */
  deafSince(): Ms | null {
    const { log } = this.#options;
    this.#trustCorrection();
    const before = this.#looked;
    this.#looked = this.#look();
    const wasSet = this.#looked.steps !== before.steps;
    if (!wasSet && this.#looked.elapsed - before.elapsed <= JUMP_LIMIT_MS) return null;
    // While the clock was not trusted nothing was dated, and nothing judged; before the last commit we were there in any case.
    const from = wasSet ? this.aliveAt : Math.max(before.at, this.aliveAt);
    log.warn({ from }, wasSet ? 'clock was set' : 'process stood still');
    return from;
  }

  #look(): { readonly at: Ms; readonly elapsed: Ms; readonly steps: number } {
    const { clock, elapsed } = this.#options;
    return { at: clock.now(), elapsed: elapsed(), steps: clock.steps };
  }

  /** Behind the ledger it was wrong for certain: a step that ends that needs nobody's word. */
  #trustCorrection(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    const { jump } = clock;
    const lastAt = this.#lastAt - JUMP_LIMIT_MS;
    if (jump === null || now >= lastAt || now + jump.byMs < lastAt) return;
    log.warn({ byMs: jump.byMs }, 'clock that was behind the ledger was set, and is trusted');
    clock.accept();
  }
}
