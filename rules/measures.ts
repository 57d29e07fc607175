/** Figures, defined once: whatever shows or stores one takes it from here. Pending and unknown time is counted apart. */
import type { Attendance } from './punches.ts';
import type { WindowDay } from './rule.ts';
import { MINUTE, type Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

/** Minutes of a window's service time on a day, up to now, by who held it and by what was seen; and of extended service. */
export interface WindowMinutes {
  readonly a: number;
  readonly b: number;
  readonly cover: number;
  readonly uncovered: number;
  readonly occupied: number;
  readonly empty: number;
  readonly unknown: number;
  /** 延时服务: occupied after the end of the last session. */
  readonly extended: number;
}

export function windowMinutes(day: WindowDay): WindowMinutes {
  const sums = { a: 0, b: 0, cover: 0, uncovered: 0, occupied: 0, empty: 0, unknown: 0 };
  for (const stretch of day.cover.stretches) {
    const length = stretch.to - stretch.from;
    sums[stretch.heldBy ?? 'uncovered'] += length;
    sums[stretch.seat] += length;
  }
  const closedAt = day.service.at(-1)?.to;
  let extended: Ms = 0;
  for (const { from, to, state } of day.seat.stretches) {
    if (closedAt !== undefined && state === 'occupied') extended += Math.max(0, to - Math.max(from, closedAt));
  }
  const minutes = Object.entries({ ...sums, extended }).map(([name, length]) => [name, length / MINUTE]);
  return Object.fromEntries(minutes) as WindowMinutes;
}

/** A person's day, as the figures of their department count it. */
export interface CountedDay {
  readonly attendance: Attendance;
  readonly verdicts: readonly Verdict[];
  /** Whether a leave of theirs touches the day. */
  readonly onLeave: boolean;
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
  const has = (rule: string) => (day: CountedDay) =>
    day.verdicts.some((verdict) => verdict.rule === rule && verdict.state !== 'pending');
  return {
    expected: count(({ attendance }) => attendance.sessions.length > 0),
    present: count(({ attendance }) => attendance.sessions.some((session) => session.arrival !== null)),
    late: count(has('late')),
    absent: count(has('absent')),
    early: count(has('early-leave')),
    leave: count(({ onLeave }) => onLeave),
  };
}
