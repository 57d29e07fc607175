/** A report as a document for people who file papers: headings, the figures in short, and tables as wide as a sheet of A4. */
import type { IRunOptions, Paragraph, Table, TableCell } from 'docx';
import { type Day, dayOfDate, weekdayOf } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { type Figure, figuresOf } from './figures.ts';
import { shownText, toneOf } from './html.ts';
import type { Cell, Column, Report, Sheet, SheetId } from './report.ts';
import { aboutLines, columnTitle, legend, reportTitle, sheetTitle, totalText, weekdayText } from './words.ts';

type Docx = typeof import('docx');

/** What of each table a page has room for; the rest is in the workbook. Tables that are left out are for screens. */
const SHOWN: Readonly<Partial<Record<SheetId, string>>> = {
  departments:
    'departmentName people sessions attended missed attendanceRate punctualRate late early absent missing waived pending leaveDays errandDays',
  matrix: 'name * attendanceRate',
  months: 'name * attendanceRate',
  people:
    'name departmentName sessions attended missed attendanceRate late lateMinutes early absent missing waived pending leaveDays errandDays',
  final: 'date rule name windowName departmentName from to minutes finalAt',
  verdicts: 'date rule state because name windowName departmentName from to minutes decision',
  handling: 'rule said undecidable undecided confirmed appealed final excusal falseAlarm overturned review',
  sessions: 'date name session from to arrival departure mark',
  leave: 'name departmentName kind errand from to days slip',
  service:
    'departmentName windows service a b cover bare coverRate seatRate openingRate extended missingCover leftPost waived',
  windows:
    'windowName departmentName service a b cover bare coverRate seatRate openingRate extended missingCover leftPost',
  cover: 'windowName departmentName asked filled fillRate asksPending b cover missingCover missingCoverMinutes',
  devices: 'device deviceKind online offline onlineRate unheard outages unproved',
  changes: 'changedAt op cause date rule name windowName from to',
};

/** Many narrow columns of marks. */
const MARKED: ReadonlySet<SheetId> = new Set(['matrix', 'months']);

/** Longer lists are for the workbook: nobody reads them on paper. */
const MOST_ROWS = 1000;

/** What Windows and WPS have. */
const FONT = { ascii: 'Arial', hAnsi: 'Arial', eastAsia: '宋体', cs: 'Arial' } as const;
const HEAD_FONT = { ...FONT, eastAsia: '黑体' } as const;
/** Of the words for the library: half points, and twentieths of a point. */
const SIZE = { title: 36, heading: 26, text: 18, table: 16, matrix: 13 } as const;
const PAGE = { width: 16_838, height: 11_906, margin: 850 } as const;
const WIDTH = PAGE.width - 2 * PAGE.margin;
const COLOURS = { bad: 'B0232A', doubt: '6A4A8F', soft: '76828F' } as const;
const HEAD_SHADE = 'E8ECF1';
const LINE = { style: 'single', size: 4, color: 'BFC7D1' } as const;

/** Relative widths of columns. */
const WIDTHS: Readonly<Record<Column['kind'], number>> = {
  text: 10,
  term: 8,
  marks: 4,
  date: 9,
  instant: 14,
  count: 5,
  minutes: 6,
  days: 5,
  rate: 6,
};
const WIDE: Readonly<Record<string, number>> = {
  windows: 7,
  name: 9,
  windowName: 11,
  departmentName: 12,
  because: 9,
  kind: 7,
};

/** The bytes of the document. The library is loaded when it is needed. They hold the instant at which they were made. */
export async function docxOf(report: Report, lang: Language): Promise<Uint8Array> {
  const docx = await import('docx');
  const writer = new Writer(docx, lang);
  const title = reportTitle(report, lang);
  const document = new docx.Document({
    title,
    creator: report.rules,
    description: report.checksum,
    styles: { default: { document: { run: { font: FONT, size: SIZE.text } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: PAGE.height, height: PAGE.width, orientation: docx.PageOrientation.LANDSCAPE },
            margin: { top: PAGE.margin, bottom: PAGE.margin, left: PAGE.margin, right: PAGE.margin },
          },
        },
        footers: {
          default: new docx.Footer({ children: [writer.pageNumber(`${title} · ${report.checksum.slice(0, 23)}`)] }),
        },
        children: [...writer.head(report), ...report.sheets.flatMap((sheet) => writer.section(sheet))],
      },
    ],
  });
  return new Uint8Array(await docx.Packer.toBuffer(document));
}

