import { arrivalVerdict, delayOf } from './arrival.ts';
import { sessionRule } from './attendance.ts';
import { forgotToPunchIn } from './punches.ts';
import type { EmployeeRule } from './rule.ts';

/** 缺勤: more than `absentAfter` late, or not seen at all by the session's end. */
export const absent: EmployeeRule = sessionRule('absent', (day, session) => {
  const { absentAfter } = day.employee.thresholds;
  if (!day.moment.due(Math.min(session.z, session.a + absentAfter + 1)) || forgotToPunchIn(session)) return null;
  const never = session.arrival === null && day.moment.due(session.z);
  return never || delayOf(day, session) > absentAfter ? arrivalVerdict(absent.name, day, session) : null;
});
