/** What goes in and out of the thread that makes reports. */
import type { Language } from '../alerts/words.ts';
import type { ReportFile, ReportFormat } from './files.ts';
import type { ReportSource } from './make.ts';
import type { NoReportReason, Report, ReportRequest, SheetId } from './report.ts';

export interface ReportTask {
  readonly source: ReportSource;
  readonly request: ReportRequest;
  /** As which files; null = as data. */
  readonly files: ReportFiles | null;
}

export interface ReportFiles {
  readonly formats: readonly ReportFormat[];
  readonly lang: Language;
  /** The one table that is wanted as CSV; null = all of them. */
  readonly sheet: SheetId | null;
}

export type ReportAnswer =
  | { readonly report: Report }
  | { readonly files: readonly ReportFile[] }
  | { readonly none: { readonly reason: NoReportReason; readonly about: string } };

/** The answer comes last; before it, how many of how many days are done. */
export type ReportSaid = ReportAnswer | { readonly done: number; readonly of: number };
