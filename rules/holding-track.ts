import { type Holder, type Holding, isSameHolder } from './cover.ts';
import type { PresenceState } from './facts.ts';
import type { ServiceInterval } from './plan.ts';
import type { SeatTrack } from './presence.ts';
import type { Ms } from './time.ts';

/** A window on its way through the day: what is seen of its seat, and who has held it so far. */
export class HoldingTrack {
  readonly #holdings: { -readonly [K in keyof Holding]: Holding[K] }[];
  seat: PresenceState = 'unknown';
  seatUntil: Ms = Number.NEGATIVE_INFINITY;
  readonly #seen: SeatTrack;
  #place: number;

  /** `known`: who held it before `from`, at least. */
  constructor(seen: SeatTrack, known: readonly Holding[], from: Ms) {
    this.#seen = seen;
    this.#place = seen.from.findLastIndex((at) => at <= from);
    this.#holdings = known.filter((holding) => holding.from < from);
    const last = this.#holdings.pop();
    if (last !== undefined) this.#holdings.push({ ...last, to: last.interval.to });
  }

  /** Reads the seat's state at a later instant. */
  moveTo(at: Ms): void {
    const { from, states } = this.#seen;
    while (this.seatUntil <= at) {
      const place = this.#place++;
      this.seat = states[place] ?? 'unknown';
      this.seatUntil = from[place + 1] ?? Number.POSITIVE_INFINITY;
    }
  }

  /** Where the holder changes, ends the last holding and begins one, that lasts to the end of its service if nothing ends it before. */
  hold(from: Ms, interval: ServiceInterval, holder: Holder): void {
    const last = this.#holdings.at(-1);
    if (last?.interval === interval) {
      if (isSameHolder(last, holder)) return;
      last.to = from;
    }
    const { holder: person, heldBy, answerable } = holder;
    this.#holdings.push({ holder: person, heldBy, answerable, from, to: interval.to, interval });
  }

  /** From an instant on the same hold it as before. */
  goOnAs(before: readonly Holding[], at: Ms): void {
    for (const holding of before) {
      if (holding.to > at) this.hold(Math.max(holding.from, at), holding.interval, holding);
    }
  }

  /** Who has held it: what was known before, if that is the same. */
  kept(before: readonly Holding[]): readonly Holding[] {
    const holdings = this.#holdings;
    const isSame =
      before.length === holdings.length && before.every((holding, i) => isSameHolding(holding, holdings[i] as Holding));
    return isSame ? before : holdings;
  }
}

function isSameHolding(a: Holding, b: Holding): boolean {
  return a.from === b.from && a.interval === b.interval && isSameHolder(a, b);
}
