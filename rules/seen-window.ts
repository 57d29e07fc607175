import type { Book } from './book.ts';
import { type Holding, WindowCover } from './cover.ts';
import { Coverage } from './evidence.ts';
import type { Window } from './hall.ts';
import type { Moment } from './moment.ts';
import type { HallDay, ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';
import type { WindowDay } from './rule.ts';
import { RunTrack } from './run-track.ts';

/** What of a window's day is known beforehand. */
export interface WindowOfDay {
  readonly window: Window;
  readonly today: HallDay;
  readonly book: Book;
  readonly service: readonly ServiceInterval[];
  /** The clocks that could carry a punch of somebody who may hold it. */
  readonly clocks: ReadonlySet<string>;
}

/** What was seen of its seat, and who held it: for how long lasts what came last is another matter. */
export interface SeenAndHeld {
  readonly seat: SeatDay;
  readonly holdings: readonly Holding[];
}

/** A window's day up to a moment; what is asked of it is made then. */
export class SeenWindow implements WindowDay {
  readonly window: Window;
  readonly today: HallDay;
  readonly service: readonly ServiceInterval[];
  readonly moment: Moment;
  readonly seat: SeatDay;
  readonly #of: WindowOfDay;
  readonly #holdings: readonly Holding[];
  #runs: RunTrack | null;
  #isFollowed = false;
  #cover: WindowCover | null = null;
  #coverage: Coverage | null = null;

  /** `runs` are those up to an earlier or later moment; they are followed up to this one. */
  constructor(of: WindowOfDay, { seat, holdings }: SeenAndHeld, moment: Moment, runs: RunTrack | null = null) {
    this.window = of.window;
    this.today = of.today;
    this.service = of.service;
    this.moment = moment;
    this.seat = seat.until(Math.min(moment.now, of.today.to));
    this.#of = of;
    this.#holdings = holdings;
    this.#runs = runs;
  }

  get cover(): WindowCover {
    this.#cover ??= new WindowCover(this.#holdings, this.seat);
    return this.#cover;
  }

  get runs(): RunTrack {
    this.#runs ??= new RunTrack();
    if (!this.#isFollowed) this.#runs.follow(this.#holdings, this.seat.track);
    this.#isFollowed = true;
    return this.#runs;
  }

  get coverage(): Coverage {
    this.#coverage ??= new Coverage(this.#of.clocks, this.window.thresholds.settle, this.#of.book, this.moment);
    return this.#coverage;
  }
}
