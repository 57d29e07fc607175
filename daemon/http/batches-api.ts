/** Many cameras at once, for installers: read from a table or asked of a recorder, tried, changed, and written into hall.yaml. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { id as configId, roi as configRoi } from '../../config/fields.ts';
import { actorOf } from '../access/actor.ts';
import type { By } from '../access/books.ts';
import { Batch } from '../bulk/batch.ts';
import type { BatchRow } from '../bulk/batch-row.ts';
import type { BulkDesk, NotBegun, NotReady, Ready } from '../bulk/bulk-desk.ts';
import { bodyOf } from './body.ts';
import { edited } from './cameras-api.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { problem } from './problem.ts';

type Answer = Context<HttpEnv>;
type Handled = Handler<HttpEnv>;

const NO_STORE = { 'Cache-Control': 'no-store' };
const MOST_SEATS = 16;

const line = z.int().min(1).max(10_000_000);
const lines = z.array(line).min(1).max(256);
export const recorderSchema = z.strictObject({
  id: configId,
  source: z
    .string()
    .min(1)
    .max(1000)
    .describe('`onvif://HOST`, which is asked for its channels; or the address of a channel, `{n}` being its number.'),
  user: z.string().max(200).default(''),
  password: z.string().max(1000).default(''),
  channels: z.string().max(200).default('').describe('Such as `1-8,11`; of an ONVIF address nothing.'),
});
export const tryRowsSchema = z.strictObject({
  lines: lines.optional().describe('These rows; all that have not passed by itself.'),
});
export const changeRowSchema = z.strictObject({
  id: configId.optional(),
  windows: z.array(configId).max(MOST_SEATS).optional(),
  seats: z
    .array(z.strictObject({ window: configId, roi: configRoi.describe('As in hall.yaml: `[x, y, w, h]` or points.') }))
    .max(MOST_SEATS)
    .optional(),
});
export const rowsSchema = z.strictObject({ lines });
export const saveRowsSchema = z.strictObject({
  lines,
  base: z.string().length(64).describe('Of the proposal that was seen.'),
});

export function batchesHandlers(desk: BulkDesk) {
  const ofBatch = (act: (c: Answer, batch: Batch) => Response | Promise<Response>): Handled => {
    return async (c) => {
      const batch = desk.batches.find(c.req.param('id') ?? '');
      return batch === null ? unknown(c, 'There is no such batch; it may have ended.') : await act(c, batch);
    };
  };
  const ofRow = (act: (c: Answer, batch: Batch, row: BatchRow) => Response | Promise<Response>): Handled =>
    ofBatch((c, batch) => {
      const row = batch.row(Number(c.req.param('line')));
      return row === null ? unknown(c, 'The batch has no such row.') : act(c, batch, row);
    });
  const shown = (c: Answer, batch: Batch): Response => c.json(desk.json(batch, languageOf(c)), 200, NO_STORE);
  return {
    'GET /api/v1/camera-batches': (c: Answer) =>
      c.json({ batches: desk.batches.list().map((batch) => desk.json(batch, languageOf(c))) }, 200, NO_STORE),
    'POST /api/v1/camera-batches': async (c: Answer) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      const sheet = c.req.query('sheet') ?? null;
      return begun(desk, c, await desk.readTable(bytes, sheet, byOf(c), languageOf(c)));
    },
    'POST /api/v1/camera-batches/recorder': async (c: Answer) =>
      begun(desk, c, desk.addRecorder(await bodyOf(c, recorderSchema), byOf(c), languageOf(c))),
    'GET /api/v1/camera-batches/:id': ofBatch(shown),
    'DELETE /api/v1/camera-batches/:id': ofBatch(async (c, batch) => {
      await desk.batches.end(batch);
      return c.body(null, 204);
    }),
    'POST /api/v1/camera-batches/:id/try': ofBatch(async (c, batch) => {
      const asked = await bodyOf(c, tryRowsSchema);
      if (desk.try(batch, asked.lines ?? null, byOf(c), languageOf(c))) return shown(c, batch);
      const detail = 'Something of it goes on already, or none of these rows can be tried.';
      return problem(c, { status: 409, title: 'Conflict', detail, code: 'nothing-to-try' });
    }),
    'POST /api/v1/camera-batches/:id/cancel': ofBatch(async (c, batch) => {
      await batch.cancel();
      return shown(c, batch);
    }),
    'PUT /api/v1/camera-batches/:id/rows/:line': ofRow(async (c, batch, row) => {
      const { id, windows, seats } = await bodyOf(c, changeRowSchema);
      desk.change(row, { ...(id && { id }), ...(windows && { windows }), ...(seats && { seats }) });
      return shown(c, batch);
    }),
    'GET /api/v1/camera-batches/:id/rows/:line/picture': ofRow(async (c, batch, row) => {
      const jpeg = await desk.picture(batch, row, byOf(c));
      if (jpeg !== null) return c.body(jpeg, 200, { ...NO_STORE, 'Content-Type': 'image/jpeg' });
      return problem(c, { status: 409, title: 'Conflict', detail: 'It has shown no picture.', code: 'no-picture' });
    }),
    'POST /api/v1/camera-batches/:id/proposal': ofBatch(async (c, batch) => {
      const asked = await bodyOf(c, rowsSchema);
      return await written(c, desk.ready(batch, asked.lines), (ready) => desk.propose(ready, languageOf(c)));
    }),
    'POST /api/v1/camera-batches/:id/save': ofBatch(async (c, batch) => {
      const { lines: chosen, base } = await bodyOf(c, saveRowsSchema);
      return await written(c, desk.ready(batch, chosen), (ready) => desk.save(ready, base, byOf(c), languageOf(c)));
    }),
  } as const;
}

const byOf = (c: Answer): By => ({ who: actorOf(c).id, address: c.get('address') });

function begun(desk: BulkDesk, c: Answer, batch: Batch | NotBegun): Response {
  if (batch instanceof Batch) return c.json(desk.json(batch, languageOf(c)), 202, NO_STORE);
  const code = batch.because;
  const unprocessable = (detail: string): Response =>
    problem(c, { status: 422, title: 'Unprocessable Content', detail, code });
  switch (batch.because) {
    case 'busy': {
      const detail = 'As many batches are being set up as can be at once; end one.';
      return problem(c, { status: 503, title: 'Service Unavailable', detail, code, headers: { 'Retry-After': '60' } });
    }
    case 'no-ffmpeg':
      return problem(c, { status: 503, title: 'Service Unavailable', detail: 'There is no ffmpeg that works.', code });
    case 'bad-channels':
      return unprocessable('Channels are such as 1-8,11.');
    case 'no-mark':
      return unprocessable('The address needs {n} where the number of the channel stands.');
    case 'bad-table':
      return unprocessable(batch.detail);
    case 'bad-source':
      // The address itself is not repeated: it may hold a password.
      return unprocessable(`The address ${batch.detail}.`);
  }
}

/** As `edited`, of rows that can be written; the others are named. */
async function written(
  c: Answer,
  ready: Ready | NotReady,
  act: (ready: Ready) => Promise<object | null>,
): Promise<Response> {
  if (!('because' in ready)) return await edited(c, () => act(ready));
  const detail = `Rows that have not passed, or are written already: ${ready.lines.join(', ')}.`;
  return problem(c, { status: 409, title: 'Conflict', detail, code: ready.because });
}

const unknown = (c: Answer, detail: string): Response => problem(c, { status: 404, title: 'Not Found', detail });
