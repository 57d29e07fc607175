/** The files of a report: what is read back from them is what the report says, whatever people are called. */
import { Workbook, type Worksheet } from '@cj-tech-master/excelts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../daemon/alerts/words.ts';
import { unzipped } from '../../daemon/files/zip.ts';
import { csvOf } from '../../daemon/reports/csv.ts';
import { docxOf } from '../../daemon/reports/docx.ts';
import { filesOf } from '../../daemon/reports/files.ts';
import { makeReport } from '../../daemon/reports/make.ts';
import { type Cell, type Column, type Report, type Sheet, sealed } from '../../daemon/reports/report.ts';
import { columnTitle, markText, sheetTitle, termText } from '../../daemon/reports/words.ts';
import { xlsxOf } from '../../daemon/reports/xlsx.ts';
import { openChromium } from '../support/chromium.ts';
import { PEOPLE, plantedMonth, sourceOf } from '../support/planted-month.ts';

let month: Report;
let person: Report;
beforeAll(() => {
  using hall = plantedMonth();
  const request = { kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false, department: null } as const;
  month = makeReport(sourceOf(hall), { ...request, employee: null });
  person = makeReport(sourceOf(hall), { ...request, employee: 'e2' });
}, 120_000);

const LANGUAGES: readonly Language[] = ['zh', 'en'];

/** RFC 4180, as slowly as it is written. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    } else for (; text[at] !== ',' && text[at] !== '\r'; at++) cell += text[at];
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      expect(text.slice(at, at + 2)).toBe('\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** A cell as a file for people has to have it, but for how it is written there. */
function shown(cell: Cell, column: Column, lang: Language): Cell {
  if (cell === null || typeof cell === 'number') return cell;
  if (column.kind === 'marks') return markText(cell, lang);
  return column.kind === 'term' ? termText(column.id, cell, lang) : cell;
}

