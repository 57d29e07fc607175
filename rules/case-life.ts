/**
 * What people make of a case (rules.md section 7). Taking note of it (`acknowledge`), being done with it (`clear`) and judging it
 * (`confirm`, `excuse`, `false-alarm`) are three things, and none of them changes what the engine says.
 */
import type { Ms } from './time.ts';

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

/** What a person did with a case. */
export interface Done {
  readonly deed: Deed;
  /** The account, and the person it belongs to; null where that is nobody of the hall, or was not kept. */
  readonly by: string;
  readonly employee: string | null;
  readonly at: Ms;
  readonly reason: string | null;
  /** What the case said then (`CaseContent.revision`); null where the doer did not say. */
  readonly revision: string | null;
}

export type Decision = 'none' | 'confirmed' | 'excused' | 'false-alarm' | 'appealed' | 'upheld' | 'overturned';

/** What the engine says of a case, as far as people's deeds depend on it. */
export interface CaseContent {
  /** Changes whenever something that people judge by changes; the growing minutes of an open run do not. */
  readonly revision: string;
  /** `withdrawn`: the facts support none of it any more. Otherwise the least certain of its verdicts. */
  readonly state: 'pending' | 'open' | 'closed' | 'withdrawn';
  /** Those whom it speaks against. */
  readonly judged: readonly string[];
  /** Whether it says no more than what was seen, and accuses nobody (rules.md section 5: "for information"). */
  readonly isInformation: boolean;
}

export interface CaseLife {
  readonly acknowledged: Done | null;
  readonly cleared: Done | null;
  readonly decision: Decision;
  /** Who judged it, before any appeal. */
  readonly judgedBy: Done | null;
  /** When the person was told of the decision. */
  readonly delivered: Done | null;
  readonly appeal: Done | null;
  /** Who decided the appeal. */
  readonly appealDecided: Done | null;
  /** What was decided was decided on something else: the case has changed since. */
  readonly review: boolean;
}

const UNTOUCHED: CaseLife = {
  acknowledged: null,
  cleared: null,
  decision: 'none',
  judgedBy: null,
  delivered: null,
  appeal: null,
  appealDecided: null,
  review: false,
};

/** The life of a case by what was done, in that order. */
export function lifeOf(deeds: readonly Done[], { revision }: CaseContent): CaseLife {
  const life = deeds.reduce(after, UNTOUCHED);
  const decidedOn = (life.appealDecided ?? life.judgedBy)?.revision ?? revision;
  return { ...life, review: decidedOn !== revision };
}

function after(life: CaseLife, done: Done): CaseLife {
  switch (done.deed) {
    case 'acknowledge':
      return { ...life, acknowledged: life.acknowledged ?? done };
    case 'clear':
      return { ...life, cleared: done };
    case 'confirm':
      return judged(life, done, 'confirmed');
    case 'excuse':
      return judged(life, done, 'excused');
    case 'false-alarm':
      return judged(life, done, 'false-alarm');
    case 'deliver':
      return { ...life, delivered: life.delivered ?? done };
    case 'appeal':
      return { ...life, appeal: done, decision: 'appealed' };
    case 'uphold':
      return { ...life, appealDecided: done, decision: 'upheld' };
    case 'overturn':
      return { ...life, appealDecided: done, decision: 'overturned' };
  }
}

/** A judgment takes the place of a former one, and begins its own way to the person and through an appeal. */
function judged({ acknowledged, cleared }: CaseLife, done: Done, decision: Decision): CaseLife {
  return { ...UNTOUCHED, acknowledged: acknowledged ?? done, cleared, decision, judgedBy: done };
}

/** Why a deed is not done. */
export type Refusal =
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
  | 'for-information';

/** Who wants to do something, and when. */
export interface Attempt {
  readonly deed: Deed;
  /** The account, and the person it belongs to. */
  readonly by: string;
  readonly employee: string | null;
  readonly at: Ms;
  readonly reason: string | null;
  /** End of the time for an appeal; null while it has not begun. */
  readonly appealUntil: Ms | null;
}

const NEEDS_REASON: ReadonlySet<Deed> = new Set(['excuse', 'false-alarm', 'appeal', 'uphold', 'overturn']);
/** What only somebody else may do. A person may take note of their own case, and appeal. */
const NEVER_OWN: ReadonlySet<Deed> = new Set(['confirm', 'excuse', 'false-alarm', 'uphold', 'overturn', 'clear']);

/** Why somebody may not do something with a case, or null where they may. Roles are the caller's to ask. */
export function refusalOf(life: CaseLife, content: CaseContent, attempt: Attempt): Refusal | null {
  const { deed, employee, reason } = attempt;
  if (NEVER_OWN.has(deed) && employee !== null && content.judged.includes(employee)) return 'own-case';
  if (NEEDS_REASON.has(deed) && (reason ?? '').trim() === '') return 'reason-missing';
  switch (deed) {
    case 'acknowledge':
      return life.acknowledged === null ? null : 'done-already';
    case 'clear':
      return content.state === 'open' ? 'still-open' : life.cleared === null ? null : 'done-already';
    case 'confirm':
      return judgmentRefusal(life) ?? confirmRefusal(life, content);
    case 'excuse':
    case 'false-alarm':
      return content.state === 'withdrawn' ? 'withdrawn' : judgmentRefusal(life);
    case 'deliver':
      if (life.judgedBy === null) return 'not-confirmed';
      return life.delivered === null ? null : 'done-already';
    case 'appeal':
      return appealRefusal(life, attempt);
    case 'uphold':
    case 'overturn':
      if (life.decision !== 'appealed') return 'not-appealed';
      return life.judgedBy !== null && isSamePerson(life.judgedBy, attempt) ? 'same-person' : null;
  }
}

/** Somebody may have several accounts and tokens. */
function isSamePerson(done: Done, { by, employee }: Attempt): boolean {
  return done.by === by || (employee !== null && done.employee === employee);
}

/** What an appeal decided stands, unless the case itself has changed since. */
function judgmentRefusal({ appeal, appealDecided, review }: CaseLife): Refusal | null {
  if (appeal !== null && appealDecided === null) return 'under-appeal';
  return appealDecided !== null && !review ? 'appeal-decided' : null;
}

/** Nobody is held to what may still change: by time, by what a clock has not delivered, or because it fell. */
function confirmRefusal({ decision, review }: CaseLife, { state, isInformation }: CaseContent): Refusal | null {
  if (state === 'withdrawn' || state === 'pending') return state;
  if (isInformation) return 'for-information';
  if (state === 'open') return 'still-open';
  return decision === 'confirmed' && !review ? 'done-already' : null;
}

function appealRefusal({ decision, delivered, appeal }: CaseLife, { at, appealUntil }: Attempt): Refusal | null {
  if (appeal !== null) return 'done-already';
  if (decision !== 'confirmed') return 'not-confirmed';
  if (delivered === null) return 'not-delivered';
  return appealUntil !== null && at >= appealUntil ? 'appeal-too-late' : null;
}

/**
 * Since when a case is final, null while it is not: confirmed, brought to the person, and unappealed for as long as an appeal had
 * time; or an appeal was decided against it. Only final ones count, and only they may be named.
 */
export function finalAt(life: CaseLife, { state }: CaseContent, appealUntil: Ms | null, now: Ms): Ms | null {
  if (life.review || state !== 'closed') return null;
  if (life.decision === 'upheld') return life.appealDecided?.at ?? null;
  if (life.decision !== 'confirmed' || life.delivered === null || appealUntil === null) return null;
  return now >= appealUntil ? appealUntil : null;
}
