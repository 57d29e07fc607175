/** What is known of a window's seat through a day (rules.md section 5, Presence). */
import { type Book, DAEMON } from './book.ts';
import { offlineSpans } from './evidence.ts';
import type { PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, subtract } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import type { Sightings } from './sightings.ts';
import type { Ms } from './time.ts';

/** A stretch of one state; neighbours differ, and together they fill the day up to now. */
export interface PresenceStretch extends Span {
  readonly state: PresenceState;
}

export interface SeatDay {
  /** Whether anybody watches this seat: it has presence facts on the day. */
  readonly watched: boolean;
  readonly stretches: readonly PresenceStretch[];
}

/** A seat's states through a day up to now: sources merged, short gaps bridged, flickers dropped. */
export function seatDay(today: HallDay, book: Book, window: Window, moment: Moment): SeatDay {
  const to = Math.min(moment.now, today.to);
  const tracks = saidByNow(book.sightingsOf(window.id, today), moment);
  if (tracks.length === 0) {
    return { watched: false, stretches: to > today.from ? [{ from: today.from, to, state: 'unknown' }] : [] };
  }
  const daemonDown = offlineSpans(DAEMON, today, book, moment);
  const heard = tracks.map((said) => {
    const down = said.source === '' ? [] : offlineSpans(said.source, today, book, moment);
    return deafened(saidStretches(said, { from: today.from, to }), [...daemonDown, ...down]);
  });
  const { bridge, minReturn } = window.thresholds;
  const bridged = replaceShort(heard.reduce(merged), 'unknown', (length) => length <= bridge);
  const stretches = replaceShort(bridged, 'occupied', (length, around) => around === 'empty' && length < minReturn);
  return { watched: true, stretches };
}

/** What had been said by now; where there is more to come, the day is looked at again then. */
function saidByNow(tracks: readonly Sightings[], moment: Moment): readonly Sightings[] {
  if (tracks.every(({ at }) => (at.at(-1) as Ms) < moment.now)) return tracks;
  return tracks.flatMap(({ source, at, states }) => {
    const later = at.findIndex((when) => !moment.due(when));
    const said = later < 0 ? at : at.slice(0, later);
    // A state that begins at this instant has no length yet, but what came before it is between two from the next one on.
    if (said.at(-1) === moment.now) moment.due(moment.now + 1);
    return said.length === 0 ? [] : [{ source, at: said, states: states.slice(0, said.length) }];
  });
}

/** What a source said: each state until its next one, and nothing before the first. */
function saidStretches({ at, states }: Sightings, { from, to }: Span): readonly PresenceStretch[] {
  const stretches = new Stretches();
  let since = from;
  let state: PresenceState = 'unknown';
  for (let i = 0; i < at.length; i++) {
    const when = at[i] as Ms;
    const said = states[i] as PresenceState;
    if (when >= to) break;
    if (said === state) continue;
    if (when > since) {
      stretches.add(since, when, state);
      since = when;
    }
    state = said;
  }
  if (since < to) stretches.add(since, to, state);
  return stretches.all;
}

/** The stretches of a source that could not hear for some of the time: what it said does not hold then. */
function deafened(stretches: readonly PresenceStretch[], deaf: readonly Span[]): readonly PresenceStretch[] {
  if (deaf.length === 0) return stretches;
  const result = new Stretches();
  for (const stretch of stretches) {
    let at = stretch.from;
    for (const { from, to } of subtract(stretch, deaf)) {
      if (at < from) result.add(at, from, 'unknown');
      result.add(from, to, stretch.state);
      at = to;
    }
    if (at < stretch.to) result.add(at, stretch.to, 'unknown');
  }
  return result.all;
}

/** Two sources, each through the same time: occupied if either says so, else unknown if either does. */
function merged(a: readonly PresenceStretch[], b: readonly PresenceStretch[]): readonly PresenceStretch[] {
  const stretches = new Stretches();
  let from = a[0]?.from;
  for (let i = 0, k = 0; from !== undefined; ) {
    const one = a[i];
    const other = b[k];
    if (one === undefined || other === undefined) break;
    const to = Math.min(one.to, other.to);
    stretches.add(from, to, either(one.state, other.state));
    if (one.to === to) i++;
    if (other.to === to) k++;
    from = to;
  }
  return stretches.all;
}

function either(a: PresenceState, b: PresenceState): PresenceState {
  if (a === 'occupied' || b === 'occupied') return 'occupied';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'empty';
}

/** Stretches in the order of time, neighbours of one state made one. */
class Stretches {
  readonly all: { readonly from: Ms; to: Ms; readonly state: PresenceState }[] = [];

  add(from: Ms, to: Ms, state: PresenceState): void {
    const last = this.all.at(-1);
    if (last?.state === state && last.to === from) last.to = to;
    else this.all.push({ from, to, state });
  }
}

/** Gives every short stretch of a state, between two of one other state, that other state, and joins what has become one. */
function replaceShort(
  stretches: readonly PresenceStretch[],
  state: PresenceState,
  isShort: (length: Ms, around: PresenceState) => boolean,
): readonly PresenceStretch[] {
  const stateOf = (stretch: PresenceStretch, i: number): PresenceState => {
    if (stretch.state !== state) return stretch.state;
    const before = stretches[i - 1]?.state;
    const isBetween = before !== undefined && before === stretches[i + 1]?.state;
    return isBetween && isShort(stretch.to - stretch.from, before) ? before : state;
  };
  if (stretches.every((stretch, i) => stateOf(stretch, i) === stretch.state)) return stretches;
  const result = new Stretches();
  for (const [i, stretch] of stretches.entries()) result.add(stretch.from, stretch.to, stateOf(stretch, i));
  return result.all;
}
