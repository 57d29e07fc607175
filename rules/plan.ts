/** Who owes which stretch of a day: sessions of schedules, people and windows (rules.md sections 2, 3 and 5). */
import type { Book } from './book.ts';
import { type DayKind, dayKind, weekdayInForce } from './calendar.ts';
import { laterRecorded } from './fact-order.ts';
import type { AssignFact } from './facts.ts';
import type { Employee, Hall, Schedule, Window } from './hall.ts';
import { isJudged, startOfDay } from './hall.ts';
import { type Span, subtract } from './intervals.ts';
import { DAY_LENGTH, type Day, instantOf, type Ms, type Zone } from './time.ts';

/** A day of the hall: its half-open stretch and what the calendars say of it. */
export interface HallDay extends Span {
  readonly hall: Hall;
  readonly day: Day;
  readonly kind: DayKind;
}

export function hallDay(hall: Hall, book: Book, day: Day): HallDay {
  return {
    hall,
    day,
    from: startOfDay(hall, day),
    to: startOfDay(hall, day + 1),
    kind: dayKind(hall, day, book.dayFact(day)),
  };
}

/** What a schedule makes of a day: everybody who has it shares it. */
interface ScheduledDay {
  readonly sessions: readonly Span[];
  /** Those less than `joinGap` apart are one. */
  readonly joined: readonly Span[];
}

const scheduledDays = new WeakMap<HallDay, Map<Schedule, ScheduledDay>>();

function scheduledDay(today: HallDay, schedule: Schedule): ScheduledDay {
  let ofDay = scheduledDays.get(today);
  if (ofDay === undefined) {
    ofDay = new Map();
    scheduledDays.set(today, ofDay);
  }
  let scheduled = ofDay.get(schedule);
  if (scheduled === undefined) {
    const sessions = weeklySessions(today, schedule);
    scheduled = { sessions, joined: joined(sessions, schedule.thresholds.joinGap) };
    ofDay.set(schedule, scheduled);
  }
  return scheduled;
}

/** The sessions of a schedule on a day, in order; none before its first version and on days of rest. */
export function scheduledSessions(today: HallDay, schedule: Schedule): readonly Span[] {
  return scheduledDay(today, schedule).sessions;
}

/** Whether any window has sessions on a day. */
export function isWorkedOn(today: HallDay): boolean {
  return [...today.hall.windows.values()].some(({ schedule }) => scheduledSessions(today, schedule).length > 0);
}

/** A session out of the hour that clocks skip moves forward, maybe past the next one. */
function weeklySessions(today: HallDay, schedule: Schedule): Span[] {
  const version = schedule.versions.findLast((candidate) => candidate.from <= today.day);
  if (version === undefined) return [];
  const { hall, day } = today;
  const weekday = weekdayInForce(hall, day, today.kind, (w) => (version.weekly[w - 1]?.length ?? 0) > 0);
  if (weekday === null) return [];
  return (version.weekly[weekday - 1] ?? [])
    .map((session) => ({
      from: localInstant(hall.zone, day, session.from),
      to: localInstant(hall.zone, day, session.to),
    }))
    .filter((session) => session.from < session.to)
    .sort(byStart);
}

function localInstant(zone: Zone, day: Day, timeOfDay: Ms): Ms {
  return timeOfDay < DAY_LENGTH ? instantOf(zone, day, timeOfDay) : instantOf(zone, day + 1, timeOfDay - DAY_LENGTH);
}

/** A session of a person, less their leave: what they owe. `number` counts the day's sessions from 1. */
export interface OwedSession {
  readonly number: number;
  /** Start of the first remaining part. */
  readonly a: Ms;
  /** End of the last remaining part. */
  readonly z: Ms;
  /** Whether `z` is the session's own end, and not the start of a leave. */
  readonly endsItself: boolean;
}

