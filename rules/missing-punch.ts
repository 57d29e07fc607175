import { arrivalSearchFrom, sessionRule, sessionVerdict } from './attendance.ts';
import type { Span } from './intervals.ts';
import { type AttendedSession, forgotToPunchIn } from './punches.ts';
import { calendarDoubt, type EmployeeDay, type EmployeeRule } from './rule.ts';
import type { Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

/** 缺卡: somebody came and was never seen to go, or went and was never seen to come. */
export const missingPunch: EmployeeRule = sessionRule('missing-punch', (day, session) => {
  const { a, z, arrival, departure, outDeadline } = session;
  if (forgotToPunchIn(session) && departure !== null) {
    return missing('in', day, session, a, { from: arrivalSearchFrom(day, session), to: departure.at });
  }
  // One that leave cuts short needs no punch at its end.
  const neverLeft = arrival !== null && session.departureKnown && departure === null && session.endsItself;
  return neverLeft ? missing('out', day, session, z, { from: arrival.at, to: outDeadline }) : null;
});

/** `mayLie`: where the punch could be that is not known. */
function missing(side: 'in' | 'out', day: EmployeeDay, session: AttendedSession, at: Ms, mayLie: Span): Verdict {
  const because = day.coverage.hides(mayLie) ? 'uncovered' : calendarDoubt(day.today);
  return sessionVerdict(missingPunch.name, day, session, { side, from: at, to: at, evidence: [] }, because);
}
