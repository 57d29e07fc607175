/** What is known of a window's seat through a day (rules.md section 5, Presence). */
import { type Book, DAEMON } from './book.ts';
import { offlineSpans } from './evidence.ts';
import type { PresenceFact, PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, within } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
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
  const facts = seenFacts(book.presenceOf(window.id, today), moment);
  if (facts.length === 0) {
    return { watched: false, stretches: to > today.from ? [{ from: today.from, to, state: 'unknown' }] : [] };
  }
  const daemonDown = offlineSpans(DAEMON, book, moment);
  const sources = new Map<string, PresenceFact[]>();
  for (const fact of facts) {
    const source = fact.source ?? '';
    const list = sources.get(source);
    if (list === undefined) sources.set(source, [fact]);
    else list.push(fact);
  }
  const tracks = [...sources].map(([source, said]) => ({
    said,
    deaf: source === '' ? daemonDown : [...daemonDown, ...offlineSpans(source, book, moment)],
  }));
  const { bridge, minReturn } = window.thresholds;
  const bridged = replaceShort(
    merged(today.from, to, tracks),
    (state, length) => state === 'unknown' && length <= bridge,
  );
  const stretches = replaceShort(
    bridged,
    (state, length, around) => state === 'occupied' && around === 'empty' && length < minReturn,
  );
  return { watched: true, stretches };
}

function seenFacts(facts: readonly PresenceFact[], moment: Moment): readonly PresenceFact[] {
  const last = facts.at(-1);
  if (last === undefined) return facts;
  if (last.at < moment.now) return facts;
  const seen = facts.filter((fact) => moment.due(fact.at));
  // A state that begins at this instant has no length yet, but what came before it is between two from the next one on.
  if (seen.at(-1)?.at === moment.now) moment.due(moment.now + 1);
  return seen;
}

interface Track {
  readonly said: readonly PresenceFact[];
  /** When what it said does not hold. */
  readonly deaf: readonly Span[];
}

function merged(from: Ms, to: Ms, tracks: readonly Track[]): PresenceStretch[] {
  const marks = new Set<Ms>([from]);
  for (const { said, deaf } of tracks) {
    for (const fact of said) if (fact.at > from && fact.at < to) marks.add(fact.at);
    for (const span of deaf) for (const at of [span.from, span.to]) if (at > from && at < to) marks.add(at);
  }
  const bounds = [...marks].sort((x, y) => x - y);
  const cursors = tracks.map(() => -1);
  const stretches: PresenceStretch[] = [];
  for (const [i, start] of bounds.entries()) {
    const end = bounds[i + 1] ?? to;
    if (start >= end) continue;
    let state: PresenceState = 'empty';
    for (const [k, { said, deaf }] of tracks.entries()) {
      let cursor = cursors[k] as number;
      while (cursor + 1 < said.length && (said[cursor + 1] as PresenceFact).at <= start) cursor++;
      cursors[k] = cursor;
      const says = within(deaf, start) ? 'unknown' : (said[cursor]?.state ?? 'unknown');
      if (says === 'occupied') state = 'occupied';
      else if (says === 'unknown' && state === 'empty') state = 'unknown';
    }
    push(stretches, { from: start, to: end, state });
  }
  return stretches;
}

function push(stretches: PresenceStretch[], next: PresenceStretch): void {
  const last = stretches.at(-1);
  if (last?.state === next.state && last.to === next.from) stretches[stretches.length - 1] = { ...last, to: next.to };
  else stretches.push(next);
}

/** Gives every chosen stretch between two of one state that state, and joins what has become one. */
function replaceShort(
  stretches: readonly PresenceStretch[],
  chosen: (state: PresenceState, length: Ms, around: PresenceState) => boolean,
): PresenceStretch[] {
  const result: PresenceStretch[] = [];
  for (const [i, stretch] of stretches.entries()) {
    const before = stretches[i - 1]?.state;
    const after = stretches[i + 1]?.state;
    const between = before !== undefined && before === after;
    const state = between && chosen(stretch.state, stretch.to - stretch.from, before) ? before : stretch.state;
    push(result, { ...stretch, state });
  }
  return result;
}
