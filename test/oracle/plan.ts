import { compareText, type Known } from './known.ts';
import {
  isBetweenDates,
  type OracleConfig,
  type OracleEmployee,
  type OracleWindow,
  type Policy,
  type Thresholds,
  thresholdsOf,
  type Weekly,
} from './shape.ts';
import { addDays, type HallDay, localInstant, type Ms, minutesOfDay, type Span, weekdayOf, without } from './time.ts';

/** What the calendar says of a date: `kind` null = the weekday decides. */
export interface Calendar {
  kind: 'rest' | 'work' | null;
  unconfirmed: boolean;
}

export interface Session extends Span {
  number: number;
}

/** A remaining session as section 3 sees it. */
export interface DueSession {
  number: number;
  a: Ms;
  z: Ms;
  /** From here on one may go. */
  e: Ms;
  /** `z` is a session's own end, not the start of a leave. */
  endsItself: boolean;
}

/** Section 2, calendar: national days, then the config's, then `day` facts; unconfirmed beyond what is published. */
export function calendarOf(config: OracleConfig, known: Known, date: string): Calendar {
  const isNational = config.calendar?.country === 'CN';
  const national = config.nationalDays;
  const isPublished = national !== undefined && isBetweenDates(date, national.from, national.until);
  const facts = known.days
    .filter((fact) => fact.date === date)
    .sort((one, other) => one.recordedAt - other.recordedAt || compareText(one.id, other.id));
  const explicit = facts.at(-1)?.kind ?? config.calendar?.days?.[date] ?? null;
  const published = isNational && isPublished ? (national.days[date] ?? null) : null;
  return { kind: explicit ?? published, unconfirmed: isNational && !isPublished && explicit === null };
}

/** Section 2: the version in force on the date; before the first version there are no sessions. */
function weeklyOf(config: OracleConfig, scheduleId: string | undefined, date: string): Weekly {
  const schedule = config.schedules?.[scheduleId ?? ''];
  if (schedule?.versions === undefined) return schedule?.weekly ?? {};
  const begun = schedule.versions.filter((version) => version.from <= date);
  begun.sort((one, other) => compareText(one.from, other.from));
  return begun.at(-1)?.weekly ?? {};
}

/** Section 2: `rest` has none; `work` the weekday's own, or else those of the weekday `makeUpDayUses` names. */
export function scheduledSessions(
  config: OracleConfig,
  known: Known,
  scheduleId: string | undefined,
  date: string,
): Session[] {
  const { kind } = calendarOf(config, known, date);
  const weekly = weeklyOf(config, scheduleId, date);
  if (kind === 'rest') return [];
  let texts = weekly[weekdayOf(date)] ?? [];
  if (kind === 'work' && texts.length === 0) texts = weekly[config.calendar?.makeUpDayUses ?? 'mon'] ?? [];
  return texts
    .map((text, index) => ({ number: index + 1, ...spanOfDay(config.hall.timezone, date, text) }))
    .filter((session) => session.from < session.to);
}

/** `22:00-06:00` passes midnight and belongs to the date it starts on (section 2, second bullet). */
function spanOfDay(zone: string, date: string, text: string): Span {
  const [from = '', to = ''] = text.split('-');
  const start = minutesOfDay(from);
  const end = minutesOfDay(to);
  return {
    from: localInstant(zone, date, start),
    to: end > start ? localInstant(zone, date, end) : localInstant(zone, addDays(date, 1), end),
  };
}

/** Section 3: the schedule's sessions and the duty facts that start in the day, in order, near ones joined. */
export function employeeSessions(
  config: OracleConfig,
  known: Known,
  employee: OracleEmployee,
  day: HallDay,
  joinGap: Ms,
): Session[] {
  if (!isBetweenDates(day.date, employee.from, employee.until)) return [];
  const duties = known.duties.filter(
    (duty) => duty.employee === employee.id && day.from <= duty.from && duty.from < day.to,
  );
  const spans: Span[] = [...scheduledSessions(config, known, employee.schedule, day.date), ...duties];
  spans.sort((one, other) => one.from - other.from || one.to - other.to);
  const joined: Session[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last !== undefined && span.from - last.to < joinGap) last.to = Math.max(last.to, span.to);
    else joined.push({ number: joined.length + 1, from: span.from, to: span.to });
  }
  return joined;
}

/** The person's own leaves; a hall-wide pause counts for everyone's sessions as leave does (section 2, last bullet). */
export function leavesOf(known: Known, employeeId: string): Span[] {
  return [
    ...known.leaves.filter((leave) => leave.employee === employeeId),
    ...known.pauses.filter((pause) => pause.window === null),
  ];
}

export function policyOf(config: OracleConfig, employee: OracleEmployee): Policy {
  return config.schedules?.[employee.schedule ?? '']?.punches ?? 'session';
}

/** Section 3: sessions less leave; the excused drop out, the others keep their number; policy `day` makes one of all. */
export function dueSessions(
  sessions: readonly Session[],
  leaves: readonly Span[],
  policy: Policy,
  rules: Thresholds,
): DueSession[] {
  const remaining: DueSession[] = [];
  for (const session of sessions) {
    const parts = without(session, leaves);
    const first = parts[0];
    const last = parts.at(-1);
    if (first === undefined || last === undefined) continue;
    remaining.push(dueSession(session.number, first.from, last.to, last.to === session.to, policy, rules));
  }
  const first = remaining[0];
  const last = remaining.at(-1);
  if (policy !== 'day' || first === undefined || last === undefined) return remaining;
  return [dueSession(1, first.a, last.z, last.endsItself, policy, rules)];
}

/** `e = max(a, z − earlyGrace)`; policy `in` knows no departures, so there `e = z` (section 3). */
function dueSession(number: number, a: Ms, z: Ms, endsItself: boolean, policy: Policy, rules: Thresholds): DueSession {
  return { number, a, z, e: policy === 'in' ? z : Math.max(a, z - rules.earlyGrace), endsItself };
}

/** Section 5: service time is the schedule's sessions less the window's pauses and the hall's. */
export function windowSessions(config: OracleConfig, known: Known, window: OracleWindow, day: HallDay): Session[] {
  if (!isBetweenDates(day.date, window.from, window.until)) return [];
  return scheduledSessions(config, known, window.schedule, day.date);
}

export interface ServiceInterval extends Span {
  session: Session;
}

/** Section 5: each remaining part of one session is a service interval; a pause in the middle makes two. */
export function serviceIntervals(known: Known, windowId: string, sessions: readonly Session[]): ServiceInterval[] {
  const pauses = known.pauses.filter((pause) => pause.window === null || pause.window === windowId);
  return sessions.flatMap((session) =>
    without({ from: session.from, to: session.to }, pauses).map((part) => ({ ...part, session })),
  );
}

export function windowRules(config: OracleConfig, window: OracleWindow): Thresholds {
  return thresholdsOf(config, window.schedule, window.rules);
}
