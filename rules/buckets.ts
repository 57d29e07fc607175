/** Facts that lie at one instant, in buckets by UTC day, so that a cold day can be dropped and read again. */
import { listOf } from './fact-order.ts';
import type { PresenceFact, PresenceState, PunchFact } from './facts.ts';
import { Instants, NOWHERE } from './instants.ts';
import { overlaps, type Span } from './intervals.ts';
import { DAY_LENGTH, type Ms } from './time.ts';

const NOTHING: readonly never[] = [];
const SEEN: readonly PresenceState[] = ['occupied', 'empty', 'unknown'];

/** A punch with its instant at hand: a day is told by the instants, and facts lie all over the memory. */
export interface Touch {
  readonly at: Ms;
  readonly punch: PunchFact;
}

/** A witness of a seat; `source` empty = it was not named. */
export interface Witness {
  readonly source: string;
  readonly chain: number;
}

/** What one witness said of a seat: a chain of each UTC day. */
export interface Sightings {
  readonly source: string;
  readonly parts: { readonly bucket: Bucket; readonly chain: number }[];
}

/** A UTC day's facts by the subject they speak of. */
export class Bucket {
  /** The UTC day, counted from 1970. */
  readonly index: number;
  readonly punches = new Instants<PunchFact>();
  readonly presence = new Instants<PresenceFact>();
  readonly #ofEmployee = new Map<string, number>();
  readonly #ofCredential = new Map<string, number>();
  readonly #ofWindow = new Map<string, Witness[]>();
  /** By device; null = not gathered since a punch was taken out. */
  #ofDevice: Map<string, PunchFact[]> | null = null;

  constructor(index: number) {
    this.index = index;
  }

  addPunch(punch: PunchFact): void {
    const { employee, credential, device } = punch;
    if (device !== undefined && this.#ofDevice !== null) listOf(this.#ofDevice, device).push(punch);
    if (credential !== undefined) this.punches.add(this.#chainOf(this.#ofCredential, credential), punch);
    else if (employee !== undefined) this.punches.add(this.#chainOf(this.#ofEmployee, employee), punch);
  }

  removePunch(punch: PunchFact): void {
    const chain = this.chainOf(punch);
    this.#ofDevice = null;
    if (chain !== undefined) this.punches.remove(chain, punch);
  }

  /** The chain of the punches of the same credential, or of the same employee where none is told; undefined = there are none. */
  chainOf({
    employee = '',
    credential,
  }: {
    readonly employee?: string;
    readonly credential?: string;
  }): number | undefined {
    return credential === undefined ? this.#ofEmployee.get(employee) : this.#ofCredential.get(credential);
  }

  /** Adds the punches of an employee or a credential in a stretch of time, those that count; says how many chains that were. */
  gather(
    of: { readonly employee?: string; readonly credential?: string },
    { from, to }: Span,
    found: Touch[],
    counts: (punch: PunchFact) => boolean = () => true,
  ): 0 | 1 {
    const chain = this.chainOf(of);
    if (chain === undefined) return 0;
    const { punches } = this;
    for (let place = punches.firstFrom(chain, from); place !== NOWHERE; place = punches.next(place)) {
      const at = punches.at(place);
      if (at >= to) break;
      const punch = punches.fact(place);
      if (counts(punch)) found.push({ at, punch });
    }
    return 1;
  }

  /** Enters what was seen; says whether it is the first word of its witness. */
  addPresence(fact: PresenceFact): boolean {
    const known = this.presence.chains;
    this.presence.add(this.#witness(fact.window, fact.source ?? '').chain, fact, SEEN.indexOf(fact.state));
    return this.presence.chains > known;
  }

  /** What was seen at a place of the presence facts. */
  seenAt(place: number): PresenceState {
    return SEEN[this.presence.mark(place)] as PresenceState;
  }

  removePresence(fact: PresenceFact): void {
    const witness = this.witnessesOf(fact.window).find(({ source }) => source === (fact.source ?? ''));
    if (witness !== undefined) this.presence.remove(witness.chain, fact);
  }

  /** Who watches a window's seat. */
  witnessesOf(window: string): readonly Witness[] {
    return this.#ofWindow.get(window) ?? NOTHING;
  }

  /** A device's punches, in no order. */
  punchesOfDevice(device: string): readonly PunchFact[] {
    if (this.#ofDevice === null) {
      this.#ofDevice = new Map();
      const all = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
      for (const chain of [...this.#ofEmployee.values(), ...this.#ofCredential.values()]) {
        for (const punch of this.punches.in(chain, all)) {
          if (punch.device !== undefined) listOf(this.#ofDevice, punch.device).push(punch);
        }
      }
    }
    return this.#ofDevice.get(device) ?? NOTHING;
  }

  #chainOf(chains: Map<string, number>, subject: string): number {
    let chain = chains.get(subject);
    if (chain === undefined) {
      chain = this.punches.open();
      chains.set(subject, chain);
    }
    return chain;
  }

  #witness(window: string, source: string): Witness {
    const witnesses = listOf(this.#ofWindow, window);
    for (const witness of witnesses) if (witness.source === source) return witness;
    const witness = { source, chain: this.presence.open() };
    witnesses.push(witness);
    return witness;
  }
}

export class Buckets {
  readonly #buckets = new Map<number, Bucket>();
  /** The one asked for last: facts come in runs of one day. */
  #last: Bucket | null = null;
  /** Another number once somebody has begun to speak of a seat on a day, or a day has been dropped. */
  witnesses = 0;

  addPresence(fact: PresenceFact): void {
    if (this.at(fact.at).addPresence(fact)) this.witnesses += 1;
  }

  /** The bucket of an instant. */
  at(at: Ms): Bucket {
    const index = Math.floor(at / DAY_LENGTH);
    if (this.#last?.index === index) return this.#last;
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = new Bucket(index);
      this.#buckets.set(index, bucket);
    }
    this.#last = bucket;
    return bucket;
  }

  /** The bucket of an instant, if there is anything in it. */
  known(at: Ms): Bucket | undefined {
    return this.#buckets.get(Math.floor(at / DAY_LENGTH));
  }

  /** The buckets that a stretch of time touches, in order. */
  in(span: Span): Bucket[] {
    const buckets: Bucket[] = [];
    const last = Math.floor((span.to - 1) / DAY_LENGTH);
    for (let index = Math.floor(span.from / DAY_LENGTH); index <= last; index++) {
      const bucket = this.#buckets.get(index);
      if (bucket !== undefined) buckets.push(bucket);
    }
    return buckets;
  }

  /** Drops the days before `at` that no stretch in `kept` touches; returns whether there were any. */
  forgetBefore(at: Ms, kept: readonly Span[]): boolean {
    const before = this.#buckets.size;
    this.#last = null;
    const limit = Math.floor(at / DAY_LENGTH);
    for (const index of this.#buckets.keys()) {
      const bucket = { from: index * DAY_LENGTH, to: (index + 1) * DAY_LENGTH };
      if (index < limit && !kept.some((span) => overlaps(span, bucket))) this.#buckets.delete(index);
    }
    if (this.#buckets.size === before) return false;
    this.witnesses += 1;
    return true;
  }
}
