/** Explains why a leave needs a slip: its own days, and those of its month. */
import type { Explained } from './explain-attendance.ts';
import { planAsides, used, usedDayFacts, usedEmployeeFacts } from './explain-day.ts';
import type { AsideFact, Doubt, LeaveDays } from './explanation.ts';
import type { LeaveFact } from './facts.ts';
import { ALL_DATES, type Dates, exceed, leavesOfMonth, monthOf, sharesOfLeave } from './leave-slip.ts';
import { parametersOfEmployee } from './parameters.ts';
import type { ReopenedDay } from './reopened-day.ts';
import type { EmployeeDay } from './rule.ts';
import type { Thresholds } from './thresholds.ts';
import { dateOf } from './time.ts';
import type { Verdict } from './verdict.ts';

export function explainLeaveSlip(reopened: ReopenedDay, day: EmployeeDay, verdict: Verdict): Explained {
  const { employee, today, book } = day;
  const { hall } = reopened;
  const inMonth = leavesOfMonth(hall, today.day, employee, book);
  const upTo = inMonth.findIndex(({ id }) => id === verdict.leave);
  const leave = inMonth[upTo];
  if (leave === undefined) throw new Error(`there is no leave ${verdict.leave} in that month`);
  const shares = (one: LeaveFact, dates: Dates) => sharesOfLeave(hall, book, employee, one, dates);
  const days = (one: LeaveFact, dates: Dates): LeaveDays => ({
    leave: one.id,
    dates: shares(one, dates).map((share) => ({ date: dateOf(share.day), coveredMs: share.covered, ofMs: share.of })),
  });
  const { slipDays, slipMonthDays } = employee.thresholds;
  const before = inMonth.slice(0, upTo);
  const inside = [...before, leave].map((one) => days(one, monthOf(today.day)));
  const fires = exceed(shares(leave, ALL_DATES), slipDays) ? 'own' : 'month';
  const names: (keyof Thresholds)[] = ['slipKinds', 'slipDays', 'slipMonthDays'];
  const doubts: Doubt[] =
    today.kind === 'unconfirmed' ? [{ reason: 'unconfirmed', publishedUntil: dateOf(hall.national.until) }] : [];
  return {
    subject: { of: 'leave', employee: employee.id, leave: leave.id, kind: leave.kind },
    parameters: parametersOfEmployee(hall, employee, names),
    used: [
      ...usedDayFacts(reopened),
      ...usedEmployeeFacts(employee),
      used('leave', leave, employee.id),
      ...before
        .filter(({ id }) => verdict.evidence.includes(id))
        .map((one) => used('leave-of-month', one, employee.id)),
    ],
    aside: [...slipAsides(reopened, leave), ...planAsides(reopened, { people: new Set([employee.id]), window: null })],
    coverage: null,
    arithmetic: {
      of: 'slip',
      own: days(leave, ALL_DATES),
      slipDays,
      month: inside.filter(({ dates }) => dates.length > 0),
      slipMonthDays,
      fires,
    },
    doubts,
  };
}

/** Slips for the leave that do not count: taken back, not known yet, or of a later time. */
function slipAsides(reopened: ReopenedDay, leave: LeaveFact): AsideFact[] {
  return reopened.stretches.flatMap((fact): AsideFact[] => {
    if (fact.fact !== 'slip' || fact.leave !== leave.id) return [];
    const about = { fact, employee: leave.employee, session: null };
    const cancel = reopened.cancelOf(fact);
    if (!reopened.knows(fact)) return [{ ...about, why: 'not-yet-known', by: null }];
    if (cancel !== null) return [{ ...about, why: 'cancelled', by: cancel.id }];
    return [{ ...about, why: 'after-now', by: null }];
  });
}
