/** The time that a ledger is written by: the clock's as far as it is trusted, and never before what has been written. */
import { DAY_LENGTH, type Ms } from '../../rules/time.ts';
import { type Clock, type ClockJump, JUMP_LIMIT_MS } from '../clock.ts';
import type { Log } from '../log.ts';

export interface LedgerTimeOptions {
  readonly clock: Clock;
  /** Real time that has passed, however the clock is set. */
  readonly elapsed: () => Ms;
  readonly log: Log;
  /** A start that is later than this after the last sign of life is doubted. */
  readonly longestOffMs: Ms;
}

/** No machine of a hall is off for longer: so much later than the ledger's last commit it may be by now. */
const LONGEST_OFF_MS: Ms = 400 * DAY_LENGTH;

export class LedgerTime {
  readonly #options: LedgerTimeOptions;
  #lastAt: Ms;
  /** Until when we are known to have listened. */
  aliveAt: Ms;
  #looked: { readonly at: Ms; readonly elapsed: Ms; readonly steps: number };
  /** By then, had no time passed since this began, a hall is certainly on again. */
  readonly #onBy: Ms;
  readonly #beganAt: Ms;

  /** `lastAt`: the instant of the ledger's last commit; `aliveAt`: the last sign of life; `saidAt`: when somebody vouched for the clock. */
  constructor(options: LedgerTimeOptions, lastAt: Ms, aliveAt: Ms, saidAt: Ms = Number.NEGATIVE_INFINITY) {
    this.#options = options;
    this.#lastAt = lastAt;
    this.aliveAt = aliveAt;
    const { clock, elapsed, longestOffMs } = options;
    this.#beganAt = elapsed();
    this.#onBy = Math.max(lastAt, saidAt) + longestOffMs;
    // A new ledger has no last sign of life.
    if (Number.isFinite(lastAt) && clock.now() > this.#onBy) clock.doubt(lastAt);
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

  /** The step at the start that nobody believes; null = it began at a time that can be. */
  get futureStart(): ClockJump | null {
    const { clock } = this.#options;
    // Asked for every touch: where nothing stands still, what time it is does not matter.
    if (clock.standsAt === null) return null;
    clock.now();
    return clock.jump;
  }

  /** Nobody knows what time it is, so that what happens cannot be dated by us: `now` stands still. */
  get isUnknown(): boolean {
    return this.#options.clock.standsAt !== null || this.aheadOfUs !== null;
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

  /** Behind the ledger, or far ahead of it, it was wrong for certain: a step that ends that needs nobody's word. */
  #trustCorrection(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    const { jump } = clock;
    if (jump === null) return;
    const lastAt = this.#lastAt - JUMP_LIMIT_MS;
    const said = now + jump.byMs;
    if (clock.standsAt !== null ? !this.#isPossible(said) : now >= lastAt || said < lastAt) return;
    const wasAt = clock.standsAt === null ? 'behind' : 'far ahead of';
    log.warn({ byMs: jump.byMs }, `clock that was ${wasAt} the ledger was set, and is trusted`);
    clock.accept();
  }

  /** Whether it may be that time by now, after a start that was doubted. */
  #isPossible(said: Ms): boolean {
    const ranMs = this.#options.elapsed() - this.#beganAt;
    return said >= this.#lastAt - JUMP_LIMIT_MS && said <= this.#onBy + ranMs;
  }
}
