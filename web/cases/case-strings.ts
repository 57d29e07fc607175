/** What the pages say of cases, whatever the language. */
import type { CaseState, Decision, Deed, Part } from './case-data.ts';
import type { StepName } from './case-steps.ts';
import type { LaneName, Limit } from './timeline.ts';

/** What `POST` may be refused with, and what else may go wrong on the way. */
export type Trouble =
  | 'withdrawn'
  | 'pending'
  | 'still-open'
  | 'own-case'
  | 'reason-missing'
  | 'done-already'
  | 'not-confirmed'
  | 'not-delivered'
  | 'under-appeal'
  | 'appeal-decided'
  | 'not-appealed'
  | 'appeal-too-late'
  | 'same-person'
  | 'for-information'
  | 'changed'
  | 'forbidden'
  | 'unknown'
  | 'unavailable'
  | 'unreachable'
  | 'signed-out';

export interface CaseStrings {
  readonly states: Readonly<Record<CaseState, string>>;
  readonly decisions: Readonly<Record<Decision, string>>;
  /** On buttons. */
  readonly deeds: Readonly<Record<Deed, string>>;
  /** What was done, in a record. */
  readonly did: Readonly<Record<Deed, string>>;
  /** What a window's own PC said, and what those who were asked to look have seen. */
  readonly noted: Readonly<Record<'away' | 'back' | 'here', (window: string) => string>>;
  readonly witnessed: (by: string, seen: boolean) => string;
  readonly witness: string;
  /** What a button is for, in a sentence. */
  readonly means: Readonly<Partial<Record<Deed, string>>>;
  readonly families: Readonly<Record<string, string>>;
  readonly steps: Readonly<Record<StepName, string>>;
  readonly troubles: Readonly<Record<Trouble, string>>;
  readonly signInAgain: string;
  readonly reasons: Readonly<Partial<Record<Deed, readonly string[]>>>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly colon: string;
  readonly comma: string;
  readonly dot: string;
  readonly minutes: (count: number) => string;
  readonly dayAndTime: (month: number, day: number, time: string) => string;
  readonly ofYear: (year: number, day: string) => string;
  readonly longDay: (month: number, day: number, weekday: number) => string;

  // The panel.
  readonly panel: string;
  readonly wanting: string;
  readonly all: string;
  readonly show: string;
  readonly search: string;
  readonly nothingWanting: string;
  readonly nothingFound: string;
  readonly oneCause: string;
  readonly select: (what: string) => string;
  readonly selected: (count: number) => string;
  readonly unselect: string;
  readonly details: string;
  readonly notAcknowledged: string;
  readonly acknowledgedBy: (who: string) => string;
  readonly review: string;
  readonly final: string;
  readonly doneTo: (deed: string, count: number) => string;
  readonly notDone: (what: string, why: string) => string;
  readonly keys: readonly (readonly [key: string, what: string])[];
  readonly keysTitle: string;
  readonly moreKeys: readonly (readonly [key: string, what: string])[];
  readonly stale: string;
  readonly linkTo: (count: number) => string;

  // Dialogs.
  readonly cancel: string;
  readonly close: string;
  readonly working: string;
  readonly confirmTitle: string;
  readonly confirmLead: string;
  readonly confirmAfter: string;
  readonly confirmGo: string;
  readonly noteToPerson: string;
  readonly noteHint: string;
  readonly reasonTitle: string;
  readonly reasonMore: string;
  readonly reasonText: string;
  readonly reasonOther: string;
  readonly reasonAndMore: (reason: string, more: string) => string;
  readonly chooseReason: string;
  readonly concerns: (count: number) => string;

  // The case's page.
  readonly board: string;
  readonly mine: string;
  readonly caseTitle: string;
  readonly loading: string;
  readonly previous: string;
  readonly next: string;
  readonly progress: string;
  readonly evidence: string;
  readonly noTimeline: string;
  /** Somebody whom the reader may not see by name. */
  readonly somebodyElse: string;
  readonly lanes: Readonly<Record<LaneName, string>>;
  readonly seats: Readonly<Record<string, string>>;
  readonly nobody: string;
  readonly inPunch: string;
  readonly outPunch: string;
  readonly otherPunch: string;
  readonly limits: Readonly<Record<Limit['name'], (minutes: number) => string>>;
  readonly now: string;
  readonly how: string;
  readonly howNot: string;
  readonly handle: string;
  readonly nothingToDo: string;
  readonly whoseTurn: Readonly<Partial<Record<'own' | 'pending' | 'open' | 'watch', string>>>;
  readonly whom: string;
  readonly department: string;
  readonly noName: string;
  readonly roles: Readonly<Record<'A' | 'B' | 'judged', string>>;
  readonly records: string;
  readonly because: (kinds: string) => string;
  readonly byDeadline: string;
  readonly byUpgrade: string;
  readonly expected: (when: string) => string;
  readonly changedMeanwhile: string;
  readonly differences: Readonly<
    Record<'state' | 'new' | 'gone' | 'minutes' | 'span' | 'decision' | 'person', (a: string, b: string) => string>
  >;
  readonly appealTitle: string;
  readonly appealLead: string;
  readonly appealText: string;
  readonly appealGo: string;
  readonly appealUntil: (when: string, days: number) => string;
  readonly appealClosed: (when: string) => string;
  readonly parts: Readonly<Record<Part, string>>;
  readonly decideLead: string;

  // My page.
  readonly myTitle: string;
  readonly myCases: string;
  readonly myNothing: string;
  readonly myNoPerson: string;
  readonly departments: string;
  readonly departmentsNothing: string;
  readonly readIt: string;
  readonly readMeans: string;
  readonly notDecided: string;
  readonly decidedAs: (decision: string, who: string, when: string) => string;
  readonly notCounted: string;
}
