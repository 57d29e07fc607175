/**
 * Which topics of which clocks the session that a broker keeps for us may have: it outlives us, and what a clock that has been taken out
 * of the configuration sent before is still handed out by it.
 */
import type { ConnectedClock } from '../../adapters/clock.ts';
import { covers } from '../../adapters/topics.ts';
import { type Ledger, LedgerError } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';

type Heard = ReadonlyMap<string, Pick<NonNullable<ConnectedClock['mqtt']>, 'topics'>>;
type Kept = Readonly<Record<string, readonly string[]>>;

export class SessionTopics {
  readonly #ledger: Pick<Ledger, 'setting' | 'set' | 'commit'>;
  readonly #name: string;
  readonly #log: Log;
  #heard: Heard = new Map();
  #kept: Kept;
  /** Clocks that were heard and are no longer, by the topics that they had; since the daemon began, or were found then. */
  #former: Kept = {};

  constructor(ledger: Pick<Ledger, 'setting' | 'set' | 'commit'>, hall: string, log: Log) {
    this.#ledger = ledger;
    this.#log = log;
    this.#name = `session topics ${hall}`;
    this.#kept = JSON.parse(ledger.setting(this.#name) ?? '{}') as Kept;
  }

  /** Begins with these; the answer: what else the session may have. */
  begin(heard: Heard): readonly string[] {
    this.#heard = heard;
    const former = Object.values(this.#kept).flat();
    this.#unlessFull(() => this.add(heard));
    return former.filter((topic) => !this.#isHeard(topic));
  }

  /** It will be asked for these as well. Throws a `LedgerError` where that cannot be noted. */
  add(heard: Heard): void {
    const kept = { ...this.#kept };
    for (const [clock, { topics }] of heard) kept[clock] = [...new Set([...(kept[clock] ?? []), ...topics])];
    this.#keep(kept);
  }

  /** It has these and no others. */
  settled(heard: Heard): void {
    this.#heard = heard;
    this.#former = { ...this.#former, ...this.#kept };
    this.#unlessFull(() => this.#keep(Object.fromEntries([...heard].map(([clock, { topics }]) => [clock, topics]))));
  }

  /** The clock that used to be heard on a topic; null = none was. */
  formerOf(topic: string): string | null {
    const known = Object.entries({ ...this.#former, ...this.#kept });
    const covering = (one: string): boolean => covers(one, topic) && !this.#isHeard(one);
    return known.find(([, topics]) => topics.some(covering))?.[0] ?? null;
  }

  #isHeard(topic: string): boolean {
    return [...this.#heard.values()].some(({ topics }) => topics.includes(topic));
  }

  /** A session that keeps a topic too many does no harm: its messages are kept aside, and it is unsubscribed another time. */
  #unlessFull(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#log.warn({ because: error.message }, 'topics of the session were not noted');
    }
  }

  #keep(kept: Kept): void {
    if (JSON.stringify(kept) === JSON.stringify(this.#kept)) return;
    this.#ledger.commit(() => this.#ledger.set(this.#name, JSON.stringify(kept)));
    this.#kept = kept;
  }
}
