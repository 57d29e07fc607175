/** Which punch is whose arrival and departure (rules.md section 3). */
import { type Book, cameOutOfClock } from './book.ts';
import type { Touch } from './buckets.ts';
import type { Employee, PunchPolicy } from './hall.ts';
import { type Span, subtract } from './intervals.ts';
import { Kept, type Moment } from './moment.ts';
import { type HallDay, type OwedSession, owedSessions } from './plan.ts';
import type { Ms } from './time.ts';

/** A session that a person owes, and what their punches say of it. */
export interface AttendedSession extends OwedSession {
  /** From here one may go. */
  readonly e: Ms;
  /** Earliest instant at which a punch could be this session's arrival: the previous session's `e`, or the day's start. */
  readonly gapFrom: Ms;
  readonly arrival: Touch | null;
  /** Known only once it is decided, or where it comes from a gap or from after the last session. */
  readonly departure: Touch | null;
  /** Whether the departure counts: decided, or from a gap or after the last session. */
  readonly departureKnown: boolean;
  /** Whether the departure came from the gap after it or from after the last session: it cannot be an early one. */
  readonly leftInTime: boolean;
  readonly outDeadline: Ms;
  /** The touch that may have been the return from lunch although it was counted as the departure before. */
  readonly ambiguousTouch: Touch | null;
}

export interface Attendance {
  readonly employee: Employee;
  readonly today: HallDay;
  readonly policy: PunchPolicy;
  readonly sessions: readonly AttendedSession[];
}

/** Assigns a person's punches of a day to the sessions they owe, as seen at a moment. */
export function attend(today: HallDay, book: Book, employee: Employee, moment: Moment): Attendance {
  const policy = employee.schedule?.punches ?? 'session';
  const owed = owedSessions(today, book, employee);
  if (owed.length === 0) return { employee, today, policy, sessions: [] };
  const punches = keptPunches(book.touchesOf(today.hall, employee.id, today), employee.thresholds.dedupe, book, moment);
  return { employee, today, policy, sessions: assign(owed, punches, { today, employee, policy, moment, book }) };
}

/** People's attendance on a day: each is found out once, whoever asks, until time can have changed it. */
export class Attendances {
  readonly #today: HallDay;
  readonly #book: Book;
  readonly #kept = new Map<string, Kept<Attendance>>();

  constructor(today: HallDay, book: Book) {
    this.#today = today;
    this.#book = book;
  }

