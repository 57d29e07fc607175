/** What is known of a window's seat through a day (rules.md section 5, Presence). */
import { type Book, DAEMON } from './book.ts';
import type { Sightings } from './buckets.ts';
import { offlineSpans } from './evidence.ts';
import type { PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { NOWHERE } from './instants.ts';
import { type Span, subtract } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import type { Ms } from './time.ts';

const NEVER: readonly Span[] = [];

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
  return a.watched === b.watched && differFrom(a.track, b.track) === Number.POSITIVE_INFINITY;
}

/** From when on two tracks differ, but for how long their last states last; infinity where they do not. */
export function differFrom(a: SeatTrack, b: SeatTrack): Ms {
  if (a.from === b.from) return Number.POSITIVE_INFINITY;
  const known = Math.max(a.from.length, b.from.length);
  for (let i = 0; i < known; i++) {
    const [x = Number.POSITIVE_INFINITY, y = Number.POSITIVE_INFINITY] = [a.from[i], b.from[i]];
    if (x !== y || a.states[i] !== b.states[i]) return Math.min(x, y);
  }
  return Number.POSITIVE_INFINITY;
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

  /** Gives every short stretch of a state, between two of one other state, that other state, and joins what has become one. */
  replaceShort(state: PresenceState, isShort: (length: Ms, around: PresenceState) => boolean): void {
    const { from, states } = this;
    const known = states.length;
    let kept = 0;
    // What is kept never overtakes what is read, and what is between is never the state that is replaced.
    for (let i = 0; i < known; i++) {
      let now = states[i] as PresenceState;
      const at = from[i] as Ms;
      if (now === state && i > 0 && i + 1 < known) {
        const around = states[i + 1] as PresenceState;
        if (around === states[kept - 1] && isShort((from[i + 1] as Ms) - at, around)) now = around;
      }
      if (kept > 0 && states[kept - 1] === now) continue;
      states[kept] = now;
      from[kept] = at;
      kept += 1;
    }
    states.length = kept;
    from.length = kept;
  }
}

/** A seat's states through a day up to now: sources merged, short gaps bridged, flickers dropped. */
export function seatDay(today: HallDay, book: Book, window: Window, moment: Moment): SeatDay {
  const to = Math.min(moment.now, today.to);
  // Before the day there is nothing to be seen, and on it there is.
  moment.due(today.from + 1);
  let track: SeatTrack | null = null;
  let daemonDown: readonly Span[] | null = null;
  for (const said of book.sightingsOf(window.id, today)) {
    const told = trackOf(said, today, to, moment);
    if (told === null) continue;
    daemonDown ??= offlineSpans(DAEMON, today, book, moment);
    const down = said.source === '' ? NEVER : offlineSpans(said.source, today, book, moment);
    const heard = deafened(told, down.length === 0 ? daemonDown : [...daemonDown, ...down]);
    track = track === null ? heard : merged(track, heard);
  }
  if (track === null) return unseen({ from: today.from, to });
  const { bridge, minReturn } = window.thresholds;
  track.replaceShort('unknown', (length) => length <= bridge);
  track.replaceShort('occupied', (length, around) => around === 'empty' && length < minReturn);
  return new SeatDay(true, track);
}

/** A seat that nobody watches. */
export function unseen({ from, to }: Span): SeatDay {
  const track = new SeatTrack(to);
  if (from < to) track.turn(from, 'unknown');
  return new SeatDay(false, track);
}

/**
 * What a source had said by now: each state until its next one, and nothing before the first; null where it had said nothing. Where
 * there is more to come, the day is looked at again then.
 */
function trackOf(said: Sightings, today: Span, to: Ms, moment: Moment): SeatTrack | null {
  const track = new SeatTrack(to);
  if (today.from < to) track.turn(today.from, 'unknown');
  let saidAnything = false;
  for (const { bucket, chain } of said.parts) {
    const { presence } = bucket;
    for (let place = presence.firstFrom(chain, today.from); place !== NOWHERE; place = presence.next(place)) {
      const at = presence.at(place);
      if (at >= today.to || !moment.due(at)) break;
      saidAnything = true;
      // A state that begins at this instant has no length yet, but what came before it is between two from the next one on.
      if (at === moment.now) moment.due(at + 1);
      if (at < to) track.turn(at, bucket.seenAt(place));
    }
  }
  return saidAnything ? track : null;
}

/** The track of a source that could not hear for some of the time: what it said does not hold then. */
function deafened(track: SeatTrack, deaf: readonly Span[]): SeatTrack {
  if (deaf.length === 0) return track;
  const result = new SeatTrack(track.to);
  for (const [i, state] of track.states.entries()) {
    const stretch = { from: track.from[i] as Ms, to: track.endOf(i) };
    let at = stretch.from;
    for (const { from, to } of subtract(stretch, deaf)) {
      if (at < from) result.turn(at, 'unknown');
      result.turn(from, state);
      at = to;
    }
    if (at < stretch.to) result.turn(at, 'unknown');
  }
  return result;
}

/** Two sources, each through the same time: occupied if either says so, else unknown if either does. */
function merged(a: SeatTrack, b: SeatTrack): SeatTrack {
  const track = new SeatTrack(a.to);
  for (let i = 0, k = 0; i < a.states.length; ) {
    const from = Math.max(a.from[i] as Ms, b.from[k] as Ms);
    track.turn(from, either(a.states[i] as PresenceState, b.states[k] as PresenceState));
    const [endOfA, endOfB] = [a.endOf(i), b.endOf(k)];
    if (endOfA <= endOfB) i++;
    if (endOfB <= endOfA) k++;
  }
  return track;
}

function either(a: PresenceState, b: PresenceState): PresenceState {
  if (a === 'occupied' || b === 'occupied') return 'occupied';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'empty';
}
