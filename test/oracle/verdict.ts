import { compareText } from './known.ts';
import { formatInstant, MINUTE, type Ms } from './time.ts';

export type OracleRule =
  | 'late'
  | 'absent'
  | 'early-leave'
  | 'missing-punch'
  | 'missing-cover'
  | 'left-post'
  | 'unverified-occupant'
  | 'left-post-total'
  | 'leave-slip';

/** In the order in which they are named when several apply. */
export const REASONS = ['uncovered', 'seat-occupied', 'ambiguous-punch', 'unconfirmed', 'blind'] as const;
export type Because = (typeof REASONS)[number];

export type State = 'pending' | 'open' | 'closed';

/** A verdict while it is being found: instants are numbers. */
export interface Finding {
  rule: OracleRule;
  state: State;
  date: string;
  /** `null` where none applies. */
  session: number | null;
  side: 'in' | 'out' | null;
  employee: string | null;
  window: string | null;
  department: string | null;
  from: Ms;
  to: Ms | null;
  minutes: number;
  evidence: string[];
  because?: Because;
  atOpening?: boolean;
}

/** A line of contract section 4, as far as sections 2–5 of the rules and `leave-slip` decide it. */
export interface OracleVerdict extends Omit<Finding, 'from' | 'to'> {
  from: string;
  to: string | null;
}

/** Section 4: rounded up, once. */
export function minutesUp(length: Ms): number {
  return Math.ceil(length / MINUTE);
}

/** Section 4, pending: the first reason that applies; `to` stays null where it would be open. */
export function judged(finding: Omit<Finding, 'state' | 'because'>, reasons: Record<Because, boolean>): Finding {
  const because = REASONS.find((reason) => reasons[reason]);
  if (because !== undefined) return { ...finding, state: 'pending', because };
  return { ...finding, state: finding.to === null ? 'open' : 'closed' };
}

/** Contract 4: by date, rule, window, employee, from, session, side, null first (no session has the number 0). */
export function compareFindings(one: Finding, other: Finding): number {
  return (
    compareText(one.date, other.date) ||
    compareText(one.rule, other.rule) ||
    compareNullable(one.window, other.window) ||
    compareNullable(one.employee, other.employee) ||
    one.from - other.from ||
    (one.session ?? 0) - (other.session ?? 0) ||
    compareNullable(one.side, other.side)
  );
}

/** No id is empty, so the empty text stands for null and comes first. */
function compareNullable(one: string | null, other: string | null): number {
  return compareText(one ?? '', other ?? '');
}

export function printed(finding: Finding, zone: string): OracleVerdict {
  return {
    ...finding,
    from: formatInstant(zone, finding.from),
    to: finding.to === null ? null : formatInstant(zone, finding.to),
  };
}
