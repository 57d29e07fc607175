/**
 * The one door in. Everything that becomes known goes through `offer`; what came in together is judged and written in one
 * transaction, and only when that is durable is anybody told: the broker, the pages, the cursors.
 */
import type { Change } from '../rules/changes.ts';
import type { Engine } from '../rules/engine.ts';
import type { Fact } from '../rules/facts.ts';
import type { Ms } from '../rules/time.ts';
import { type Clock, JUMP_LIMIT_MS } from './clock.ts';
import type { FactStore, Provenance } from './ledger/facts.ts';
import type { HistoryStore } from './ledger/history.ts';
import { type Ledger, LedgerError } from './ledger/ledger.ts';
import type { Reject, RejectStore } from './ledger/rejects.ts';
import type { Log } from './log.ts';

/** What became of something that was offered. */
export type Outcome = 'new' | 'known' | 'conflict' | 'rejected';

/** Something that came in: a fact, or what could not be understood as one. */
export interface Offer {
  readonly what: { readonly fact: Fact; readonly from: Provenance } | { readonly reject: Reject };
  /** Called once it is durable; never, if it could not be kept. */
  readonly kept: (outcome: Outcome) => void;
}

/** Writes what follows from changes and facts, inside the transaction that holds them. */
export interface Consequence {
  /** When it wants to be asked again although nothing has changed. */
  readonly nextAt: Ms;
  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void;
}

export interface LiveOptions {
  readonly ledger: Ledger;
  readonly facts: FactStore;
  readonly history: HistoryStore;
  readonly rejects: RejectStore;
  /** Builds the engine from the ledger: at the start, and after a commit that failed. */
  readonly rebuild: () => Engine;
  readonly consequences: readonly Consequence[];
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each commit that kept something. */
  readonly committed: (changes: readonly Change[]) => void;
  /** Real time that has passed, however the clock is set. */
  readonly elapsed: () => Ms;
  /** The process itself stood still from then on, and heard nothing: a suspended machine, a stopped process. */
  readonly stoodStill: (from: Ms) => void;
}

/** Most that one transaction takes in: long enough to share the flush to disk, short enough to answer pages meanwhile. */
export const BATCH = 500;
/** How often the daemon notes that it is alive, where nothing else is written. */
const ALIVE_EVERY_MS: Ms = 5_000;
/** The longest sleep: a wall clock may be set, and a laptop may be closed. */
const LONGEST_SLEEP_MS: Ms = 1_000;
const RETRY_FROM_MS: Ms = 200;
const RETRY_UP_TO_MS: Ms = 10_000;

export class Live {
  readonly #options: LiveOptions;
  readonly #queue: Offer[] = [];
  #engine: Engine | null;
  #lastRecordedAt: Ms;
  #aliveAt: Ms;
  #armed: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;
  #retryMs: Ms = RETRY_FROM_MS;
  #stuck: string | null = null;
  #awake: { readonly at: Ms; readonly elapsed: Ms };
  #stopped = false;

  /** `lastRecordedAt`: the instant of the ledger's last commit. */
  constructor(options: LiveOptions, lastRecordedAt: Ms) {
    this.#options = options;
    this.#engine = options.rebuild();
    this.#lastRecordedAt = lastRecordedAt;
    this.#aliveAt = lastRecordedAt;
    this.#awake = { at: options.clock.now(), elapsed: options.elapsed() };
  }

