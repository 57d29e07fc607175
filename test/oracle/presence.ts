import { outages } from './coverage.ts';
import { byAtAndId, type Known, type PresenceFact, type Seen } from './known.ts';
import type { Thresholds } from './shape.ts';
import type { HallDay, Ms, Span } from './time.ts';

export interface SeenStretch extends Span {
  state: Seen;
}

export interface Seat {
  /** The window has presence facts that day. */
  isWatched: boolean;
  /** From the day's start to `now` or the day's end, without holes, no two neighbours alike. */
  stretches: SeenStretch[];
}

/** Section 5, presence: one source at one instant; `unknown` before its first word and while it or the daemon is off. */
function sourceSays(facts: readonly PresenceFact[], off: readonly Span[], t: Ms): Seen {
  if (off.some((span) => span.from <= t && t < span.to)) return 'unknown';
  return facts.filter((fact) => fact.at <= t).at(-1)?.state ?? 'unknown';
}

/** Section 5, presence: occupied if any says so, else unknown if any does (or there is none), else empty. */
function merge(states: readonly Seen[]): Seen {
  if (states.includes('occupied')) return 'occupied';
  if (states.includes('unknown') || states.length === 0) return 'unknown';
  return 'empty';
}

/** Neighbours of one state are one stretch. */
function joined(stretches: readonly SeenStretch[]): SeenStretch[] {
  const result: SeenStretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    if (last?.state === stretch.state) last.to = stretch.to;
    else result.push({ ...stretch });
  }
  return result;
}

/** Rewrites each stretch by itself and its two neighbours; the first and the last are between nothing. */
function smoothed(
  stretches: readonly SeenStretch[],
  rewrite: (before: Seen, stretch: SeenStretch, after: Seen) => Seen,
): SeenStretch[] {
  return joined(
    stretches.map((stretch, index) => {
      const before = stretches[index - 1];
      const after = stretches[index + 1];
      if (before === undefined || after === undefined) return stretch;
      return { ...stretch, state: rewrite(before.state, stretch, after.state) };
    }),
  );
}

/** Section 5, presence of a window on a day as known at `now`. */
export function seatOf(known: Known, windowId: string, day: HallDay, rules: Thresholds, now: Ms): Seat {
  const facts = known.presence
    .filter((fact) => fact.window === windowId && day.from <= fact.at && fact.at < day.to && fact.at <= now)
    .sort(byAtAndId);
  const end = Math.min(day.to, now);
  const sources = [...new Set(facts.map((fact) => fact.source))].map((source) => ({
    facts: facts.filter((fact) => fact.source === source),
    off: [...(source === '' ? [] : outages(known, source, now)), ...outages(known, 'daemon', now)],
  }));
  const edges = [
    day.from,
    ...facts.map((fact) => fact.at),
    ...sources.flatMap((source) => source.off.flatMap((span) => [span.from, span.to])),
  ];
  const cuts = [...new Set(edges)].filter((t) => day.from <= t && t < end).sort((one, other) => one - other);
  const raw = cuts.map((from, index) => ({
    from,
    to: cuts[index + 1] ?? end,
    state: merge(sources.map((source) => sourceSays(source.facts, source.off, from))),
  }));
  const bridged = smoothed(joined(raw), (before, stretch, after) =>
    stretch.state === 'unknown' && before === after && stretch.to - stretch.from <= rules.bridge
      ? before
      : stretch.state,
  );
  const stretches = smoothed(bridged, (before, stretch, after) =>
    stretch.state === 'occupied' &&
    before === 'empty' &&
    after === 'empty' &&
    stretch.to - stretch.from < rules.minReturn
      ? 'empty'
      : stretch.state,
  );
  return { isWatched: facts.length > 0, stretches };
}

export function seenAt(seat: Seat, t: Ms): Seen {
  return seat.stretches.find((stretch) => stretch.from <= t && t < stretch.to)?.state ?? 'unknown';
}
