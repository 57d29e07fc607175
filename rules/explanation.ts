/**
 * What an explanation of a verdict holds (rules.md section 1, principle 5), in no language. Instants stand under `at`, `from`, `to`, `a`,
 * `z`, `e`, `now` or a name that ends in `At`; lengths of time under a name that ends in `Ms`; everything else means what it says.
 */
import type { DayKind } from './calendar.ts';
import type { HeldBy } from './cover.ts';
import type { Fact, PresenceState, PunchFact } from './facts.ts';
import type { PunchPolicy } from './hall.ts';
import type { Span } from './intervals.ts';
import type { Parameter } from './parameters.ts';
import type { PresenceStretch } from './presence.ts';
import type { Ms } from './time.ts';
import type { PendingReason, Verdict } from './verdict.ts';

export interface Explanation {
  readonly id: string;
  readonly verdict: Verdict;
  readonly minutes: number;
  /** As known at this instant. */
  readonly now: Ms;
  readonly config: ConfigInForce;
  readonly day: ExplainedDay;
  /** Whom, or which window, it is about, and what was planned there. */
  readonly subject: ExplainedPerson | ExplainedWindow | ExplainedLeave;
  readonly parameters: readonly Parameter[];
  readonly used: readonly UsedFact[];
  readonly aside: readonly AsideFact[];
  /** Where a punch could be that is not known; null where none would matter. */
  readonly coverage: ExplainedCoverage | null;
  readonly arithmetic: Arithmetic;
  /** Why it is pending, every reason in the order in which they are given; none = it is not. */
  readonly doubts: readonly Doubt[];
}

export interface ConfigInForce {
  readonly hash: string;
  /** Null where the configuration was given without a fact. */
  readonly effectiveFromAt: Ms | null;
}

/** A day of the hall, and who says what kind of day it is. */
export interface ExplainedDay {
  readonly date: string;
  /** ISO: 1 = Monday. */
  readonly weekday: number;
  readonly from: Ms;
  readonly to: Ms;
  readonly kind: DayKind;
  /** `fact`: a `day` fact, by id; `config`: the configuration's own days; `national`: the country's calendar; `weekday`: nothing but the week. */
  readonly by: { readonly fact: string } | 'config' | 'national' | 'weekday';
  /** Until when the country's calendar is published; null where there is none. */
  readonly publishedUntil: string | null;
}

/** What takes something out of a session, or adds to it. */
export interface Cut extends Span {
  readonly fact: string;
  readonly because: 'leave' | 'pause';
}

/** A session before anything is taken out of it. */
export interface PlannedSession extends Span {
  readonly number: number;
  /** Duties that it is made of, in whole or in part. */
  readonly duties: readonly string[];
  readonly cuts: readonly Cut[];
}

/** A session as it is owed: rules.md section 3 has the letters. */
export interface OwedTimes {
  readonly number: number;
  readonly a: Ms;
  readonly z: Ms;
  readonly e: Ms;
  readonly outDeadlineAt: Ms;
  readonly endsItself: boolean;
}

/** The schedule that sessions come from, the date from which that version holds, and the weekday whose sessions apply. */
export interface ExplainedSchedule {
  readonly id: string;
  readonly versionFrom: string | null;
  /** Null on a day without sessions of the schedule. */
  readonly weekday: number | null;
}

export interface ExplainedPerson {
  readonly of: 'person';
  readonly employee: string;
  readonly policy: PunchPolicy;
  readonly schedule: ExplainedSchedule | null;
  readonly planned: readonly PlannedSession[];
  readonly owed: readonly OwedTimes[];
  /** The owed session that is judged. */
  readonly session: number;
}

/** Who holds a role of a window from an instant on, and the `assign` fact that says so; null = the configuration does. */
export interface RoleHolders {
  readonly role: 'A' | 'B';
  readonly from: Ms;
  readonly people: readonly string[];
  readonly assign: string | null;
}

