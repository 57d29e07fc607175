/**
 * Figures of people, defined once: whatever shows, stores or prints one takes it from here. Figures are counts and sums, so those
 * of a day, a person or a department add up; what is pending or not decided yet is counted apart and is part of no rate.
 */
import type { Book } from './book.ts';
import type { LeaveFact, PauseFact } from './facts.ts';
import { overlaps, type Span, subtract } from './intervals.ts';
import { sessionsOf } from './plan.ts';
import type { Attendance, AttendedSession } from './punches.ts';
import type { Ms } from './time.ts';
import { minutesOf, type Verdict } from './verdict.ts';

/** A person's day, as figures count it. */
export interface CountedDay {
  readonly attendance: Attendance;
  /** What is said of their attendance on the day, and stands. */
  readonly verdicts: readonly Verdict[];
  /** What people set aside of it: their cases were excused, a false alarm, or overturned on appeal. */
  readonly waived: readonly Verdict[];
  /** Their sessions before any leave. */
  readonly sessions: readonly Span[];
  /** Their leaves that touch the day, by `from`, then id. */
  readonly leaves: readonly LeaveFact[];
  /** The hall's pauses that touch it. */
  readonly pauses: readonly PauseFact[];
  /** As seen at this instant. */
  readonly now: Ms;
}

/** `isWaived`: whether people set a verdict aside; what is not asked for stands as the engine said it. */
export function countedDay(
  attendance: Attendance,
  said: readonly Verdict[],
  book: Book,
  now: Ms,
  isWaived: (verdict: Verdict) => boolean = () => false,
): CountedDay {
  const { today, employee } = attendance;
  const sessions = sessionsOf(today, book, employee);
  // A duty may end after its day does, and a leave in it.
  const last = sessions.at(-1);
  const reach = { from: today.from, to: Math.max(today.to, last?.to ?? today.to) };
  return {
    attendance,
    verdicts: said.filter((verdict) => !isWaived(verdict)),
    waived: said.filter(isWaived),
    sessions,
    leaves: book.leavesTouching(employee.id, reach),
    pauses: book.hallPausesTouching(reach),
    now,
  };
}

/** Kinds of leave that are errands away from the window, and not time off. */
const ERRANDS: ReadonlySet<string> = new Set(['外出', '临时外出', '外出办事', '公出', '出差', 'outing', 'errand']);

/** Whether a leave is an errand (外出): registered apart from leave in every hall's books. */
export function isErrand(leave: LeaveFact): boolean {
  return ERRANDS.has(leave.kind);
}

/**
 * Figures of people. `sessions` = `excused` + `ahead` + `pending` + `exempt` + `attended` + `missed`; faults are counted while they
 * last, too; those that people set aside are `waived`, and counted nowhere else.
 * Minutes are those of the verdicts, each rounded up by itself; days are shares of a date's session time.
 */
export interface PersonFigures {
  /** Sessions of the plan, before any leave. */
  readonly sessions: number;
  /** Wholly covered by leave, an errand or a pause of the hall. */
  readonly excused: number;
  /** Not over, or a departure may still come. */
  readonly ahead: number;
  /** Over, and something about them is pending. */
  readonly pending: number;
  /** Over, and the absence was set aside by people: neither attended nor missed. */
  readonly exempt: number;
  /** 实到: over, and not absent. */
  readonly attended: number;
  /** 缺勤: over, and absent. */
  readonly missed: number;
  /** Attended without any fault. */
  readonly punctual: number;
  readonly late: number;
  readonly lateMinutes: number;
  readonly absent: number;
  readonly absentMinutes: number;
  readonly early: number;
  readonly earlyMinutes: number;
  /** 缺卡, both sides. */
  readonly missing: number;
  /** 免责: verdicts of any of these rules that people set aside. */
  readonly waived: number;
  readonly leaveDays: number;
  readonly errandDays: number;
}

export const NO_PERSON_FIGURES: PersonFigures = {
  sessions: 0,
  excused: 0,
  ahead: 0,
  pending: 0,
  exempt: 0,
  attended: 0,
  missed: 0,
  punctual: 0,
  late: 0,
  lateMinutes: 0,
  absent: 0,
  absentMinutes: 0,
  early: 0,
  earlyMinutes: 0,
  missing: 0,
  waived: 0,
  leaveDays: 0,
  errandDays: 0,
};

