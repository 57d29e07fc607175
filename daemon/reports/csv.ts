/** Tables as CSV that Excel opens as it is: UTF-8 with its mark, CRLF, and nothing that could be taken for a formula. */

import type { Language } from '../alerts/words.ts';
import type { Cell, Column, Sheet } from './report.ts';
import { columnTitle, markText, NO_RATE, termText } from './words.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** What a spreadsheet takes for a formula, or for the end of one (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

export function csvOf(sheet: Sheet, lang: Language): string {
  const head = sheet.columns.map(({ id }) => quoted(columnTitle(id, lang)));
  const rows = sheet.rows.map((row) => row.map((cell, i) => csvCell(cell, sheet.columns[i] as Column, lang)));
  return csvText([head, ...rows]);
}

/** Two columns of text. */
export function csvOfLines(lines: readonly (readonly [string, string])[]): string {
  return csvText(lines.map((line) => line.map((text) => quoted(guarded(text)))));
}

function csvText(lines: readonly (readonly string[])[]): string {
  return BYTE_ORDER_MARK + lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function csvCell(cell: Cell, column: Column, lang: Language): string {
  if (typeof cell === 'number') return String(cell);
  return quoted(guarded(textOf(cell, column, lang)));
}

/** A cell that is no number, as people read it. */
export function textOf(cell: string | null, { id, kind }: Column, lang: Language): string {
  if (cell === null) return kind === 'rate' ? NO_RATE : '';
  if (kind === 'term') return termText(id, cell, lang);
  return kind === 'marks' ? markText(cell, lang) : cell;
}

/** An apostrophe before it makes it a text. */
function guarded(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
