/** What `late` and `absent` share: a person who had not arrived, and the doubts that keep it from being said. */
import { overlaps } from './intervals.ts';
import { holdersAt } from './plan.ts';
import type { AttendedSession } from './punches.ts';
import { type EmployeeDay, stateOf } from './rule.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

/** How long after `a` the person arrived, or has not arrived yet at `now`. */
export function delayOf(day: EmployeeDay, session: AttendedSession): Ms {
  return (session.arrival?.at ?? day.moment.now) - session.a;
}

/** The verdict that a person had not arrived from `a` on: `rule` says how late it is. */
export function arrivalVerdict(rule: string, day: EmployeeDay, session: AttendedSession): Verdict {
  const { moment, employee, today } = day;
  const over = moment.due(session.z);
  const to = session.arrival?.at ?? (over ? session.z : null);
  const because = doubt(day, session, to ?? moment.now);
  return {
    rule,
    state: stateOf(to === null ? 'open' : 'closed', because),
    day: today.day,
    session: session.number,
    side: null,
    employee: employee.id,
    window: null,
    department: employee.department,
    from: session.a,
    to,
    evidence: session.arrival === null ? [] : [session.arrival.id],
    because,
    run: false,
    config: today.hall.config,
  };
}

/** Why it may not be said yet that nobody came between `a` and `seenTo` (rules.md section 4, Pending). */
function doubt(day: EmployeeDay, session: AttendedSession, seenTo: Ms): PendingReason | null {
  const { outWindow } = day.employee.thresholds;
  if (day.coverage.hides({ from: Math.max(session.gapFrom, session.a - outWindow), to: seenTo })) return 'uncovered';
  if (satUnverified(day, session.a, seenTo)) return 'seat-occupied';
  if (session.ambiguousTouch !== null) return 'ambiguous-punch';
  return day.today.kind === 'unconfirmed' ? 'unconfirmed' : null;
}

/** Somebody nobody can name sat at this person's window meanwhile: a forgotten punch is likelier than an absence. */
function satUnverified(day: EmployeeDay, from: Ms, to: Ms): boolean {
  return day.ownWindows.some(
    ({ window, unverified }) =>
      unverified.some((span) => overlaps(span, { from, to })) &&
      holdersAt(day.book, window, 'A', from).includes(day.employee.id),
  );
}
