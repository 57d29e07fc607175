/** A report as data: tables of figures and lists, without words; each format and language is made of the same. */
import { canonicalJson, hashOf } from '../../config/judging.ts';
import type { Ms } from '../../rules/time.ts';
import type { PeriodKind } from './period.ts';

/** What is wanted. */
export interface ReportRequest {
  readonly kind: PeriodKind;
  /** The period's name, such as `2026-11`. */
  readonly period: string;
  /** As the ledger knew it at this instant; null = by now. */
  readonly asKnownAt: Ms | null;
  readonly maskNames: boolean;
  /** One person's sheets, or one department's. */
  readonly employee: string | null;
  readonly department: string | null;
}

/**
 * What is in a column: `marks` = marks of a day or session, or of a month, with how often (`late:2 leave:1.5`); `minutes`, `days` = a length; `rate` = a part of one, null where there is
 * no whole; `term` = one of a list of words; `date` and `instant` as in JSON (`2026-11-03`, RFC 3339 in the hall's offset).
 */
export type ColumnKind = 'text' | 'term' | 'date' | 'instant' | 'count' | 'minutes' | 'days' | 'rate' | 'marks';

export interface Column {
  readonly id: string;
  readonly kind: ColumnKind;
  /** A date of the month matrix: the column is that day's. */
  readonly date?: string;
}

/** Marks are written with spaces between, terms by their codes. */
export type Cell = string | number | null;

export interface Sheet {
  readonly id: SheetId;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Of exact figures: a sum of rounded ones may differ in the last digit. Null where nothing can be added. */
  readonly totals: readonly Cell[] | null;
}

/** Every table that a report may have, in their order. */
export const SHEET_IDS = [
  'departments',
  'matrix',
  'months',
  'people',
  'course',
  'sessions',
  'verdicts',
  'handling',
  'final',
  'leave',
  'service',
  'windows',
  'cover',
  'serviceCourse',
  'devices',
  'changes',
] as const;
export type SheetId = (typeof SHEET_IDS)[number];

export interface Report {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly kind: PeriodKind;
  readonly period: string;
  /** Dates, both included. */
  readonly from: string;
  readonly to: string;
  /** The data's time: everything is as known and as seen at this instant. */
  readonly knownAt: string;
  /** What of the period is counted: null = nothing is yet. Earlier days are commissioning, or before the first record. */
  readonly countedFrom: string | null;
  readonly countedTo: string | null;
  readonly judgeFrom: string | null;
  /** The person or department that it is about; null = the hall. */
  readonly employee: string | null;
  readonly department: string | null;
  readonly masked: boolean;
  /** Nothing of it is pending or still going on. */
  readonly settled: boolean;
  /** The configurations by which days were judged, in order. */
  readonly configs: readonly { readonly hash: string; readonly from: string }[];
  /** Lists that are too long for any paper, each with its rows: they are in reports of a shorter period, or of a department. */
  readonly leftOut: readonly LeftOut[];
  /** The release whose rules made the figures. */
  readonly rules: string;
  readonly sheets: readonly Sheet[];
  /** `sha256:` of all of the above as canonical JSON. */
  readonly checksum: string;
}

export interface LeftOut {
  readonly sheet: SheetId;
  readonly rows: number;
}

/** A report with the hash of all that it says; who has the file can compute it again. */
export function sealed(report: Omit<Report, 'checksum'>): Report {
  return { ...report, checksum: checksumOf(report) };
}

export function checksumOf(report: Omit<Report, 'checksum'>): string {
  const { checksum: _checksum, ...said } = report as Report;
  return hashOf(canonicalJson(said));
}

/** Why there is no such report. */
export type NoReportReason =
  | 'no-ledger'
  | 'unreadable'
  | 'damaged'
  | 'old'
  | 'empty'
  | 'no-period'
  | 'future'
  | 'commissioning'
  | 'before-records'
  | 'unknown-then'
  | 'no-employee'
  | 'no-department'
  | 'no-sheet';

export class NoReport extends Error {
  override readonly name = 'NoReport';
  readonly reason: NoReportReason;
  /** What the sentence is about: a date, an id, a folder. */
  readonly about: string;

  constructor(reason: NoReportReason, about: string, cause?: unknown) {
    super(`${reason}: ${about}`, { cause });
    this.reason = reason;
    this.about = about;
  }
}
