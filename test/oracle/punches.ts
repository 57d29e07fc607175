import type { Known, Punch } from './known.ts';
import { type DueSession, dueSessions, employeeSessions, leavesOf, policyOf } from './plan.ts';
import {
  dayStartOf,
  isBetweenDates,
  type OracleConfig,
  type OracleEmployee,
  type Policy,
  type Thresholds,
  thresholdsOf,
} from './shape.ts';
import { type HallDay, hallDayOf, type Ms, type Span } from './time.ts';

export interface Departure {
  punch: Punch;
  origin: 'gap' | 'after' | 'inside';
}

/** A due session together with what the punches make of it at `now`. */
export interface Attendance extends DueSession {
  /** `e` of the previous remaining session, or the day's start. */
  previousE: Ms;
  outDeadline: Ms;
  isDecided: boolean;
  arrival: Punch | null;
  departure: Departure | null;
  /** The gap before held one touch, taken as the previous departure, too late for one going to lunch. */
  isAmbiguous: boolean;
}

export interface EmployeeDay {
  employee: OracleEmployee;
  policy: Policy;
  rules: Thresholds;
  leaves: Span[];
  sessions: Attendance[];
}

/** Section 3, first bullet: through the credential, by dates; who is not found leaves the punch unmatched. */
export function ownerOf(config: OracleConfig, punch: Punch): string | null {
  if (punch.employee !== null) return punch.employee;
  if (punch.credential === null) return null;
  const { date } = hallDayOf(config.hall.timezone, dayStartOf(config), punch.at);
  for (const employee of config.employees) {
    for (const credential of employee.credentials ?? []) {
      const mapping = typeof credential === 'string' ? { id: credential } : credential;
      const isSame = mapping.id === punch.credential;
      const isHere = mapping.device === undefined || mapping.device === punch.device;
      if (isSame && isHere && isBetweenDates(date, mapping.from, mapping.to)) return employee.id;
    }
  }
  return null;
}

/** Section 3, fourth bullet: of employee and day, up to `now`, by `(at, id)`, less those soon after the last kept. */
function punchesOf(config: OracleConfig, known: Known, employeeId: string, day: HallDay, now: Ms, dedupe: Ms): Punch[] {
  const own = known.punches
    .filter((punch) => day.from <= punch.at && punch.at < day.to && punch.at <= now)
    .filter((punch) => ownerOf(config, punch) === employeeId);
  const kept: Punch[] = [];
  for (const punch of own) {
    const last = kept.at(-1);
    if (last === undefined || punch.at - last.at > dedupe) kept.push(punch);
  }
  return kept;
}

interface Gap {
  arrival: Punch | null;
  departure: Punch | null;
  touch: Punch | null;
}

/** Section 3, "in a gap between two sessions", and for policy `in` the gap's last punch. */
function readGap(
  punches: readonly Punch[],
  before: DueSession,
  after: DueSession,
  hasArrivedBefore: boolean,
  policy: Policy,
  rules: Thresholds,
): Gap {
  const inGap = punches.filter((punch) => before.e <= punch.at && punch.at <= after.a && punch.at > before.a);
  const first = inGap[0];
  const last = inGap.at(-1);
  if (first === undefined || last === undefined) return { arrival: null, departure: null, touch: null };
  if (policy === 'in') return { arrival: last, departure: null, touch: null };
  if (last.at - first.at >= rules.minBreak) return { arrival: last, departure: first, touch: null };
  const isArrival = !hasArrivedBefore || 2 * first.at >= before.e + after.a;
  return isArrival
    ? { arrival: first, departure: null, touch: first }
    : { arrival: null, departure: first, touch: first };
}

/** Section 3: a punch from a door inside a session is no departure; one typed in came out of no clock. */
function isFromDoor(config: OracleConfig, punch: Punch): boolean {
  if (punch.method === 'correction' || punch.method === 'manual') return false;
  return config.clocks?.some((clock) => clock.id === punch.device && clock.kind === 'door') ?? false;
}

