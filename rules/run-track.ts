/** The runs of a window's conditions, followed through a day (rules.md section 5, the table). */
import { type Holding, isSameHolder } from './cover.ts';
import type { Span } from './intervals.ts';
import type { ServiceInterval } from './plan.ts';
import { differFrom, type SeatTrack } from './presence.ts';
import type { Ms } from './time.ts';

/** A maximal stretch of one condition within one service interval. */
export interface SeatRun extends Span {
  readonly interval: ServiceInterval;
  /** Who answered for the seat when it began. */
  readonly answerable: string | null;
  /** Whether it could not be seen all the time. */
  readonly isBlind: boolean;
}

/** The runs of one condition in order, in columns: there are many, and few that any rule speaks of. */
export class RunColumns {
  readonly #from: Ms[] = [];
  readonly #to: Ms[] = [];
  readonly #rest: Omit<SeatRun, keyof Span>[] = [];

  get length(): number {
    return this.#from.length;
  }

  fromOf(i: number): Ms {
    return this.#from[i] as Ms;
  }

  toOf(i: number): Ms {
    return this.#to[i] as Ms;
  }

  intervalOf(i: number): ServiceInterval {
    return (this.#rest[i] as SeatRun).interval;
  }

  run(i: number): SeatRun {
    return { from: this.fromOf(i), to: this.toOf(i), ...(this.#rest[i] as Omit<SeatRun, keyof Span>) };
  }

  /** Adds what begins no earlier than those before end; what goes on is the same run. */
  add(from: Ms, to: Ms, { interval, answerable }: Holding, isBlind: boolean): void {
    const last = this.#to.length - 1;
    const before = this.#rest[last];
    if (before === undefined || this.#to[last] !== from || before.interval !== interval) {
      this.#from.push(from);
      this.#to.push(to);
      this.#rest.push({ interval, answerable, isBlind });
      return;
    }
    this.#to[last] = to;
    if (isBlind && !before.isBlind) this.#rest[last] = { ...before, isBlind };
  }

  /** Takes out what ends at an instant or later; returns the beginning of the first of these, and `at` where there is none or it is later. */
  cut(at: Ms): Ms {
    let from = at;
    while (this.length > 0 && this.toOf(this.length - 1) >= at) {
      from = Math.min(from, this.#from.pop() as Ms);
      this.#to.pop();
      this.#rest.pop();
    }
    return from;
  }
}

/** What a window's service time up to now is made of, as far as any rule speaks of it. */
export class RunTrack {
  /** Somebody held it, and the seat was empty. */
  readonly left = new RunColumns();
  /** Nobody held it, and nobody was seen to sit there. */
  readonly missing = new RunColumns();
  /** Nobody held it, and somebody sat there. */
  readonly unverified = new RunColumns();
  #followed: { readonly holdings: readonly Holding[]; readonly track: Readonly<SeatTrack> } | null = null;

  /** Follows who held the window, and what was seen of its seat, from where either differs from before. */
  follow(holdings: readonly Holding[], track: Readonly<SeatTrack>): this {
    const known = this.#followed;
    const differs =
      known === null
        ? Number.NEGATIVE_INFINITY
        : Math.min(heldOtherwise(known.holdings, holdings), differFrom(known.track, track), known.track.to, track.to);
    const from = Math.min(this.left.cut(differs), this.missing.cut(differs), this.unverified.cut(differs));
    let held = holdings.length - 1;
    while (held > 0 && (holdings[held] as Holding).from > from) held--;
    let place = track.from.length - 1;
    while (place > 0 && (track.from[place] as Ms) > from) place--;
    for (; held >= 0 && held < holdings.length; held++) {
      place = this.#addAll(holdings[held] as Holding, track, from, place);
    }
    this.#followed = { holdings, track };
    return this;
  }

  /** Adds what a holding is made of from an instant on; returns the place of the track at its end. */
  #addAll(holding: Holding, track: Readonly<SeatTrack>, from: Ms, begin: number): number {
    const { states } = track;
    const until = Math.min(holding.to, track.to);
    let at = Math.max(holding.from, from);
    let place = Math.max(0, begin);
    while (place < states.length && track.endOf(place) <= at) place++;
    for (; at < until; place++) {
      const end = Math.min(track.endOf(place), until);
      const seat = states[place];
      if (holding.holder === null) {
        if (seat === 'occupied') this.unverified.add(at, end, holding, false);
        else this.missing.add(at, end, holding, seat === 'unknown');
      } else if (seat === 'empty') this.left.add(at, end, holding, false);
      at = end;
    }
    // A seat may stay as it is when its holder changes.
    return place - 1;
  }
}

/** From when on others held a window, or somebody for longer; infinity where that is never. */
function heldOtherwise(before: readonly Holding[], now: readonly Holding[]): Ms {
  if (before === now) return Number.POSITIVE_INFINITY;
  const shared = Math.min(before.length, now.length);
  for (let i = 0; i < shared; i++) {
    const [was, is] = [before[i] as Holding, now[i] as Holding];
    if (was === is) continue;
    if (was.from !== is.from || was.interval !== is.interval || !isSameHolder(was, is))
      return Math.min(was.from, is.from);
    if (was.to !== is.to) return Math.min(was.to, is.to);
  }
  return before[shared]?.from ?? now[shared]?.from ?? Number.POSITIVE_INFINITY;
}
