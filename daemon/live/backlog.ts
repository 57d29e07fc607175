/** Facts that have been kept and wait to be judged together. */
import type { Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { FactStore } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { newFacts, type Offer, type Outcome } from './offer.ts';

export interface Backlog {
  /** All of it becomes known at this instant. */
  readonly recordedAt: Ms;
  readonly facts: Fact[];
}

export interface GatheringOptions {
  readonly ledger: Ledger;
  readonly facts: FactStore;
  /** Writes what was offered, within a transaction. */
  readonly keep: (offers: readonly Offer[], recordedAt: Ms) => Outcome[];
}

/** Most of a backlog that one transaction takes in: nothing of it is judged at once. */
export const BACKLOG_BATCH = 2000;
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

  /** Keeps a part, and returns as of when: since the backlog began, or since now if it begins with it. */
  store(offers: readonly Offer[], now: Ms): Ms {
    const { ledger, facts, keep } = this.#options;
    const backlog = this.#backlog ?? { recordedAt: now, facts: [] };
    const { recordedAt } = backlog;
    const outcomes = ledger.commit(() => {
      if (this.#backlog === null) facts.holdBack();
      return keep(offers, recordedAt);
    });
    this.#backlog = backlog;
    for (const fact of newFacts(offers, outcomes, recordedAt)) backlog.facts.push(fact);
    for (const [i, { kept }] of offers.entries()) kept(outcomes[i] as Outcome);
    return recordedAt;
  }

  /** It has been judged. */
  clear(): void {
    this.#backlog = null;
  }
}
