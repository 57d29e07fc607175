/** Reports for whoever may read them: made in a thread of their own, and every download is recorded. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { type Actor, actorOf, hasRole } from '../access/actor.ts';
import type { Language } from '../alerts/words.ts';
import type { HallCore } from '../hall-core.ts';
import type { ReportFile } from '../reports/files.ts';
import { noReportText } from '../reports/no-report.ts';
import { PERIOD_KINDS } from '../reports/period.ts';
import { NoReport, type ReportRequest } from '../reports/report.ts';
import type { ReportTask } from '../reports/report-task.ts';
import { reportFilesInThread } from '../reports/report-thread.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

/** Those that are one file. */
const TYPES = {
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

const asked = z.strictObject({
  format: z.enum(['json', 'html', 'xlsx']).default('json'),
  employee: z.string().max(64).optional(),
  department: z.string().max(64).optional(),
  masked: z.enum(['1', '0']).default('0'),
  lang: z.enum(['zh', 'en']).default('zh'),
});

export interface ReportsOptions {
  readonly access: Access;
  /** Makes the files of a report; throws `NoReport`. */
  readonly make: (request: ReportRequest, files: NonNullable<ReportTask['files']>) => Promise<readonly ReportFile[]>;
}

/** Those of a hall. */
export function reportsOf(core: HallCore, access: Access): ReportsOptions {
  return {
    access,
    make(request, files) {
      // What is queued is in the ledger before another thread reads it.
      core.live.settle();
      const { hall, ledger, countsSimulated } = core;
      const source = { directory: ledger.directory, hall: hall.id, countSimulated: countsSimulated };
      return reportFilesInThread({ source, request, files });
    },
  };
}

export function reportsHandlers(options: ReportsOptions) {
  return { 'GET /api/v1/reports/:kind/:period': report(options) } as const;
}

function report({ access, make }: ReportsOptions): Handler<HttpEnv> {
  return async (c) => {
    const kind = PERIOD_KINDS.find((one) => one === c.req.param('kind'));
    const query = asked.safeParse(c.req.query());
    if (kind === undefined || !query.success) return wrong(c);
    const { format, lang, masked, employee = null, department = null } = query.data;
    const actor = actorOf(c);
    if (!maySee(actor, employee, department)) return notYours(c);
    const period = c.req.param('period') ?? '';
    const request: ReportRequest = { kind, period, asKnownAt: null, maskNames: masked === '1', employee, department };
    try {
      const [file] = await make(request, { formats: [format], lang });
      if (file === undefined) throw new Error(`a report came without its ${format}`);
      recordDownload(access, c, actor, file.name);
      return c.body(bodyOf(file), 200, {
        'Content-Type': TYPES[format],
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        'Cache-Control': 'no-store',
      });
    } catch (error) {
      if (error instanceof NoReport) return none(c, error, request, lang);
      throw error;
    }
  };
}

/** A chief sees the sheets of their departments, and an employee their own. */
function maySee(actor: Actor, employee: string | null, department: string | null): boolean {
  if (hasRole(actor, 'supervisor', 'manager')) return true;
  if (hasRole(actor, 'chief') && department !== null && actor.departments.includes(department)) return true;
  return hasRole(actor, 'employee') && employee !== null && employee === actor.employee;
}

/** Before it is sent: what cannot be recorded is not handed out. */
function recordDownload({ books }: Access, c: Context<HttpEnv>, actor: Actor, name: string): void {
  books.write(() => books.record('report-read', { who: actor.id, address: c.get('address') }, null, { name }));
}

const bodyOf = ({ content }: ReportFile): string | Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? content : new Uint8Array(content);

function none(c: Context, error: NoReport, request: ReportRequest, lang: Language): Response {
  const detail = noReportText(error, request, lang);
  return problem(c, { status: 404, title: 'Not Found', detail, code: error.reason });
}

function wrong(c: Context): Response {
  const detail = `A report is /api/v1/reports/${PERIOD_KINDS.join('|')}/PERIOD?format=json|html|xlsx&department=&employee=&masked=1&lang=zh|en.`;
  return problem(c, { status: 400, title: 'Bad Request', detail });
}

function notYours(c: Context): Response {
  const detail = 'A chief asks with ?department= of their own, an employee with ?employee= of themself.';
  return problem(c, { status: 403, title: 'Forbidden', detail });
}
