/** Sign-ins that were refused, counted: under attack one row for each would fill the ledger. */

import type { Ms } from '../../rules/time.ts';
import { systemAfter } from '../clock.ts';
import type { Books } from './books.ts';

/** How long refusals are gathered before they are recorded. */
const GATHER_MS: Ms = 60_000;
/** Pairs of account and address that are told apart; the rest are counted together. */
const MOST_APART = 200;

interface Tally {
  readonly account: string | null;
  readonly address: string | null;
  count: number;
}

export class Failures {
  readonly #books: Books;
  readonly #tallies = new Map<string, Tally>();
  #cancel: (() => void) | null = null;

  constructor(books: Books) {
    this.#books = books;
  }

  /** `account` null = there is no such account: what was typed is not kept, it may well be a password. */
  add(account: string | null, address: string): void {
    const key = JSON.stringify([account, address]);
    const isApart = this.#tallies.has(key) || this.#tallies.size < MOST_APART;
    const tally = this.#tallies.get(isApart ? key : '') ?? {
      ...(isApart ? { account, address } : { account: null, address: null }),
      count: 0,
    };
    tally.count++;
    this.#tallies.set(isApart ? key : '', tally);
    this.#cancel ??= systemAfter(GATHER_MS, () => {
      this.#cancel = null;
      this.record();
    });
  }

  /** Records what was gathered; where the disk takes nothing, the next time. */
  record(): void {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#tallies.size === 0) return;
    try {
      this.#books.write(() => {
        for (const { account, address, count } of this.#tallies.values()) {
          const about = account === null ? null : `user:${account}`;
          this.#books.record('sign-ins-refused', { who: null, address }, about, { count });
        }
      });
      this.#tallies.clear();
    } catch (cause) {
      this.#books.processLog.error({ because: String(cause) }, 'refused sign-ins were not recorded');
    }
  }
}
