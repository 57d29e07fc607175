import { arrivalVerdict, delayOf } from './arrival.ts';
import { sessionRule } from './attendance.ts';
import { forgotToPunchIn } from './punches.ts';
import type { EmployeeRule } from './rule.ts';

/** 迟到: arrived, or still missing, more than `lateGrace` and at most `absentAfter` after the session's start. */
export const late: EmployeeRule = sessionRule('late', (day, session) => {
  const { lateGrace, absentAfter } = day.employee.thresholds;
  // Exactly at a limit is fine: a delay counts from the next millisecond on.
  if (!day.moment.due(session.a + lateGrace + 1) || forgotToPunchIn(session)) return null;
  const becameAbsence = day.moment.due(Math.min(session.z, session.a + absentAfter + 1));
  if (session.arrival === null && becameAbsence) return null;
  const delay = delayOf(day, session);
  return lateGrace < delay && delay <= absentAfter ? arrivalVerdict(late.name, day, session) : null;
});
