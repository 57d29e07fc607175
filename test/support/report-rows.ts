/** Reports as tests read them: rows by the ids of their columns. */
import type { Report, SheetId } from '../../daemon/reports/report.ts';

export type Row = Record<string, unknown>;

export function rowsOf(report: Report, id: SheetId): Row[] {
  const sheet = report.sheets.find((one) => one.id === id);
  if (sheet === undefined) throw new Error(`no sheet ${id}`);
  return sheet.rows.map((row) => Object.fromEntries(row.map((cell, i) => [sheet.columns[i]?.id ?? '', cell])));
}

export function totalsOf(report: Report, id: SheetId): Row {
  const sheet = report.sheets.find((one) => one.id === id);
  return Object.fromEntries((sheet?.totals ?? []).map((cell, i) => [sheet?.columns[i]?.id ?? '', cell]));
}
