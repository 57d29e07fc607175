/** A table as people keep it: a CSV or a sheet of a workbook, read as rows of texts. */
import type { Language } from '../alerts/words.ts';

export const TABLE_KINDS = ['roster', 'leave', 'punches', 'people'] as const;
/** What the rows of a table say. */
export type TableKind = (typeof TABLE_KINDS)[number];

export interface TableRow {
  /** The line of the file, or the row of the sheet, on which it begins; from 1. */
  readonly line: number;
  /** By column; what a cell shows, without the blanks around it. Dates as `2026-03-02 09:00:00`. */
  readonly cells: readonly string[];
}

export interface Table {
  /** How it was read, for people to see: `CSV, GBK, ";"`, `XLSX, 三月`. */
  readonly format: string;
  /** Sheets that were not read. */
  readonly otherSheets: readonly string[];
  /** Those with anything in them. */
  readonly rows: readonly TableRow[];
  /** All of it comes out of one clock, which it does not name. */
  readonly isOfOneClock?: true;
}

/** Something that is said in the language of whoever asked. */
export type Say = (zh: string, en: string) => string;

export function sayIn(lang: Language): Say {
  return (zh, en) => (lang === 'zh' ? zh : en);
}

/** A file that is no table that can be read; the message says what to do. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly retry = false;
}

/** More than a year of a large hall's punches; whoever has more imports it in parts. */
export const MOST_ROWS = 200_000;
/** Of a row, as far as it is looked at: sheets may claim sixteen thousand. */
export const MOST_COLUMNS = 256;
/** Facts hold no longer texts. */
const LONGEST_CELL = 1000;

/** What a cell says: without blanks, and without what spreadsheets write around a text that looks like a number. */
export function cellText(text: string): string {
  const bare = text.trim();
  const shown = /^="([^"]*)"$/.exec(bare)?.[1] ?? (bare.startsWith("'") ? bare.slice(1) : bare);
  return shown.trim().slice(0, LONGEST_CELL);
}

/** Adds a row, unless it is blank; throws a `TableError` where there are too many. */
export function addRow(rows: TableRow[], row: TableRow, say: Say): void {
  if (row.cells.every((cell) => cell === '')) return;
  if (rows.length >= MOST_ROWS) {
    throw new TableError(
      say(`超过 ${MOST_ROWS} 行，请分成几个文件导入`, `more than ${MOST_ROWS} rows: import it in several files`),
    );
  }
  rows.push(row);
}

/** `C7` of a column (from 0) and a row (from 1). */
export function cellName(column: number, line: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return `${letters}${line}`;
}