describe.each(LANGUAGES)('in %s', (lang) => {
  test('CSV has every cell, and none that a spreadsheet takes for a formula', async () => {
    for (const report of [month, person]) {
      for (const sheet of report.sheets) {
        const text = csvOf(sheet, lang);
        expect(text.charCodeAt(0)).toBe(0xfeff);
        const [head, ...rows] = readCsv(text.slice(1));
        expect(head).toEqual(sheet.columns.map(({ id }) => columnTitle(id, lang)));
        expect(rows).toHaveLength(sheet.rows.length);
        for (const [i, row] of rows.entries()) {
          for (const [k, said] of row.entries()) {
            const [cell, column] = [sheet.rows[i]?.[k] ?? null, sheet.columns[k] as Column];
            if (typeof cell === 'number') expect(Number(said)).toBe(cell);
            else expect(said).not.toMatch(/^[=+\-@\t\r]/);
            const nothing = column.kind === 'rate' ? '—' : '';
            const text = shown(cell, column, lang) ?? nothing;
            if (typeof text === 'string') expect(said).toBe(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
          }
        }
      }
    }
    const names = readCsv(csvOf(month.sheets.find(({ id }) => id === 'people') as Sheet, lang)).map(([, name]) => name);
    expect(names).toContain('\'=HYPERLINK("http://x.example","点我")');
  });

  test('XLSX has real numbers and dates, and texts that are texts', async () => {
    for (const report of [month, person]) {
      const workbook = await readWorkbook(await xlsxOf(report, lang));
      for (const sheet of report.sheets) {
        const page = workbook.getWorksheet(sheetTitle(sheet.id, lang)) as Worksheet;
        checkPage(page, sheet, lang);
      }
    }
  });
});

async function readWorkbook(bytes: Uint8Array): Promise<Workbook> {
  const workbook = new Workbook();
  await workbook.xlsx.load(bytes);
  return workbook;
}

function checkPage(page: Worksheet, sheet: Sheet, lang: Language): void {
  const headRows = sheet.columns.some(({ date }) => date !== undefined) ? 4 : 3;
  expect(page.pageSetup).toMatchObject({ orientation: 'landscape', paperSize: 9, fitToWidth: 1, fitToHeight: 0 });
  expect(page.pageSetup.printTitlesRow).toBe(`1:${headRows}`);
  expect(page.views[0]).toMatchObject({ state: 'frozen', ySplit: headRows });
  for (const [i, row] of sheet.rows.entries()) {
    for (const [k, cell] of row.entries()) {
      const column = sheet.columns[k] as Column;
      const read = page.getCell(headRows + 1 + i, k + 1).value;
      if (cell !== null && (column.kind === 'date' || column.kind === 'instant')) {
        expect((read as Date).toISOString().slice(0, cell.toString().slice(0, 19).length)).toBe(
          cell.toString().slice(0, 19),
        );
      } else
        expect(read, `${sheet.id} ${column.id}`).toBe(
          shown(cell, column, lang) ?? (column.kind === 'rate' ? '—' : null),
        );
    }
  }
  const totals = sheet.totals ?? [];
  for (const [k, cell] of totals.entries()) {
    if (typeof cell === 'number') expect(page.getCell(headRows + 1 + sheet.rows.length, k + 1).value).toBe(cell);
  }
}

test.each(LANGUAGES)(
  'DOCX has every table that paper has room for, with the figures as they are read: %s',
  async (lang) => {
    const parts = unzipped(await docxOf(month, lang));
    const xml = String(parts.find(({ name }) => name === 'word/document.xml')?.content);
    const said = xml
      .replaceAll(/<[^>]+>/g, '\n')
      .split('\n')
      .filter((text) => text !== '')
      .map((text) =>
        text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
      );
    for (const { name } of PEOPLE) expect(said).toContain(name);
    expect(said).toContain(month.checksum);
    for (const sheet of month.sheets.filter(({ id }) => !['course', 'serviceCourse'].includes(id))) {
      expect(said).toContain(sheetTitle(sheet.id, lang));
    }
    const people = month.sheets.find(({ id }) => id === 'people') as Sheet;
    const row = people.rows.find(([id]) => id === 'e1') ?? [];
    const of = (column: string): number => Number(row[people.columns.findIndex(({ id }) => id === column)]);
    // The matrix names everybody, too.
    const at = said.findIndex((text, i) => text === '徐敏' && said[i + 2] === `${of('sessions')}`);
    expect(said.slice(at, at + 8)).toEqual([
      ...['徐敏', '公安局', `${of('sessions')}`, `${of('attended')}`, `${of('missed')}`],
      ...[`${(100 * of('attendanceRate')).toFixed(1)}%`, `${of('late')}`, `${of('lateMinutes')}`],
    ]);
  },
);

test('the same report is the same bytes, and JSON is the report', async () => {
  const [first, second] = [
    await filesOf(month, ['xlsx', 'csv', 'html', 'json'], 'zh'),
    await filesOf(month, ['xlsx', 'csv', 'html', 'json'], 'zh'),
  ];
  expect(second).toEqual(first);
  const names = first.map(({ name }) => name);
  expect(names).toContain('suixian-month-2026-03.xlsx');
  expect(names).toContain('suixian-month-2026-03-matrix.csv');
  expect(names).toContain('suixian-month-2026-03-about.csv');
  const json = first.find(({ name }) => name === 'suixian-month-2026-03.json')?.content as string;
  expect(JSON.parse(json)).toEqual(month);
  expect((await filesOf(person, ['html'], 'zh'))[0]?.name).toBe('suixian-month-2026-03-e2.html');
});

describe('the page', () => {
  let browser: Awaited<ReturnType<typeof openChromium>>;
  beforeAll(async () => {
    browser = await openChromium({ colorScheme: 'dark' });
  });
  afterAll(() => browser.close());

  test('shows every table, needs nothing else, and runs nothing that people are called', async () => {
    const page = await browser.context.newPage();
    const [file] = await filesOf(month, ['html'], 'zh');
    await page.setContent(String(file?.content));
    expect(await page.locator('section').count()).toBe(month.sheets.length);
    for (const sheet of month.sheets) {
      expect(await page.locator(`#${sheet.id} tbody tr`).count(), sheet.id).toBe(sheet.rows.length);
    }
    const names = await page.locator('#people tbody tr td:nth-child(2)').allTextContents();
    expect(names.sort()).toEqual(PEOPLE.map(({ name }) => name).sort());
    expect(await page.locator('b').count()).toBe(0);
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(dark).toBe('rgb(15, 22, 30)');
    expect(browser.requested.filter((url) => !url.startsWith('about:'))).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });

  test('is printed on A4 landscape', async () => {
    const page = await browser.context.newPage();
    const [file] = await filesOf(month, ['html'], 'en');
    await page.setContent(String(file?.content));
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    // 297 mm × 210 mm in points.
    expect(pdf).toMatch(/\/MediaBox \[0 0 84[12](?:\.\d+)? 59[45](?:\.\d+)?\]/);
    // A total at the foot of every page would pass for that page's.
    await page.emulateMedia({ media: 'print' });
    const total = await page.evaluate(() => getComputedStyle(document.querySelector('tfoot') as Element).display);
    expect(total).toBe('table-row-group');
  });
});

test('40 000 rows', async () => {
  const columns: Column[] = [
    { id: 'date', kind: 'date' },
    { id: 'name', kind: 'text' },
    { id: 'minutes', kind: 'minutes' },
    { id: 'from', kind: 'instant' },
  ];
  const rows = Array.from({ length: 40_000 }, (_, i) => ['2026-03-02', `员工${i}`, i / 4, '2026-03-02T09:00:00+08:00']);
  const { checksum: _checksum, ...rest } = month;
  const large = sealed({ ...rest, sheets: [{ id: 'verdicts', columns, rows, totals: null }] });
  const csv = readCsv(csvOf(large.sheets[0] as Sheet, 'zh').slice(1));
  expect(csv).toHaveLength(40_001);
  expect(csv[40_000]).toEqual(['2026-03-02', '员工39999', '9999.75', '2026-03-02T09:00:00+08:00']);
  const workbook = await readWorkbook(await xlsxOf(large, 'zh'));
  const page = workbook.getWorksheet('结论清单') as Worksheet;
  expect(page.rowCount).toBe(40_003);
  expect(page.getCell(40_003, 3).value).toBe(9999.75);
  expect((page.getCell(40_003, 4).value as Date).toISOString()).toBe('2026-03-02T09:00:00.000Z');
}, 120_000);
