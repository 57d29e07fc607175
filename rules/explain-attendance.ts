/** Explains what the rules of attendance say of one session of a person. */
import { arrivalSearchFrom } from './attendance.ts';
import { explainCoverage, hides } from './explain-coverage.ts';
import { explainSchedule, planAsides, plannedSessions, used, usedDayFacts, usedEmployeeFacts } from './explain-day.ts';
import { mappingsOf, readPunches } from './explain-punches.ts';
import type { Arithmetic, Doubt, ExplainedCoverage, ExplainedPerson, Explanation, UsedFact } from './explanation.ts';
import type { DutyFact, LeaveFact, PauseFact } from './facts.ts';
import { overlaps, type Span } from './intervals.ts';
import { parametersOfEmployee } from './parameters.ts';
import { holdersAt, sessionsOf } from './plan.ts';
import type { AttendedSession } from './punches.ts';
import type { ReopenedDay } from './reopened-day.ts';
import type { EmployeeDay } from './rule.ts';
import type { Thresholds } from './thresholds.ts';
import { dateOf } from './time.ts';
import type { Verdict } from './verdict.ts';

/** What differs between the explanations of different subjects. */
export type Explained = Pick<
  Explanation,
  'subject' | 'parameters' | 'used' | 'aside' | 'coverage' | 'arithmetic' | 'doubts'
>;

/** Explains a verdict on a person's session. */
export function explainAttendance(reopened: ReopenedDay, day: EmployeeDay, verdict: Verdict): Explained {
  const session = day.sessions.find(({ number }) => number === verdict.session);
  if (session === undefined) throw new Error(`no session of the day is the one of ${verdict.rule}`);
  const { employee } = day;
  const punches = readPunches(reopened, day, session.number);
  const searched = searchedFor(day, session, verdict);
  const { coverage, used: devices } = explainCoverage(reopened, {
    clocks: employee.clocks,
    settleMs: employee.thresholds.settle,
    searched,
    awaited: true,
  });
  const plan = planOf(reopened, day);
  return {
    subject: personOf(reopened, day, session, plan),
    parameters: parametersOfEmployee(reopened.hall, employee, parameterNames(day, verdict, plan)),
    used: [
      ...usedDayFacts(reopened),
      ...usedEmployeeFacts(employee),
      ...factsOfPlan(plan, employee.id),
      ...punches.used,
      ...mappingsOf(reopened, punches.used),
      ...devices,
    ],
    aside: [...punches.aside, ...planAsides(reopened, { people: new Set([employee.id]), window: null })],
    coverage,
    arithmetic: arithmeticOf(day, session, verdict, searched),
    doubts: doubtsOf(reopened, day, session, verdict, coverage),
  };
}

/** Where the punch could lie whose absence the verdict rests on. */
function searchedFor(day: EmployeeDay, session: AttendedSession, { rule, side, from: since, to }: Verdict): Span {
  const { arrival, departure, outDeadline } = session;
  if (rule === 'early-leave') return { from: since, to: outDeadline };
  if (side === 'out' && arrival !== null) return { from: arrival.at, to: outDeadline };
  const from = arrivalSearchFrom(day, session);
  if (side === 'in' && departure !== null) return { from, to: departure.at };
  return { from, to: to ?? day.moment.now };
}

interface Plan {
  readonly sessions: readonly Span[];
  readonly duties: readonly DutyFact[];
  readonly holes: readonly (LeaveFact | PauseFact)[];
}

/** The sessions before leave, the duties among them, and the leaves and pauses that touch one. */
function planOf({ plan: { today }, book }: ReopenedDay, { employee }: EmployeeDay): Plan {
  const sessions = sessionsOf(today, book, employee);
  const duties = book.dutiesTouching(employee.id, today).filter(({ from }) => today.from <= from);
  const touches = (hole: Span): boolean => sessions.some((session) => overlaps(session, hole));
  return { sessions, duties, holes: [...book.leavesOf(employee.id), ...book.hallPauses()].filter(touches) };
}

function personOf(reopened: ReopenedDay, day: EmployeeDay, session: AttendedSession, plan: Plan): ExplainedPerson {
  const { employee, policy, sessions } = day;
  return {
    of: 'person',
    employee: employee.id,
    policy,
    schedule: employee.schedule === null ? null : explainSchedule(reopened, employee.schedule),
    planned: plannedSessions(plan.sessions, plan.duties, plan.holes),
    owed: sessions.map(({ number, a, z, e, outDeadline, endsItself }) => ({
      number,
      a,
      z,
      e,
      outDeadlineAt: outDeadline,
      endsItself,
    })),
    session: session.number,
  };
}

