/** Runs: maximal stretches of one condition within one service interval (rules.md section 5, the table). */
import type { CoverStretch } from './cover.ts';
import type { PresenceState } from './facts.ts';
import type { Span } from './intervals.ts';
import type { ServiceInterval } from './plan.ts';
import { calendarDoubt, stateOf, type WindowDay } from './rule.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

export interface Run extends Span {
  readonly interval: ServiceInterval;
  /** It reaches now, and its service interval is not over. */
  readonly lasts: boolean;
  readonly stretches: readonly CoverStretch[];
}

/** What holds all through a run: whether somebody holds the window, and what is seen of its seat. */
export interface Condition {
  readonly held: boolean;
  readonly seen: (seat: PresenceState) => boolean;
}

/** The runs of a condition that are at least `threshold` long, in order. */
export function runsOf(
  { cover, moment }: Pick<WindowDay, 'cover' | 'moment'>,
  threshold: Ms,
  { held, seen }: Condition,
): Run[] {
  const { track } = cover.seat;
  const found: { readonly from: Ms; to: Ms; readonly interval: ServiceInterval }[] = [];
  let place = 0;
  for (const { from, to, interval, holder } of cover.holdings) {
    if ((holder !== null) !== held) continue;
    while (track.endOf(place) <= from) place++;
    for (let at = from; at < to; place++) {
      const until = Math.min(track.endOf(place), to);
      if (seen(track.states[place] as PresenceState)) {
        const last = found.at(-1);
        if (last?.to === at && last.interval === interval) last.to = until;
        else found.push({ from: at, to: until, interval });
      }
      at = until;
    }
    // A seat may stay as it is when its holder changes.
    place -= 1;
  }
  return found.flatMap(({ from, to, interval }) => {
    const lasts = to === moment.now && !moment.due(interval.to);
    if (to - from >= threshold) return [{ from, to, interval, lasts, stretches: cover.within({ from, to }) }];
    if (lasts) moment.due(from + threshold);
    return [];
  });
}

/** The verdict that a run is, with the person it names and what makes it doubtful. */
export function runVerdict(
  rule: string,
  day: WindowDay,
  run: Run,
  { employee, because }: { readonly employee: string | null; readonly because: PendingReason | null },
): Verdict {
  return {
    rule,
    state: stateOf(run.lasts ? 'open' : 'closed', because),
    day: day.today.day,
    session: run.interval.session,
    side: null,
    employee,
    window: day.window.id,
    department: day.window.department,
    from: run.from,
    to: run.lasts ? null : run.to,
    evidence: [],
    because,
    run: true,
    config: day.today.hall.config,
  };
}

/** Why it may not be said yet of a run that rests on who held the window (rules.md section 5). */
export function runDoubt(day: WindowDay, run: Run): PendingReason | null {
  // A punch that is still hidden, anywhere in the day, could change who held the window.
  if (day.coverage.hides({ from: day.today.from, to: run.to })) return 'uncovered';
  return calendarDoubt(day.today);
}
