/** What the rules of attendance share: a person's session, and what keeps a fault from being said. */
import { overlaps } from './intervals.ts';
import { holdersAt } from './plan.ts';
import type { AttendedSession } from './punches.ts';
import { type EmployeeDay, type EmployeeRule, stateOf } from './rule.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

/** A fault found in a session. */
export type SessionFault = Pick<Verdict, 'side' | 'from' | 'to' | 'evidence'>;

/** The verdict that a fault is; it is closed where it has an end. */
export function sessionVerdict(
  rule: string,
  { today, employee }: EmployeeDay,
  session: AttendedSession,
  fault: SessionFault,
  because: PendingReason | null,
): Verdict {
  return {
    rule,
    state: stateOf(fault.to === null ? 'open' : 'closed', because),
    day: today.day,
    session: session.number,
    employee: employee.id,
    window: null,
    department: employee.department,
    because,
    run: false,
    config: today.hall.config,
    side: fault.side,
    from: fault.from,
    to: fault.to,
    evidence: fault.evidence,
  };
}

/** A rule that looks at each session that a person owes by itself, and finds at most one fault in it. */
export function sessionRule(
  name: string,
  judge: (day: EmployeeDay, session: AttendedSession) => Verdict | null,
): EmployeeRule {
  return {
    name,
    on: 'employee',
    judge(day) {
      let found = NONE;
      for (const session of day.sessions) {
        const verdict = judge(day, session);
        if (verdict !== null) found = [...found, verdict];
      }
      return found;
    },
  };
}

const NONE: readonly Verdict[] = [];

/** From when on a punch that is not known could have been the arrival. */
export function arrivalSearchFrom(day: EmployeeDay, session: AttendedSession): Ms {
  return Math.max(session.gapFrom, session.a - day.employee.thresholds.outWindow);
}

/** Somebody nobody can name sat at this person's window meanwhile: a forgotten punch is likelier than an absence. */
export function satUnverified(day: EmployeeDay, from: Ms, to: Ms): boolean {
  return day.ownWindows.some(
    (window) =>
      day.unverifiedAt(window.id).some((span) => overlaps(span, { from, to })) &&
      holdersAt(day.book, window, 'A', from).includes(day.employee.id),
  );
}
