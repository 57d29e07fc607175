/** What kind of day it was and why, which sessions were planned, and what took time out of them. */

import { weekdayInForce } from './calendar.ts';
import type {
  AsideFact,
  ConfigInForce,
  Cut,
  ExplainedDay,
  ExplainedSchedule,
  FactRole,
  PlannedSession,
  UsedFact,
} from './explanation.ts';
import { laterRecorded } from './fact-order.ts';
import type { AssignFact, CoverFact, DayFact, DutyFact, EmployeeFact, Fact, LeaveFact, PauseFact } from './facts.ts';
import { type Employee, FIRST_DAY, type Schedule } from './hall.ts';
import { overlaps, type Span } from './intervals.ts';
import { firstDayOf } from './people.ts';
import type { ReopenedDay } from './reopened-day.ts';
import { dateOf, weekdayOf } from './time.ts';

export function configInForce({ hall, accepted }: ReopenedDay): ConfigInForce {
  return { hash: hall.config, effectiveFromAt: accepted?.effectiveFrom ?? null };
}

export function explainDay(reopened: ReopenedDay): ExplainedDay {
  const { hall, plan } = reopened;
  const { day, from, to, kind } = plan.today;
  const fact = dayFacts(reopened).inForce;
  const confirmedBy = hall.days.has(day) ? 'config' : hall.national.days.has(day) ? 'national' : 'weekday';
  const { until } = hall.national;
  return {
    date: dateOf(day),
    weekday: weekdayOf(day),
    from,
    to,
    kind,
    by: fact === null ? confirmedBy : { fact: fact.id },
    publishedUntil: Number.isFinite(until) ? dateOf(until) : null,
  };
}

/** The `day` facts of the date: the one in force, and the others. */
function dayFacts(reopened: ReopenedDay): { readonly inForce: Fact | null; readonly others: readonly Fact[] } {
  const date = dateOf(reopened.plan.today.day);
  const known = reopened.stretches.filter(
    (fact) => fact.fact === 'day' && fact.date === date && counts(reopened, fact),
  );
  const [inForce, ...others] = known.sort(laterRecorded);
  return { inForce: inForce ?? null, others };
}

/** Whether a fact is known by now and not taken back. */
export function counts(reopened: ReopenedDay, fact: Fact): boolean {
  return reopened.knows(fact) && reopened.cancelOf(fact) === null;
}

export function explainSchedule(reopened: ReopenedDay, schedule: Schedule): ExplainedSchedule {
  const { today } = reopened.plan;
  const version = schedule.versions.findLast(({ from }) => from <= today.day);
  const has = (weekday: number): boolean => version?.weekly[weekday - 1]?.[0] !== undefined;
  const weekday = version === undefined ? null : weekdayInForce(reopened.hall, today.day, today.kind, has);
  return {
    id: schedule.id,
    versionFrom: version === undefined || version.from === FIRST_DAY ? null : dateOf(version.from),
    weekday: weekday !== null && has(weekday) ? weekday : null,
  };
}

/** Sessions with what takes time out of each. */
export function plannedSessions(
  sessions: readonly Span[],
  duties: readonly DutyFact[],
  holes: readonly (LeaveFact | PauseFact)[],
): PlannedSession[] {
  return sessions.map(({ from, to }, i) => ({
    number: i + 1,
    from,
    to,
    duties: duties.filter((duty) => overlaps(duty, { from, to })).map(({ id }) => id),
    cuts: holes.filter((hole) => overlaps(hole, { from, to })).map(cutOf),
  }));
}

function cutOf({ id, fact, from, to }: LeaveFact | PauseFact): Cut {
  return { fact: id, because: fact, from, to };
}

/** A fact that is used, in a role that needs no session. */
export function used(role: FactRole, fact: Fact, employee: string | null = null): UsedFact {
  return { role, fact, employee, session: null };
}

/** The `day` fact in force, as used. */
export function usedDayFacts(reopened: ReopenedDay): UsedFact[] {
  const { inForce } = dayFacts(reopened);
  return inForce === null ? [] : [used('day', inForce)];
}

/** The fact by which somebody is of the hall that day, where it is not the configuration. */
export function usedEmployeeFacts({ id, fact }: Employee): UsedFact[] {
  return fact === undefined ? [] : [used('employee', fact, id)];
}

/** What a day is planned by. */
type PlanFact = AssignFact | CoverFact | DayFact | DutyFact | EmployeeFact | LeaveFact | PauseFact;

/** Whom a plan is about. */
export interface PlanSubject {
  readonly people: ReadonlySet<string>;
  readonly window: string | null;
}

/**
 * Facts that would change the plan of the day and do not: taken back, not known yet, or outranked. Who appeals with "but I was on leave"
 * is to find the leave here.
 */
export function planAsides(reopened: ReopenedDay, subject: PlanSubject): AsideFact[] {
  const { inForce, others } = dayFacts(reopened);
  const asides = inForce === null ? [] : others.map((fact) => aside('outranked', fact, null, inForce.id));
  for (const fact of reopened.stretches) {
    if (!concerns(reopened, fact, subject)) continue;
    const employee = 'employee' in fact ? fact.employee : null;
    const cancel = reopened.cancelOf(fact);
    if (!reopened.knows(fact)) asides.push(aside('not-yet-known', fact, employee, null));
    else if (cancel !== null) asides.push(aside('cancelled', fact, employee, cancel.id));
  }
  return asides;
}

function aside(why: AsideFact['why'], fact: Fact, employee: string | null, by: string | null): AsideFact {
  return { why, fact, employee, session: null, by };
}

/** Whether a fact speaks of the plan of this subject on this day. */
function concerns({ plan: { today } }: ReopenedDay, fact: Fact, { people, window }: PlanSubject): fact is PlanFact {
  switch (fact.fact) {
    case 'day':
      return fact.date === dateOf(today.day);
    case 'employee':
      return people.has(fact.employee) && firstDayOf(fact, today.hall.zone) <= today.day;
    case 'leave':
    case 'duty':
      return people.has(fact.employee) && overlaps(fact, today);
    case 'pause':
      return (fact.window === undefined || fact.window === window) && overlaps(fact, today);
    case 'cover':
      return fact.window === window && overlaps(fact, today);
    case 'assign':
      return fact.window === window && overlaps({ from: fact.from, to: fact.to ?? today.to }, today);
    default:
      return false;
  }
}