  of(employee: Employee, moment: Moment): Attendance {
    let kept = this.#kept.get(employee.id);
    if (kept === undefined) {
      kept = new Kept();
      this.#kept.set(employee.id, kept);
    }
    return kept.at(moment, (own) => attend(this.#today, this.#book, employee, own));
  }

  /** A fact has become known that touches somebody. */
  forget(employee: string): void {
    this.#kept.delete(employee);
  }
}

/** Punches seen so far, each once, less those at most `dedupe` after the last kept one. */
export function keptPunches(touches: readonly Touch[], dedupe: Ms, book: Book, moment: Moment): Touch[] {
  const kept: Touch[] = [];
  for (const touch of touches) {
    if (!moment.due(touch.at)) break;
    if (book.isRepeat(touch.punch)) continue;
    const last = kept.at(-1);
    if (last === undefined || touch.at - last.at > dedupe) kept.push(touch);
  }
  return kept;
}

interface Context {
  readonly today: HallDay;
  readonly employee: Employee;
  readonly policy: PunchPolicy;
  readonly moment: Moment;
  readonly book: Book;
}

const UNDECIDED = {
  arrival: null,
  departure: null,
  departureKnown: false,
  leftInTime: false,
  ambiguousTouch: null,
} satisfies Partial<AttendedSession>;

type Draft = { -readonly [K in keyof AttendedSession]: AttendedSession[K] };

function assign(owed: readonly OwedSession[], punches: readonly Touch[], context: Context): AttendedSession[] {
  const { today, employee, policy, moment } = context;
  const { earlyGrace, outWindow } = employee.thresholds;
  const sessions: Draft[] = [];
  for (let i = 0; i < owed.length; i++) {
    const { number, a, z, endsItself } = owed[i] as OwedSession;
    const before = sessions[i - 1];
    const e = policy === 'in' ? z : Math.max(a, z - earlyGrace);
    const gapFrom = before === undefined ? today.from : before.e;
    const outDeadline = Math.min(z + outWindow, owed[i + 1]?.a ?? today.to);
    sessions.push({ number, a, z, endsItself, e, gapFrom, outDeadline, ...UNDECIDED });
  }
  for (let i = 0; i < sessions.length; i++) {
    const [before, session] = [sessions[i - 1], sessions[i] as Draft];
    const gap = punches.filter(
      (p) => session.gapFrom <= p.at && p.at <= session.a && (before === undefined || p.at > before.a),
    );
    if (before === undefined) session.arrival = gap[0] ?? null;
    else shareGap(before, session, gap, context);
    session.arrival ??= punches.find((p) => session.a < p.at && p.at < session.e) ?? null;
  }
  const last = sessions.at(-1) as Draft;
  if (policy === 'in') return sessions;
  const after = punches.findLast((p) => p.at >= last.e && p.at > last.a);
  if (after !== undefined) leave(last, after);
  for (const session of sessions) {
    if (session.leftInTime || !moment.due(session.outDeadline)) continue;
    session.departureKnown = true;
    session.departure = insideDeparture(session, punches, context);
  }
  return sessions;
}

/** The punches of a gap between two sessions are the departure before and the arrival after, or one touch. */
function shareGap(before: Draft, session: Draft, gap: readonly Touch[], { employee, policy }: Context): void {
  const first = gap[0];
  const last = gap.at(-1);
  if (first === undefined || last === undefined) return;
  if (policy === 'in') {
    session.arrival = last;
    return;
  }
  if (last.at - first.at >= employee.thresholds.minBreak) {
    leave(before, first);
    session.arrival = last;
  } else if (before.arrival === null || 2 * first.at >= before.e + session.a) {
    session.arrival = first;
  } else {
    leave(before, first);
    if (first.at > before.z + employee.thresholds.lunchNear) session.ambiguousTouch = first;
  }
}

function leave(session: Draft, punch: Touch): void {
  session.departure = punch;
  session.departureKnown = true;
  session.leftInTime = true;
}

/** The last inside punch later than the arrival that does not come from a door. */
function insideDeparture(session: Draft, punches: readonly Touch[], { today }: Context): Touch | null {
  const { arrival } = session;
  if (arrival === null) return null;
  const fromDoor = ({ punch }: Touch): boolean =>
    cameOutOfClock(punch) && today.hall.clocks.get(punch.device ?? '')?.kind === 'door';
  return punches.findLast((p) => session.a < p.at && p.at < session.e && p.at > arrival.at && !fromDoor(p)) ?? null;
}

/** Whether a session has a departure but no arrival: a forgotten punch in place of lateness and absence. */
export function forgotToPunchIn(session: AttendedSession): boolean {
  return session.arrival === null && session.leftInTime;
}

/** The stretches in which a person is present, up to `now` (rules.md section 3, `Present`). */
export function presentSpans(attendance: Attendance, book: Book, moment: Moment): Span[] {
  const { employee, policy, sessions, today } = attendance;
  if (sessions.length === 0) return [];
  const leaves = book.leavesTouching(employee.id, today);
  for (const one of leaves) {
    moment.passes(one.from);
    moment.passes(one.to);
  }
  return sessions.flatMap((session) => {
    if (session.arrival === null) return [];
    moment.passes(session.arrival.at);
    return subtract({ from: session.arrival.at, to: presentTo(session, policy, moment) }, leaves);
  });
}

function presentTo(session: AttendedSession, policy: PunchPolicy, moment: Moment): Ms {
  if (policy !== 'in' && !session.departureKnown) return moment.now;
  const to = policy === 'in' ? session.z : (session.departure?.at ?? session.z);
  moment.passes(to);
  return to;
}
