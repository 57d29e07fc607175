/** Every file of a report, as it comes through the API, says what programs get as JSON. */
import { Workbook, type Worksheet } from '@cj-tech-master/excelts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { unzipped } from '../../daemon/files/zip.ts';
import { checksumOf, type Report, type Sheet } from '../../daemon/reports/report.ts';
import { sheetTitle } from '../../daemon/reports/words.ts';
import { openReportHall, type ReportHall } from '../support/report-hall.ts';
import { rowsOf } from '../support/report-rows.ts';

// Each report starts a thread; a busy machine takes a second for that alone.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hall: ReportHall;
let supervisor: string;
let month: Report;
const MONTH = '/api/v1/reports/month/2026-03';

beforeAll(async () => {
  hall = await openReportHall();
  supervisor = hall.tokenOf(['supervisor']);
  month = (await (await hall.ask(supervisor, MONTH)).json()) as Report;
});
afterAll(() => hall[Symbol.asyncDispose]());

const documentOf = (bytes: Uint8Array): string =>
  String(unzipped(bytes).find(({ name }) => name === 'word/document.xml')?.content ?? '');

describe('files', () => {
  const file = async (query: string): Promise<Uint8Array> =>
    new Uint8Array(await (await hall.ask(supervisor, `${MONTH}?${query}`)).arrayBuffer());
  const figures = (sheet: Sheet): number[] =>
    sheet.rows.flatMap((row) => row.filter((cell) => typeof cell === 'number'));

  test('the report can be checked', () => expect(checksumOf(month)).toBe(month.checksum));

  test('every figure of the workbook is the API’s', async () => {
    const workbook = new Workbook();
    await workbook.xlsx.load(await file('format=xlsx&lang=zh'));
    for (const sheet of month.sheets) {
      const page = workbook.getWorksheet(sheetTitle(sheet.id, 'zh')) as Worksheet;
      const head = sheet.columns.some(({ date }) => date !== undefined) ? 4 : 3;
      const read = sheet.rows.flatMap((row, i) =>
        row.flatMap((cell, k) => (typeof cell === 'number' ? [page.getCell(head + 1 + i, k + 1).value] : [])),
      );
      expect(read, sheet.id).toEqual(figures(sheet));
    }
  });

  test('every figure of the CSV is the API’s', async () => {
    for (const sheet of month.sheets) {
      const text = Buffer.from(await file(`format=csv&sheet=${sheet.id}&lang=en`)).toString('utf8');
      expect(text.startsWith('\uFEFF')).toBe(true);
      expect(text.trimEnd().split('\r\n')).toHaveLength(sheet.rows.length + 1);
      expect(text).not.toMatch(/(?:^|,)"?[=@]/m);
    }
  });

  test('the document has the figures in short, the tables, and what it is of', async () => {
    const words = documentOf(await file('format=docx&lang=zh')).replaceAll(/<[^>]+>/g, '\n');
    const said = words.split('\n').filter((text) => text !== '');
    for (const text of [
      '概况',
      '部门汇总',
      '考勤表',
      '已生效名单',
      '=HYPERLINK(&quot;http://x.example&quot;,&quot;点我&quot;)',
      month.checksum,
    ]) {
      expect(said, text).toContain(text);
    }
    // The row of e1 among people: sessions, attended, missed, rate, late …
    const people = rowsOf(month, 'people').find((row) => row['employee'] === 'e1') ?? {};
    const from = said.indexOf('徐敏', said.indexOf('人员汇总'));
    const rate = `${(100 * Number(people['attendanceRate'])).toFixed(1)}%`;
    expect(said.slice(from, from + 8)).toEqual([
      ...['徐敏', '公安局'],
      ...[people['sessions'], people['attended'], people['missed'], rate, people['late'], people['lateMinutes']].map(
        String,
      ),
    ]);
  });

  test('the PDF is one', async () => {
    expect(Buffer.from((await file('format=pdf')).slice(0, 5)).toString()).toBe('%PDF-');
  });

  test('names are masked in every format where that is asked', async () => {
    for (const format of ['json', 'html', 'csv&sheet=people', 'docx']) {
      const bytes = await file(`format=${format}&masked=1`);
      const text = format === 'docx' ? documentOf(bytes) : Buffer.from(bytes).toString();
      expect(text, format).toContain('徐*');
      expect(text, format).not.toContain('徐敏');
    }
  });
});
