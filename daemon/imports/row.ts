/** One row while it is read: its cells by column, and what is wrong with it. */
import type { ColumnId, ColumnProblem, Columns } from './columns.ts';
import { cellName, type Say, type TableRow } from './table.ts';

/** What is wrong, where, and what to do; `cell` and `column` null = the row as a whole. */
export type CellProblem = ColumnProblem;

export class Row {
  readonly line: number;
  readonly problems: CellProblem[] = [];
  readonly #columns: Columns;
  readonly #cells: readonly string[];
  readonly #say: Say;

  constructor({ line, cells }: TableRow, columns: Columns, say: Say) {
    this.line = line;
    this.#cells = cells;
    this.#columns = columns;
    this.#say = say;
  }

  has(id: ColumnId): boolean {
    return this.#columns.placeOf.has(id);
  }

  /** What its cell says; empty where there is no such column. */
  text(id: ColumnId): string {
    const place = this.#columns.placeOf.get(id);
    return place === undefined ? '' : (this.#cells[place] ?? '');
  }

  /** Notes what is wrong with a cell, or with the row; null, which is what could be read. */
  bad(id: ColumnId | null, zh: string, en: string): null {
    const place = id === null ? undefined : this.#columns.placeOf.get(id);
    const cell = place === undefined ? null : cellName(place, this.line);
    const column = place === undefined ? null : (this.#columns.titles[place] ?? null);
    const problem = this.#say(zh, en);
    // Of one cell that says both ends of a stretch the same is wrong twice.
    if (this.problems.some((one) => one.cell === cell && one.problem === problem)) return null;
    this.problems.push({ line: this.line, cell, column, problem });
    return null;
  }
}
