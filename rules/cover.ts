/** Who held a window through a day, and what was seen of its seat meanwhile (rules.md section 5, Cover). */
import type { PresenceState } from './facts.ts';
import type { Span } from './intervals.ts';
import type { ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';

export type HeldBy = 'a' | 'b' | 'cover';

/** Who holds a window. */
export interface Holder {
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
  /** Who answers for an empty seat: the holder, and nobody where more than one A was present. */
  readonly answerable: string | null;
}

export function isSameHolder(a: Holder, b: Holder): boolean {
  return a.holder === b.holder && a.heldBy === b.heldBy && a.answerable === b.answerable;
}

/** A stretch of a window's service time in which its holder stays the same. */
export interface Holding extends Span, Holder {
  readonly interval: ServiceInterval;
}

/** A part of it in which its seat's state does not change either. */
export interface CoverStretch extends Holding {
  readonly seat: PresenceState;
}

/** Who held a window through its service time up to now. */
export class WindowCover {
  readonly holdings: readonly Holding[];
  readonly seat: SeatDay;

  /** Whoever held it last held it up to now; `seat` says when that is. */
  constructor(holdings: readonly Holding[], seat: SeatDay) {
    const { to } = seat.track;
    const last = holdings.at(-1);
    this.holdings = last === undefined || last.to <= to ? holdings : holdings.with(-1, { ...last, to });
    this.seat = seat;
  }

  /** The whole of it, cut where holder or seat change. */
  get stretches(): CoverStretch[] {
    return this.within({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  }

  /** The parts of a stretch of time, cut where holder or seat change. */
  within(span: Span): CoverStretch[] {
    const { track } = this.seat;
    const stretches: CoverStretch[] = [];
    let i = 0;
    for (const holding of this.holdings) {
      const end = Math.min(holding.to, span.to);
      for (let from = Math.max(holding.from, span.from); from < end; ) {
        while (track.endOf(i) <= from) i++;
        const to = Math.min(track.endOf(i), end);
        stretches.push({ ...holding, from, to, seat: track.states[i] as PresenceState });
        from = to;
      }
    }
    return stretches;
  }
}
