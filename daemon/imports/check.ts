/** Checks what is to be imported against a ledger, beside whoever writes to it. */
import { readFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import type { Sender } from '../access/doors.ts';
import type { Language } from '../alerts/words.ts';
import { readLedger, UnreadableLedger } from '../ledger/read-only.ts';
import { factProblemText } from '../lines/fact-words.ts';
import { requireClock } from './attlog.ts';
import { checkFacts } from './check-facts.ts';
import { type CheckedTable, checkTable, type TableQuestion } from './check-table.ts';
import { FactPile } from './fact-pile.ts';
import { type Fresh, factsOf } from './fresh.ts';
import { Knowledge } from './knowledge.ts';
import { linesOfFile } from './line-file.ts';
import { type PreviewedChange, previewOf } from './preview.ts';
import { readTable } from './read-table.ts';
import { sayIn, TableError } from './table.ts';

/** What is to be imported. */
export type ImportQuestion = TableQuestion | TableFileQuestion | FactsQuestion;

/** The same of a table that has not been read yet. */
export interface TableFileQuestion extends Omit<TableQuestion, 'rows'> {
  readonly file: string;
  /** Of a workbook with several; null = the first. */
  readonly sheet: string | null;
}

export interface FactsQuestion {
  readonly kind: 'facts';
  /** A file of JSON Lines. */
  readonly file: string;
  /** The file in which what they say is put down. */
  readonly pile: string;
  readonly lang: Language;
  readonly sender: Sender;
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

export interface Checked extends Omit<CheckedTable, 'fresh'> {
  /** How the file was read, for people to see: `CSV, GBK, ";"`. */
  readonly format: string;
  /** What good rows say and is not known yet. */
  readonly fresh: Fresh;
  /** Null where it was not asked for, or nothing has been judged yet. */
  readonly preview: { readonly at: Ms; readonly changes: readonly PreviewedChange[] } | null;
}

/** What can be checked at once: a table has been read. */
type ReadQuestion = (TableQuestion & { readonly format: string }) | FactsQuestion;
type ReadTask = Omit<ImportTask, 'question'> & { readonly question: ReadQuestion };

/** Rejects with `UnreadableLedger` where there is a ledger that cannot be read; where there is none, nothing is known. */
export async function checkImport(task: ImportTask): Promise<Checked> {
  const { question } = task;
  if (question.kind === 'facts') return check({ ...task, question });
  if ('rows' in question) return check({ ...task, question: { ...question, format: '' } });
  const { file, sheet, lang } = question;
  try {
    const table = await readTable(await readFile(file), sheet, sayIn(lang));
    const { rows, format, otherSheets } = table;
    requireClock(table, question.clock, sayIn(lang));
    const checked = check({ ...task, question: { ...question, rows, format } });
    return { ...checked, notes: [...notesOfSheets(otherSheets, lang), ...checked.notes] };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const problem = { line: 1, cell: null, column: null, problem: error.message };
    const nothing = { count: 0, facts: [] };
    return { format: '', rows: 0, fresh: nothing, known: 0, problems: [problem], notes: [], preview: null };
  }
}

function notesOfSheets(names: readonly string[], lang: Language): string[] {
  if (names.length === 0) return [];
  return [sayIn(lang)(`没有读的工作表：${names.join('、')}`, `sheets not read: ${names.join(', ')}`)];
}

function check(task: ReadTask): Checked {
  try {
    return readLedger(task.ground.directory, (database) => checkedWith(database, task));
  } catch (error) {
    if (!(error instanceof UnreadableLedger) || error.reason !== 'no-ledger') throw error;
    return checkedWith(null, task);
  }
}

function checkedWith(database: DatabaseSync | null, { question, ground, options }: ReadTask): Checked {
  const { hall, countSimulated, now } = ground;
  const { preview, partial } = options;
  const knowledge = new Knowledge({ database, hall, countSimulated });
  const checked =
    question.kind === 'facts' ? checkedFacts(question, knowledge) : checkedTable(question, knowledge, now);
  const isRefused = checked.problems.length > 0 && !partial;
  const wanted = preview && database !== null && !isRefused && checked.fresh.count > 0;
  const found = wanted
    ? previewOf([...factsOf(checked.fresh)], { database, hall, countSimulated, lang: question.lang })
    : null;
  return { ...checked, preview: found };
}

function checkedTable(
  question: TableQuestion & { readonly format: string },
  knowledge: Knowledge,
  now: Ms,
): Omit<Checked, 'preview'> {
  const { fresh, ...checked } = checkTable(question, knowledge, now);
  return { ...checked, format: question.format, fresh: { count: fresh.length, facts: fresh } };
}

function checkedFacts({ file, pile: on, lang, sender }: FactsQuestion, knowledge: Knowledge): Omit<Checked, 'preview'> {
  using pile = new FactPile(on);
  const { added, ...checked } = checkFacts(
    linesOfFile(file),
    { hall: knowledge.hall, find: (id) => knowledge.find(id), sender },
    pile,
  );
  const notes = checked.notes.map((note) => factProblemText(note, lang));
  const problems = checked.problems.map((one) => ({ ...one, problem: factProblemText(one.problem, lang) }));
  return { ...checked, problems, notes, format: 'JSON Lines', fresh: { count: added, pile: on } };
}
