/** The part of `/api/openapi.json` about pictures and archives of cases, and about a department's week. */
import { z } from 'zod';
import { MOMENTS } from '../evidence/moments.ts';
import { instant, json, problem, refsTo } from './openapi-parts.ts';
import { remarkSchema, signSchema } from './week-api.ts';

const date = z.string().meta({ format: 'date' });

const stillSchema = z.object({
  picture: z.string(),
  moment: z.enum(MOMENTS),
  momentName: z.string().describe('In the language asked for.'),
  window: z.string(),
  camera: z.string(),
  at: instant.nullable(),
  views: z.int().describe('How often it was looked at.'),
  missing: z
    .object({ because: z.string(), text: z.string() })
    .nullable()
    .describe('Why there is none; then what follows is not there.'),
  sha256: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  askedBy: z.string().nullable().optional().describe('Who had it kept; null = it was taken with the case.'),
  keptUntil: instant.nullable().optional().describe('Null while the case has not come to rest.'),
  removedAt: instant.nullable().optional(),
});

const stillsSchema = z.object({ case: z.string(), pictures: z.array(stillSchema), mayFreeze: z.boolean() });

const said = { by: z.string(), byName: z.string().nullable(), at: instant };
const savedRemarkSchema = z.object({
  ...said,
  case: z.string().nullable(),
  text: z.string(),
  proposes: remarkSchema.shape.proposes.unwrap().nullable(),
});

const weekSchema = z.looseObject({
  week: z.string().describe('As in 2026-W45.'),
  from: date,
  to: date,
  department: z.string(),
  departmentName: z.string().nullable(),
  asOf: instant,
  timezone: z.string(),
  isOver: z.boolean(),
  settled: z.boolean().describe('Nothing of it is pending or going on.'),
  checksum: z.string().describe('Of marks, figures, verdicts and leave: what is signed.'),
  days: z.array(z.object({ date, weekday: z.string() })),
  people: z.array(
    z.object({
      employee: z.string(),
      name: z.string(),
      days: z.array(z.object({ date, marks: z.array(z.string()), text: z.string() })),
      figures: z.record(z.string(), z.number().nullable()),
    }),
  ),
  signOffs: z.array(z.object({ ...said, checksum: z.string(), note: z.string().nullable() })),
  isChanged: z.boolean().describe('It says something else than it did when it was last signed.'),
  remarks: z.array(savedRemarkSchema),
  maySign: z.boolean(),
  mayRemark: z.boolean(),
});

export const evidenceSchemas = {
  Stills: stillsSchema,
  Week: weekSchema,
  SignOff: signSchema,
  RemarkDraft: remarkSchema,
  Remark: savedRemarkSchema,
} as const;

const { ref } = refsTo<keyof typeof evidenceSchemas>();
const inPath = (name: string): object => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const inQuery = (name: string, description: string): object => ({
  ...{ name, in: 'query', description },
  schema: { type: 'string' },
});
const lang = inQuery('lang', '`zh` or `en`.');
const signedIn = { 401: problem('Nobody known asks.'), 403: problem('Not for these roles.') };
const seen = { ...signedIn, 404: problem('There is none, or it may not be seen.') };
const unrecorded = problem('It cannot be recorded who looked.');
const bytes = (type: string): object => ({ [type]: { schema: { type: 'string', format: 'binary' } } });
const week = { description: 'The week.', content: json(ref('Week')) };

export const evidencePaths = {
  '/api/v1/alerts/{id}/evidence': {
    get: {
      summary: 'The pictures of a case, without looking at them.',
      parameters: [inPath('id'), lang],
      responses: { 200: { description: 'Oldest first.', content: json(ref('Stills')) }, ...seen },
    },
  },
  '/api/v1/alerts/{id}/evidence/{picture}': {
    get: {
      summary: 'One picture; that it was looked at is recorded first.',
      parameters: [inPath('id'), inPath('picture')],
      responses: {
        200: { description: 'The picture.', content: bytes('image/jpeg') },
        ...seen,
        409: problem('Its file is not what was written.'),
        410: problem('It was kept as long as it may be.'),
        503: unrecorded,
      },
    },
  },
  '/api/v1/alerts/{id}/evidence/freeze': {
    post: {
      summary: 'Keeps what the cameras of the window remember now, for this case.',
      parameters: [inPath('id'), lang],
      responses: {
        201: { description: 'The pictures of the case, those among them.', content: json(ref('Stills')) },
        ...seen,
        409: problem('`code`: `not-today`, `no-camera` or `frozen-already`.'),
      },
    },
  },
  '/api/v1/alerts/{id}/archive': {
    get: {
      summary: 'All evidence of a case as one ZIP, with the SHA-256 of each file; the download is recorded.',
      parameters: [inPath('id'), lang],
      responses: { 200: { description: 'The archive.', content: bytes('application/zip') }, ...seen, 503: unrecorded },
    },
  },
  '/api/v1/alerts/{id}/remarks': {
    get: {
      summary: 'What was said of the case with its week, and proposed for it.',
      parameters: [inPath('id')],
      responses: {
        200: {
          description: 'Oldest first.',
          content: json({ type: 'object', properties: { remarks: { type: 'array', items: ref('Remark') } } }),
        },
        ...seen,
      },
    },
  },
  '/api/v1/weeks': {
    get: {
      summary: 'The departments whose weeks whoever asks may see, and which week it is.',
      responses: { 200: { description: 'Those.', content: json({ type: 'object' }) }, ...signedIn },
    },
  },
  '/api/v1/weeks/{week}': {
    get: {
      summary: 'A department’s week: the reports’ marks and figures, who signed it off, and what has changed since.',
      parameters: [inPath('week'), inQuery('department', 'Its id.'), lang],
      responses: { 200: week, ...seen },
    },
  },
  '/api/v1/weeks/{week}/sign-off': {
    post: {
      summary: 'The department’s chief signs the week as it was looked at.',
      parameters: [inPath('week'), lang],
      requestBody: { required: true, content: json(ref('SignOff')) },
      responses: {
        201: week,
        ...seen,
        409: problem('`code`: `not-over`, `signed-already`, or `changed` since it was looked at.'),
        422: problem('The body cannot be read.'),
        503: problem('Nothing can be noted at present.'),
      },
    },
  },
  '/api/v1/weeks/{week}/remarks': {
    post: {
      summary: 'Says something of the week, or of a case of it with what is proposed. Decides nothing.',
      parameters: [inPath('week'), lang],
      requestBody: { required: true, content: json(ref('RemarkDraft')) },
      responses: {
        201: week,
        ...seen,
        422: problem('The body cannot be read, or proposes without a case.'),
        503: problem('Nothing can be noted at present.'),
      },
    },
  },
} as const;
