/** Checks a table row by row, and says what its rows would add. Nothing is written. */
import { isDeepStrictEqual } from 'node:util';
import { type Fact, factContent, type PunchFact } from '../../rules/facts.ts';
import { civilDay, DAY_LENGTH, dateOf, type Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { findColumns } from './columns.ts';
import type { Knowledge } from './knowledge.ts';
import { readLeave } from './leave.ts';
import { readPeople } from './people.ts';
import { readPunches } from './punches.ts';
import type { Reading, SaidFact, TableReader } from './reading.ts';
import { readRoster } from './roster.ts';
import { type CellProblem, Row } from './row.ts';
import { Subjects } from './subjects.ts';
import { sayIn, type TableKind, type TableRow } from './table.ts';

/** What is asked of a table. */
export interface TableQuestion {
  readonly kind: TableKind;
  readonly rows: readonly TableRow[];
  /** The clock of punches that name none; null = they name theirs. */
  readonly clock: string | null;
  readonly lang: Language;
}

export interface CheckedTable {
  /** Rows with anything in them, below the names of the columns. */
  readonly rows: number;
  /** What good rows say and is not known yet. */
  readonly fresh: readonly Fact[];
  /** How many facts of good rows are known already. */
  readonly known: number;
  /** By row. */
  readonly problems: readonly CellProblem[];
  readonly notes: readonly string[];
}

const READERS: Readonly<Record<TableKind, TableReader>> = {
  roster: readRoster,
  leave: readLeave,
  punches: readPunches,
  people: readPeople,
};

/** `now`: what is later has not happened. */
export function checkTable(question: TableQuestion, knowledge: Knowledge, now: Ms): CheckedTable {
  const say = sayIn(question.lang);
  const found = findColumns(question.kind, question.rows, say);
  const { columns } = found;
  if (columns === null) return { rows: 0, fresh: [], known: 0, problems: found.problems, notes: found.notes };
  const rows = question.rows.filter(({ line }) => line > columns.line).map((row) => new Row(row, columns, say));
  const noted = new Map<string, number[]>();
  const reading: Reading = {
    knowledge,
    subjects: new Subjects(knowledge.hall),
    now,
    clock: question.clock,
    say,
    note(row, about) {
      const lines = noted.get(about) ?? [];
      lines.push(row.line);
      noted.set(about, lines);
    },
  };
  const said = READERS[question.kind](rows, reading);
  const { fresh, known } = sorted(said, reading);
  const notes = [...noted].map(([about, lines]) => noteText(about, lines, question.lang));
  return {
    rows: rows.length,
    fresh,
    known,
    problems: rows.flatMap(({ problems }) => problems),
    notes: [...found.notes, ...notes],
  };
}

/** What good rows say, once each: what is new, and how much was known. */
function sorted(said: readonly SaidFact[], reading: Reading): { readonly fresh: Fact[]; readonly known: number } {
  const { knowledge, say, note } = reading;
  const rowOf = new Map<string, Row>();
  const fresh: { readonly row: Row; readonly fact: Fact }[] = [];
  let known = 0;
  for (const { row, fact } of said) {
    if (row.problems.length > 0) continue;
    if (isLongAgo(fact, row, reading)) continue;
    const before = rowOf.get(fact.id);
    if (before !== undefined) {
      tellTwice(row, before, fact, reading);
      continue;
    }
    rowOf.set(fact.id, row);
    if (!isKnown(fact, row, knowledge)) fresh.push({ row, fact });
    else {
      known += 1;
      if (knowledge.book.isCancelled(fact.id)) {
        note(
          row,
          say('以前导入过、后来撤销了的，不会再次生效', 'imported before and cancelled since: stays cancelled'),
        );
      }
    }
    if (fact.fact === 'punch' && knowledge.ownerOf(fact) === null) {
      note(
        row,
        say(
          '考勤号还不知道是谁的，先存着，登记后计入',
          'the enrolment number is nobody’s yet; the punch waits until it is',
        ),
      );
    }
  }
  const good = fresh.filter(({ row }) => row.problems.length === 0);
  noteEarlierDays(good, reading);
  return { fresh: good.map(({ fact }) => fact), known };
}

/** Of so long ago, unless it is somebody's first day, there is nothing to be judged: the year is wrong. */
const LONGEST_AGO: Ms = 3 * 366 * DAY_LENGTH;

function isLongAgo(fact: Fact, row: Row, { now }: Reading): boolean {
  if (fact.fact === 'employee' || beginningOf(fact) >= now - LONGEST_AGO) return false;
  row.bad(
    null,
    '日期在三年多以前；请核对年份，或从要计入的第一天写起',
    'begins more than three years ago; check the year, or write the first day that is to count',
  );
  return true;
}

function beginningOf(fact: Fact): Ms {
  return ('from' in fact ? fact.from : 'at' in fact ? fact.at : 0) as Ms;
}

/** The first fact of all is where judging begins: one that is earlier has every day since then judged. */
function noteEarlierDays(
  said: readonly { readonly row: Row; readonly fact: Fact }[],
  { knowledge, say, note }: Reading,
): void {
  const { hall, from } = knowledge;
  if (from === null) return;
  for (const { row, fact } of said) {
    if (fact.fact === 'employee') continue;
    const day = Math.max(civilDay(hall.zone, beginningOf(fact)), hall.judgeFrom);
    if (day >= from) continue;
    const date = dateOf(from);
    note(
      row,
      say(
        `早于已判定的第一天 ${date}；导入后，从这些行的日期起每一天都会判定`,
        `before ${date}, the first day judged so far: every day from theirs on will be judged`,
      ),
    );
  }
}

/** Clocks write a touch twice, and it counts once; who wrote anything else twice meant something else. */
function tellTwice(row: Row, before: Row, fact: Fact, { say, note }: Reading): void {
  if (fact.fact === 'punch') {
    note(row, say('同一次打卡重复出现，只计一次', 'the same punch again, counted once'));
    return;
  }
  row.bad(null, `与第 ${before.line} 行重复；请删去一行`, `says the same as row ${before.line}; remove one of them`);
}

function isKnown(fact: Fact, row: Row, knowledge: Knowledge): boolean {
  if (fact.fact === 'punch')
    return (
      knowledge.find(fact.id) !== null || knowledge.punchesAt(fact.at).some((one) => isSameTouch(one, fact, knowledge))
    );
  const known = knowledge.find(fact.id);
  if (known === null) return false;
  // Ids are made of what rows say: only somebody who chose that id for something else can be in the way.
  if (isDeepStrictEqual(factContent(known), factContent(fact))) return true;
  row.bad(null, `账本里 ${fact.id} 另有内容`, `the ledger has "${fact.id}" with other content`);
  return true;
}

/** A touch that came through another door: an export may leave out its number, or name the person in place of it. */
function isSameTouch(known: PunchFact, fact: PunchFact, knowledge: Knowledge): boolean {
  if ((known.deviceAt ?? known.at) !== fact.at || known.device !== fact.device) return false;
  if (known.seq !== undefined && fact.seq !== undefined && known.seq !== fact.seq) return false;
  if (known.credential !== undefined && known.credential === fact.credential) return true;
  const owner = knowledge.ownerOf(known);
  return owner !== null && owner === knowledge.ownerOf(fact);
}

const MOST_NAMED = 8;

function noteText(about: string, lines: readonly number[], lang: Language): string {
  const named = lines.slice(0, MOST_NAMED);
  const more = lines.length > named.length;
  if (lang === 'zh') return `${about}（${lines.length} 行：${named.join('、')}${more ? '…' : ''}）`;
  return `${about} (${lines.length} ${lines.length === 1 ? 'row' : 'rows'}: ${named.join(', ')}${more ? ' …' : ''})`;
}
