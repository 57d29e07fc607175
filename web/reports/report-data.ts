/** Reports as the daemon sends them. Every figure on the page is a cell of these tables. */

export type Kind = 'day' | 'week' | 'month' | 'quarter' | 'year';
export const KINDS: readonly Kind[] = ['day', 'week', 'month', 'quarter', 'year'];

export type Cell = string | number | null;

export interface Column {
  readonly id: string;
  readonly kind: 'text' | 'term' | 'date' | 'instant' | 'count' | 'minutes' | 'days' | 'rate' | 'marks';
  readonly date?: string;
}

export interface Sheet {
  readonly id: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly totals: readonly Cell[] | null;
}

export interface Report {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly kind: Kind;
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly knownAt: string;
  readonly countedFrom: string | null;
  readonly countedTo: string | null;
  readonly judgeFrom: string | null;
  readonly employee: string | null;
  readonly department: string | null;
  readonly masked: boolean;
  readonly settled: boolean;
  readonly configs: readonly { readonly hash: string; readonly from: string }[];
  /** Lists that are too long, each with its rows. */
  readonly leftOut: readonly { readonly sheet: string; readonly rows: number }[];
  readonly rules: string;
  readonly sheets: readonly Sheet[];
  readonly checksum: string;
}

/** What tables, columns, marks and terms are called, in the page's language. */
export interface ReportWords {
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly sheets: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, string>>;
  readonly marks: Readonly<Record<string, { readonly sign: string; readonly name: string }>>;
  /** By column, then by code; those of columns that are not listed are under `other`. */
  readonly terms: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly weekdays: readonly string[];
  readonly total: string;
  readonly definitions: string;
}

export interface Choices {
  readonly hall: Report['hall'];
  readonly today: string;
  readonly latestAt: string;
  readonly recordedFrom: string | null;
  readonly judgeFrom: string | null;
  readonly formats: readonly string[];
  readonly ofHall: boolean;
  readonly departments: readonly { readonly id: string; readonly name: string }[];
  readonly employees: readonly { readonly id: string; readonly name: string; readonly department: string | null }[];
  readonly words: ReportWords;
}

export interface Job {
  readonly id: string;
  readonly state: 'waiting' | 'running' | 'done' | 'none' | 'failed' | 'cancelled';
  readonly progress: { readonly done: number; readonly of: number } | null;
  readonly file: string | null;
  readonly code?: string;
  readonly detail?: string;
}

/** What the page's address asks for. */
export interface Asked {
  readonly kind: Kind;
  readonly period: string;
  readonly department: string | null;
  readonly employee: string | null;
  /** RFC 3339; null = by now. */
  readonly asKnownAt: string | null;
  readonly masked: boolean;
}

export function sheetOf(report: Report, id: string): Sheet | null {
  return report.sheets.find((sheet) => sheet.id === id) ?? null;
}

export function placeOf(sheet: Sheet, column: string): number {
  return sheet.columns.findIndex(({ id }) => id === column);
}

/** The cell of a row under a column; null where the table has no such column. */
export function cellOf(sheet: Sheet, row: readonly Cell[], column: string): Cell {
  return row[placeOf(sheet, column)] ?? null;
}

/** As people read it. */
export function shown(cell: Cell, { id, kind }: Column, words: ReportWords): string {
  if (cell === null) return kind === 'rate' ? '—' : '';
  if (typeof cell === 'number') return kind === 'rate' ? `${(100 * cell).toFixed(1)}%` : String(cell);
  switch (kind) {
    case 'instant':
      return cell.slice(0, 19).replace('T', ' ');
    case 'term':
      return words.terms[id]?.[cell] ?? words.terms['other']?.[cell] ?? cell;
    case 'marks':
      return marksShown(cell, words);
    default:
      return cell;
  }
}

/** `late early` → `▲▼`; of a month with how often, `late:2 leave:1.5` → `▲2 假1.5`. */
function marksShown(cell: string, words: ReportWords): string {
  const texts = cell.split(' ').map((one) => {
    const [mark = '', times = ''] = one.split(':');
    return (words.marks[mark]?.sign ?? mark) + times;
  });
  return texts.join(cell.includes(':') ? ' ' : '');
}

/** `late early` as words, for those who hear the page. */
export function marksSaid(cell: string, words: ReportWords): string {
  return cell
    .split(' ')
    .map((mark) => words.marks[mark]?.name ?? mark)
    .join(', ');
}
