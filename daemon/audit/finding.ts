/** What an audit can find, in a form that programs read as well. */
import type { Zone } from '../../rules/time.ts';
import { type Verdict, verdictId } from '../../rules/verdict.ts';
import type { Chained } from '../ledger/link.ts';

/** A row of the ledger. */
export interface RowName {
  readonly kind: Chained;
  /** Its number in its table. */
  readonly row: number;
  /** The fact's id, or the id of the verdict that changed; null where the row is gone, or cannot be read. */
  readonly id: string | null;
}

/** What does not fit the chain. */
export type ChainFinding =
  /** The row, or its salt, is not what was chained. */
  | (RowName & { readonly what: 'row-changed'; readonly link: number })
  /** `after`: the last row before it that is there. */
  | (RowName & { readonly what: 'row-missing'; readonly link: number; readonly after: string | null })
  /** No link holds it. */
  | (RowName & { readonly what: 'row-outside' })
  /** It was taken out for good, and is there. */
  | (RowName & { readonly what: 'row-returned'; readonly link: number })
  /** The link does not fit its hash and the link before it. */
  | { readonly what: 'link-changed'; readonly link: number }
  | { readonly what: 'links-missing'; readonly from: number; readonly to: number }
  /** It holds rows that an earlier link holds, or older rows after the chain had begun. */
  | { readonly what: 'link-misplaced'; readonly link: number }
  /** The chain ended elsewhere when it was last written. */
  | { readonly what: 'end-differs'; readonly link: number }
  /** The link is another one than was noted. */
  | { readonly what: 'noted-differs'; readonly link: number }
  /** The log of who may does not go on from the row before this one. */
  | { readonly what: 'access-log-broken'; readonly row: number }
  /** The file cannot be read. */
  | { readonly what: 'file-damaged'; readonly because: string };

/** Where what is stored differs from what follows from the facts, or from the history. */
export interface JudgingFinding {
  readonly what: 'only-stored' | 'only-recomputed' | 'differs' | 'history-differs' | 'not-judged';
  /** Null where nothing could be judged. */
  readonly date: string | null;
  /** The verdict's id. */
  readonly id: string | null;
  readonly because?: string;
}

/** Findings in the order in which they were made: all are counted, the first are kept. */
export class Findings<T> {
  readonly kept: T[] = [];
  #count = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get count(): number {
    return this.#count;
  }

  add(finding: T): void {
    this.#count++;
    if (this.kept.length < this.#most) this.kept.push(finding);
  }
}

/** What people ask about a verdict by, as it is in the file; where that is no verdict any more, or names nobody, its key. */
export function nameOfStored(zone: Zone, { key, verdict }: { readonly key: string; readonly verdict: string }): string {
  try {
    return verdictId(zone, JSON.parse(verdict) as Verdict) ?? key;
  } catch (error) {
    if (error instanceof Error) return key;
    throw error;
  }
}
