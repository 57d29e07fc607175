/** What is asked of a report, from an address or a body, and whether it may be asked. */
import { z } from 'zod';
import { parseInstant } from '../../rules/time.ts';
import { type Actor, hasRole } from '../access/actor.ts';
import type { Language } from '../alerts/words.ts';
import { PERIOD_KINDS } from '../reports/period.ts';
import { type ReportRequest, SHEET_IDS, type SheetId } from '../reports/report.ts';

/** Those that are one file; of `csv`, one table. */
export const WISHED_FORMATS = ['json', 'html', 'xlsx', 'docx', 'csv', 'pdf'] as const;
export type WishedFormat = (typeof WISHED_FORMATS)[number];

/** As what a report is wanted. */
export interface ReportWish {
  readonly format: WishedFormat;
  readonly lang: Language;
  readonly sheet: SheetId | null;
}

const instant = z.string().transform((text, context) => {
  const at = parseInstant(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom', message: 'expected an instant such as 2026-12-01T09:00:00+08:00' });
  return z.NEVER;
});

const wanted = {
  kind: z.enum(PERIOD_KINDS),
  period: z.string().max(16),
  format: z.enum(WISHED_FORMATS).default('json'),
  employee: z.string().max(64).optional(),
  department: z.string().max(64).optional(),
  asKnownAt: instant.optional(),
  lang: z.enum(['zh', 'en']).default('zh'),
  sheet: z.enum(SHEET_IDS).optional(),
};
const ONE_TABLE = { message: 'csv is one table: "sheet" says which', path: ['sheet'] };
const hasTable = ({ format, sheet }: { format: WishedFormat; sheet?: SheetId | undefined }): boolean =>
  format !== 'csv' || sheet !== undefined;

/** As it stands in an address, with the kind and the period. */
export const askedInAddress = z
  .strictObject({ ...wanted, masked: z.enum(['1', '0']).default('0') })
  .refine(hasTable, ONE_TABLE);
/** As it is sent. */
export const askedInBody = z
  .strictObject({ ...wanted, masked: z.boolean().default(false) })
  .refine(hasTable, ONE_TABLE);

type Asked = z.output<typeof askedInAddress> | z.output<typeof askedInBody>;

export function wishOf(asked: Asked): { readonly request: ReportRequest; readonly wish: ReportWish } {
  const { kind, period, format, lang, sheet = null, masked, asKnownAt = null } = asked;
  const { employee = null, department = null } = asked;
  const maskNames = masked === true || masked === '1';
  return { request: { kind, period, asKnownAt, maskNames, employee, department }, wish: { format, lang, sheet } };
}

/** A chief reads the sheets of their departments and of the people in them, an employee their own. */
export function mayRead(
  actor: Actor,
  { employee, department }: Pick<ReportRequest, 'employee' | 'department'>,
): boolean {
  if (hasRole(actor, 'supervisor', 'manager')) return true;
  if (hasRole(actor, 'chief') && department !== null && actor.departments.includes(department)) return true;
  return hasRole(actor, 'employee') && employee !== null && employee === actor.employee;
}
