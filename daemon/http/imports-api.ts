/** Files that programs and pages send to be imported: checked in a thread of their own, one at a time. */
import { Readable } from 'node:stream';
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { type Ms, SECOND, type Zone } from '../../rules/time.ts';
import { actorOf, hasRole } from '../access/actor.ts';
import type { HallCore } from '../hall-core.ts';
import type { ImportAnswer, Importer, ImportRequest } from '../imports/import.ts';
import { importSent, type SentFile } from '../imports/import-thread.ts';
import { isRefused, outcomeOf } from '../imports/outcome.ts';
import { TABLE_KINDS } from '../imports/table.ts';
import { arriving, StalledUpload } from './arriving.ts';
import type { HttpEnv } from './env.ts';
import { PROBLEM_CONTENT_TYPE, problem } from './problem.ts';

export const IMPORTED = [...TABLE_KINDS, 'facts'] as const;

const flag = z.enum(['1', '0']).default('0');
const askedSchema = z.strictObject({
  dryRun: flag,
  partial: flag,
  sheet: z.string().max(200).optional(),
  clock: z.string().max(64).optional(),
  lang: z.enum(['zh', 'en']).default('zh'),
});

export interface ImportsOptions {
  readonly take: (
    sent: SentFile,
    how: Pick<ImportRequest, 'partial' | 'dryRun'>,
    importer: Importer,
  ) => Promise<ImportAnswer>;
  readonly zone: () => Zone;
  /** How long nothing of a file may come before it is given up. */
  readonly stalledMs?: Ms;
}

/** Longer than a bad line is silent (TCP sends again within seconds), and no longer than those behind it care to wait. */
const STALLED_MS: Ms = 30 * SECOND;

/** Into the ledger of a hall. */
export function importsOf(core: HallCore): ImportsOptions {
  return { take: (...what) => importSent(core, ...what), zone: () => core.hall.zone };
}

export function importsHandlers({ take, zone, stalledMs = STALLED_MS }: ImportsOptions) {
  let isBusy = false;
  const post: Handler<HttpEnv> = async (c) => {
    const kind = IMPORTED.find((one) => one === c.req.param('what'));
    if (kind === undefined) return noSuchKind(c);
    const asked = askedSchema.safeParse(c.req.query());
    const body = Number(c.req.header('Content-Length') ?? 0) > 0 ? c.req.raw.body : null;
    if (!asked.success) return wrong(c);
    if (body === null) return nothingSent(c);
    // Two at once would be two backlogs, and a file may be large.
    if (isBusy) return busy(c);
    isBusy = true;
    try {
      const { sheet = null, clock = null, lang } = asked.data;
      const how = { dryRun: asked.data.dryRun === '1', partial: asked.data.partial === '1' };
      const bytes = Readable.from(arriving(body, stalledMs));
      const actor = actorOf(c);
      const sender = hasRole(actor, 'admin') ? 'administrator' : 'account';
      const importer = { by: actor.id, via: 'api', sender } as const;
      return answered(c, await take({ bytes, kind, sheet, clock, lang }, how, importer), how, zone());
    } catch (error) {
      if (error instanceof StalledUpload) return stalled(c);
      throw error;
    } finally {
      isBusy = false;
    }
  };
  return { 'POST /api/v1/imports/:what': post } as const;
}

/** What is refused as a whole is a problem, with everything that is wrong beside it. */
function answered(
  c: Context,
  answer: ImportAnswer,
  how: Pick<ImportRequest, 'partial' | 'dryRun'>,
  zone: Zone,
): Response {
  const outcome = outcomeOf(answer, how, zone);
  const headers = { 'Cache-Control': 'no-store' };
  if (!isRefused(answer, how)) return c.json(outcome, 200, headers);
  const detail = 'Nothing was imported: `problems` names each cell that is wrong. `partial=1` takes the good rows.';
  const refusal = { type: 'about:blank', title: 'Unprocessable Content', status: 422, detail, instance: c.req.path };
  const text = JSON.stringify({ ...refusal, code: 'bad-rows', ...outcome });
  return c.body(text, 422, { ...headers, 'Content-Type': PROBLEM_CONTENT_TYPE });
}

function noSuchKind(c: Context): Response {
  const detail = `What can be imported: ${IMPORTED.join(', ')}.`;
  return problem(c, { status: 404, title: 'Not Found', detail });
}

function wrong(c: Context): Response {
  const detail = 'An import is /api/v1/imports/WHAT?dryRun=1&partial=1&sheet=&clock=&lang=zh|en, its body the file.';
  return problem(c, { status: 400, title: 'Bad Request', detail });
}

function nothingSent(c: Context): Response {
  return problem(c, { status: 400, title: 'Bad Request', detail: 'The body has to be the file.' });
}

function stalled(c: Context): Response {
  const detail = 'The file stopped coming before all of it was here; send it again.';
  const headers = { Connection: 'close' };
  return problem(c, { status: 408, title: 'Request Timeout', detail, code: 'upload-stalled', headers });
}

function busy(c: Context): Response {
  const detail = 'Another file is being imported; try again when it is in.';
  const headers = { 'Retry-After': '5' };
  return problem(c, { status: 409, title: 'Conflict', detail, code: 'import-under-way', headers });
}
