/** The part of `/api/openapi.json` about cases: what was found, and what people do with it. */
import { z } from 'zod';
import { DEEDS } from '../../rules/case-life.ts';
import { wishSchema } from './alerts-api.ts';
import { instant, json, problem, refsTo } from './openapi-parts.ts';

const date = z.string().meta({ format: 'date' });
const deed = z.enum(DEEDS);
const done = {
  by: z.string().describe('The account: `user:NAME`.'),
  byName: z.string().nullable().describe('What it is called; null of what has no account.'),
  at: instant,
  reason: z.string().nullable(),
};
const doneOrNot = z.object(done).nullable();

const verdict = z
  .looseObject({ rule: z.string(), name: z.string().describe('The rule in the language asked for.'), minutes: z.int() })
  .describe('As in `zaigang export verdicts`, without the names that may not be seen.');

export const caseSchema = z.object({
  case: z.string(),
  alert: z.string().describe('Cases with one cause share it.'),
  hall: z.string(),
  date,
  session: z.int().nullable(),
  family: z.enum(['arrival', 'departure', 'cover', 'post', 'leave']),
  window: z.string().nullable(),
  windowName: z.string().nullable(),
  employee: z.string().nullable().describe('Null also where it may not be seen who it is.'),
  employeeName: z.string().nullable(),
  department: z.string().nullable(),
  departmentName: z.string().nullable(),
  own: z.boolean().describe('It speaks against whoever asks.'),
  state: z.enum(['pending', 'open', 'closed', 'withdrawn']),
  revision: z.string().describe('Names what is said here, and what was decided: who decides sends it along.'),
  from: instant,
  to: instant.nullable(),
  text: z.string().describe('A sentence for each verdict, in the language asked for.'),
  verdicts: z.array(verdict),
  acknowledged: doneOrNot,
  cleared: doneOrNot,
  decision: z.enum(['none', 'confirmed', 'excused', 'false-alarm', 'appealed', 'upheld', 'overturned']),
  decided: doneOrNot,
  delivered: doneOrNot,
  appeal: doneOrNot,
  appealDecided: doneOrNot,
  appealUntil: instant.nullable(),
  appealLastDay: date.nullable(),
  review: z.boolean().describe('What was decided was decided on something else.'),
  finalAt: instant.nullable(),
  may: z.array(deed).describe('What whoever asks may do with it now.'),
});

export const caseDetailSchema = caseSchema.extend({
  asOf: instant,
  today: date,
  timezone: z.string(),
  people: z.array(z.object({ employee: z.string(), name: z.string(), role: z.enum(['A', 'B']).nullable() })),
  deeds: z.array(z.object({ do: deed, ...done })),
  notes: z
    .array(
      z.object({
        ...{ at: instant, window: z.string(), reason: z.string().nullable() },
        kind: z.enum(['away', 'back', 'here']),
        answer: z
          .object({ at: instant, seen: z.boolean(), reason: z.string().nullable(), byName: z.string().nullable() })
          .nullable(),
      }),
    )
    .describe('What the window’s own PC said around it, and what was answered; it changes no verdict.'),
  history: z.array(
    z.looseObject({
      at: instant,
      op: z.enum(['open', 'revise', 'close', 'retract']),
      text: z.string(),
      cause: z.looseObject({}),
      kinds: z.array(z.string()).describe('Of the facts that caused it.'),
    }),
  ),
});

export const caseListSchema = z.object({ asOf: instant, date, timezone: z.string(), alerts: z.array(caseSchema) });

export const caseSchemas = { CaseList: caseListSchema, CaseDetail: caseDetailSchema, Wish: wishSchema } as const;

const { ref } = refsTo<keyof typeof caseSchemas>();
const inQuery = (name: string, description: string): object => ({
  ...{ name, in: 'query', description },
  schema: { type: 'string' },
});
const lang = inQuery('lang', '`zh` or `en`.');
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const signedIn = { 401: problem('Nobody known asks.'), 403: problem('Not for these roles.') };
const seen = { ...signedIn, 404: problem('There is no such case, or it may not be seen.') };

const doing = (summary: string): object => ({
  parameters: [id, lang],
  post: {
    summary,
    requestBody: { required: false, content: json(ref('Wish')) },
    responses: {
      200: { description: 'Done: the case as it is now.', content: json(ref('CaseDetail')) },
      ...seen,
      409: problem('`code` says why not; `changed`: it is not what was decided on.'),
      422: problem('`reason-missing`, or the body cannot be read.'),
      503: problem('Nothing can be noted at present.'),
    },
  },
});

export const casePaths = {
  '/api/v1/alerts': {
    get: {
      summary: 'Cases of some days, as far as whoever asks may see them.',
      parameters: [
        inQuery('from', 'A date; without it the last `days`.'),
        inQuery('to', 'A date; today by itself.'),
        inQuery('days', '7 by itself, at most 92.'),
        lang,
      ],
      responses: {
        200: { description: 'In the order of time.', content: json(ref('CaseList')) },
        400: problem('Not dates, or too many.'),
        ...signedIn,
      },
    },
  },
  '/api/v1/alerts/{id}': {
    get: {
      summary: 'One case with all that was said of it and done with it.',
      parameters: [id, lang],
      responses: { 200: { description: 'The case.', content: json(ref('CaseDetail')) }, ...seen },
    },
  },
  '/api/v1/alerts/{id}/explanation': {
    get: {
      summary: 'How its verdicts were reached: text for people if that is what is accepted, else one JSON a line.',
      parameters: [id, lang],
      responses: {
        200: {
          description: 'The explanation.',
          content: {
            'text/plain': { schema: { type: 'string' } },
            'application/x-ndjson': { schema: { type: 'string' } },
          },
        },
        ...seen,
      },
    },
  },
  '/api/v1/alerts/{id}/acknowledge': doing('Somebody has seen it; says nothing about guilt.'),
  '/api/v1/alerts/{id}/clear': doing('It has been dealt with; says nothing about guilt.'),
  '/api/v1/alerts/{id}/confirm': doing('It is true, and counts.'),
  '/api/v1/alerts/{id}/excuse': doing('It is true, and there was good reason; wants one.'),
  '/api/v1/alerts/{id}/false-alarm': doing('It did not happen; wants a reason.'),
  '/api/v1/alerts/{id}/deliver': doing('The person knows of the decision: the time for an appeal begins.'),
  '/api/v1/alerts/{id}/appeal': doing('The person, or their chief, appeals; wants a reason.'),
  '/api/v1/alerts/{id}/decide': doing('Decides an appeal; wants an `outcome` and a reason.'),
};
