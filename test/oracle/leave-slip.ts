import { type Fraction, isMoreThan, share, sum } from './fraction.ts';
import { compareText, type Known, type Leave } from './known.ts';
import { configOn } from './people.ts';
import { calendarOf, employeeSessions } from './plan.ts';
import {
  dayStartOf,
  isBetweenDates,
  isJudgedDate,
  type OracleConfig,
  type OracleEmployee,
  slipKindsOf,
  thresholdsOf,
} from './shape.ts';
import { addDays, civilDateOf, hallDay, hallDayOf, type Ms, overlaps, type Span } from './time.ts';
import { type Finding, judged } from './verdict.ts';

/** Section 6, row `leave-slip`: of everybody, the leaves that have started and lack the slip they need. */
export function leaveSlips(config: OracleConfig, known: Known, first: string, now: Ms): Finding[] {
  const zone = config.hall.timezone;
  return [...known.leaves]
    .sort(byFromAndId)
    .filter((leave) => !leave.hasSlip && now >= leave.from && first <= civilDateOf(zone, leave.from))
    .flatMap((leave): Finding[] => {
      const { employees } = configOn(config, known, civilDateOf(zone, leave.from));
      const employee = employees.find(({ id }) => id === leave.employee);
      if (employee === undefined || !isJudgedStart(config, employee, leave)) return [];
      const leaves = slipLeaves(config, known, employee);
      const evidence = leaves.includes(leave) ? whyNeeded(config, known, employee, leaves, leave) : null;
      return evidence === null ? [] : [slipVerdict(config, known, employee, leave, evidence)];
    });
}

/** "In order of `from`, then `id`": the person's leaves of the kinds that need a slip, with or without one. */
function slipLeaves(config: OracleConfig, known: Known, employee: OracleEmployee): Leave[] {
  return known.leaves
    .filter((leave) => leave.employee === employee.id && slipKindsOf(config).includes(leave.kind))
    .sort(byFromAndId);
}

function byFromAndId(one: Leave, other: Leave): number {
  return one.from - other.from || compareText(one.id, other.id);
}

/** Section 2: a leave that starts before `judgeFrom` or outside the person's dates is no `leave-slip`. */
function isJudgedStart(config: OracleConfig, employee: OracleEmployee, leave: Leave): boolean {
  const date = civilDateOf(config.hall.timezone, leave.from);
  return isJudgedDate(config, date) && isBetweenDates(date, employee.from, employee.until);
}

/** The leaves by which a slip is needed, or null where none is. */
function whyNeeded(
  config: OracleConfig,
  known: Known,
  employee: OracleEmployee,
  leaves: readonly Leave[],
  leave: Leave,
): string[] | null {
  const daysOf = (one: Leave, isCounted: (date: string) => boolean) =>
    leaveDays(config, known, employee, one, isCounted);
  const whole = daysOf(leave, () => true);
  if (isMoreThan(whole, 1)) return [leave.id];
  const month = monthOf(civilDateOf(config.hall.timezone, leave.from));
  const inMonth = leaves
    .slice(0, leaves.indexOf(leave) + 1)
    .filter((one) => monthOf(civilDateOf(config.hall.timezone, one.from)) === month)
    .map((one) => ({ id: one.id, days: daysOf(one, (date) => monthOf(date) === month) }))
    .filter((one) => isMoreThan(one.days, 0));
  const hasOwn = inMonth.at(-1)?.id === leave.id;
  return hasOwn && isMoreThan(sum(inMonth.map((one) => one.days)), 3) ? inMonth.map((one) => one.id) : null;
}

function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** "Days of a leave = over the dates, the share of that date's session time it covers." */
export function leaveDays(
  config: OracleConfig,
  known: Known,
  employee: OracleEmployee,
  leave: Span,
  isCounted: (date: string) => boolean,
): Fraction {
  const rules = thresholdsOf(config, employee.schedule);
  const shares = datesNear(config, known, employee, leave)
    .filter((date) => isCounted(date) && isJudgedDate(config, date))
    .flatMap((date): Fraction[] => {
      const day = hallDay(config.hall.timezone, dayStartOf(config), date);
      const sessions = employeeSessions(config, known, employee, day, rules.joinGap);
      const whole = sessions.reduce((length, session) => length + (session.to - session.from), 0);
      const covered = sessions
        .filter((session) => overlaps(session, leave))
        .reduce((length, { from, to }) => length + Math.min(to, leave.to) - Math.max(from, leave.from), 0);
      return covered > 0 ? [share(covered, whole)] : [];
    });
  return sum(shares);
}

/** All dates that can have a session in the leave: its own, the one before, and those of duties, however long. */
function datesNear(config: OracleConfig, known: Known, employee: OracleEmployee, leave: Span): string[] {
  const zone = config.hall.timezone;
  const duties = known.duties.filter((duty) => duty.employee === employee.id && overlaps(duty, leave));
  const dates = new Set(duties.map((duty) => hallDayOf(zone, dayStartOf(config), duty.from).date));
  const last = civilDateOf(zone, leave.to);
  for (let date = addDays(civilDateOf(zone, leave.from), -1); date <= last; date = addDays(date, 1)) dates.add(date);
  return [...dates];
}

/** "`from`/`to` of the leave, `date` the civil date of its start, `session` null, `minutes` 0, always `closed`." */
function slipVerdict(
  config: OracleConfig,
  known: Known,
  employee: OracleEmployee,
  leave: Leave,
  evidence: string[],
): Finding {
  const date = civilDateOf(config.hall.timezone, leave.from);
  return judged(
    {
      rule: 'leave-slip',
      date,
      session: null,
      side: null,
      employee: employee.id,
      window: null,
      department: employee.department ?? null,
      from: leave.from,
      to: leave.to,
      minutes: 0,
      evidence,
    },
    {
      uncovered: false,
      'seat-occupied': false,
      'ambiguous-punch': false,
      unconfirmed: calendarOf(config, known, date).unconfirmed,
      blind: false,
    },
  );
}
