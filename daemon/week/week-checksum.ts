/** What a chief signs: the week's figures, marks, verdicts and leave, without what changes by itself or by a new name. */
import { canonicalJson, hashOf } from '../../config/judging.ts';
import type { Cell, Report, SheetId } from '../reports/report.ts';

const SIGNED: ReadonlySet<SheetId> = new Set(['matrix', 'people', 'verdicts', 'leave']);

/** Names come with the configuration; when something became final follows from the rest, and comes with time alone. */
const UNSIGNED_COLUMNS: ReadonlySet<string> = new Set(['name', 'departmentName', 'windowName', 'finalAt']);

/** `sha256:` of what is signed. Equal for as long as nothing has been recorded that changes any of it. */
export function weekChecksum({
  from,
  to,
  department,
  sheets,
}: Pick<Report, 'from' | 'to' | 'department' | 'sheets'>): string {
  const signed = sheets
    .filter(({ id }) => SIGNED.has(id))
    .map(({ id, columns, rows }) => {
      const kept = columns.flatMap((column, i) => (UNSIGNED_COLUMNS.has(column.id) ? [] : [{ ...column, i }]));
      const cells = (row: readonly Cell[]): Cell[] => kept.map(({ id: of, i }) => signedCell(of, row[i] ?? null));
      return { id, columns: kept.map(({ id: of, date }) => date ?? of), rows: rows.map(cells) };
    });
  return hashOf(canonicalJson({ from, to, department, sheets: signed }));
}

/** A confirmed case becomes final when nobody has appealed in time: nothing about the week has changed with that. */
function signedCell(column: string, cell: Cell): Cell {
  return column === 'decision' && cell === 'final' ? 'confirmed' : cell;
}
