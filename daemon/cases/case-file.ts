/** A case with all that belongs to it: what is said of it, and what people have done with it. */
import { hash } from 'node:crypto';
import { appealUntil } from '../../rules/appeal-time.ts';
import type { Book } from '../../rules/book.ts';
import { type CaseContent, type CaseLife, type Done, finalAt, lifeOf } from '../../rules/case-life.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { unverifiedOccupant } from '../../rules/unverified-occupant.ts';
import { compareVerdicts, type Verdict, verdictKey } from '../../rules/verdict.ts';
import type { CaseRow } from '../alerts/cases.ts';

export interface CaseFile {
  readonly row: CaseRow;
  /** What holds of it now, in the order in which verdicts are printed; empty = the case was withdrawn. */
  readonly verdicts: readonly Verdict[];
  readonly content: CaseContent;
  /** What whoever decides has seen: what the case says, and what was decided last. */
  readonly revision: string;
  readonly deeds: readonly Done[];
  readonly life: CaseLife;
  /** End of the time for an appeal; null until the decision was delivered. */
  readonly appealUntil: Ms | null;
  readonly finalAt: Ms | null;
}

/** What a case file is seen against. */
export interface Desk {
  readonly hallOn: (day: Day) => Hall;
  readonly book: Book;
  readonly appealDays: number;
  readonly now: Ms;
}

export function caseFile(row: CaseRow, found: readonly Verdict[], deeds: readonly Done[], desk: Desk): CaseFile {
  const verdicts = [...found].sort(compareVerdicts);
  const content = contentOf(desk.hallOn(row.day).id, verdicts);
  const life = lifeOf(deeds, content);
  const until = life.delivered === null ? null : appealEnd(row, content, life.delivered, desk);
  const final = finalAt(life, content, until, desk.now);
  return {
    row,
    verdicts,
    content,
    revision: revisionOf(content, life),
    deeds,
    life,
    appealUntil: until,
    finalAt: final,
  };
}

const UNCERTAIN_FIRST = ['pending', 'open', 'closed'] as const;

function contentOf(hall: string, verdicts: readonly Verdict[]): CaseContent {
  const state = UNCERTAIN_FIRST.find((one) => verdicts.some((verdict) => verdict.state === one)) ?? 'withdrawn';
  const judged = new Set(verdicts.flatMap(({ employee }) => (employee === null ? [] : [employee])));
  const said = verdicts.map((verdict) => [
    verdictKey(hall, verdict),
    verdict.state,
    verdict.employee,
    verdict.from,
    verdict.to,
    verdict.because,
  ]);
  const isInformation = verdicts.length > 0 && verdicts.every(({ rule }) => rule === unverifiedOccupant.name);
  return { revision: hash('sha256', JSON.stringify(said)).slice(0, 12), state, judged: [...judged], isInformation };
}

function revisionOf({ revision }: CaseContent, { appealDecided, appeal, judgedBy }: CaseLife): string {
  const last = appealDecided ?? appeal ?? judgedBy;
  if (last === null) return revision;
  return `${revision}${DECIDED}${hash('sha256', JSON.stringify([last.deed, last.by, last.at])).slice(0, 8)}`;
}

const DECIDED = '.';

/** Whether somebody who has seen this has seen what a case says, whatever was decided since. */
export function hasSeen(revision: string, { content }: CaseFile): boolean {
  return revision.split(DECIDED)[0] === content.revision;
}

/** Of several whom it speaks against, the one with the most time. */
function appealEnd({ day }: CaseRow, { judged }: CaseContent, delivered: Done, desk: Desk): Ms {
  const { hallOn, book, appealDays } = desk;
  const told = { on: dayAt(hallOn(day), delivered.at), days: appealDays };
  const people = judged.length === 0 ? [null] : judged;
  return Math.max(...people.map((employee) => appealUntil(hallOn, book, employee, told)));
}
