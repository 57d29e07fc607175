/** The part of `/api/openapi.json` about adding many cameras at once, for installers. */
import { z } from 'zod';
import { changeRowSchema, recorderSchema, rowsSchema, saveRowsSchema, tryRowsSchema } from './batches-api.ts';
import { instant, problem, refsTo } from './openapi-parts.ts';

const steps = z.array(
  z.object({ step: z.string(), name: z.string(), ok: z.boolean(), ms: z.number(), said: z.string() }),
);

const row = z.looseObject({
  line: z.int().describe('Of the table; of a recorder its place among the channels.'),
  id: z.string(),
  channel: z.int().nullable().describe('What stands for `{n}` in the recorder’s address; null = by itself.'),
  address: z.string().describe('Without its login.'),
  stream: z.string().nullable(),
  windows: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  seats: z.array(z.looseObject({ window: z.string(), roi: z.array(z.any()) })),
  state: z
    .enum(['new', 'waiting', 'testing', 'passed', 'failed', 'not-tried', 'cancelled'])
    .describe('`not-tried`: its host refused the login of `refusedLine`, so this password was not sent.'),
  steps,
  remedy: z.string().nullable(),
  refusedLine: z.int().nullable(),
  pictureAt: instant.nullable(),
  saved: z.looseObject({ camera: z.string(), at: instant }).nullable(),
});

const batch = z.looseObject({
  id: z.string(),
  state: z.enum(['asking', 'testing', 'idle']).describe('`asking`: a recorder for its channels.'),
  format: z.string().nullable().describe('How the table was read.'),
  notes: z.array(z.string()),
  problems: z
    .array(z.object({ line: z.int(), cell: z.string().nullable(), column: z.string().nullable(), problem: z.string() }))
    .describe('Rows of the table that cannot be tried.'),
  recorder: z
    .object({
      id: z.string(),
      address: z.string().nullable(),
      template: z.string().nullable().describe('The address of its channels with `{n}`; null = there is none for all.'),
      steps,
      remedy: z.string().nullable(),
    })
    .nullable(),
  rows: z.array(row),
});

export const batchSchemas = {
  CameraBatch: batch,
  CameraBatches: z.object({ batches: z.array(batch) }),
  RecorderWish: recorderSchema,
  RowsToTry: tryRowsSchema,
  RowChange: changeRowSchema,
  RowsToPropose: rowsSchema,
  RowsToSave: saveRowsSchema,
} as const;

const { shown, sent } = refsTo<keyof typeof batchSchemas | 'ConfigProposal' | 'ConfigWritten'>();
const text = { type: 'string' };
const id = { name: 'id', in: 'path', required: true, schema: text };
const line = { name: 'line', in: 'path', required: true, schema: { type: 'integer' } };
const lang = { name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] } };
const signedIn = { 401: problem('Nobody known asks.'), 403: problem('For installers and administrators.') };
const gone = { ...signedIn, 404: problem('There is no such batch or row; batches end an hour after the last look.') };
const full = problem('`busy`: two at most · `no-ffmpeg`.');
const notWritten = {
  409: problem('`not-ready`: rows have not passed, or are written · `changed`: look again · `layout`, `not-writable`.'),
  422: problem('`invalid`: it could not be used; the detail says why.'),
  503: problem('`not-written`, `unreadable`: the disk or the rights.'),
};

export const batchPaths = {
  '/api/v1/camera-batches': {
    get: {
      summary: 'What is being set up.',
      parameters: [lang],
      responses: { 200: shown('CameraBatches', 'All of them.'), ...signedIn },
    },
    post: {
      summary: 'Reads a table of cameras (CSV or XLSX). Bad rows are named; nothing is tried yet.',
      parameters: [lang, { name: 'sheet', in: 'query', description: 'Of a workbook with several.', schema: text }],
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { ...text, format: 'binary' } } },
      },
      responses: { 202: shown('CameraBatch', 'As it was read.'), ...signedIn, 422: problem('`bad-table`.'), 503: full },
    },
  },
  '/api/v1/camera-batches/recorder': {
    post: {
      summary:
        'Asks a recorder for its channels by ONVIF, or takes them as told, and tries them. A login is tried once.',
      parameters: [lang],
      ...sent('RecorderWish'),
      responses: {
        202: shown('CameraBatch', 'It has begun.'),
        ...signedIn,
        422: problem('`bad-source`, `no-mark`: the address has no `{n}` · `bad-channels`.'),
        503: full,
      },
    },
  },
  '/api/v1/camera-batches/{id}': {
    parameters: [id, lang],
    get: { summary: 'How far it is.', responses: { 200: shown('CameraBatch', 'Now.'), ...gone } },
    delete: { summary: 'Ends it.', responses: { 204: { description: 'It has ended.' }, ...gone } },
  },
  '/api/v1/camera-batches/{id}/try': {
    post: {
      summary: 'Tries rows, three at a time. Where a host refuses a login, its other rows are not tried.',
      parameters: [id, lang],
      ...sent('RowsToTry'),
      responses: { 200: shown('CameraBatch', 'It has begun.'), ...gone, 409: problem('`nothing-to-try`.') },
    },
  },
  '/api/v1/camera-batches/{id}/cancel': {
    post: {
      summary: 'Ends what goes on; what has been found stays.',
      parameters: [id, lang],
      responses: { 200: shown('CameraBatch', 'Nothing goes on.'), ...gone },
    },
  },
  '/api/v1/camera-batches/{id}/rows/{line}': {
    put: {
      summary: 'Another id, other windows, other seats.',
      parameters: [id, line, lang],
      ...sent('RowChange'),
      responses: { 200: shown('CameraBatch', 'Now.'), ...gone, 422: problem('Not within the picture.') },
    },
  },
  '/api/v1/camera-batches/{id}/rows/{line}/picture': {
    get: {
      summary: 'The last picture that came while it was tried, all of it; every look is recorded.',
      parameters: [id, line],
      responses: {
        200: { description: 'JPEG, grey.', content: { 'image/jpeg': { schema: { ...text, format: 'binary' } } } },
        ...gone,
        409: problem('`no-picture`.'),
      },
    },
  },
  '/api/v1/camera-batches/{id}/proposal': {
    post: {
      summary: 'What hall.yaml would be with these rows; nothing is written.',
      parameters: [id, lang],
      ...sent('RowsToPropose'),
      responses: { 200: shown('ConfigProposal', 'The difference.'), ...gone, ...notWritten },
    },
  },
  '/api/v1/camera-batches/{id}/save': {
    post: {
      summary: 'Writes that into hall.yaml and takes it up. For administrators.',
      parameters: [id, lang],
      ...sent('RowsToSave'),
      responses: { 200: shown('ConfigWritten', 'Written.'), ...gone, ...notWritten },
    },
  },
};
