/** Reports for whoever may read them: made in a thread of their own, at once or as a job, and every reading is recorded. */
import type { Context, Handler } from 'hono';
import type { Access } from '../access/access.ts';
import { type Actor, actorOf } from '../access/actor.ts';
import type { Language } from '../alerts/words.ts';
import { systemElapsed } from '../clock.ts';
import type { HallCore } from '../hall-core.ts';
import { faultOf, type Log } from '../log.ts';
import type { ReportFile } from '../reports/files.ts';
import { noReportText } from '../reports/no-report.ts';
import { findChromium, PdfError, pdfOf } from '../reports/pdf.ts';
import { NoReport } from '../reports/report.ts';
import { type JobState, MOST_UNFINISHED_EACH, type ReportJob, ReportJobs } from '../reports/report-jobs.ts';
import { reportFilesInThread } from '../reports/report-thread.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';
import { type ReportChoices, reportChoices } from './report-choices.ts';
import {
  askedInAddress,
  askedInBody,
  mayRead,
  type ReportWish,
  WISHED_FORMATS,
  type WishedFormat,
  wishOf,
} from './report-wish.ts';

const TYPES: Readonly<Record<WishedFormat, string>> = {
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

type Job = ReportJob<ReportWish>;

export interface ReportsOptions {
  readonly access: Access;
  readonly jobs: ReportJobs<ReportWish>;
  /** What somebody can choose from. */
  readonly choices: (actor: Actor, lang: Language) => Promise<ReportChoices>;
}

/** Those of a hall. */
export function reportsOf(core: HallCore, access: Access, log: Log): ReportsOptions {
  const searchPath = process.env['PATH'] ?? '';
  const jobs = new ReportJobs<ReportWish>({
    async make(request, { format, lang, sheet }, options) {
      // What is queued is in the ledger before another thread reads it.
      core.live.settle();
      const files = { formats: [format === 'pdf' ? ('html' as const) : format], lang, sheet };
      const [file] = await reportFilesInThread({ source: core.reportSource, request, files }, options);
      if (file === undefined) throw new Error(`a report came without its ${format}`);
      if (format !== 'pdf') return file;
      const content = await pdfOf(String(file.content), searchPath, options.signal);
      return { name: file.name.replace(/\.html$/, '.pdf'), content };
    },
    now: systemElapsed,
    failed: (error) => log.error(faultOf(error), 'report was not made'),
  });
  return {
    access,
    jobs,
    choices: async (actor, lang) =>
      reportChoices(core, { actor, lang, printsPdf: (await findChromium(searchPath)) !== null }),
  };
}

export function reportsHandlers(options: ReportsOptions) {
  return {
    'GET /api/v1/reports': choices(options),
    'GET /api/v1/reports/:kind/:period': report(options),
    'POST /api/v1/report-jobs': start(options),
    'GET /api/v1/report-jobs/:id': look(options),
    'DELETE /api/v1/report-jobs/:id': cancel(options),
    'GET /api/v1/report-jobs/:id/file': fetched(options),
  } as const;
}

function choices({ choices }: ReportsOptions): Handler<HttpEnv> {
  return async (c) =>
    c.json(await choices(actorOf(c), c.req.query('lang') === 'en' ? 'en' : 'zh'), 200, { 'Cache-Control': 'no-store' });
}

/** Made while the client waits; who hangs up ends it. */
function report(options: ReportsOptions): Handler<HttpEnv> {
  return async (c) => {
    const asked = askedInAddress.safeParse({ ...c.req.query(), ...c.req.param() });
    if (!asked.success)
      return wrong(
        c,
        asked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      );
    const started = begin(options, c, wishOf(asked.data));
    if (started instanceof Response) return started;
    const { signal } = c.req.raw;
    const hangUp = (): void => options.jobs.cancel(started);
    signal.addEventListener('abort', hangUp, { once: true });
    await started.ended;
    signal.removeEventListener('abort', hangUp);
    const answer = fileAnswer(options, c, started);
    options.jobs.cancel(started);
    return answer;
  };
}

function start(options: ReportsOptions): Handler<HttpEnv> {
  return async (c) => {
    const started = begin(options, c, wishOf(await bodyOf(c, askedInBody)));
    if (started instanceof Response) return started;
    return c.json(jobJson(started), 202, { Location: addressOf(started), 'Cache-Control': 'no-store' });
  };
}

/** Begins it where the one who asks may read it. */
function begin(
  { jobs }: ReportsOptions,
  c: Context<HttpEnv>,
  { request, wish }: ReturnType<typeof wishOf>,
): Job | Response {
  const actor = actorOf(c);
  if (!mayRead(actor, request)) return notYours(c);
  const job = jobs.start(actor.id, request, wish);
  if (job === null) return tooMany(c);
  const { closing } = c.env;
  const close = (): void => jobs.cancel(job);
  closing?.addEventListener('abort', close, { once: true });
  void job.ended.then(() => closing?.removeEventListener('abort', close));
  return job;
}

function look({ jobs }: ReportsOptions): Handler<HttpEnv> {
  return (c) => {
    const job = jobs.find(actorOf(c).id, c.req.param('id') ?? '');
    return job === null ? noJob(c) : c.json(jobJson(job), 200, { 'Cache-Control': 'no-store' });
  };
}

function cancel({ jobs }: ReportsOptions): Handler<HttpEnv> {
  return async (c) => {
    const job = jobs.find(actorOf(c).id, c.req.param('id') ?? '');
    if (job === null) return noJob(c);
    jobs.cancel(job);
    await job.ended;
    return c.body(null, 204);
  };
}

function fetched(options: ReportsOptions): Handler<HttpEnv> {
  return (c) => {
    const actor = actorOf(c);
    const job = options.jobs.find(actor.id, c.req.param('id') ?? '');
    if (job === null) return noJob(c);
    // What they may read can have changed since they asked.
    return mayRead(actor, job.request) ? fileAnswer(options, c, job) : notYours(c);
  };
}

/** What is said of a job; its file, once it is done, is at its address and `/file`. */
function jobJson(job: Job): Record<string, unknown> {
  const { id, state, request, wish, progress, file } = job;
  const { kind, period, employee, department } = request;
  return {
    ...{ id, state, kind, period, employee, department, format: wish.format, progress },
    file: file?.name ?? null,
    ...(isOver(state) && state !== 'done' ? reasonOf(job) : {}),
  };
}

const isOver = (state: JobState): boolean => state !== 'waiting' && state !== 'running';

const addressOf = ({ id }: Job): string => `/api/v1/report-jobs/${id}`;

/** The file of a job, or why there is none. */
function fileAnswer({ access }: ReportsOptions, c: Context<HttpEnv>, job: Job): Response {
  const { state, file, error, wish } = job;
  if (file === null) {
    const { code, detail } = reasonOf(job);
    if (state === 'none') return problem(c, { status: 404, title: 'Not Found', detail, code });
    if (error instanceof PdfError) return problem(c, { status: 503, title: 'Service Unavailable', detail, code });
    if (state === 'failed') return problem(c, { status: 500, title: 'Internal Server Error', detail, code });
    return problem(c, { status: 409, title: 'Conflict', detail, code });
  }
  recordReading(access, c, actorOf(c), file.name);
  return c.body(bytesOf(file), 200, {
    'Content-Type': TYPES[wish.format],
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Cache-Control': 'no-store',
  });
}

function reasonOf({ state, error, request, wish }: Job): { readonly code: string; readonly detail: string } {
  if (error instanceof NoReport) return { code: error.reason, detail: noReportText(error, request, wish.lang) };
  if (error instanceof PdfError) {
    const detail = 'No PDF was printed: the server needs a Chromium that starts. The HTML prints from any browser.';
    return { code: error.reason, detail };
  }
  if (state === 'failed') return { code: 'failed', detail: 'The report was not made; the log of the daemon says why.' };
  return state === 'cancelled'
    ? { code: 'cancelled', detail: 'It was cancelled.' }
    : { code: 'not-done', detail: 'It is not done yet.' };
}

/** Before it is sent: what cannot be recorded is not handed out. */
function recordReading({ books }: Access, c: Context<HttpEnv>, actor: Actor, name: string): void {
  books.write(() => books.record('report-read', { who: actor.id, address: c.get('address') }, null, { name }));
}

const bytesOf = ({ content }: ReportFile): string | Uint8Array<ArrayBuffer> =>
  typeof content === 'string' ? content : new Uint8Array(content);

function wrong(c: Context, issues: readonly string[]): Response {
  const form = `/api/v1/reports/day|week|month|quarter|year/PERIOD?format=${WISHED_FORMATS.join('|')}`;
  const detail = `A report is ${form}&sheet=&department=&employee=&asKnownAt=&masked=1&lang=zh|en. ${issues.join('; ')}`;
  return problem(c, { status: 400, title: 'Bad Request', detail });
}

function notYours(c: Context): Response {
  const detail = 'A chief asks with a department of their own, an employee with themself as the employee.';
  return problem(c, { status: 403, title: 'Forbidden', detail });
}

function tooMany(c: Context): Response {
  const detail = `${MOST_UNFINISHED_EACH} reports of yours are being made; wait for one of them, or cancel it.`;
  const headers = { 'Retry-After': '5' };
  return problem(c, { status: 429, title: 'Too Many Requests', detail, code: 'too-many', headers });
}

function noJob(c: Context): Response {
  const detail = 'There is no such job of yours: it was cancelled, or ended more than ten minutes ago.';
  return problem(c, { status: 404, title: 'Not Found', detail, code: 'no-job' });
}
