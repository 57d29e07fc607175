/** Runs: maximal stretches of one condition within one service interval (rules.md section 5, the table). */
import type { CoverStretch } from './cover.ts';
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

/** The runs of a condition that are at least `threshold` long, in order. */
export function runsOf(
  day: Pick<WindowDay, 'stretches' | 'moment'>,
  threshold: Ms,
  wanted: (stretch: CoverStretch) => boolean,
): Run[] {
  const { stretches, moment } = day;
  const runs: Run[] = [];
  for (let start = 0, end = 0; start < stretches.length; start = end) {
    const first = stretches[start] as CoverStretch;
    let last = first;
    end = start + 1;
    if (!wanted(first)) continue;
    for (let next = stretches[end]; next !== undefined && follows(next, last) && wanted(next); next = stretches[++end])
      last = next;
    const { from, interval } = first;
    const lasts = last.to === moment.now && !moment.due(interval.to);
    if (last.to - from >= threshold) {
      runs.push({ from, to: last.to, interval, lasts, stretches: stretches.slice(start, end) });
    } else if (lasts) moment.due(from + threshold);
  }
  return runs;
}

function follows(stretch: CoverStretch, before: CoverStretch): boolean {
  return stretch.interval === before.interval && stretch.from === before.to;
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
