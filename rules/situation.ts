/** Who holds which window while nobody comes or goes (rules.md section 5, Cover). */
import { type HeldBy, type Holder, isSameHolder } from './cover.ts';
import { listOf } from './fact-order.ts';
import type { PresenceState } from './facts.ts';
import type { HoldingTrack } from './holding-track.ts';
import type { Span } from './intervals.ts';
import { assignInOrder } from './matching.ts';
import type { ServiceInterval } from './plan.ts';
import type { Ms } from './time.ts';

/** A window in service, and those of its people who are there. */
export interface AttendedWindow {
  /** Its place among the windows of its component. */
  readonly place: number;
  readonly interval: ServiceInterval;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly cover: readonly string[];
}

interface HeldWindow extends Pick<AttendedWindow, 'place' | 'interval'> {
  readonly holder: Holder;
}

/** A window whose holder depends on what is seen of seats, its own or another's. Its A's and B's hold nothing by a cover fact. */
interface AskingWindow extends Omit<AttendedWindow, 'cover'> {
  /** How many of its A's are there. */
  readonly presentAs: number;
}

const NOBODY: Holder = { holder: null, heldBy: null, answerable: null };

/** What was decided for the states of the first seat, of the second, and so on: they come again and again. */
type Decided = { [State in PresenceState]?: Decided } & { holders?: readonly Holder[] };

/** From one turning point to the next only seats change: who is there and may hold what stays as it is. */
export class Situation {
  readonly at: Ms;
  /** Those whose holder is the same whatever is seen of seats. */
  readonly #held: readonly HeldWindow[];
  /** The others; nobody holds them by a cover fact. */
  readonly #asking: readonly AskingWindow[];
  readonly #decided: Decided = {};

  /** `attended`: the windows in service, in the configuration's order. */
  constructor(at: Ms, attended: readonly AttendedWindow[]) {
    // Steps 1 and 3. The other two ask what is seen, and are for windows that these leave without a holder.
    const byCover = new Holders(attended.map(({ a }) => a.length));
    for (const [k, { a, cover }] of attended.entries()) if (a.length === 0) byCover.take(k, cover, 'cover');
    const unseen = byCover.copy();
    for (const [k, { a }] of attended.entries()) unseen.take(k, a, 'a');
    const asking = askingOf(attended, unseen, byCover);
    const held: HeldWindow[] = [];
    const asks: AskingWindow[] = [];
    for (const [k, { place, interval, a, b }] of attended.entries()) {
      if (!asking.has(k)) held.push({ place, interval, holder: unseen.of(k) });
      else {
        const [freeA, freeB] = [byCover.freeOf(a), byCover.freeOf(b)];
        asks.push({ place, interval, a: freeA, b: freeB, presentAs: a.length });
      }
    }
    this.at = at;
    this.#held = held;
    this.#asking = asks;
  }

