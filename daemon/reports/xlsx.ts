/** A report as a workbook: headings that stay, widths, real numbers and dates, A4 landscape when printed. */
import type { Style, Workbook, Worksheet } from '@cj-tech-master/excelts';
import { type Day, dayOfDate, weekdayOf } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { textOf } from './csv.ts';
import { toneOf } from './html.ts';
import type { Cell, Column, ColumnKind, Report, Sheet } from './report.ts';
import { aboutLines, columnTitle, legend, reportTitle, sheetTitle, totalText, weekdayText } from './words.ts';

const FORMATS: Readonly<Record<ColumnKind, string>> = {
  text: '@',
  term: '@',
  marks: '@',
  date: 'yyyy-mm-dd',
  instant: 'yyyy-mm-dd hh:mm:ss',
  count: '0',
  minutes: '0.##',
  days: '0.##',
  rate: '0.0%',
};

const WIDTHS: Readonly<Record<ColumnKind, number>> = {
  text: 13,
  term: 11,
  marks: 3.6,
  date: 11,
  instant: 19,
  count: 8,
  minutes: 10,
  days: 8,
  rate: 9,
};

/** Columns whose text is longer than most. */
const WIDE: Readonly<Record<string, number>> = { id: 40, facts: 40, because: 18, windowName: 16, departmentName: 16 };

/** What Windows and WPS have; others take what they have instead. */
const FONT = '微软雅黑';
const LINE = { style: 'thin', color: { argb: 'FFBFC7D1' } } as const;
const BORDER = { top: LINE, left: LINE, bottom: LINE, right: LINE };
const shade = (argb: string) => ({ type: 'pattern', pattern: 'solid', fgColor: { argb } }) as const;
const HEAD = shade('FFE8ECF1');
const HEADED: Partial<Style> = {
  numFmt: 'General',
  font: { name: FONT, size: 9, bold: true },
  alignment: { horizontal: 'center', vertical: 'middle', wrapText: true },
  fill: HEAD,
  border: BORDER,
};
const TONES = { bad: 'FFB0232A', doubt: 'FF6A4A8F', soft: 'FF8C98A6' } as const;
const A4 = 9;

/** Title, what it is of, and the heads of the columns. */
const HEAD_ROWS = 3;

/** The bytes of the workbook. The library is loaded when it is needed: it takes half a second. */
export async function xlsxOf(report: Report, lang: Language): Promise<Uint8Array> {
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  // What was made when and by whom is said in the sheet; the same report is the same bytes.
  const [knownAt] = [new Date(report.knownAt)];
  Object.assign(workbook, {
    created: knownAt,
    modified: knownAt,
    creator: report.rules,
    title: reportTitle(report, lang),
  });
  for (const sheet of report.sheets) addSheet(workbook, report, sheet, lang);
  addAbout(workbook, report, lang);
  return await workbook.xlsx.writeBuffer({ validate: false });
}

function addSheet(workbook: Workbook, report: Report, sheet: Sheet, lang: Language): void {
  const hasDays = sheet.columns.some(({ date }) => date !== undefined);
  const headRows = HEAD_ROWS + (hasDays ? 1 : 0);
  const page = workbook.addWorksheet(sheetTitle(sheet.id, lang), {
    pageSetup: {
      paperSize: A4,
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: `1:${headRows}`,
      margins: { left: 0.4, right: 0.4, top: 0.4, bottom: 0.6, header: 0.2, footer: 0.3 },
    },
    headerFooter: { oddFooter: lang === 'zh' ? '&C第 &P 页，共 &N 页' : '&CPage &P of &N' },
    views: [{ state: 'frozen', ySplit: headRows, xSplit: frozenColumns(sheet) }],
  });
  page.columns = sheet.columns.map((column) => ({ width: widthOf(column) }));
  addHead(page, report, sheet, lang);
  // The library knows a style by its object: one for all cells of a column is written ten times as fast as one each (measured).
  const styles = sheet.columns.map(styleOf);
  const marked = tonedStyles();
  for (const row of sheet.rows) {
    const added = page.addRow(row.map((cell, i) => workbookCell(cell, sheet.columns[i] as Column, lang)));
    for (const [i, cell] of row.entries()) {
      const tone = sheet.columns[i]?.kind === 'marks' && typeof cell === 'string' ? toneOf(cell) : '';
      added.getCell(i + 1).style = tone === '' ? (styles[i] ?? {}) : marked[tone];
    }
  }
  if (sheet.totals !== null) addTotals(page, sheet, sheet.totals, lang);
  if (hasDays) addLine(page, legend(lang), sheet.columns.length);
  if (!hasDays && sheet.rows.length > 0) {
    const last = headRows + sheet.rows.length;
    page.autoFilter = { from: { row: headRows, col: 1 }, to: { row: last, col: sheet.columns.length } };
  }
}

