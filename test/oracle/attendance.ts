import { holdersOfRole } from './cover.ts';
import { isBlindFor } from './coverage.ts';
import type { Known, Punch } from './known.ts';
import { calendarOf } from './plan.ts';
import type { Attendance, EmployeeDay } from './punches.ts';
import type { OracleConfig } from './shape.ts';
import { type HallDay, type Ms, overlaps, type Span } from './time.ts';
import { type Finding, judged, minutesUp, type OracleRule } from './verdict.ts';

/** What judging one person's day needs; `occupied` are the `unverified-occupant` verdicts found. */
export interface Case {
  config: OracleConfig;
  known: Known;
  day: HallDay;
  now: Ms;
  person: EmployeeDay;
  occupied: readonly Finding[];
}

interface Found {
  rule: OracleRule;
  side: 'in' | 'out' | null;
  from: Ms;
  to: Ms | null;
  minutes: number;
  evidence: Punch | null;
  /** Where the missing punch could lie. */
  stretch: Span;
}

/** Section 4, the whole table for one person and day. */
export function attendanceFindings(task: Case): Finding[] {
  return task.person.sessions.flatMap((session) =>
    [arrivalFault(session, task), departureFault(session, task)]
      .filter((found) => found !== null)
      .map((found) => verdictOf(found, session, task)),
  );
}

/** Section 4, rows `late`, `absent` and `missing-punch` in; at most one of them. */
function arrivalFault(session: Attendance, { person, now }: Case): Found | null {
  const { a, z, arrival, departure } = session;
  const { lateGrace, absentAfter, outWindow } = person.rules;
  const searchFrom = Math.max(session.previousE, a - outWindow);
  if (arrival !== null) {
    const delay = arrival.at - a;
    const rule = delay > absentAfter ? 'absent' : delay > lateGrace ? 'late' : null;
    if (rule === null) return null;
    const stretch = { from: searchFrom, to: arrival.at };
    return { rule, side: null, from: a, to: arrival.at, minutes: minutesUp(delay), evidence: arrival, stretch };
  }
  if (departure !== null && departure.origin !== 'inside') {
    // Side in: no arrival, but a departure in the gap or after the last session; replaces late and absent.
    const stretch = { from: searchFrom, to: departure.punch.at };
    return { rule: 'missing-punch', side: 'in', from: a, to: a, minutes: 0, evidence: null, stretch };
  }
  const stretch = { from: searchFrom, to: Math.min(now, z) };
  if (now >= z)
    return { rule: 'absent', side: null, from: a, to: z, minutes: minutesUp(z - a), evidence: null, stretch };
  const delay = now - a;
  const rule = delay > absentAfter ? 'absent' : delay > lateGrace ? 'late' : null;
  if (rule === null) return null;
  return { rule, side: null, from: a, to: null, minutes: minutesUp(delay), evidence: null, stretch };
}

/** Section 4, rows `early-leave` and `missing-punch` out; policy `in` has neither. */
function departureFault(session: Attendance, { person }: Case): Found | null {
  const { z, arrival, departure, outDeadline } = session;
  if (person.policy === 'in' || !session.isDecided) return null;
  if (departure !== null) {
    if (departure.origin !== 'inside') return null;
    const { punch } = departure;
    const stretch = { from: punch.at, to: outDeadline };
    const minutes = minutesUp(z - punch.at);
    return { rule: 'early-leave', side: null, from: punch.at, to: z, minutes, evidence: punch, stretch };
  }
  if (arrival === null || !session.endsItself) return null;
  const stretch = { from: arrival.at, to: outDeadline };
  return { rule: 'missing-punch', side: 'out', from: z, to: z, minutes: 0, evidence: null, stretch };
}

/** Section 4, pending: the four reasons an attendance verdict can have. */
function verdictOf(found: Found, session: Attendance, task: Case): Finding {
  const { config, known, day, now, person } = task;
  const { rule, side, from, to, minutes } = found;
  const isArrivalDelay = rule === 'late' || rule === 'absent';
  return judged(
    {
      rule,
      date: day.date,
      session: session.number,
      side,
      employee: person.employee.id,
      window: null,
      department: person.employee.department ?? null,
      from,
      to,
      minutes,
      evidence: found.evidence === null ? [] : [found.evidence.id],
    },
    {
      uncovered: isBlindFor(config, known, [person.employee], found.stretch, person.rules.settle, now),
      'seat-occupied': rule !== 'missing-punch' && isSeatOccupied(found, session, task),
      'ambiguous-punch': isArrivalDelay && session.isAmbiguous,
      unconfirmed: calendarOf(config, known, day.date).unconfirmed,
      blind: false,
    },
  );
}

/** Section 4, seat-occupied: somebody unverified sat at a window whose A at the verdict's `from` is this person. */
function isSeatOccupied(found: Found, session: Attendance, { config, known, now, person, occupied }: Case): boolean {
  const judgedSpan = { from: found.from, to: found.to ?? Math.min(now, session.z) };
  const own = config.windows.filter((window) =>
    holdersOfRole(known, window, 'A', found.from).includes(person.employee.id),
  );
  return occupied.some(
    (finding) =>
      own.some((window) => window.id === finding.window) &&
      overlaps({ from: finding.from, to: finding.to ?? now }, judgedSpan),
  );
}