/** Section 3: `arrival_i` and `departure_i` of every remaining session, and whether the departure is decided. */
function attend(
  config: OracleConfig,
  due: readonly DueSession[],
  punches: readonly Punch[],
  policy: Policy,
  rules: Thresholds,
  day: HallDay,
  now: Ms,
): Attendance[] {
  const attended: Attendance[] = [];
  for (const [index, session] of due.entries()) {
    const previous = attended.at(-1);
    const next = due[index + 1];
    const inside = punches.filter((punch) => session.a < punch.at && punch.at < session.e);
    let gapArrival: Punch | null;
    let isAmbiguous = false;
    if (previous === undefined) {
      gapArrival = punches.find((punch) => punch.at <= session.a) ?? null;
    } else {
      const gap = readGap(punches, previous, session, previous.arrival !== null, policy, rules);
      gapArrival = gap.arrival;
      // The gap's departure is the previous session's, before any punch inside it.
      if (gap.departure !== null) previous.departure = { punch: gap.departure, origin: 'gap' };
      isAmbiguous = gap.touch !== null && gap.departure === gap.touch && gap.touch.at > previous.z + rules.lunchNear;
    }
    const arrival = gapArrival ?? inside[0] ?? null;
    const outDeadline = Math.min(session.z + rules.outWindow, next?.a ?? day.to);
    attended.push({
      ...session,
      previousE: previous?.e ?? day.from,
      outDeadline,
      isDecided: now >= outDeadline,
      arrival,
      departure: policy === 'in' ? null : ownDeparture(config, session, next === undefined, punches, inside, arrival),
      isAmbiguous,
    });
  }
  return attended;
}

/** Section 3: for the last session the last punch after it; else the last inside one later than the arrival, no door. */
function ownDeparture(
  config: OracleConfig,
  session: DueSession,
  isLast: boolean,
  punches: readonly Punch[],
  inside: readonly Punch[],
  arrival: Punch | null,
): Departure | null {
  const after = punches.filter((punch) => punch.at >= session.e && punch.at > session.a).at(-1);
  if (isLast && after !== undefined) return { punch: after, origin: 'after' };
  if (arrival === null) return null;
  const left = inside.filter((punch) => punch.at > arrival.at && !isFromDoor(config, punch)).at(-1);
  return left === undefined ? null : { punch: left, origin: 'inside' };
}

export function employeeDay(
  config: OracleConfig,
  known: Known,
  employee: OracleEmployee,
  day: HallDay,
  now: Ms,
): EmployeeDay {
  const rules = thresholdsOf(config, employee.schedule);
  const policy = policyOf(config, employee);
  const leaves = leavesOf(known, employee.id);
  const due = dueSessions(employeeSessions(config, known, employee, day, rules.joinGap), leaves, policy, rules);
  const punches = due.length === 0 ? [] : punchesOf(config, known, employee.id, day, now, rules.dedupe);
  return { employee, policy, rules, leaves, sessions: attend(config, due, punches, policy, rules, day, now) };
}

/** `d_i` of "Present(e, t)" in section 3. */
function presentUntil(session: Attendance, policy: Policy, now: Ms): Ms {
  if (policy === 'in') return session.z;
  if (session.departure !== null && (session.departure.origin !== 'inside' || session.isDecided)) {
    return session.departure.punch.at;
  }
  return session.isDecided ? session.z : now;
}

export function isOnLeave(leaves: readonly Span[], t: Ms): boolean {
  return leaves.some((leave) => leave.from <= t && t < leave.to);
}

/** Section 3, "Present(e, t)": arrived, not gone, not on leave. */
export function isPresent(day: EmployeeDay, t: Ms, now: Ms): boolean {
  if (isOnLeave(day.leaves, t)) return false;
  return day.sessions.some(
    (session) => session.arrival !== null && session.arrival.at <= t && t < presentUntil(session, day.policy, now),
  );
}

/** The instants at which the person's being present can change. */
export function presenceEdges(day: EmployeeDay, now: Ms): Ms[] {
  const ends = day.sessions.flatMap((session) => [session.arrival?.at ?? now, presentUntil(session, day.policy, now)]);
  return [...ends, ...day.leaves.flatMap((leave) => [leave.from, leave.to])];
}
