/** What `/api/v1/alerts` says of cases, as these pages need it. */

const CASE_STATES = ['pending', 'open', 'closed', 'withdrawn'] as const;
export type CaseState = (typeof CASE_STATES)[number];

export const DECISIONS = ['none', 'confirmed', 'excused', 'false-alarm', 'appealed', 'upheld', 'overturned'] as const;
export type Decision = (typeof DECISIONS)[number];

export const DEEDS = [
  'acknowledge',
  'clear',
  'confirm',
  'excuse',
  'false-alarm',
  'deliver',
  'appeal',
  'uphold',
  'overturn',
] as const;
export type Deed = (typeof DEEDS)[number];

/** What can be done with a case, each a matter of its own: taking note, being done with it, judging, telling, deciding an appeal. */
export type Part = 'note' | 'clear' | 'judge' | 'tell' | 'decide';

/** What somebody did: the account, what it is called, when (RFC 3339) and why. */
export interface Done {
  readonly by: string;
  readonly byName: string | null;
  readonly at: string;
  readonly reason: string | null;
}

/** A verdict of the case: `name` is its rule in the reader's language. */
export interface CaseVerdict {
  readonly rule: string;
  readonly name: string;
  readonly id?: string;
  readonly state: string;
  readonly session: number | null;
  readonly employee: string | null;
  readonly window: string | null;
  readonly from: string;
  readonly to: string | null;
  readonly minutes: number;
}

export interface CaseRow {
  readonly case: string;
  /** Cases with one cause share it. */
  readonly alert: string;
  readonly date: string;
  readonly session: number | null;
  readonly family: string;
  readonly window: string | null;
  readonly windowName: string | null;
  readonly employee: string | null;
  readonly employeeName: string | null;
  readonly department: string | null;
  readonly departmentName: string | null;
  /** It speaks against whoever asks. */
  readonly own: boolean;
  readonly state: CaseState;
  /** Names what was seen, for deciding on it. */
  readonly revision: string;
  readonly from: string;
  readonly to: string | null;
  /** A sentence for each verdict. */
  readonly text: string;
  readonly verdicts: readonly CaseVerdict[];
  readonly acknowledged: Done | null;
  readonly cleared: Done | null;
  readonly decision: Decision;
  readonly decided: Done | null;
  readonly delivered: Done | null;
  readonly appeal: Done | null;
  readonly appealDecided: Done | null;
  readonly appealUntil: string | null;
  /** The last date on which one may appeal. */
  readonly appealLastDay: string | null;
  /** What was decided was decided on something else. */
  readonly review: boolean;
  readonly finalAt: string | null;
  readonly may: readonly Deed[];
}

/** A change of one of its verdicts, and why: facts of some kinds that came in, the passing of time, or a release that judges otherwise. */
export interface CaseChange {
  readonly at: string;
  readonly op: string;
  readonly text: string;
  readonly cause: object;
  readonly kinds: readonly string[];
}

/** Somebody whom the plan names for the window, or whom the case is about. */
export interface CasePerson {
  readonly employee: string;
  readonly name: string;
  readonly role: 'A' | 'B' | null;
}

export interface CaseNote {
  readonly at: string;
  readonly window: string;
  readonly kind: 'away' | 'back' | 'here';
  readonly reason: string | null;
  readonly answer: {
    readonly at: string;
    readonly seen: boolean;
    readonly reason: string | null;
    readonly byName: string | null;
  } | null;
}

export interface CaseDetail extends CaseRow {
  /** The instant as of which all of this is said, and the hall's date of it. */
  readonly asOf: string;
  readonly today: string;
  readonly timezone: string;
  readonly people: readonly CasePerson[];
  readonly deeds: readonly (Done & { readonly do: Deed })[];
  /** What the window's own PC said around it. */
  readonly notes: readonly CaseNote[];
  readonly history: readonly CaseChange[];
}

export interface CaseList {
  readonly asOf: string;
  /** The hall's date of that instant. */
  readonly date: string;
  readonly timezone: string;
  readonly alerts: readonly CaseRow[];
}

/** A state of a newer daemon that these pages do not know is shown as what it is here: undecided. */
export function knownCaseState(state: string): CaseState {
  return CASE_STATES.find((known) => known === state) ?? 'pending';
}
