/**
 * The one door in. Everything that becomes known goes through `offer`; what came in together is judged and written in one
 * transaction, and only when that is durable is anybody told: the broker, the pages, the cursors.
 */
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Clock, ClockJump } from '../clock.ts';
import { saysWeHear } from '../intake/hearing.ts';
import type { Entry, FactStore, Provenance } from '../ledger/facts.ts';
import type { HistoryStore } from '../ledger/history.ts';
import { type Ledger, LedgerError } from '../ledger/ledger.ts';
import type { RejectStore } from '../ledger/rejects.ts';
import type { Log } from '../log.ts';
import { BACKLOG_BATCH, Gathering } from './backlog.ts';
import { BATCH, mostOf } from './batch.ts';
import { LedgerTime } from './ledger-time.ts';
import { newFacts, type Offer, type Outcome } from './offer.ts';

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
  /** From then on nothing was taken in: the machine was suspended, the process was stopped, the disk was full. */
  readonly stoodStill: (from: Ms) => void;
  /** A start that is later than this after the ledger's last sign of life is doubted. */
  readonly longestOffMs: Ms;
}

const SOON_MS: Ms = 25;
/**
 * How long more is waited for where the last transaction took in several: a flush to disk for every two or three of a thousand a
 * second kept the thread busy for half of the time (measured), and whoever came at a bad moment waited long.
 */
const GATHER_MS: Ms = 4;
/** How often the daemon notes that it is alive, where nothing else is written. */
const ALIVE_EVERY_MS: Ms = 5_000;
/** The longest sleep: a wall clock may be set, and a laptop may be closed. */
const LONGEST_SLEEP_MS: Ms = 1_000;
const RETRY_FROM_MS: Ms = 200;
const RETRY_UP_TO_MS: Ms = 10_000;

export class Live {
  readonly #options: LiveOptions;
  #queue: Offer[] = [];
  #engine: Engine | null;
  readonly time: LedgerTime;
  #armed = false;
  /** How many the last transaction took in. */
  #tookIn = 0;
  #timer: NodeJS.Timeout | null = null;
  #longestMs: Ms = 0;
  #retryMs: Ms = RETRY_FROM_MS;
  #stuck: string | null = null;
  #stopped = false;
  readonly #gathering: Gathering;

