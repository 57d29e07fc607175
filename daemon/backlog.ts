/** Facts that have been kept and wait to be judged together. */
import type { Fact } from '../rules/facts.ts';
import type { Ms } from '../rules/time.ts';
import type { Entry, FactStore } from './ledger/facts.ts';
import type { Ledger, LedgerError } from './ledger/ledger.ts';
import type { StoreHand } from './ledger/store-hand.ts';
import type { Offer, Outcome } from './live.ts';

export interface Backlog {
  /** All of it becomes known at this instant. */
  readonly recordedAt: Ms;
  readonly facts: Fact[];
}

export interface GatheringOptions {
  readonly ledger: Ledger;
  readonly facts: FactStore;
  /** Writes large parts beside everything else; without it all is written in its turn. */
  readonly hand: StoreHand | null;
  /** Writes what was offered, within a transaction. */
  readonly keep: (offers: readonly Offer[], recordedAt: Ms) => Outcome[];
}

/** Most of a backlog that one transaction takes in: nothing of it is judged at once. */
export const BACKLOG_BATCH = 2000;
/** Parts under way on the second hand: it goes on with the next while the first hand hears what became of the last. */
const ASIDE = 2;
/** How many facts, and how long, a backlog is gathered before it is judged: nobody is to wait for the end of an endless one. */
const LARGEST = 100_000;
const LONGEST_MS: Ms = 10_000;

/** Keeps a backlog as it comes. */
export class Gathering {
  /** Whether a backlog is coming in whose end nobody knows. */
  gathers = false;
  /** Backlogs under way that are sure to end: until then none is judged. */
  wholes = 0;
  readonly #options: GatheringOptions;
  #backlog: Backlog | null;

  /** Begins with what a process before this one has kept and not judged. */
  constructor(options: GatheringOptions) {
    this.#options = options;
    this.#backlog = options.facts.heldBack();
  }

  /** What has been kept and waits to be judged; null if nothing does. */
  get backlog(): Backlog | null {
    return this.#backlog;
  }

  /** Whether what comes belongs to a backlog. */
  get isOn(): boolean {
    return this.gathers || this.wholes > 0;
  }

  /** Whether it is judged now, though more may come. */
  get isFull(): boolean {
    return this.wholes === 0 && this.#backlog !== null && this.#backlog.facts.length >= LARGEST;
  }

  /** When it is judged, though more may come. */
  get judgedBy(): Ms {
    if (this.#backlog === null || this.wholes > 0) return Number.POSITIVE_INFINITY;
    return this.#backlog.recordedAt + LONGEST_MS;
  }

  /** Whether so many had better wait: the second hand has enough to do, and what comes with them shares the transaction. */
  mayWait(queued: number): boolean {
    const busy = this.#options.hand?.busy ?? 0;
    return busy >= (queued < BACKLOG_BATCH ? 1 : ASIDE);
  }

  /** Keeps a part at once, and returns as of when: since the backlog began, or since now if it begins with it. */
  store(offers: readonly Offer[], now: Ms): Ms {
    const { ledger, facts, keep } = this.#options;
    const recordedAt = this.#backlog?.recordedAt ?? now;
    const outcomes = ledger.commit(() => {
      if (this.#backlog === null) facts.holdBack();
      return keep(offers, recordedAt);
    });
    this.#kept(offers, recordedAt, outcomes);
    return recordedAt;
  }

  /** Keeps a part beside everything else, where it is worth it: in a backlog that has become large. False = it is not. */
  storeAside(offers: readonly Offer[], done: (failure: LedgerError | null) => void): boolean {
    const { hand } = this.#options;
    if (hand === null || this.#backlog === null || this.#backlog.facts.length < BACKLOG_BATCH) return false;
    const { recordedAt } = this.#backlog;
    const entries = offers.flatMap(({ what }): Entry[] => ('reject' in what ? [] : [what]));
    if (entries.length < offers.length) return false;
    hand.store(entries, recordedAt, (stored) => {
      if (stored instanceof Error) return done(stored);
      this.#kept(offers, recordedAt, stored);
      done(null);
    });
    return true;
  }

  /** Waits for what the second hand has under way. */
  finish(): void {
    this.#options.hand?.finish();
  }

  /** It has been judged. */
  clear(): void {
    this.#backlog = null;
  }

  #kept(offers: readonly Offer[], recordedAt: Ms, outcomes: readonly Outcome[]): void {
    this.#backlog ??= { recordedAt, facts: [] };
    for (const [i, { what, kept }] of offers.entries()) {
      const outcome = outcomes[i] as Outcome;
      if (outcome === 'new' && !('reject' in what)) this.#backlog.facts.push({ ...what.fact, recordedAt });
      kept(outcome);
    }
  }
}