  /** Whether the same hold the same windows in a later one, whatever is seen of the seats. */
  lastsInto(later: Situation): boolean {
    if (this.#asking.length > 0 || later.#asking.length > 0 || this.#held.length !== later.#held.length) return false;
    return this.#held.every(({ interval, holder }, k) => {
      const is = later.#held[k] as HeldWindow;
      return interval === is.interval && isSameHolder(holder, is.holder);
    });
  }

  /** Whether it matters here what is seen of a window. */
  asksOf(place: number): boolean {
    return this.#asking.some((asking) => asking.place === place);
  }

  /** Follows the seats through a stretch of time before the next turning point. */
  follow(tracks: readonly HoldingTrack[], { from: start, to }: Span): void {
    for (const { place, interval, holder } of this.#held) (tracks[place] as HoldingTrack).hold(start, interval, holder);
    if (this.#asking.length === 0) return;
    for (let from = start; from < to; ) {
      let next = to;
      const seen: PresenceState[] = [];
      for (const { place } of this.#asking) {
        const track = tracks[place] as HoldingTrack;
        track.moveTo(from);
        seen.push(track.seat);
        next = Math.min(next, track.seatUntil);
      }
      const holders = this.#holders(seen);
      for (const [k, { place, interval }] of this.#asking.entries()) {
        (tracks[place] as HoldingTrack).hold(from, interval, holders[k] as Holder);
      }
      from = next;
    }
  }

  /** Who holds each of those that ask while their seats are in these states. */
  #holders(seats: readonly PresenceState[]): readonly Holder[] {
    let decided = this.#decided;
    for (const seat of seats) {
      decided[seat] ??= {};
      decided = decided[seat];
    }
    decided.holders ??= this.#decide(seats);
    return decided.holders;
  }

  /** The four steps, the first of which has been taken. */
  #decide(seats: readonly PresenceState[]): readonly Holder[] {
    const asking = this.#asking;
    const holders = new Holders(asking.map(({ presentAs }) => presentAs));
    const leftAnEmptySeat = (person: string): boolean =>
      asking.every(({ a }, j) => !a.includes(person) || seats[j] === 'empty');
    for (const [k, { b, presentAs }] of asking.entries()) {
      if (seats[k] === 'occupied' && presentAs === 0) holders.take(k, b.filter(leftAnEmptySeat), 'b');
    }
    for (const [k, { a }] of asking.entries()) holders.take(k, a, 'a');
    const rest = [...asking.keys()].filter((k) => holders.of(k) === NOBODY && seats[k] !== 'empty');
    const matched = assignInOrder(rest.map((k) => holders.freeOf((asking[k] as AskingWindow).b)));
    for (const [i, k] of rest.entries()) {
      const person = matched[i];
      if (person != null) holders.take(k, [person], 'b');
    }
    return holders.all;
  }
}

/** Who has been found to hold which of some windows so far; each holds one at most. */
class Holders {
  readonly #presentAs: readonly number[];
  readonly #holders: Holder[];
  readonly #busy: Set<string>;

  constructor(presentAs: readonly number[], holders = presentAs.map(() => NOBODY), busy: Iterable<string> = []) {
    this.#presentAs = presentAs;
    this.#holders = holders;
    this.#busy = new Set(busy);
  }

  get all(): readonly Holder[] {
    return this.#holders;
  }

  of(k: number): Holder {
    return this.#holders[k] as Holder;
  }

  copy(): Holders {
    return new Holders(this.#presentAs, [...this.#holders], this.#busy);
  }

  isFree(person: string): boolean {
    return !this.#busy.has(person);
  }

  freeOf(people: readonly string[]): readonly string[] {
    return this.#busy.size === 0 ? people : people.filter((person) => this.isFree(person));
  }

  /** Gives a window the first of those who hold nothing, if there is one. */
  take(k: number, people: readonly string[], heldBy: HeldBy): void {
    const person = people.find((one) => this.isFree(one));
    if (person === undefined) return;
    this.#busy.add(person);
    this.#holders[k] = { holder: person, heldBy, answerable: (this.#presentAs[k] as number) > 1 ? null : person };
  }
}

/**
 * The windows whose holder may depend on what is seen: those that are left to the steps that ask, and whatever a person who may be
 * given one of them is an A of, since that person's seat is asked for, and may be left.
 */
function askingOf(attended: readonly AttendedWindow[], unseen: Holders, byCover: Holders): ReadonlySet<number> {
  const mayHold = (k: number): readonly string[] => {
    const { a, b } = attended[k] as AttendedWindow;
    return byCover.freeOf([...a, ...b]);
  };
  const asking = new Set(attended.keys().filter((k) => unseen.of(k) === NOBODY && mayHold(k).length > 0));
  if (asking.size === 0) return asking;
  const ownedBy = new Map<string, number[]>();
  for (const [k, { a }] of attended.entries()) for (const person of a) listOf(ownedBy, person).push(k);
  // A set that is gone through goes through what is added meanwhile.
  for (const k of asking)
    for (const person of mayHold(k)) for (const owned of ownedBy.get(person) ?? []) asking.add(owned);
  return asking;
}