/** A stretch of service time with its holder, and the step of rules.md section 5 in which they came to hold it. */
export interface HeldStretch extends Span {
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
  readonly step: 1 | 2 | 3 | 4 | null;
  readonly seat: PresenceState;
}

/** Somebody who could have held the window during the run. */
export interface Candidate {
  readonly employee: string;
  readonly roles: readonly ('A' | 'B' | 'cover')[];
  /** Within the run. */
  readonly present: readonly Span[];
  /** Other windows that they held then. */
  readonly elsewhere: readonly (Span & { readonly window: string })[];
}

export interface ExplainedWindow {
  readonly of: 'window';
  readonly window: string;
  readonly schedule: ExplainedSchedule;
  readonly planned: readonly PlannedSession[];
  /** The run, or the stretch from the first to the last one that is added up. */
  readonly run: Span & { readonly lasts: boolean };
  readonly roles: readonly RoleHolders[];
  readonly held: readonly HeldStretch[];
  /** What came after the run in the same service interval; null where it lasts, or ended with the interval. */
  readonly next: HeldStretch | null;
  readonly candidates: readonly Candidate[];
  readonly seat: {
    /** Whether anything watches it: without presence facts nothing does. */
    readonly watched: boolean;
    readonly sources: readonly string[];
    /** The states around the run, short gaps bridged and flickers dropped. */
    readonly stretches: readonly PresenceStretch[];
    /** How many presence facts lie within the run. */
    readonly samples: number;
  };
}

export interface ExplainedLeave {
  readonly of: 'leave';
  readonly employee: string;
  readonly leave: string;
  readonly kind: string;
}

export type FactRole =
  | 'arrival'
  | 'departure'
  | 'ambiguous-touch'
  | 'credential'
  | 'presence'
  | 'leave'
  | 'leave-of-month'
  | 'pause'
  | 'duty'
  | 'cover'
  | 'assign'
  | 'day'
  | 'employee'
  | 'offline'
  | 'online'
  | 'complete'
  | 'proof';

export interface UsedFact {
  readonly role: FactRole;
  readonly fact: Fact;
  /** The person it speaks of, where it is one. */
  readonly employee: string | null;
  readonly session: number | null;
}

/** Why a fact was considered and not used. */
export type AsideReason =
  /** Taken back by the fact `by`. */
  | 'cancelled'
  /** Sent for trying out. */
  | 'simulated'
  /** Recorded after now. */
  | 'not-yet-known'
  /** Happens after now. */
  | 'after-now'
  /** The touch of `by`, delivered again. */
  | 'repeat'
  /** At most `dedupe` after `by`. */
  | 'dedupe'
  /** The arrival or departure of another session. */
  | 'other-session'
  /** Before the first session, after the arrival `by`. */
  | 'not-earliest'
  /** In a gap, together with `by` one touch. */
  | 'one-touch'
  /** In a gap, between its first and its last. */
  | 'gap-middle'
  /** In a gap, before its last, where arrivals alone count. */
  | 'not-last'
  /** From a door, inside a session: no departure. */
  | 'door'
  /** Inside a session whose departure is not decided yet. */
  | 'undecided'
  /** Inside a session, neither its first nor its last. */
  | 'inside'
  /** A departure, where arrivals alone count. */
  | 'arrivals-only'
  /** After the last session, before the departure `by`. */
  | 'not-latest'
  /** Its person has no session that day. */
  | 'no-session'
  /** Its person is not judged on that day. */
  | 'not-judged'
  /** Another fact of the kind, `by`, is in force. */
  | 'outranked';

export interface AsideFact {
  readonly why: AsideReason;
  readonly fact: Fact;
  readonly employee: string | null;
  readonly session: number | null;
  /** The other fact that the reason speaks of. */
  readonly by: string | null;
  /** The limit that it speaks of: `dedupe`, or `minBreak` of one touch. */
  readonly limitMs?: Ms;
}

