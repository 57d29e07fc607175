import type { Book } from './book.ts';
import { firstDutyDay } from './duty-days.ts';
import type { LeaveFact } from './facts.ts';
import type { Employee, Hall } from './hall.ts';
import { dayAt, isJudged, startOfDay } from './hall.ts';
import { type Span, subtract } from './intervals.ts';
import { hallDay, sessionsOf } from './plan.ts';
import { calendarDoubt, type EmployeeDay, type EmployeeRule, stateOf } from './rule.ts';
import { civilDay, DAY_LENGTH, type Day, firstDayOfMonth, lastDayOfMonth } from './time.ts';
import type { Verdict } from './verdict.ts';

/** 请假条缺失: a leave that is long, or brings the month's total beyond what goes without, has begun without a slip. */
export const leaveSlip: EmployeeRule = {
  name: 'leave-slip',
  on: 'employee',
  judge(day) {
    const { today, employee, book } = day;
    if (!isJudged(today.hall, today.day, employee)) return [];
    // Of the days of a year few begin a leave; the date begins before the day does.
    const around = book.leavesTouching(employee.id, { from: today.from - DAY_LENGTH, to: today.to });
    const begins = (leave: LeaveFact): boolean => civilDay(today.hall.zone, leave.from) === today.day;
    if (!around.some(begins)) return [];
    const leaves = leavesOfMonth(today.hall, today.day, employee, book);
    return leaves.flatMap((leave, i) => {
      if (!begins(leave) || !day.moment.due(leave.from)) return [];
      if (hasSlip(day, leave)) return [];
      const counted = countedFor(day, leave, leaves.slice(0, i));
      return counted === null ? [] : [verdictOf(day, leave, counted)];
    });
  },
};

/** A person's leaves that need slips and begin in the month of a day, up to that day, by `from`, then id. */
export function leavesOfMonth(hall: Hall, day: Day, employee: Employee, book: Book): LeaveFact[] {
  const first = firstDayOfMonth(day);
  // The month begins hours before its first day does.
  const month = { from: startOfDay(hall, first - 1), to: startOfDay(hall, day + 1) };
  return book.leavesTouching(employee.id, month).filter((leave) => {
    const start = civilDay(hall.zone, leave.from);
    return first <= start && start <= day && employee.thresholds.slipKinds.includes(leave.kind);
  });
}

function hasSlip({ book, moment }: EmployeeDay, leave: LeaveFact): boolean {
  return leave.slip === true || book.slipsOf(leave.id).some((slip) => moment.due(slip.at));
}

/**
 * The leaves for whose length a slip is needed, null if none is: the one alone, if it is longer than `slipDays`; or all of the
 * month up to it, if days of its own in that month bring the total beyond `slipMonthDays`.
 */
function countedFor(
  { today, employee, book }: EmployeeDay,
  leave: LeaveFact,
  before: readonly LeaveFact[],
): readonly LeaveFact[] | null {
  const sharesOf = (one: LeaveFact, dates: Dates): Share[] => sharesOfLeave(today.hall, book, employee, one, dates);
  const { slipDays, slipMonthDays } = employee.thresholds;
  if (exceed(sharesOf(leave, ALL_DATES), slipDays)) return [leave];
  const month = monthOf(today.day);
  const inMonth = [...before, leave].map((one) => ({ one, shares: sharesOf(one, month) }));
  const counted = inMonth.filter(({ shares }) => shares.length > 0);
  if (counted.at(-1)?.one !== leave) return null;
  const total = counted.flatMap(({ shares }) => shares);
  return exceed(total, slipMonthDays) ? counted.map(({ one }) => one) : null;
}

/** How much of a date's session time a leave covers. */
export interface Share {
  readonly day: Day;
  readonly covered: number;
  readonly of: number;
}

/** Days from `from` to `to`, both included. */
export interface Dates {
  readonly from: Day;
  readonly to: Day;
}

export const ALL_DATES: Dates = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Those of the calendar month of a day. */
export function monthOf(day: Day): Dates {
  return { from: firstDayOfMonth(day), to: lastDayOfMonth(day) };
}

/** Of some dates those that a leave touches; dates without sessions give nothing. Judged as the day it begins on. */
export function sharesOfLeave(
  hall: Hall,
  book: Book,
  employee: Employee,
  leave: LeaveFact,
  { from, to }: Dates,
): Share[] {
  const shares: Share[] = [];
  const last = Math.min(dayAt(hall, leave.to - 1), to);
  // A duty that began before, and perhaps in the month before, may reach into the leave.
  for (let day = Math.max(firstDutyDay(hall, leave.from, book), from); day <= last; day++) {
    const sessions = sessionsOf(hallDay(hall, book, day), book, employee);
    const covered = lengthOf(sessions) - lengthOf(sessions.flatMap((session) => subtract(session, [leave])));
    if (covered > 0) shares.push({ day, covered, of: lengthOf(sessions) });
  }
  return shares;
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Whether days are more than so many; exactly so many are not, and thirds are to add up, so fractions stay fractions. */
export function exceed(shares: readonly Share[], days: number): boolean {
  let [over, under] = [BigInt(-days), 1n];
  for (const { covered, of } of shares) {
    over = over * BigInt(of) + BigInt(covered) * under;
    under *= BigInt(of);
  }
  return over > 0n;
}

function verdictOf({ today, employee }: EmployeeDay, leave: LeaveFact, counted: readonly LeaveFact[]): Verdict {
  const because = calendarDoubt(today);
  return {
    rule: leaveSlip.name,
    state: stateOf('closed', because),
    day: today.day,
    session: null,
    side: null,
    employee: employee.id,
    window: null,
    department: employee.department,
    from: leave.from,
    to: leave.to,
    minutes: 0,
    evidence: counted.map(({ id }) => id),
    leave: leave.id,
    because,
    run: false,
    config: today.hall.config,
  };
}
