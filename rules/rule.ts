/** What a rule is: a pure function from one subject's day to verdicts. */
import type { Book } from './book.ts';
import type { WindowCover } from './cover.ts';
import type { Coverage } from './evidence.ts';
import type { Window } from './hall.ts';
import type { Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { HallDay, ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';
import type { Attendance } from './punches.ts';
import type { RunTrack } from './run-track.ts';
import type { PendingReason, Verdict } from './verdict.ts';

/** An employee's day. */
export interface EmployeeDay extends Attendance {
  readonly book: Book;
  readonly moment: Moment;
  readonly coverage: Coverage;
  /** Windows of which this person is an A at some time of the day. */
  readonly ownWindows: readonly Window[];
  /** The stretches in which somebody unverified sat at a window. */
  readonly unverifiedAt: (window: string) => readonly Span[];
}

/** A window's day, up to now. */
export interface WindowDay {
  readonly window: Window;
  readonly today: HallDay;
  readonly service: readonly ServiceInterval[];
  readonly seat: SeatDay;
  /** Who held it in its service time up to now. */
  readonly cover: WindowCover;
  /** What that is made of. */
  readonly runs: Readonly<RunTrack>;
  readonly moment: Moment;
  readonly coverage: Coverage;
}

export interface EmployeeRule {
  readonly name: string;
  readonly on: 'employee';
  judge(day: EmployeeDay): readonly Verdict[];
}

export interface WindowRule {
  readonly name: string;
  readonly on: 'window';
  judge(day: WindowDay): Verdict[];
}

export type Rule = EmployeeRule | WindowRule;

/** Where nobody has published yet whether a date is a workday, nothing on it is certain. */
export function calendarDoubt(today: HallDay): PendingReason | null {
  return today.kind === 'unconfirmed' ? 'unconfirmed' : null;
}

/** The state that evidence allows: what is doubtful is pending, whatever the rule would have said. */
export function stateOf(firm: 'open' | 'closed', because: PendingReason | null): Verdict['state'] {
  return because === null ? firm : 'pending';
}
