/** What goes in and out of the thread that makes reports. */
import type { Language } from '../alerts/words.ts';
import type { ReportFile, ReportFormat } from './files.ts';
import type { ReportSource } from './make.ts';
import type { NoReportReason, Report, ReportRequest } from './report.ts';

export interface ReportTask {
  readonly source: ReportSource;
  readonly request: ReportRequest;
  /** As which files; null = as data. */
  readonly files: { readonly formats: readonly ReportFormat[]; readonly lang: Language } | null;
}

export type ReportAnswer =
  | { readonly report: Report }
  | { readonly files: readonly ReportFile[] }
  | { readonly none: { readonly reason: NoReportReason; readonly about: string } };
