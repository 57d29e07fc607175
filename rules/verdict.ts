import type { Day, Ms, Zone } from './time.ts';
import { civilDay, DAY_LENGTH, dateOf, formatInstant, instantOf, minutesUp, offsetAt } from './time.ts';

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
  /** The leave that it is about, where it is about one. */
  readonly leave?: string;
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

/**
 * What makes two verdicts the same one at different times: hall, rule, subject, date, session, side, and for runs `from`.
 * Where a leave is the subject, its id: two may begin on one date.
 */
export function verdictKey(hall: string, verdict: Verdict): string {
  const subject = verdict.leave ?? verdict.window ?? verdict.employee ?? '';
  const parts = [hall, verdict.rule, subject, dateOfKey(verdict.day), verdict.session, verdict.side];
  if (verdict.run) parts.push(verdict.from);
  // Joined, where null is nothing, and not put together in a template, which would keep each step on the way: three times the memory.
  return parts.join('|');
}

/** The date that was last written into a key: those of one day are made together. */
let lastDate: { readonly day: Day; readonly text: string } | null = null;

function dateOfKey(day: Day): string {
  if (lastDate?.day !== day) lastDate = { day, text: dateOf(day) };
  return lastDate.text;
}

/**
 * The name by which people ask about a verdict, such as `late/e001/2026-03-02/1`, `missing-punch/e001/2026-03-02/1/out`,
 * `left-post/W01/2026-03-02/1/100512` (a run, by the local time of its start) or `leave-slip/l7/2026-03-03`. Within a hall it is as
 * unique and as stable as the identity (`verdictKey`), and a shell takes it as one word. Null where nobody is named.
 */
export function verdictId(zone: Zone, verdict: Verdict): string | null {
  const subject = verdict.leave ?? verdict.window ?? verdict.employee;
  if (subject === null) return null;
  const parts = [verdict.rule, idPart(subject), dateOf(verdict.day)];
  if (verdict.session !== null) parts.push(`${verdict.session}`);
  if (verdict.side !== null) parts.push(verdict.side);
  if (verdict.run) parts.push(startPart(zone, verdict.from));
  return parts.join('/');
}

/** A subject's id as one word without a slash: letters and digits of any script stay, what a shell might take for its own does not. */
export function idPart(text: string): string {
  return text.replace(/[^\p{L}\p{N}._:@-]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    return code < 0x80 ? `%${hex.padStart(2, '0')}` : `%u${hex.padStart(6, '0')}`;
  });
}

/** `100512`, with milliseconds where there are any; `b` after it says the second of two such local times. */
function startPart(zone: Zone, at: Ms): string {
  const [, clock = '', fraction = ''] = /T([\d:]+)(\.\d+)?/.exec(formatInstant(zone, at)) ?? [];
  const day = civilDay(zone, at);
  const isFirst = instantOf(zone, day, at + offsetAt(zone, at) - day * DAY_LENGTH) === at;
  return `${clock.replaceAll(':', '')}${fraction}${isFirst ? '' : 'b'}`;
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

/** The order in which verdicts are printed: date, rule, window, employee, from, session, side, and the leave; null first. */
export function compareVerdicts(a: Verdict, b: Verdict): number {
  return (
    a.day - b.day ||
    compareText(a.rule, b.rule) ||
    compareNullable(a.window, b.window) ||
    compareNullable(a.employee, b.employee) ||
    a.from - b.from ||
    compareNullable(a.session, b.session) ||
    compareNullable(a.side, b.side) ||
    compareNullable(a.leave ?? null, b.leave ?? null)
  );
}

/** A verdict as a line of contract.md section 4. */
export interface VerdictLine {
  readonly rule: string;
  readonly state: VerdictState;
  readonly hall: string;
  /** What people ask about it by (`verdictId`); left out where nobody is named. */
  readonly id?: string;
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
  readonly leave?: string;
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
  const id = verdictId(hall.zone, verdict);
  return {
    rule: verdict.rule,
    state: verdict.state,
    hall: hall.id,
    ...(id === null ? {} : { id }),
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
    ...(verdict.leave === undefined ? {} : { leave: verdict.leave }),
    ...(verdict.because === null ? {} : { because: verdict.because }),
    ...(verdict.atOpening === undefined ? {} : { atOpening: verdict.atOpening }),
    config: verdict.config,
  };
}