  /** `lastRecordedAt`: the instant of the ledger's last commit; `saidAt`: when somebody vouched for the clock, if ever. */
  constructor(options: LiveOptions, lastRecordedAt: Ms, saidAt?: Ms) {
    this.#options = options;
    this.#engine = options.rebuild();
    this.#gathering = new Gathering({ ...options, keep: (...part) => this.#keep(...part) });
    const lastAt = Math.max(lastRecordedAt, this.#gathering.backlog?.recordedAt ?? lastRecordedAt);
    this.time = new LedgerTime(options, lastAt, lastRecordedAt, saidAt);
  }

  /** The engine, as far as the ledger has it; null while the ledger cannot be written. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /** Why nothing can be taken in at present, or null. */
  get stuck(): string | null {
    return this.#stuck;
  }

  /** Somebody says that the clock is right; by how much it had been set, null = it was trusted anyway. */
  trustClock(): ClockJump | null {
    const jump = this.time.trust();
    this.wake();
    return jump;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** How long a transaction took at most since this was asked, with all that was judged in it. */
  takeLongest(): Ms {
    const longest = this.#longestMs;
    this.#longestMs = 0;
    return longest;
  }

  /** Starts the clock work; what is offered before is kept as well. */
  start(): void {
    this.#sleep();
  }

  offer(offer: Offer): void {
    this.#queue.push(offer);
    if (this.#stuck !== null || this.#stopped) return;
    if (this.#queue.length >= (this.#gathering.isOn ? BACKLOG_BATCH : BATCH)) this.#flush();
    else this.#arm(this.#tookIn > 1 && !this.#gathering.isOn ? GATHER_MS : 0);
  }

  /** Sees to it that what is queued is taken in, but not at once: what comes with it shares the transaction. */
  #arm(waitMs: Ms): void {
    if (this.#armed) return;
    this.#armed = true;
    if (waitMs > 0) setTimeout(() => this.#flush(), waitMs);
    else setImmediate(() => this.#flush());
  }

  /** Offers facts and resolves when they are durable. */
  record(facts: readonly Fact[], from: Provenance): Promise<Outcome[]> {
    return Promise.all(facts.map((fact) => new Promise<Outcome>((kept) => this.offer({ what: { fact, from }, kept }))));
  }

  /**
   * A backlog begins: what comes is kept and acknowledged as ever, and judged together at its end, as if it had become known
   * at one instant. Judged piece by piece it would accuse everybody of every day that has not come yet.
   */
  beginBacklog(): void {
    this.#gathering.gathers = true;
  }

  /** The backlog is in, or its end is not in sight. */
  endBacklog(): void {
    this.settle();
    this.#gathering.gathers = false;
  }

  /** A backlog that is sure to end: nothing is judged before it has, however large it is and whoever asks meanwhile. */
  whole<T>(work: () => Promise<T>): Promise<T> {
    this.#gathering.wholes += 1;
    return work().finally(() => {
      this.settle();
      this.#gathering.wholes -= 1;
      this.settle();
    });
  }

  /** Takes in what is queued, and judges what a backlog has brought so far: whoever reads verdicts does this first. */
  settle(): void {
    this.#takeInAll();
    if (this.#stuck !== null || this.#stopped || this.#gathering.wholes > 0) return;
    try {
      this.#judgeBacklog();
    } catch (cause) {
      this.#hold(cause);
    }
  }

  /** Takes in what is queued; the answer: what somebody says or decides now can be kept, judged and dated. */
  readyToNote(): boolean {
    this.settle();
    return this.#engine !== null && this.#stuck === null && !this.time.isUnknown;
  }

  /** Records facts at an instant that has passed: only what the daemon knows of its own absence may be dated back. */
  recordAt(facts: readonly Fact[], from: Provenance, recordedAt: Ms): void {
    const offers = facts.map((fact) => ({ what: { fact, from }, kept: () => {} }));
    try {
      this.#commit(offers, recordedAt);
    } catch (cause) {
      // It has heard of facts that are not in the ledger.
      this.#engine = null;
      throw cause;
    }
  }

  /** Takes in what is queued, notes until when the daemon ran, and stops; later offers are neither kept nor acknowledged. */
  stop(): void {
    if (this.#stopped) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#noteStandstill();
    this.#takeInAll();
    this.time.aliveAt = Number.NEGATIVE_INFINITY;
    this.wake();
    this.#stopped = true;
  }

  #takeInAll(): void {
    while (this.#queue.length > 0 && this.#stuck === null && !this.#stopped) this.#flush();
  }

  #flush(): void {
    this.#armed = false;
    if (this.#stopped || this.#stuck !== null || this.#queue.length === 0) return;
    this.#noteStandstill();
    if (this.#stuck !== null) return;
    const offers = this.#queue.splice(0, this.#most);
    this.#tookIn = offers.length;
    const begun = this.#options.elapsed();
    try {
      if (this.#gathering.isOn) this.#store(offers);
      else this.#commit(offers, this.#nextAt());
    } catch (cause) {
      this.#queue = [...offers, ...this.#queue];
      this.#hold(cause);
      return;
    }
    this.#longestMs = Math.max(this.#longestMs, this.#options.elapsed() - begun);
    if (this.#queue.length > 0) this.#arm(0);
  }

  /** How many the next transaction takes in, at most. */
  get #most(): number {
    if (this.#gathering.isOn) return BACKLOG_BATCH;
    const isDueSoon = this.#engine !== null && this.#engine.nextAt <= this.#options.clock.now() + SOON_MS;
    return mostOf(this.#queue.length, isDueSoon);
  }

  #nextAt(): Ms {
    return Math.max(this.time.now, this.#engine?.now ?? 0);
  }

  #commit(offers: readonly Offer[], recordedAt: Ms): void {
    this.#judgeBacklog();
    const engine = this.#readyEngine();
    const at = this.time.commitAt(recordedAt);
    let outcomes: Outcome[] = [];
    let changes: readonly Change[] = [];
    this.#options.ledger.commit(() => {
      // What came due before is said before these facts are in the ledger: days that are read from it must not know them yet.
      const due = engine.advance(at);
      outcomes = this.#keep(offers, at);
      const fresh = newFacts(offers, outcomes, at);
      changes = [...due, ...engine.record(fresh, at)];
      this.#note(engine, changes, at);
      this.#follow(changes, fresh, at);
    });
    this.time.committed(at);
    this.time.aliveAt = at;
    // What is written to the pages here leaves at once; acknowledgements are collected, and leave when this is over in any case.
    this.#options.committed(changes);
    for (const [i, offer] of offers.entries()) offer.kept(outcomes[i] as Outcome);
  }

  #readyEngine(): Engine {
    this.#engine ??= this.#options.rebuild();
    return this.#engine;
  }

  /** Writes what was offered. */
  #keep(offers: readonly Offer[], recordedAt: Ms): Outcome[] {
    const entries: Entry[] = [];
    for (const { what } of offers) {
      if ('reject' in what) this.#options.rejects.keep(what.reject, recordedAt);
      else entries.push(what);
    }
    const appended = this.#options.facts.append(entries, recordedAt);
    let next = 0;
    return offers.map(({ what }) => ('reject' in what ? 'rejected' : (appended[next++] as Outcome)));
  }

  /** Writes what was judged, and where the engine stands: part of the transaction that keeps, or releases, the facts. */
  #note(engine: Engine, changes: readonly Change[], at: Ms): void {
    const { ledger, history } = this.#options;
    for (const change of changes) history.append(change);
    ledger.set('alive', String(at));
    ledger.set('hot-from', String(engine.earliestDue ?? ''));
    ledger.set('judged-from', String(engine.from ?? ''));
  }

  #follow(changes: readonly Change[], facts: readonly Fact[], at: Ms): void {
    for (const consequence of this.#options.consequences) consequence.follow(changes, facts, at);
  }

  // ---- backlogs ------------------------------------------------------------------------------------------------

  #store(offers: readonly Offer[]): void {
    this.time.committed(this.#gathering.store(offers, this.time.commitAt(this.#nextAt())));
    if (this.#gathering.isFull) this.#judgeBacklog();
  }

  #judgeBacklog(): void {
    const { backlog } = this.#gathering;
    if (backlog === null) return;
    const { ledger, facts, committed } = this.#options;
    const engine = this.#readyEngine();
    let changes: readonly Change[] = [];
    ledger.commit(() => {
      changes = engine.record(backlog.facts, backlog.recordedAt);
      this.#note(engine, changes, backlog.recordedAt);
      facts.release();
      this.#follow(changes, backlog.facts, backlog.recordedAt);
    });
    this.#gathering.clear();
    this.time.aliveAt = backlog.recordedAt;
    committed(changes);
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

  /** What came due while the process stood still, or that the clock skipped, is doubtful, like after a restart. */
  #noteStandstill(): void {
    const from = this.time.deafSince();
    if (from === null || this.#stuck !== null) return;
    try {
      this.#tellStoodStill(from);
    } catch (cause) {
      this.#hold(cause);
    }
  }

  /** That we hear again, said before and not kept yet, is true no more: it is said anew once what waits now is in. */
  #tellStoodStill(from: Ms): void {
    this.#queue = this.#queue.filter(({ what }) => 'reject' in what || !saysWeHear(what));
    this.#options.stoodStill(from);
  }

  /** The next instant at which something may have to be judged or told although nothing comes in. */
  get nextAt(): Ms {
    if (this.#gathering.backlog !== null) return this.#gathering.judgedBy;
    const engineAt = this.#engine?.nextAt ?? Number.POSITIVE_INFINITY;
    return Math.min(engineAt, ...this.#options.consequences.map((consequence) => consequence.nextAt));
  }

  /** Lets the deadlines that have come speak, and notes from time to time that the daemon is alive. */
  wake(): void {
    const { clock, log } = this.#options;
    this.#noteStandstill();
    const now = clock.now();
    if (this.#stuck !== null) return;
    if (clock.jump !== null) {
      log.warn({ byMs: clock.jump.byMs }, 'judging was suspended because the clock stepped');
      return;
    }
    const isAliveNoted = this.#gathering.backlog !== null || now - this.time.aliveAt < ALIVE_EVERY_MS;
    if (this.nextAt > now && isAliveNoted) return;
    try {
      this.#commit([], this.#nextAt());
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
      this.#stuck = null;
      // Nothing was taken in meanwhile: what came due is doubtful until what waits has been.
      this.#tellStoodStill(this.time.aliveAt);
    } catch (cause) {
      this.#hold(cause);
      return;
    }
    this.#options.log.info({ queued: this.#queue.length }, 'taking in was resumed');
    if (this.#queue.length > 0) this.#flush();
    if (this.#stuck === null) this.#retryMs = RETRY_FROM_MS;
  }
}
