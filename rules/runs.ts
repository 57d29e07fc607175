/** Runs: maximal stretches of one condition within one service interval (rules.md section 5, the table). */
import { calendarDoubt, stateOf, type WindowDay } from './rule.ts';
import type { SeatRun } from './run-track.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

export interface Run extends SeatRun {
  /** It reaches now, and its service interval is not over. */
  readonly lasts: boolean;
}

/** The runs of one condition that are at least `threshold` long, in order. */
export function runsOf(
  { runs, moment }: Pick<WindowDay, 'runs' | 'moment'>,
  threshold: Ms,
  condition: 'left' | 'missing' | 'unverified',
): readonly Run[] {
  const known = runs[condition];
  let found: Run[] | null = null;
  for (let i = 0; i < known.length; i++) {
    const to = known.toOf(i);
    const lasts = to === moment.now && !moment.due(known.intervalOf(i).to);
    if (to - known.fromOf(i) >= threshold) {
      found ??= [];
      found.push({ ...known.run(i), lasts });
    } else if (lasts) moment.due(known.fromOf(i) + threshold);
  }
  return found ?? NONE;
}

const NONE: readonly Run[] = [];

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
