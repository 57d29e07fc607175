/** The figures that people ask for first, taken from the totals of a report's tables. */
import type { Cell, Column, Report, SheetId } from './report.ts';

export interface Figure {
  readonly id: string;
  readonly value: Cell;
  readonly column: Column;
}

/** Of which table's totals they are, in their order. */
const FIGURES: readonly (readonly [sheet: SheetId, ...ids: string[]])[] = [
  ['people', 'attendanceRate', 'punctualRate', 'late', 'early', 'absent', 'missing', 'waived', 'pending'],
  ['windows', 'coverRate', 'seatRate', 'openingRate'],
  ['cover', 'fillRate'],
];

export function figuresOf({ sheets }: Report): Figure[] {
  return FIGURES.flatMap(([from, ...ids]) => {
    const sheet = sheets.find(({ id }) => id === from);
    if (sheet === undefined || sheet.totals === null) return [];
    return ids.map((id) => {
      const place = sheet.columns.findIndex((column) => column.id === id);
      return { id, value: sheet.totals?.[place] ?? null, column: sheet.columns[place] as Column };
    });
  });
}
