/** What `late` and `absent` share: a person who had not arrived, and the doubts that keep it from being said. */
import { arrivalSearchFrom, satUnverified, sessionVerdict } from './attendance.ts';
import type { AttendedSession } from './punches.ts';
import { calendarDoubt, type EmployeeDay } from './rule.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

/** How long after `a` the person arrived, or has not arrived yet at `now`. */
export function delayOf(day: EmployeeDay, session: AttendedSession): Ms {
  return (session.arrival?.at ?? day.moment.now) - session.a;
}

/** The verdict that a person had not arrived from `a` on: `rule` says how late it is. */
export function arrivalVerdict(rule: string, day: EmployeeDay, session: AttendedSession): Verdict {
  const { arrival, a, z } = session;
  const to = arrival?.at ?? (day.moment.due(z) ? z : null);
  const evidence = arrival === null ? [] : [arrival.punch.id];
  const because = doubt(day, session, to ?? day.moment.now);
  return sessionVerdict(rule, day, session, { side: null, from: a, to, evidence }, because);
}

/** Why it may not be said yet that nobody came between `a` and `seenTo` (rules.md section 4, Pending). */
function doubt(day: EmployeeDay, session: AttendedSession, seenTo: Ms): PendingReason | null {
  if (day.coverage.hides({ from: arrivalSearchFrom(day, session), to: seenTo })) return 'uncovered';
  if (satUnverified(day, session.a, seenTo)) return 'seat-occupied';
  return session.ambiguousTouch === null ? calendarDoubt(day.today) : 'ambiguous-punch';
}
