/** Reports, in the OpenAPI document. */
import { z } from 'zod';
import { PERIOD_KINDS } from '../reports/period.ts';
import { SHEET_IDS } from '../reports/report.ts';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';
import { WISHED_FORMATS } from './report-wish.ts';

const text = { type: 'string' };
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const of = (description: string, type: string, schema: object): object => ({
  description,
  content: { [type]: { schema } },
});
const json = (description: string, name: string): object => of(description, 'application/json', ref(name));
const problemOf = (description: string): object => of(description, PROBLEM_CONTENT_TYPE, ref('Problem'));

const refusals = {
  401: problemOf('Nobody known asks.'),
  403: problemOf('Not yours to read.'),
};
const tooMany = problemOf('`too-many`: three of yours are being made.');
const noJob = problemOf('There is no such job of yours.');
const id = { name: 'id', in: 'path', required: true, schema: text };

const reportFile = {
  200: of('The file. Every reading is recorded.', 'application/json', { type: 'object' }),
  404: problemOf('`code` says why there is none.'),
  503: problemOf('`no-chromium`, `not-printed`: of PDF alone.'),
};

export const reportPaths = {
  '/api/v1/reports': {
    get: {
      summary: 'What reports can be asked for: of whom, since when, and as which files.',
      parameters: [{ name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] } }],
      responses: { 200: json('As far as you may read them.', 'ReportChoices'), ...refusals },
    },
  },
  '/api/v1/reports/{kind}/{period}': {
    get: {
      summary: 'An attendance report: `day|week|month|quarter|year` and its name, such as `month/2026-11`.',
      description:
        'A supervisor and a manager read all of them, a chief those of their `department` and of people in it, an ' +
        'employee their own (`employee`). It is made while you wait; hanging up ends it. What takes long is a job.',
      parameters: [
        ...['kind', 'period'].map((name) => ({ name, in: 'path', required: true, schema: text })),
        { name: 'format', in: 'query', schema: { enum: WISHED_FORMATS } },
        { name: 'sheet', in: 'query', description: 'The table, of `csv`.', schema: { enum: SHEET_IDS } },
        ...['department', 'employee'].map((name) => ({ name, in: 'query', schema: text })),
        {
          name: 'asKnownAt',
          in: 'query',
          description: 'As the ledger knew it then, and what changed since.',
          schema: { type: 'string', format: 'date-time' },
        },
        { name: 'masked', in: 'query', description: 'Without names.', schema: { enum: ['1', '0'] } },
        { name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] } },
      ],
      responses: { ...reportFile, 400: problemOf('It was asked for wrongly.'), 429: tooMany, ...refusals },
    },
  },
  '/api/v1/report-jobs': {
    post: {
      summary: 'Begins a report; `Location` is where its progress is.',
      requestBody: { content: { 'application/json': { schema: ref('ReportWish') } } },
      responses: { 202: json('It has begun, or waits for others.', 'ReportJob'), 429: tooMany, ...refusals },
    },
  },
  '/api/v1/report-jobs/{id}': {
    get: {
      summary: 'How far a report is.',
      parameters: [id],
      responses: { 200: json('The job.', 'ReportJob'), 401: refusals[401], 404: noJob },
    },
    delete: {
      summary: 'Ends it; one that has ended is forgotten.',
      parameters: [id],
      responses: { 204: { description: 'Nothing of it goes on.' }, 401: refusals[401], 404: noJob },
    },
  },
  '/api/v1/report-jobs/{id}/file': {
    get: {
      summary: 'The file of a report that is done; kept for ten minutes.',
      parameters: [id],
      responses: { ...reportFile, 409: problemOf('`not-done` or `cancelled`.'), ...refusals },
    },
  },
};

const named = z.object({ id: z.string(), name: z.string() });

export const reportSchemas = {
  ReportChoices: z.object({
    hall: named.extend({ timezone: z.string() }),
    today: z.string(),
    latestAt: z.string().describe('The last instant that the ledger knows of.'),
    recordedFrom: z.string().nullable(),
    judgeFrom: z.string().nullable(),
    formats: z.array(z.enum(WISHED_FORMATS)),
    ofHall: z.boolean().describe('Whether you may ask for the whole hall.'),
    words: z.object({}).describe('What tables, columns, marks and terms are called.'),
    departments: z.array(named),
    employees: z.array(named.extend({ department: z.string().nullable() })),
  }),
  ReportWish: z.object({
    kind: z.enum(PERIOD_KINDS),
    period: z.string(),
    format: z.enum(WISHED_FORMATS).optional(),
    sheet: z.enum(SHEET_IDS).optional(),
    department: z.string().optional(),
    employee: z.string().optional(),
    asKnownAt: z.string().optional(),
    masked: z.boolean().optional(),
    lang: z.enum(['zh', 'en']).optional(),
  }),
  ReportJob: z.object({
    id: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'none', 'failed', 'cancelled']),
    kind: z.enum(PERIOD_KINDS),
    period: z.string(),
    employee: z.string().nullable(),
    department: z.string().nullable(),
    format: z.enum(WISHED_FORMATS),
    progress: z.object({ done: z.int(), of: z.int() }).nullable().describe('Days looked at, of how many.'),
    file: z.string().nullable().describe('Its name, once it is done.'),
    code: z.string().optional().describe('Why there is none.'),
    detail: z.string().optional(),
  }),
};