/** The sessions that a person owes on a day; the wholly excused ones have dropped out, the others keep their number. */
export function owedSessions(today: HallDay, book: Book, employee: Employee): OwedSession[] {
  const sessions = sessionsOf(today, book, employee);
  const [earliest, latest] = [sessions[0], sessions.at(-1)];
  if (earliest === undefined || latest === undefined) return [];
  const all = { from: earliest.from, to: latest.to };
  const holes = [...book.leavesTouching(employee.id, all), ...book.hallPausesTouching(all)];
  const owed: OwedSession[] = [];
  for (const [index, session] of sessions.entries()) {
    const parts = subtract(session, holes);
    const first = parts[0];
    const last = parts.at(-1);
    if (first === undefined || last === undefined) continue;
    owed.push({ number: index + 1, a: first.from, z: last.to, endsItself: last.to === session.to });
  }
  const first = owed[0];
  const last = owed.at(-1);
  if (employee.schedule?.punches !== 'day' || first === undefined || last === undefined) return owed;
  return [{ number: 1, a: first.a, z: last.z, endsItself: last.endsItself }];
}

/** The sessions that a person has on a day, from their schedule and their duties, before any leave. */
export function sessionsOf(today: HallDay, book: Book, employee: Employee): readonly Span[] {
  if (!isJudged(today.hall, today.day, employee)) return [];
  const { schedule } = employee;
  const duties = book.dutiesTouching(employee.id, today).filter((duty) => today.from <= duty.from);
  if (duties.length === 0) return schedule === null ? [] : scheduledDay(today, schedule).joined;
  const scheduled = schedule === null ? [] : scheduledSessions(today, schedule);
  const all = [...scheduled, ...duties].sort(byStart);
  return joined(all, employee.thresholds.joinGap);
}

const byStart = (one: Span, other: Span): number => one.from - other.from || one.to - other.to;

/** Sessions less than `gap` apart are one. */
function joined(sessions: readonly Span[], gap: Ms): Span[] {
  const result: { from: Ms; to: Ms }[] = [];
  for (const { from, to } of sessions) {
    const last = result.at(-1);
    if (last !== undefined && from - last.to < gap) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** A part of a session in which a window is in service. */
export interface ServiceInterval extends Span {
  /** The schedule's number of the session. */
  readonly session: number;
  /** Start of that session: where an interval begins here, the window should have been opened. */
  readonly sessionFrom: Ms;
}

/** The sessions of a window on a day, before any pause. */
export function windowSessions(today: HallDay, window: Window): readonly Span[] {
  return isJudged(today.hall, today.day, window) ? scheduledSessions(today, window.schedule) : [];
}

/** Service time of a window on a day: its schedule's sessions less its pauses and the hall's. */
export function serviceIntervals(today: HallDay, book: Book, window: Window): ServiceInterval[] {
  return windowSessions(today, window).flatMap((session, index) =>
    subtract(session, book.pausesTouching(window.id, session)).map(({ from, to }) => ({
      from,
      to,
      session: index + 1,
      sessionFrom: session.from,
    })),
  );
}

/** Who holds a role of a window at an instant, for those who know no book. */
export type Holders = (window: Window, role: 'A' | 'B', at: Ms) => readonly string[];

/** The holders of a role of a window at an instant: the configuration's, or the `assign` fact in force. */
export function holdersAt(book: Book, window: Window, role: 'A' | 'B', at: Ms): readonly string[] {
  return assignAt(book, window, role, at)?.employees ?? (role === 'A' ? window.a : window.b);
}

/** The `assign` fact in force for a role of a window at an instant; null = the configuration's holders. */
export function assignAt(book: Book, window: Window, role: 'A' | 'B', at: Ms): AssignFact | null {
  let best: AssignFact | null = null;
  for (const assign of book.assignsOf(window.id)) {
    if (assign.role !== role || at < assign.from || (assign.to !== null && at >= assign.to)) continue;
    if (best === null || laterRecorded(assign, best) < 0) best = assign;
  }
  return best;
}

/** Everybody who could hold a window at some time of a day: whoever is its A or B then, and the people of its cover facts. */
export function candidatesOf(today: HallDay, book: Book, window: Window): Set<string> {
  const people = new Set<string>();
  const addHolders = (at: Ms): void => {
    for (const person of holdersAt(book, window, 'A', at)) people.add(person);
    for (const person of holdersAt(book, window, 'B', at)) people.add(person);
  };
  addHolders(today.from);
  for (const { from, to } of book.assignsOf(window.id)) {
    if (today.from <= from && from < today.to) addHolders(from);
    if (to !== null && today.from <= to && to < today.to) addHolders(to);
  }
  for (const cover of book.coversTouching(window.id, today)) people.add(cover.employee);
  return people;
}
