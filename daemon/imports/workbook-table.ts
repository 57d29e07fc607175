/** A sheet of an .xlsx workbook, row after row: what its cells show, never what a formula would do. */
import { Readable } from 'node:stream';
import type { Cell, Row } from '@cj-tech-master/excelts';
import { DAY_LENGTH, dateOf, SECOND } from '../../rules/time.ts';
import { unzipped, zipOf } from '../files/zip.ts';
import { addRow, cellText, MOST_COLUMNS, type Say, type Table, TableError, type TableRow } from './table.ts';

/** Throws a `TableError` where the workbook cannot be read, or has no such sheet. Without a name the first visible sheet with anything in it. */
export async function workbookTable(bytes: Uint8Array, sheet: string | null, say: Say): Promise<Table> {
  // Loaded when it is needed: it takes half a second.
  const { WorkbookReader } = await import('@cj-tech-master/excelts');
  const rows: TableRow[] = [];
  const otherSheets: string[] = [];
  let read: string | null = null;
  try {
    // Of a damaged archive the library waits for ever for what does not come: it is given one that has been checked and packed anew.
    const reader = new WorkbookReader(Readable.from([zipOf(unzipped(bytes), PACKED_AT)]), READ);
    for await (const page of reader) {
      const isWanted = sheet === null ? page.state === 'visible' || page.state === undefined : page.name === sheet;
      const isRead = isWanted && rows.length === 0;
      for await (const row of page) {
        if (!isRead) continue;
        addRow(rows, { line: row.number, cells: cellsOf(row) }, say);
      }
      if (isRead && rows.length > 0) read = page.name;
      else otherSheets.push(page.name);
    }
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError(
      say(
        '不是完好的 .xlsx 文件；请在 Excel 或 WPS 里打开后另存一次',
        'no intact .xlsx file; open it in Excel or WPS and save it again',
      ),
      { cause: error },
    );
  }
  if (read === null) throw new TableError(nothingRead(sheet, otherSheets, say));
  return { format: `XLSX, ${read}`, otherSheets, rows };
}

/** When a file of the archive is said to be of; nobody reads it. */
const PACKED_AT = '1980-01-01T00:00:00Z';

const READ = {
  worksheets: 'emit',
  sharedStrings: 'cache',
  hyperlinks: 'ignore',
  styles: 'cache',
  entries: 'ignore',
} as const;

function nothingRead(sheet: string | null, sheets: readonly string[], say: Say): string {
  const names = sheets.join('、');
  return sheet !== null && !sheets.includes(sheet)
    ? say(`没有名为“${sheet}”的工作表；有：${names}`, `there is no sheet "${sheet}"; there are: ${sheets.join(', ')}`)
    : say(`工作表都是空的：${names}`, `nothing is in its sheets: ${sheets.join(', ')}`);
}

function cellsOf(row: Row): string[] {
  const values = (Array.isArray(row.values) ? row.values.slice(1, MOST_COLUMNS + 1) : []) as readonly unknown[];
  return Array.from(values, (value, i) => {
    const isMidnight = value instanceof Date && value.getTime() % DAY_LENGTH === 0;
    // Whether it is a date or a midnight, only its format says.
    const isTime = isMidnight && /[hs]/i.test(formatOf(row.getCell(i + 1).numFmt).replace(/"[^"]*"|\[[^\]]*\]/g, ''));
    return cellText(isTime ? `${dateText(value)} 00:00:00` : shownText(value));
  });
}

/** What a person sees in a cell, as the library gives it. */
function shownText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (typeof value !== 'object') return String(value);
  if ('richText' in value)
    return (value.richText as readonly { text: string | null }[]).map(({ text }) => text).join('');
  // The value that was there when the file was saved; where there is none, the formula stands for itself and is no value.
  if ('formula' in value) return 'result' in value ? shownText(value.result) : `=${String(value.formula)}`;
  if ('sharedFormula' in value) return 'result' in value ? shownText(value.result) : `=${String(value.sharedFormula)}`;
  if ('text' in value) return shownText(value.text);
  return 'error' in value ? String(value.error) : '';
}

/** A workbook's dates know no zone; the library gives them as if of UTC, and fractions of a day are not exact. */
function dateText(date: Date): string {
  const at = Math.round(date.getTime() / SECOND) * SECOND;
  // The days before 1900 are where a time of day without a date lies.
  const day = Math.floor(at / DAY_LENGTH);
  const time = new Date(at).toISOString().slice(11, 19);
  if (day <= FIRST_DAY_OF_1900) return time;
  return time === '00:00:00' ? dateOf(day) : `${dateOf(day)} ${time}`;
}

/** 1900-01-01 as days since 1970. */
const FIRST_DAY_OF_1900 = -25_567;

function formatOf(format: Cell['numFmt']): string {
  return typeof format === 'string' ? format : (format?.formatCode ?? '');
}