/** What has become of a session that is owed. */
export type SessionOutcome = 'ahead' | 'pending' | 'exempt' | 'attended' | 'missed';

/** The verdicts about one session of a person's day that stand. */
export function verdictsOfSession(day: CountedDay, session: AttendedSession): Verdict[] {
  return day.verdicts.filter((verdict) => verdict.session === session.number);
}

function waivedOfSession(day: CountedDay, session: AttendedSession): Verdict[] {
  return day.waived.filter((verdict) => verdict.session === session.number);
}

export function outcomeOf(day: CountedDay, session: AttendedSession): SessionOutcome {
  const said = verdictsOfSession(day, session);
  if (said.some(({ state }) => state === 'pending')) return 'pending';
  const isOver = day.now >= session.z && (day.attendance.policy === 'in' || session.departureKnown);
  if (!isOver) return 'ahead';
  if (waivedOfSession(day, session).some(({ rule }) => rule === 'absent')) return 'exempt';
  return said.some(({ rule }) => rule === 'absent') ? 'missed' : 'attended';
}

/** The figures of one person on one day. */
export function personFigures(day: CountedDay): PersonFigures {
  const { attendance, sessions } = day;
  const outcomes = attendance.sessions.map((session) => outcomeOf(day, session));
  const count = (outcome: SessionOutcome): number => outcomes.filter((one) => one === outcome).length;
  const planned = attendance.policy === 'day' ? Math.min(sessions.length, 1) : sessions.length;
  const isPunctual = (session: AttendedSession, i: number): boolean =>
    outcomes[i] === 'attended' && verdictsOfSession(day, session).length === 0;
  const [late, absent, early] = [faults(day, 'late'), faults(day, 'absent'), faults(day, 'early-leave')];
  return {
    sessions: planned,
    excused: planned - attendance.sessions.length,
    ahead: count('ahead'),
    pending: count('pending'),
    exempt: count('exempt'),
    attended: count('attended'),
    missed: count('missed'),
    punctual: attendance.sessions.filter(isPunctual).length,
    late: late.count,
    lateMinutes: late.minutes,
    absent: absent.count,
    absentMinutes: absent.minutes,
    early: early.count,
    earlyMinutes: early.minutes,
    missing: faults(day, 'missing-punch').count,
    waived: day.waived.length,
    ...daysAway(day),
  };
}

/** What is certain of one rule; what is pending is held against nobody. */
function faults({ verdicts, now }: CountedDay, rule: string): { readonly count: number; readonly minutes: number } {
  const certain = verdicts.filter((verdict) => verdict.rule === rule && verdict.state !== 'pending');
  return { count: certain.length, minutes: certain.reduce((sum, verdict) => sum + minutesOf(verdict, now), 0) };
}

/** Shares of the date's session time; where leaves overlap, the time is the earlier one's. */
function daysAway({ sessions, leaves }: CountedDay): Pick<PersonFigures, 'leaveDays' | 'errandDays'> {
  const days = { leaveDays: 0, errandDays: 0 };
  const all = lengthOf(sessions);
  let left: readonly Span[] = sessions;
  for (const leave of leaves) {
    const rest = left.flatMap((part) => subtract(part, [leave]));
    days[isErrand(leave) ? 'errandDays' : 'leaveDays'] += (lengthOf(left) - lengthOf(rest)) / all || 0;
    left = rest;
  }
  return days;
}

