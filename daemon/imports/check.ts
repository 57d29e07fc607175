/** Checks what is to be imported against a ledger, beside whoever writes to it. */
import type { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { readLedger, UnreadableLedger } from '../ledger/read-only.ts';
import { checkFacts } from './check-facts.ts';
import { type CheckedTable, checkTable, type TableQuestion } from './check-table.ts';
import { Knowledge } from './knowledge.ts';
import { type PreviewedChange, previewOf } from './preview.ts';

/** What is to be imported. */
export type ImportQuestion = TableQuestion | FactsQuestion;

export interface FactsQuestion {
  readonly kind: 'facts';
  /** JSON Lines. */
  readonly text: string;
  readonly lang: Language;
}

/** Against what it is checked. */
export interface ImportGround {
  /** The data directory. */
  readonly directory: string;
  readonly hall: Hall;
  readonly countSimulated: boolean;
  readonly now: Ms;
}

export interface CheckOptions {
  /** Whether to find out what would change. */
  readonly preview: boolean;
  /** Good rows count even where others are bad. */
  readonly partial: boolean;
}

/** All that a check needs: it can be sent to another thread. */
export interface ImportTask {
  readonly question: ImportQuestion;
  readonly ground: ImportGround;
  readonly options: CheckOptions;
}

export interface Checked extends CheckedTable {
  /** Null where it was not asked for, or nothing has been judged yet. */
  readonly preview: { readonly at: Ms; readonly changes: readonly PreviewedChange[] } | null;
}

/** Throws `UnreadableLedger` where there is a ledger that cannot be read; where there is none, nothing is known. */
export function checkImport(task: ImportTask): Checked {
  try {
    return readLedger(task.ground.directory, (database) => checkedWith(database, task));
  } catch (error) {
    if (!(error instanceof UnreadableLedger) || error.reason !== 'no-ledger') throw error;
    return checkedWith(null, task);
  }
}

function checkedWith(database: DatabaseSync | null, { question, ground, options }: ImportTask): Checked {
  const { hall, countSimulated, now } = ground;
  const { preview, partial } = options;
  const knowledge = new Knowledge({ database, hall, countSimulated });
  const checked =
    question.kind === 'facts' ? checkFacts(question.text, knowledge) : checkTable(question, knowledge, now);
  const fresh: readonly Fact[] = checked.problems.length > 0 && !partial ? [] : checked.fresh;
  const wanted = preview && database !== null && fresh.length > 0;
  const found = wanted ? previewOf(fresh, { database, hall, countSimulated, lang: question.lang }) : null;
  return { ...checked, preview: found };
}
