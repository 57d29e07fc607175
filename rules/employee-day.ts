/** Judging a person's day, with what was seen at their own windows. */
import type { Book } from './book.ts';
import type { DayPlan } from './day-plan.ts';
import { Coverage } from './evidence.ts';
import type { Window } from './hall.ts';
import type { Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import { Attendances } from './punches.ts';
import type { EmployeeDay } from './rule.ts';
import { RULES } from './table.ts';
import type { Verdict } from './verdict.ts';

const EMPLOYEE_RULES = RULES.filter((rule) => rule.on === 'employee');
const NO_WINDOWS: readonly Window[] = [];

/** What the rules of attendance say of a person's day; nothing of somebody who is not known. */
export function verdictsOf(day: EmployeeDay | null): readonly Verdict[] {
  let verdicts: readonly Verdict[] = [];
  if (day === null) return verdicts;
  for (const rule of EMPLOYEE_RULES) {
    const found = rule.judge(day);
    if (found.length > 0) verdicts = verdicts.length === 0 ? found : [...verdicts, ...found];
  }
  return verdicts;
}

/** A person's day as the rules look at it, as seen at a moment; `unverifiedAt` answers what was seen at a window. Null of somebody whom the configuration does not know. */
export function employeeDay(
  plan: DayPlan,
  book: Book,
  employeeId: string,
  moment: Moment,
  unverifiedAt: (window: string) => readonly Span[],
  attendances = new Attendances(plan.today, book),
): EmployeeDay | null {
  const employee = plan.today.hall.employees.get(employeeId);
  if (employee === undefined) return null;
  const { today, policy, sessions } = attendances.of(employee, moment);
  return {
    employee,
    today,
    policy,
    sessions,
    book,
    moment,
    coverage: new Coverage(employee.clocks, employee.thresholds.settle, book, moment),
    ownWindows: plan.ownWindows.get(employeeId) ?? NO_WINDOWS,
    unverifiedAt,
  };
}