/**
 * What an outage means for a punch that is not known. `offline`: the device is not back; `settling`: it is just back, until `settledAt`;
 * `proved`: it kept recording, says the fact `proof` (of `daemon` nobody asks it); `unproved`: nothing says so; `lost`: what it had
 * delivered was lost with a ledger, and it has not said since that everything is in.
 */
export interface ExplainedOutage {
  readonly device: string;
  readonly from: Ms;
  readonly to: Ms | null;
  readonly state: 'offline' | 'settling' | 'proved' | 'unproved' | 'lost';
  readonly settledAt: Ms | null;
  readonly proof: string | null;
}

export interface ExplainedCoverage {
  /** The stretch in which a punch could lie that is not known. */
  readonly searched: Span;
  /** The devices that could have carried it, `daemon` included. */
  readonly devices: readonly string[];
  /** Outages that overlap the stretch. */
  readonly outages: readonly ExplainedOutage[];
  /** False where the verdict waits for no device: the seat was seen empty throughout. */
  readonly awaited: boolean;
}

/** The days of a leave, and the fraction of each date's session time. */
export interface LeaveDays {
  readonly leave: string;
  readonly dates: readonly { readonly date: string; readonly coveredMs: Ms; readonly ofMs: Ms }[];
}

/** How the verdict follows from the figures. */
export type Arithmetic =
  /** `at`: the arrival, or the instant up to which nobody had come. */
  | {
      readonly of: 'delay';
      readonly a: Ms;
      readonly at: Ms;
      readonly ended: 'arrived' | 'session-over' | 'lasts';
      readonly lengthMs: Ms;
      readonly lateGraceMs: Ms;
      readonly absentAfterMs: Ms;
    }
  | {
      readonly of: 'early';
      readonly at: Ms;
      readonly z: Ms;
      readonly e: Ms;
      readonly lengthMs: Ms;
      readonly earlyGraceMs: Ms;
      readonly outDeadlineAt: Ms;
    }
  | { readonly of: 'missing-in'; readonly a: Ms; readonly departureAt: Ms; readonly searched: Span }
  | {
      readonly of: 'missing-out';
      readonly z: Ms;
      readonly arrivalAt: Ms;
      readonly outDeadlineAt: Ms;
      readonly outWindowMs: Ms;
    }
  | { readonly of: 'run'; readonly from: Ms; readonly to: Ms; readonly lengthMs: Ms; readonly thresholdMs: Ms }
  | {
      readonly of: 'total';
      /** `counts`: it is added up; `short`, `long`, `lasts`: why it is not. */
      readonly absences: readonly (Span & {
        readonly lengthMs: Ms;
        readonly counts: 'counts' | 'short' | 'long' | 'lasts';
      })[];
      readonly totalMs: Ms;
      readonly thresholdMs: Ms;
      readonly minAwayMs: Ms;
      readonly leftPostAfterMs: Ms;
    }
  | {
      readonly of: 'slip';
      /** The leave itself, whole; it fires where this is beyond `slipDays`. */
      readonly own: LeaveDays;
      readonly slipDays: number;
      /** The leaves of the month up to this one, each with its days inside the month. */
      readonly month: readonly LeaveDays[];
      readonly slipMonthDays: number;
      readonly fires: 'own' | 'month';
    };

export type Doubt =
  | { readonly reason: Extract<PendingReason, 'uncovered'>; readonly outages: readonly ExplainedOutage[] }
  | {
      readonly reason: Extract<PendingReason, 'seat-occupied'>;
      readonly seats: readonly { readonly window: string; readonly from: Ms; readonly to: Ms | null }[];
    }
  | {
      readonly reason: Extract<PendingReason, 'ambiguous-punch'>;
      readonly touch: PunchFact;
      readonly z: Ms;
      readonly lunchNearMs: Ms;
      /** The middle between the session before and this one. */
      readonly middleAt: Ms;
    }
  | { readonly reason: Extract<PendingReason, 'unconfirmed'>; readonly publishedUntil: string | null }
  | { readonly reason: Extract<PendingReason, 'blind'>; readonly unknown: readonly Span[] };
