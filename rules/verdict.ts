import type { Day, Ms, Zone } from './time.ts';
import { dateOf, formatInstant, minutesUp } from './time.ts';

export type VerdictState = 'pending' | 'open' | 'closed';

/** Why a verdict is pending (rules.md sections 4 and 5). */
export type PendingReason = 'uncovered' | 'seat-occupied' | 'ambiguous-punch' | 'unconfirmed' | 'blind';

/** What a rule says of one subject, day and session. Instants are milliseconds; `to` is null while it lasts. */
export interface Verdict {
  readonly rule: string;
  readonly state: VerdictState;
  readonly day: Day;
  readonly session: number | null;
  readonly side: 'in' | 'out' | null;
  readonly employee: string | null;
  readonly window: string | null;
  readonly department: string | null;
  readonly from: Ms;
  readonly to: Ms | null;
  /** Set where the minutes are not simply those from `from` to `to`. */
  readonly minutes?: number;
  /** Ids of the facts that it rests on. */
  readonly evidence: readonly string[];
  readonly because: PendingReason | null;
  /** The run began with its session: the window was not opened on time. */
  readonly atOpening?: boolean;
  /** Whether runs of this rule are told apart by their `from`. */
  readonly run: boolean;
  /** Hash of the configuration it was judged by. */
  readonly config: string;
}

/** What makes two verdicts the same one at different times: hall, rule, subject, date, session, side, and for runs `from`. */
export function verdictKey(hall: string, verdict: Verdict): string {
  const subject = verdict.window ?? verdict.employee ?? '';
  const start = verdict.run ? `|${verdict.from}` : '';
  return `${hall}|${verdict.rule}|${subject}|${dateOf(verdict.day)}|${verdict.session ?? ''}|${verdict.side ?? ''}${start}`;
}

/** Whether two states of one verdict say the same; the growing minutes of an open one are no change. */
export function sameVerdict(a: Verdict, b: Verdict): boolean {
  return (
    a.state === b.state &&
    a.from === b.from &&
    a.to === b.to &&
    a.employee === b.employee &&
    a.window === b.window &&
    a.department === b.department &&
    a.because === b.because &&
    a.minutes === b.minutes &&
    a.atOpening === b.atOpening &&
    a.config === b.config &&
    a.evidence.length === b.evidence.length &&
    a.evidence.every((id, i) => id === b.evidence[i])
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const compareNullable = (a: string | number | null, b: string | number | null): number => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
};

/** The order in which verdicts are printed: date, rule, window, employee, from, session, side; null first. */
export function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    a.day - b.day ||
    compareText(a.rule, b.rule) ||
    compareNullable(a.window, b.window) ||
    compareNullable(a.employee, b.employee) ||
    a.from - b.from ||
    compareNullable(a.session, b.session) ||
    compareNullable(a.side, b.side)
  );
}

/** A verdict as a line of contract.md section 4. */
export interface VerdictLine {
  readonly rule: string;
  readonly state: VerdictState;
  readonly hall: string;
  readonly date: string;
  readonly session: number | null;
  readonly side: 'in' | 'out' | null;
  readonly employee: string | null;
  readonly window: string | null;
  readonly department: string | null;
  readonly from: string;
  readonly to: string | null;
  readonly minutes: number;
  readonly evidence: readonly string[];
  readonly because?: PendingReason;
  readonly atOpening?: boolean;
  readonly config: string;
}

/** Minutes of a verdict as seen at `now`. */
export function minutesOf(verdict: Verdict, now: Ms): number {
  return verdict.minutes ?? minutesUp(Math.max(0, (verdict.to ?? now) - verdict.from));
}

/** The line that is printed, stored and sent; `now` is what the minutes of one that lasts count to. */
export function verdictLine(
  hall: { readonly id: string; readonly zone: Zone },
  verdict: Verdict,
  now: Ms,
): VerdictLine {
  return {
    rule: verdict.rule,
    state: verdict.state,
    hall: hall.id,
    date: dateOf(verdict.day),
    session: verdict.session,
    side: verdict.side,
    employee: verdict.employee,
    window: verdict.window,
    department: verdict.department,
    from: formatInstant(hall.zone, verdict.from),
    to: verdict.to === null ? null : formatInstant(hall.zone, verdict.to),
    minutes: minutesOf(verdict, now),
    evidence: verdict.evidence,
    ...(verdict.because === null ? {} : { because: verdict.because }),
    ...(verdict.atOpening === undefined ? {} : { atOpening: verdict.atOpening }),
    config: verdict.config,
  };
}
