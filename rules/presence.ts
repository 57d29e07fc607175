/** What is known of a window's seat through a day (rules.md section 5, Presence). */
import type { PresenceState } from './facts.ts';
import type { Span } from './intervals.ts';
import type { Thresholds } from './thresholds.ts';
import type { Ms } from './time.ts';

/** A stretch of one state; neighbours differ, and together they fill the day up to now. */
export interface PresenceStretch extends Span {
  readonly state: PresenceState;
}

/** What is known of a seat through a day up to now. */
export class SeatDay {
  /** Whether anybody watches this seat: it has presence facts on the day. */
  readonly watched: boolean;
  /** In columns: at `from[i]` it came to be `states[i]`, and neighbours differ; the last state lasts to `to`. */
  readonly track: Readonly<SeatTrack>;

  constructor(watched: boolean, track: SeatTrack) {
    this.watched = watched;
    this.track = track;
  }

  /** The same seat some time later, when nothing else has been seen of it. */
  until(to: Ms): SeatDay {
    return to === this.track.to ? this : new SeatDay(this.watched, this.track.until(to));
  }

  get stretches(): readonly PresenceStretch[] {
    const { track } = this;
    return track.states.map((state, i) => ({ from: track.from[i] as Ms, to: track.endOf(i), state }));
  }
}

/** Whether the same is known of a seat, but for how long its last state lasts. */
export function isSameSeat(a: SeatDay, b: SeatDay): boolean {
  if (a === b) return true;
  return a.watched === b.watched && differFrom(a.track, b.track) === Number.POSITIVE_INFINITY;
}

/** From when on two tracks differ, but for how long their last states last; infinity where they do not. */
export function differFrom(a: SeatTrack, b: SeatTrack): Ms {
  if (a.from === b.from) return Number.POSITIVE_INFINITY;
  const [from, states] = [b.from, b.states];
  const shared = Math.min(a.from.length, from.length);
  for (let i = 0; i < shared; i++) {
    if (a.from[i] !== from[i] || a.states[i] !== states[i]) return Math.min(a.from[i] as Ms, from[i] as Ms);
  }
  return a.from[shared] ?? from[shared] ?? Number.POSITIVE_INFINITY;
}

/** States in the order of time. */
export class SeatTrack {
  readonly from: Ms[];
  readonly states: PresenceState[];
  readonly to: Ms;

  constructor(to: Ms, from: Ms[] = [], states: PresenceState[] = []) {
    this.to = to;
    this.from = from;
    this.states = states;
  }

  /** The same states, the last of which lasts to another instant. */
  until(to: Ms): SeatTrack {
    return new SeatTrack(to, this.from, this.states);
  }

  endOf(i: number): Ms {
    return i + 1 < this.from.length ? (this.from[i + 1] as Ms) : this.to;
  }

  /** What the seat is from an instant on, that is no earlier than those before. */
  turn(at: Ms, state: PresenceState): void {
    const { from, states } = this;
    const last = states.length - 1;
    if (last >= 0 && states[last] === state) return;
    if (last < 0 || (from[last] as Ms) < at) {
      from.push(at);
      states.push(state);
    } else if (last > 0 && states[last - 1] === state) {
      from.pop();
      states.pop();
    } else states[last] = state;
  }
}

type Limits = Pick<Thresholds, 'bridge' | 'minReturn'>;

/** A seat's states as they follow one another, without those that prove too short to mean anything. */
export class SteadyStates {
  readonly #from: Ms[] = [];
  readonly #states: PresenceState[] = [];
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#states.length === 0;
  }

  /** What the seat is from an instant on, that is later than those before, for some time; whether that changes anything. */
  turn(at: Ms, state: PresenceState): boolean {
    const [from, states] = [this.#from, this.#states];
    const last = states.length - 1;
    if (states[last] === state) return false;
    // What ends here may have been too short; what has not ended yet is between nothing.
    if (last > 0 && states[last - 1] === state && this.#isNothing(states[last], at - (from[last] as Ms), state)) {
      from.pop();
      states.pop();
    } else {
      from.push(at);
      states.push(state);
    }
    return true;
  }

  /** Whether a state of some length counts as the one before and after it: a gap that is bridged, or a flicker. */
  #isNothing(state: PresenceState | undefined, length: Ms, around: PresenceState): boolean {
    const { bridge, minReturn } = this.#limits;
    if (state === 'unknown') return length <= bridge;
    return state === 'occupied' && around === 'empty' && length < minReturn;
  }

  /** The last of them lasts to `to`. */
  upTo(to: Ms): SeatTrack {
    return new SeatTrack(to, this.#from.slice(), this.#states.slice());
  }
}

/** A seat that nobody watches. */
export function unseen({ from, to }: Span): SeatDay {
  const track = new SeatTrack(to);
  if (from < to) track.turn(from, 'unknown');
  return new SeatDay(false, track);
}