function factsOfPlan({ duties, holes }: Plan, employee: string): UsedFact[] {
  return [
    ...duties.map((duty) => used('duty', duty, employee)),
    ...holes.map((hole) => used(hole.fact, hole, hole.fact === 'leave' ? employee : null)),
  ];
}

const NAMES: Readonly<Record<string, readonly (keyof Thresholds)[]>> = {
  late: ['lateGrace', 'absentAfter'],
  absent: ['absentAfter'],
  'early-leave': ['earlyGrace'],
  'missing-punch': ['earlyGrace'],
};

function parameterNames(day: EmployeeDay, { rule }: Verdict, plan: Plan): (keyof Thresholds)[] {
  const hasGaps = day.sessions.length > 1 && day.policy !== 'in';
  const names = new Set(NAMES[rule]);
  for (const name of ['outWindow', 'dedupe', 'settle'] as const) names.add(name);
  if (hasGaps) for (const name of ['earlyGrace', 'minBreak', 'lunchNear'] as const) names.add(name);
  if (plan.duties.length > 0) names.add('joinGap');
  return [...names];
}

/** `searched` ends, or begins, with the punch that there is. */
function arithmeticOf(
  { employee }: EmployeeDay,
  { a, z, e, arrival, outDeadline: outDeadlineAt }: AttendedSession,
  { rule, side, to }: Verdict,
  searched: Span,
): Arithmetic {
  const { lateGrace, absentAfter, earlyGrace, outWindow } = employee.thresholds;
  if (rule === 'early-leave') {
    const at = searched.from;
    return { of: 'early', at, z, e, lengthMs: z - at, earlyGraceMs: earlyGrace, outDeadlineAt };
  }
  if (side === 'in') return { of: 'missing-in', a, departureAt: searched.to, searched };
  if (side === 'out') {
    return { of: 'missing-out', z, arrivalAt: searched.from, outDeadlineAt, outWindowMs: outWindow };
  }
  const at = searched.to;
  const ended = arrival !== null ? 'arrived' : to === null ? 'lasts' : 'session-over';
  return { of: 'delay', a, at, ended, lengthMs: at - a, lateGraceMs: lateGrace, absentAfterMs: absentAfter };
}

function doubtsOf(
  { hall, now }: ReopenedDay,
  day: EmployeeDay,
  session: AttendedSession,
  { rule, from, to }: Verdict,
  coverage: ExplainedCoverage,
): Doubt[] {
  const { a, ambiguousTouch } = session;
  const doubts: Doubt[] = [];
  const outages = coverage.outages.filter(hides);
  if (outages.length > 0) doubts.push({ reason: 'uncovered', outages });
  const seats = seatsOf(day, { from, to: to ?? now });
  if (seats.length > 0) doubts.push({ reason: 'seat-occupied', seats });
  const before = day.sessions[day.sessions.indexOf(session) - 1];
  const isArrival = rule === 'late' || rule === 'absent';
  if (isArrival && ambiguousTouch !== null && before !== undefined) {
    const { lunchNear } = day.employee.thresholds;
    const middleAt = Math.ceil((before.e + a) / 2);
    doubts.push({
      reason: 'ambiguous-punch',
      touch: ambiguousTouch.punch,
      z: before.z,
      lunchNearMs: lunchNear,
      middleAt,
    });
  }
  const { kind } = day.today;
  if (kind === 'unconfirmed') doubts.push({ reason: 'unconfirmed', publishedUntil: dateOf(hall.national.until) });
  return doubts;
}

/** The person's own seats at which somebody sat meanwhile whom nobody can name. */
function seatsOf(day: EmployeeDay, away: Span): { window: string; from: number; to: number | null }[] {
  return day.ownWindows.flatMap((window) =>
    holdersAt(day.book, window, 'A', away.from).includes(day.employee.id)
      ? day
          .unverifiedAt(window.id)
          .filter((span) => overlaps(span, away))
          .map(({ from, to }) => ({ window: window.id, from, to: Number.isFinite(to) ? to : null }))
      : [],
  );
}
