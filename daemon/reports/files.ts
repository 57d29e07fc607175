/** A report as files. */
import type { Language } from '../alerts/words.ts';
import { csvOf, csvOfLines } from './csv.ts';
import { docxOf } from './docx.ts';
import { htmlOf } from './html.ts';
import { NoReport, type Report, type SheetId } from './report.ts';
import { aboutLines } from './words.ts';
import { xlsxOf } from './xlsx.ts';

export const REPORT_FORMATS = ['xlsx', 'docx', 'csv', 'html', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** The files of a report: of CSV one a table, or only that of `sheet`; of the others one each. Throws `NoReport` where there is no such table. */
export async function filesOf(
  report: Report,
  formats: readonly ReportFormat[],
  lang: Language,
  sheet: SheetId | null = null,
): Promise<ReportFile[]> {
  const files: ReportFile[] = [];
  for (const format of new Set(formats)) {
    if (format === 'xlsx') files.push({ name: fileName(report, format), content: await xlsxOf(report, lang) });
    else if (format === 'docx') files.push({ name: fileName(report, format), content: await docxOf(report, lang) });
    else if (format === 'csv')
      for (const file of sheet === null ? csvFiles(report, lang) : [csvFile(report, sheet, lang)]) files.push(file);
    else files.push({ name: fileName(report, format), content: textOfReport(report, format, lang) });
  }
  return files;
}

/** A report in a format that is one text. */
export function textOfReport(report: Report, format: 'html' | 'json', lang: Language): string {
  return format === 'html' ? htmlOf(report, lang) : `${JSON.stringify(report)}\n`;
}

function csvFile(report: Report, id: SheetId, lang: Language): ReportFile {
  const sheet = report.sheets.find((one) => one.id === id);
  if (sheet === undefined) throw new NoReport('no-sheet', id);
  return { name: fileName(report, 'csv', id), content: csvOf(sheet, lang) };
}

function csvFiles(report: Report, lang: Language): ReportFile[] {
  const tables = report.sheets.map(({ id }) => csvFile(report, id, lang));
  return [...tables, { name: fileName(report, 'csv', 'about'), content: csvOfLines(aboutLines(report, lang)) }];
}

/** `suixian-month-2026-11.xlsx`, of one person `suixian-month-2026-11-e001.xlsx`, and of a table `…-verdicts.csv`. */
export function fileName(report: Report, ending: string, table: string | null = null): string {
  const { hall, kind, period, employee, department } = report;
  const parts = [hall.id, kind, period, employee ?? department, table].filter((part) => part !== null);
  // An id may hold what a file system does not take.
  return `${parts.join('-').replaceAll(/[\\/:*?"<>|]/g, '_')}.${ending}`;
}
