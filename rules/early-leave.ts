import { satUnverified, sessionRule, sessionVerdict } from './attendance.ts';
import type { AttendedSession } from './punches.ts';
import { calendarDoubt, type EmployeeDay, type EmployeeRule } from './rule.ts';
import type { Ms } from './time.ts';
import type { PendingReason } from './verdict.ts';

/** 早退: the last punch of a session is an inside one, and the time in which a later one could have come is over. */
export const earlyLeave: EmployeeRule = sessionRule('early-leave', (day, session) => {
  const { departure, z, leftInTime } = session;
  if (departure === null || leftInTime) return null;
  const fault = { side: null, from: departure.at, to: z, evidence: [departure.punch.id] };
  return sessionVerdict(earlyLeave.name, day, session, fault, doubt(day, session, departure.at));
});

function doubt(day: EmployeeDay, session: AttendedSession, leftAt: Ms): PendingReason | null {
  if (day.coverage.hides({ from: leftAt, to: session.outDeadline })) return 'uncovered';
  return satUnverified(day, leftAt, session.z) ? 'seat-occupied' : calendarDoubt(day.today);
}
