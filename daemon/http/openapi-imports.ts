/** Imports, in the OpenAPI document. */
import { z } from 'zod';
import { IMPORTED } from './imports-api.ts';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const of = (description: string, type: string, name: string): object => ({
  description,
  content: { [type]: { schema: ref(name) } },
});
const problemOf = (description: string): object => of(description, PROBLEM_CONTENT_TYPE, 'Problem');
const flag = { enum: ['1', '0'] };

export const importPaths = {
  '/api/v1/imports/{what}': {
    post: {
      summary: 'Imports a file: checked as a whole, and nothing of it is taken in while anything is wrong.',
      description:
        'The body is the file: CSV (UTF-8, UTF-16 or GBK) or `.xlsx`; for `facts` JSON Lines. It is judged as one, and the same file ' +
        'again adds nothing. One file at a time.',
      parameters: [
        { name: 'what', in: 'path', required: true, schema: { enum: IMPORTED } },
        { name: 'dryRun', in: 'query', description: 'Imports nothing, and says what would change.', schema: flag },
        { name: 'partial', in: 'query', description: 'Takes the good rows.', schema: flag },
        { name: 'sheet', in: 'query', description: 'Of a workbook.', schema: { type: 'string' } },
        { name: 'clock', in: 'query', description: 'Of a table that names none.', schema: { type: 'string' } },
        { name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] } },
      ],
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
      responses: {
        200: of('What became of it.', 'application/json', 'ImportOutcome'),
        400: problemOf('It was asked for wrongly.'),
        401: problemOf('Nobody known asks.'),
        403: problemOf('Not yours to do.'),
        404: problemOf('There is no such kind.'),
        408: problemOf('`upload-stalled`: nothing more of the file came for half a minute.'),
        409: problemOf('`import-under-way`.'),
        413: problemOf('Larger than 64 MB.'),
        415: problemOf('The body has to be application/octet-stream.'),
        422: of('`bad-rows`: the outcome, as a problem.', PROBLEM_CONTENT_TYPE, 'ImportOutcome'),
      },
    },
  },
};

const text = z.string();

export const importSchemas = {
  ImportOutcome: z.object({
    format: text.describe('How the file was read.'),
    rows: z.int(),
    dryRun: z.boolean(),
    imported: z.boolean(),
    added: z.int().describe('Facts that were added, or would be.'),
    known: z.int(),
    problems: z.array(
      z.object({
        line: z.int(),
        cell: text.nullable(),
        column: text.nullable(),
        problem: text.describe('And what to do.'),
      }),
    ),
    notes: z.array(text),
    preview: z
      .object({
        at: z.string().meta({ format: 'date-time' }),
        changes: z.array(
          z.object({ op: z.enum(['open', 'revise', 'close', 'retract']), text, verdict: z.looseObject({}) }),
        ),
      })
      .nullable()
      .describe('Of a dry run; null where nothing has been judged yet.'),
  }),
};
