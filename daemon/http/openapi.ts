/** `/api/openapi.json`: what this version serves, and nothing that it will serve one day. */
import type { Handler } from 'hono';
import { z } from 'zod';
import type { BoardSnapshot } from '../board/board.ts';
import { accessPaths, accessSchemas } from './openapi-access.ts';
import { batchPaths, batchSchemas } from './openapi-batches.ts';
import { cameraPaths, cameraSchemas } from './openapi-cameras.ts';
import { casePaths, caseSchemas } from './openapi-cases.ts';
import { clockDeskPaths, clockDeskSchemas } from './openapi-clock-desk.ts';
import { deskPaths, deskSchemas } from './openapi-desk.ts';
import { devicePaths, deviceSchemas } from './openapi-devices.ts';
import { evidencePaths, evidenceSchemas } from './openapi-evidence.ts';
import { importPaths, importSchemas } from './openapi-imports.ts';
import { ledgerPaths, ledgerSchemas } from './openapi-ledger.ts';
import { messagePaths, messageSchemas } from './openapi-messages.ts';
import { instant } from './openapi-parts.ts';
import { reportPaths, reportSchemas } from './openapi-reports.ts';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';

const boardState = z
  .enum(['held-a', 'held-b', 'held-cover', 'counting', 'empty', 'paused', 'unknown', 'closed'])
  .describe(
    '在岗 · B岗顶岗 · 临时顶岗 · 离岗计时 · 无人 · 暂停 · 未知 · 非服务时间. `unknown` is a state of its own: it accuses nobody.',
  );

export const hallSchema = z.object({
  id: z.string(),
  name: z.string(),
  timezone: z.string().describe('IANA name'),
});

/** The snapshot as a schema; its type is checked against the board's. */
export const snapshotSchema: z.ZodType<BoardSnapshot> = z.object({
  hall: hallSchema,
  at: instant.describe('The instant the snapshot speaks of.'),
  date: z.string().meta({ format: 'date' }),
  service: z
    .object({ from: instant, to: instant })
    .nullable()
    .describe('First opening and last closing of the day; null on a day without service.'),
  windows: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      department: z.string().nullable(),
      departmentName: z.string().nullable(),
      state: boardState,
      since: instant.nullable(),
      limitAt: instant.nullable().describe('When a running count becomes a violation; null unless `counting`.'),
      holder: z
        .object({ employee: z.string(), name: z.string() })
        .exactOptional()
        .describe('Who holds it now; left out for those who may not see who it is, and where nobody does.'),
      away: z
        .object({ since: instant, reason: z.string().nullable() })
        .exactOptional()
        .describe('Its own PC says that they are away; left out for those who do not see the department.'),
      strip: z.array(z.object({ from: instant, to: instant, state: boardState })),
    }),
  ),
  warnings: z.array(z.string()).describe('What keeps the board from being trusted right now; empty = nothing.'),
  cases: z.int().describe('Differs from the last one whenever there is news of a case.'),
});

const readySchema = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});

function ok(description: string, type: string, schema: object): object {
  return { description, content: { [type]: { schema } } };
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const text = { type: 'string' };
const lang = { name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] }, description: 'Of the warnings.' };

const paths = {
  '/-/healthy': {
    get: { summary: 'Does the event loop answer?', responses: { 200: ok('It does.', 'text/plain', text) } },
  },
  '/-/ready': {
    get: {
      summary: 'Can the daemon do its work? One entry per check.',
      responses: {
        200: ok('Every check is ok.', 'application/json', ref('Ready')),
        503: ok('At least one is not.', 'application/json', ref('Ready')),
      },
    },
  },
  '/metrics': {
    get: { summary: 'Figures for Prometheus.', responses: { 200: ok('Text format 0.0.4.', 'text/plain', text) } },
  },
  '/api/openapi.json': {
    get: { summary: 'This document.', responses: { 200: ok('OpenAPI 3.1.', 'application/json', { type: 'object' }) } },
  },
  '/api/v1/hall': {
    get: { summary: 'The hall.', responses: { 200: ok('The hall.', 'application/json', ref('Hall')) } },
  },
  '/api/v1/windows': {
    get: {
      summary: 'Every window and its state now; names of people as far as whoever asks may see them.',
      parameters: [lang, { name: 'If-None-Match', in: 'header', schema: text }],
      responses: {
        200: ok('The snapshot; `ETag` names it.', 'application/json', ref('Snapshot')),
        304: { description: 'Nothing changed.' },
      },
    },
  },
  '/api/v1/events': {
    get: {
      summary: 'The same, as it happens: server-sent events.',
      description:
        'Event `windows`: a snapshot (`data`) and its tag (`id`). Event `alive`, at least every `everyMs`: ' +
        '`{"at": <time on the data\'s clock, or null>, "everyMs": <number>}`. Only the latest snapshot is sent; ' +
        'a client whose `Last-Event-ID` is the tag of the current one gets no second copy. With `?changes`, whoever has the snapshot ' +
        'before gets event `changes` in its place: the same with only those windows that say something else. Where only time ' +
        'has passed, nothing is sent for up to a minute; the last stretch of a `strip` goes on meanwhile.',
      parameters: [
        lang,
        { name: 'Last-Event-ID', in: 'header', schema: text },
        { name: 'changes', in: 'query', schema: text, allowEmptyValue: true },
      ],
      responses: {
        200: ok('The stream.', 'text/event-stream', text),
        503: ok('Too many streams are open.', PROBLEM_CONTENT_TYPE, ref('Problem')),
      },
    },
  },
  ...accessPaths,
  ...casePaths,
  ...evidencePaths,
  ...cameraPaths,
  ...batchPaths,
  ...deskPaths,
  ...devicePaths,
  ...clockDeskPaths,
  ...messagePaths,
  ...reportPaths,
  ...importPaths,
  ...ledgerPaths,
};

/** What contains itself refers to a definition of its own: here it stands beside the others, where references look. */
function schemasOf([name, schema]: readonly [string, z.ZodType]): (readonly [string, object])[] {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  const moved = (one: object): object =>
    JSON.parse(JSON.stringify(one).replaceAll('"$ref":"#/$defs/', `"$ref":"#/components/schemas/${name}.`));
  return [[name, moved(rest)], ...Object.entries($defs).map(([id, one]) => [`${name}.${id}`, moved(one)] as const)];
}

function document(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zaigang',
      version: '1',
      description:
        'Errors are problem details (RFC 9457). Whoever asks is known by a cookie (sign-in) or by a token ' +
        '(`Authorization: Bearer`). What browsers send to change something has to come from our own pages.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries({
          Hall: hallSchema,
          Snapshot: snapshotSchema,
          Ready: readySchema,
          Problem: problemSchema,
          ...accessSchemas,
          ...caseSchemas,
          ...evidenceSchemas,
          ...cameraSchemas,
          ...batchSchemas,
          ...deskSchemas,
          ...deviceSchemas,
          ...clockDeskSchemas,
          ...messageSchemas,
          ...reportSchemas,
          ...importSchemas,
          ...ledgerSchemas,
        }).flatMap(schemasOf),
      ),
    },
  };
}

export function openapi(): Handler {
  const body = JSON.stringify(document());
  return (c) => c.body(body, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' });
}