  /** The engine, as far as the ledger has it; null while the ledger cannot be written. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /** Why nothing can be taken in at present, or null. */
  get stuck(): string | null {
    return this.#stuck;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** Starts the clock work; what is offered before is kept as well. */
  start(): void {
    this.#sleep();
  }

  offer(offer: Offer): void {
    this.#queue.push(offer);
    if (this.#stuck !== null || this.#stopped) return;
    if (this.#queue.length >= BATCH) this.#flush();
    else this.#armed ??= setImmediate(() => this.#flush());
  }

  /** Offers facts and resolves when they are durable. */
  record(facts: readonly Fact[], from: Provenance): Promise<Outcome[]> {
    return Promise.all(facts.map((fact) => new Promise<Outcome>((kept) => this.offer({ what: { fact, from }, kept }))));
  }

  /** Records facts at an instant that has passed: only what the daemon knows of its own absence may be dated back. */
  recordAt(facts: readonly Fact[], from: Provenance, recordedAt: Ms): void {
    const offers = facts.map((fact) => ({ what: { fact, from }, kept: () => {} }));
    this.#commit(offers, Math.max(recordedAt, this.#lastRecordedAt + 1));
  }

  /** Takes in what is queued, notes until when the daemon ran, and stops; later offers are neither kept nor acknowledged. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    while (this.#queue.length > 0 && this.#stuck === null) this.#flush();
    this.#aliveAt = Number.NEGATIVE_INFINITY;
    this.wake();
    this.#stopped = true;
    if (this.#armed !== null) clearImmediate(this.#armed);
  }

  #flush(): void {
    this.#armed = null;
    if (this.#stopped || this.#stuck !== null || this.#queue.length === 0) return;
    this.#noteStandstill();
    const offers = this.#queue.splice(0, BATCH);
    try {
      this.#commit(offers, this.#nextRecordedAt());
    } catch (cause) {
      this.#queue.unshift(...offers);
      this.#hold(cause);
      return;
    }
    if (this.#queue.length > 0) this.#armed ??= setImmediate(() => this.#flush());
  }

  /** Every commit has an instant of its own, so that a replay of the ledger groups the facts as they were. */
  #nextRecordedAt(): Ms {
    return Math.max(this.#options.clock.now(), this.#lastRecordedAt + 1, this.#engine?.now ?? 0);
  }

  #commit(offers: readonly Offer[], recordedAt: Ms): void {
    const { ledger, consequences, committed, clock } = this.#options;
    // A clock that stepped dates nothing and convicts nobody: facts are kept, deadlines wait.
    const judgedAt = clock.jump === null ? recordedAt : Math.min(recordedAt, this.#lastRecordedAt + 1);
    const engine = this.#engine ?? this.#options.rebuild();
    this.#engine = engine;
    let outcomes: Outcome[] = [];
    let changes: readonly Change[] = [];
    ledger.commit(() => {
      // What came due before is said before these facts are in the ledger: days that are read from it must not know them yet.
      const due = engine.advance(judgedAt);
      for (const change of due) this.#options.history.append(change);
      const fresh: Fact[] = [];
      outcomes = offers.map((offer) => this.#keep(offer, judgedAt, fresh));
      const followed = engine.record(fresh, judgedAt);
      changes = [...due, ...followed];
      this.#write(engine, followed, judgedAt);
      for (const consequence of consequences) consequence.follow(changes, fresh, judgedAt);
    });
    this.#lastRecordedAt = judgedAt;
    this.#aliveAt = judgedAt;
    for (const [i, offer] of offers.entries()) offer.kept(outcomes[i] as Outcome);
    committed(changes);
  }

  #keep(offer: Offer, recordedAt: Ms, fresh: Fact[]): Outcome {
    if ('reject' in offer.what) {
      this.#options.rejects.keep(offer.what.reject, recordedAt);
      return 'rejected';
    }
    const { fact, from } = offer.what;
    const outcome = this.#options.facts.append(fact, recordedAt, from);
    if (outcome === 'new') fresh.push({ ...fact, recordedAt });
    return outcome;
  }

  #write(engine: Engine, changes: readonly Change[], at: Ms): void {
    const { ledger, history } = this.#options;
    for (const change of changes) history.append(change);
    ledger.set('alive', String(at));
    ledger.set('hot-from', String(engine.earliestDue ?? ''));
    ledger.set('judged-from', String(engine.from ?? ''));
  }

  // ---- time ----------------------------------------------------------------------------------------------------

  #sleep(): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    const now = clock.now();
    // What is due stays due while nothing can be judged: waiting for it would be no wait at all.
    const idle = this.#engine === null || this.#stuck !== null || clock.jump !== null;
    const ms = idle ? LONGEST_SLEEP_MS : Math.max(0, Math.min(this.nextAt - now, LONGEST_SLEEP_MS));
    this.#timer = setTimeout(() => {
      this.wake();
      this.#sleep();
    }, ms);
  }

  /** What came due while the process stood still is doubtful, like after a restart. */
  #noteStandstill(): void {
    const { clock, elapsed, stoodStill } = this.#options;
    const before = this.#awake;
    this.#awake = { at: clock.now(), elapsed: elapsed() };
    if (this.#awake.elapsed - before.elapsed > JUMP_LIMIT_MS && this.#stuck === null) stoodStill(before.at);
  }

  /** The next instant at which something may have to be judged or told although nothing comes in. */
  get nextAt(): Ms {
    const engineAt = this.#engine?.nextAt ?? Number.POSITIVE_INFINITY;
    return Math.min(engineAt, ...this.#options.consequences.map((consequence) => consequence.nextAt));
  }

  /** Lets the deadlines that have come speak, and notes from time to time that the daemon is alive. */
  wake(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    this.#noteStandstill();
    const engine = this.#engine;
    if (engine === null || this.#stuck !== null) return;
    if (clock.jump !== null) {
      log.warn({ byMs: clock.jump.byMs }, 'judging was suspended because the clock stepped');
      return;
    }
    if (this.nextAt > now && now - this.#aliveAt < ALIVE_EVERY_MS) return;
    try {
      this.#commit([], this.#nextRecordedAt());
    } catch (cause) {
      this.#hold(cause);
    }
  }

  /** A commit failed: nothing of it was kept, so the engine is built anew from what was, and the same is tried again. */
  #hold(cause: unknown): void {
    this.#engine = null;
    if (!(cause instanceof LedgerError) || !cause.retry) throw cause;
    if (this.#stuck !== cause.message) this.#options.log.error({ because: cause.message }, 'taking in was suspended');
    this.#stuck = cause.message;
    const wait = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_UP_TO_MS);
    setTimeout(() => this.#tryAgain(), wait).unref();
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    try {
      this.#options.ledger.requireSpace();
      this.#engine = this.#options.rebuild();
    } catch (cause) {
      this.#hold(cause);
      return;
    }
    this.#stuck = null;
    this.#options.log.info({ queued: this.#queue.length }, 'taking in was resumed');
    if (this.#queue.length > 0) this.#flush();
    if (this.#stuck === null) this.#retryMs = RETRY_FROM_MS;
  }
}