class Writer {
  readonly #docx: Docx;
  readonly #lang: Language;

  constructor(docx: Docx, lang: Language) {
    this.#docx = docx;
    this.#lang = lang;
  }

  head(report: Report): (Paragraph | Table)[] {
    const { Paragraph, HeadingLevel, AlignmentType } = this.#docx;
    const lang = this.#lang;
    const title = new Paragraph({
      heading: HeadingLevel.TITLE,
      alignment: AlignmentType.CENTER,
      spacing: { after: 200 },
      children: [this.#run(reportTitle(report, lang), { font: HEAD_FONT, size: SIZE.title, color: '000000' })],
    });
    const figures = figuresOf(report);
    const words = lang === 'zh' ? { figures: '概况', about: '说明' } : { figures: 'In short', about: 'About' };
    return [
      title,
      ...(figures.length === 0 ? [] : [this.#heading(words.figures), this.#figures(figures)]),
      this.#heading(words.about),
      ...aboutLines(report, lang).map(([name, value]) => this.#line(name, value)),
    ];
  }

  section(sheet: Sheet): (Paragraph | Table)[] {
    const words = SHOWN[sheet.id];
    if (words === undefined) return [];
    const heading = this.#heading(sheetTitle(sheet.id, this.#lang));
    if (sheet.rows.length === 0) return [heading, this.#line('', this.#lang === 'zh' ? '没有。' : 'None.')];
    const wanted = words.split(' ');
    const places = wanted.flatMap((id) =>
      sheet.columns.flatMap((column, place) =>
        (id === '*' ? column.kind === 'marks' : column.id === id) ? [place] : [],
      ),
    );
    const left = sheet.rows.length - MOST_ROWS;
    const more =
      this.#lang === 'zh' ? `另有 ${left} 行，见 xlsx 或 csv。` : `${left} more rows are in the xlsx and csv.`;
    return [
      heading,
      ...(MARKED.has(sheet.id) ? [this.#line('', legend(this.#lang), true)] : []),
      this.#table(sheet, places),
      ...(left > 0 ? [this.#line('', more)] : []),
    ];
  }

  pageNumber(text: string): Paragraph {
    const { Paragraph, AlignmentType, PageNumber } = this.#docx;
    const size = SIZE.matrix;
    return new Paragraph({
      alignment: AlignmentType.CENTER,
      children: [
        this.#run(`${text} · `, { size }),
        new this.#docx.TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES], size, font: FONT }),
      ],
    });
  }

  #run(text: string, options: Partial<IRunOptions> = {}): InstanceType<Docx['TextRun']> {
    return new this.#docx.TextRun({ font: FONT, ...options, text: printable(text) });
  }

  #heading(text: string): Paragraph {
    return new this.#docx.Paragraph({
      heading: this.#docx.HeadingLevel.HEADING_1,
      spacing: { before: 280, after: 120 },
      keepNext: true,
      children: [this.#run(text, { font: HEAD_FONT, size: SIZE.heading, color: '000000' })],
    });
  }

  #line(name: string, value: string, keepNext = false): Paragraph {
    const colon = this.#lang === 'zh' ? '：' : ': ';
    return new this.#docx.Paragraph({
      spacing: { after: 40 },
      keepNext,
      children: [
        ...(name === '' ? [] : [this.#run(`${name}${colon}`, { bold: true })]),
        this.#run(value, { size: SIZE.table }),
      ],
    });
  }

  /** Figures in short, four pairs a row. */
  #figures(figures: readonly Figure[]): Table {
    const { Table, TableRow, WidthType } = this.#docx;
    const cells = figures.flatMap(({ id, value, column }) => [
      this.#cell(columnTitle(id, this.#lang), { isHead: true, side: 'left' }),
      this.#cell(shownText(value, column, this.#lang), { side: 'right' }),
    ]);
    const PER_ROW = 8;
    const rows = Array.from({ length: Math.ceil(cells.length / PER_ROW) }, (_, i) => {
      const row = cells.slice(i * PER_ROW, (i + 1) * PER_ROW);
      while (row.length < PER_ROW) row.push(this.#cell('', {}));
      return new TableRow({ children: row });
    });
    const columnWidths = Array.from({ length: PER_ROW }, () => Math.floor(WIDTH / PER_ROW));
    return new Table({ rows, columnWidths, width: { size: WIDTH, type: WidthType.DXA } });
  }

  #table({ id, columns, rows, totals }: Sheet, places: readonly number[]): Table {
    const { Table, TableRow, WidthType } = this.#docx;
    const size = MARKED.has(id) ? SIZE.matrix : SIZE.table;
    const of = (place: number): Column => columns[place] as Column;
    const head = places.map((place) => this.#cell(this.#headText(of(place)), { isHead: true, size }));
    const line = (row: readonly Cell[], isHead: boolean) =>
      new TableRow({
        cantSplit: true,
        children: places.map((place) => this.#figureCell(row[place] ?? null, of(place), { isHead, size })),
      });
    const foot =
      totals === null
        ? []
        : [
            line(
              [totalText(this.#lang), ...totals.slice(1)].map((cell, i) =>
                i === places[0] ? totalText(this.#lang) : cell,
              ),
              true,
            ),
          ];
    const shares = places.map((place) => WIDE[of(place).id] ?? WIDTHS[of(place).kind]);
    const whole = shares.reduce((sum, share) => sum + share, 0);
    return new Table({
      rows: [
        new TableRow({ tableHeader: true, cantSplit: true, children: head }),
        ...rows.slice(0, MOST_ROWS).map((row) => line(row, false)),
        ...foot,
      ],
      columnWidths: shares.map((share) => Math.floor((WIDTH * share) / whole)),
      width: { size: WIDTH, type: WidthType.DXA },
      layout: this.#docx.TableLayoutType.FIXED,
    });
  }

  #headText({ id, date }: Column): string {
    if (date === undefined) return columnTitle(id, this.#lang);
    return `${Number(date.slice(8))}\n${weekdayText(weekdayOf(dayOfDate(date) as Day), this.#lang)}`;
  }

  #figureCell(cell: Cell, column: Column, options: { isHead: boolean; size: number }): TableCell {
    const tone = column.kind === 'marks' && typeof cell === 'string' ? toneOf(cell) : '';
    const isNumber = typeof cell === 'number' || column.kind === 'rate';
    const side = column.kind === 'marks' ? 'center' : isNumber ? 'right' : 'left';
    const colour = tone === '' ? {} : { colour: COLOURS[tone] };
    return this.#cell(shownText(cell, column, this.#lang), { ...options, side, ...colour });
  }

  #cell(
    text: string,
    {
      isHead = false,
      side = 'center',
      size = SIZE.table,
      colour,
    }: {
      readonly isHead?: boolean;
      readonly side?: 'left' | 'center' | 'right';
      readonly size?: number;
      readonly colour?: string;
    },
  ): TableCell {
    const { TableCell, Paragraph, VerticalAlign } = this.#docx;
    const lines = text.split('\n').map(
      (part) =>
        new Paragraph({
          alignment: side,
          children: [this.#run(part, { size, bold: isHead, ...(colour === undefined ? {} : { color: colour }) })],
        }),
    );
    return new TableCell({
      children: lines,
      verticalAlign: VerticalAlign.CENTER,
      margins: { top: 20, bottom: 20, left: 40, right: 40 },
      borders: { top: LINE, bottom: LINE, left: LINE, right: LINE },
      ...(isHead ? { shading: { fill: HEAD_SHADE, type: 'clear', color: 'auto' } } : {}),
    });
  }
}

/** XML cannot hold control characters and halves of characters, and no name needs them. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '');
}
