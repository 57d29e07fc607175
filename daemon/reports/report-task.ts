/** What goes in and out of the thread that makes reports. */
import type { Language } from '../alerts/words.ts';
import type { ReportFile, ReportFormat } from './files.ts';
import type { ReportSource } from './make.ts';
import type { NoReportReason, ReportRequest, SheetId } from './report.ts';

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

/** `report`: as JSON, made where nobody waits: that of ten thousand people would hold up whoever judges. */
export type ReportAnswer =
  | { readonly report: string }
  | ReportOfFiles
  | { readonly none: { readonly reason: NoReportReason; readonly about: string } };

/** `brief`: what a message says of it, line by line. */
export interface ReportOfFiles {
  readonly files: readonly ReportFile[];
  readonly brief: readonly string[];
}

/** The answer comes last; before it, how many of how many days are done. */
export type ReportSaid = ReportAnswer | { readonly done: number; readonly of: number };