/** A day has a mark or two, a month several, each with how often. */
function widthOf({ id, kind, date }: Column): number {
  if (kind === 'marks' && date === undefined) return WIDTHS.term;
  return WIDE[id] ?? WIDTHS[kind];
}

/** Ids and names stay in view. */
function frozenColumns({ columns }: Sheet): number {
  const first = columns.findIndex(({ kind }) => kind !== 'text');
  return columns[0]?.kind === 'text' ? Math.min(first, 3) : 0;
}

function styleOf({ kind }: Column): Partial<Style> {
  const isText = kind === 'text' || kind === 'term';
  const horizontal = kind === 'marks' ? 'center' : isText || kind === 'date' || kind === 'instant' ? 'left' : 'right';
  return {
    numFmt: FORMATS[kind],
    font: { name: FONT, size: 9 },
    alignment: { horizontal, vertical: 'middle' },
    border: BORDER,
  };
}

/** Marks in their colours. */
function tonedStyles(): Readonly<Record<keyof typeof TONES, Partial<Style>>> {
  const plain = styleOf({ id: 'mark', kind: 'marks' });
  const toned = (tone: keyof typeof TONES): Partial<Style> => ({
    ...plain,
    font: { ...plain.font, color: { argb: TONES[tone] } },
  });
  return { bad: toned('bad'), doubt: toned('doubt'), soft: toned('soft') };
}

function addHead(page: Worksheet, report: Report, { columns, id }: Sheet, lang: Language): void {
  addLine(page, `${reportTitle(report, lang)} · ${sheetTitle(id, lang)}`, columns.length, { size: 14, bold: true });
  const about = aboutLines(report, lang).filter(([name]) => ABOVE.has(name));
  addLine(page, about.map(([name, value]) => `${name} ${value}`).join('　'), columns.length);
  const heads = columns.map((column) =>
    column.date === undefined ? columnTitle(column.id, lang) : Number(column.date.slice(8)),
  );
  const rows = [page.addRow(heads)];
  if (columns.some(({ date }) => date !== undefined)) {
    const weekdays = columns.map(({ date }) =>
      date === undefined ? '' : weekdayText(weekdayOf(dayOfDate(date) as Day), lang),
    );
    rows.push(page.addRow(weekdays));
  }
  for (const row of rows) {
    for (let i = 1; i <= columns.length; i++) row.getCell(i).style = HEADED;
  }
  if (rows[0] !== undefined && rows.length === 1) rows[0].height = 30;
}

/** What stands above every table. */
const ABOVE: ReadonlySet<string> = new Set([
  '数据时间',
  '性质',
  '范围',
  '姓名',
  'As known at',
  'Standing',
  'Scope',
  'Names',
]);

function addLine(page: Worksheet, text: string, width: number, font: { size?: number; bold?: boolean } = {}): void {
  const row = page.addRow([text]);
  row.getCell(1).style = {
    font: { name: FONT, size: 9, ...font },
    alignment: { horizontal: 'left', vertical: 'middle' },
  };
  if (font.size !== undefined) row.height = 24;
  if (width > 1) page.mergeCells(row.number, 1, row.number, width);
}

function addTotals(page: Worksheet, { columns }: Sheet, totals: readonly Cell[], lang: Language): void {
  const cells = totals.map((cell, i) => workbookCell(cell, columns[i] as Column, lang));
  const row = page.addRow([totalText(lang), ...cells.slice(1)]);
  for (const [i, column] of columns.entries()) {
    row.getCell(i + 1).style = { ...styleOf(column), font: { name: FONT, size: 9, bold: true }, fill: HEAD };
  }
}

/** Instants and dates by the hall's own clock: a workbook knows no zones. */
function workbookCell(cell: Cell, column: Column, lang: Language): string | number | Date | null {
  if (typeof cell === 'number') return cell;
  if (cell !== null && column.kind === 'date') return new Date(`${cell}T00:00:00Z`);
  if (cell !== null && column.kind === 'instant') return new Date(`${cell.replace(/(?:Z|[+-]\d\d:\d\d)$/, '')}Z`);
  return textOf(cell, column, lang) || null;
}

function addAbout(workbook: Workbook, report: Report, lang: Language): void {
  const page = workbook.addWorksheet(lang === 'zh' ? '说明' : 'About', {
    pageSetup: { paperSize: A4, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  const style = { font: { name: FONT, size: 10 }, alignment: { vertical: 'top', wrapText: true } } as const;
  page.columns = [
    { width: 14, style },
    { width: 110, style },
  ];
  for (const line of aboutLines(report, lang)) page.addRow([...line]);
}