function lengthOf(spans: readonly Span[]): Ms {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Figures that others are added to. */
export type Sum<F> = { -readonly [K in keyof F]: F[K] };

/** Adds up figures of one kind. */
export function sumOf<F extends { readonly [K in keyof F]: number }>(none: F, figures: Iterable<F>): F {
  const sum: Sum<F> = { ...none };
  for (const one of figures) addTo(sum, one);
  return sum;
}

/** Adds figures to a sum of their kind. */
export function addTo<F extends { readonly [K in keyof F]: number }>(sum: Sum<F>, figures: F): void {
  const numbers = sum as { [K in keyof F]: number };
  for (const name in figures) numbers[name] += figures[name];
}

/** A part of a whole; null where there is no whole. */
export function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** 出勤率: of the sessions that are decided, those attended. */
export function attendanceRate({ attended, missed }: PersonFigures): number | null {
  return rateOf(attended, attended + missed);
}

/** 准点率: of the sessions that are decided, those without any fault. */
export function punctualRate({ punctual, attended, missed }: PersonFigures): number | null {
  return rateOf(punctual, attended + missed);
}

/** What a person's day is marked with. */
export type DayMark =
  | 'absent'
  | 'late'
  | 'early'
  | 'missing'
  | 'pending'
  | 'waived'
  | 'leave'
  | 'errand'
  | 'pause'
  | 'present'
  | 'ahead'
  | 'rest'
  | 'commissioning'
  | 'none';

const MARK_OF_RULE: Readonly<Record<string, DayMark>> = {
  absent: 'absent',
  late: 'late',
  'early-leave': 'early',
  'missing-punch': 'missing',
};

/** In the order in which marks are written. */
export const DAY_MARKS: readonly DayMark[] = [
  'absent',
  'late',
  'early',
  'missing',
  'pending',
  'waived',
  'leave',
  'errand',
  'pause',
  'present',
  'ahead',
  'rest',
  'commissioning',
  'none',
];

/** What a day is marked with, worst first; `present` (√) only where nothing is wrong with any session of it. */
export function marksOf(day: CountedDay): DayMark[] {
  const { attendance, sessions, leaves, pauses } = day;
  const { today, employee } = attendance;
  if (today.day < today.hall.judgeFrom) return ['commissioning'];
  if (sessions.length === 0) {
    const isEmployed = employee.from <= today.day && today.day <= employee.until;
    return [isEmployed && employee.schedule !== null ? 'rest' : 'none'];
  }
  const marks = new Set<DayMark>(attendance.sessions.flatMap((session) => marksOfSession(day, session)));
  if (marks.size > 1) marks.delete('present');
  for (const leave of leaves) if (touchesSession(sessions, leave)) marks.add(isErrand(leave) ? 'errand' : 'leave');
  if (pauses.some((pause) => touchesSession(sessions, pause))) marks.add('pause');
  return DAY_MARKS.filter((mark) => marks.has(mark));
}

/** The same of one session. */
export function marksOfSession(day: CountedDay, session: AttendedSession): DayMark[] {
  const said = verdictsOfSession(day, session);
  const marks = new Set<DayMark>(
    said.map(({ rule, state }) => (state === 'pending' ? 'pending' : (MARK_OF_RULE[rule] ?? 'none'))),
  );
  if (waivedOfSession(day, session).length > 0) marks.add('waived');
  if (marks.size > 0) return DAY_MARKS.filter((mark) => marks.has(mark));
  return [outcomeOf(day, session) === 'ahead' ? 'ahead' : 'present'];
}

function touchesSession(sessions: readonly Span[], span: Span): boolean {
  return sessions.some((session) => overlaps(session, span));
}

/** Figures of a department on a day, in people. Whoever is pending is counted under none of `late`, `absent`, `early`. */
export interface AttendanceDay {
  /** 应到: they owe a session. */
  readonly expected: number;
  /** 实到: they arrived at one. */
  readonly present: number;
  readonly late: number;
  readonly absent: number;
  readonly early: number;
  readonly leave: number;
}

export function attendanceDay(people: readonly CountedDay[]): AttendanceDay {
  const count = (wanted: (day: CountedDay) => boolean): number => people.filter(wanted).length;
  const has = (rule: string) => (day: CountedDay) => faults(day, rule).count > 0;
  return {
    expected: count(({ attendance }) => attendance.sessions.length > 0),
    present: count(({ attendance }) => attendance.sessions.some((session) => session.arrival !== null)),
    late: count(has('late')),
    absent: count(has('absent')),
    early: count(has('early-leave')),
    leave: count(({ attendance, leaves }) => leaves.some((leave) => overlaps(leave, attendance.today))),
  };
}
