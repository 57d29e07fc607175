/**
 * Facts at instants, in columns. Judging goes through millions of them, while facts lie all over the memory: their instants lie side by
 * side here, and those of one subject are chained in `(at, id)` order. A place is where a fact stands in the columns.
 */
import { inOrder } from './fact-order.ts';
import type { PresenceFact, PunchFact } from './facts.ts';
import type { Span } from './intervals.ts';
import type { Ms } from './time.ts';

/** The end of a chain. */
export const NOWHERE = -1;

const ROOM = 256;
/** How much more there is when it is full: what is outgrown has to be collected. */
const GROWTH = 4;

export class Instants<F extends PresenceFact | PunchFact> {
  #at = new Float64Array(ROOM);
  #next = new Int32Array(ROOM);
  #marks = new Uint8Array(ROOM);
  readonly #facts: F[] = [];
  /** By chain: its first and its last place, and whether it is in order. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #ordered: boolean[] = [];
  readonly #upsets: number[] = [];

  /** How many have been opened. */
  get chains(): number {
    return this.#first.length;
  }

  /** A chain of a subject of its own. */
  open(): number {
    this.#first.push(NOWHERE);
    this.#last.push(NOWHERE);
    this.#ordered.push(true);
    this.#upsets.push(0);
    return this.#first.length - 1;
  }

  /** Enters a fact with a mark of whoever reads it, 0–255. Facts nearly always arrive in order; where they do not, the chain is put in order when it is read. */
  add(chain: number, fact: F, mark = 0): void {
    const place = this.#facts.length;
    if (place === this.#at.length) this.#grow();
    const { at } = fact;
    this.#facts.push(fact);
    this.#at[place] = at;
    this.#next[place] = NOWHERE;
    this.#marks[place] = mark;
    const last = this.#last[chain] as number;
    if (last === NOWHERE) this.#first[chain] = place;
    else {
      this.#next[last] = place;
      if (at <= (this.#at[last] as Ms)) this.#upset(chain);
    }
    this.#last[chain] = place;
  }

  /** Takes out the fact with the same id. */
  remove(chain: number, { id }: F): void {
    this.#chain(
      chain,
      this.#places(chain).filter((place) => this.fact(place).id !== id),
    );
    this.#upsets[chain] = this.upsets(chain) + 1;
  }

  /** How often a chain has changed otherwise than by growing at its end: whoever has read some of it reads on while that is the same. */
  upsets(chain: number): number {
    return this.#upsets[chain] as number;
  }

  /** The first place of a chain that lies in a stretch of time or after it. */
  firstFrom(chain: number, from: Ms): number {
    if (!this.#ordered[chain]) this.#order(chain);
    let place = this.#first[chain] as number;
    while (place !== NOWHERE && (this.#at[place] as Ms) < from) place = this.#next[place] as number;
    return place;
  }

  next(place: number): number {
    return this.#next[place] as number;
  }

  at(place: number): Ms {
    return this.#at[place] as Ms;
  }

  mark(place: number): number {
    return this.#marks[place] as number;
  }

  fact(place: number): F {
    return this.#facts[place] as F;
  }

  /** The facts of a chain in a stretch of time, in order. */
  in(chain: number, { from, to }: Span): F[] {
    const found: F[] = [];
    for (let place = this.firstFrom(chain, from); place !== NOWHERE && this.at(place) < to; place = this.next(place)) {
      found.push(this.fact(place));
    }
    return found;
  }

  #places(chain: number): number[] {
    const places: number[] = [];
    for (let place = this.#first[chain] as number; place !== NOWHERE; place = this.next(place)) places.push(place);
    return places;
  }

  /** Something has been entered that is not the last of its chain. */
  #upset(chain: number): void {
    this.#ordered[chain] = false;
    this.#upsets[chain] = this.upsets(chain) + 1;
  }

  /** Sorts a chain, and leaves out what was entered twice. */
  #order(chain: number): void {
    const order = (a: number, b: number): number => this.at(a) - this.at(b) || inOrder(this.fact(a), this.fact(b));
    const places = this.#places(chain).sort(order);
    this.#chain(
      chain,
      places.filter((place, i) => i === 0 || order(places[i - 1] as number, place) !== 0),
    );
    this.#ordered[chain] = true;
  }

  #chain(chain: number, places: readonly number[]): void {
    this.#first[chain] = places[0] ?? NOWHERE;
    this.#last[chain] = places.at(-1) ?? NOWHERE;
    for (const [i, place] of places.entries()) this.#next[place] = places[i + 1] ?? NOWHERE;
  }

  #grow(): void {
    const [at, next, marks] = [this.#at, this.#next, this.#marks];
    this.#at = new Float64Array(at.length * GROWTH);
    this.#next = new Int32Array(at.length * GROWTH);
    this.#marks = new Uint8Array(at.length * GROWTH);
    this.#at.set(at);
    this.#marks.set(marks);
    this.#next.set(next);
  }
}
