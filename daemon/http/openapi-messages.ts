/** The part of `/api/openapi.json` about messages of devices as they come, and mappings made of them. */
import { z } from 'zod';
import { listenSchema, savedSketchSchema, sketchSchema } from './messages-api.ts';
import { instant, json, problem, refsTo } from './openapi-parts.ts';

const message = z.object({
  number: z.int(),
  at: instant,
  road: z.enum(['mqtt', 'http', 'websocket']),
  about: z.string().describe('The topic or path.'),
  bytes: z.int().describe('Its length as it came.'),
  fate: z
    .enum(['taken', 'refused', 'overheard'])
    .describe('`overheard`: on no topic that any clock is configured for.'),
  because: z.string().nullable().describe('Why it was refused.'),
  json: z
    .object({ value: z.json() })
    .nullable()
    .describe('Without pictures, names and numbers of people; null = no JSON.'),
  text: z.string().nullable().describe('Its beginning, where it is no JSON.'),
});

export const messageSchemas = {
  Messages: z.object({
    revision: z.int().describe('What is handed in as `after` the next time.'),
    leftOut: z.int().describe('How many came too fast to be listed.'),
    listening: z.object({ topic: z.string(), until: instant, trouble: z.string().nullable() }).nullable(),
    clocks: z.array(z.object({ id: z.string(), make: z.string() })),
    isWritable: z.boolean().describe('Whether hall.yaml can be changed from here.'),
    messages: z.array(message),
  }),
  Listen: listenSchema,
  MappingSketch: sketchSchema,
  MappingToSave: savedSketchSchema,
  MappingPreview: z.object({
    draft: z.json(),
    yaml: z.string(),
    isComplete: z.boolean(),
    faults: z.array(z.string()).describe('Where it cannot be read yet.'),
    rows: z.array(z.json()).describe('The latest five messages, as punches or why not.'),
  }),
} as const;

type Name = keyof typeof messageSchemas;

const { ref, sent } = refsTo<Name>();
const answer = (description: string, name: Name): object => ({ description, content: json(ref(name)) });
const refused = { 401: problem('Nobody known asks.'), 403: problem('Their roles do not allow it.') };
const edited = {
  200: {
    description: 'The change as `diff -u` has it, with what is wrong with the result.',
    content: json({ type: 'object' }),
  },
  ...refused,
  409: problem('`not-writable`, `layout`, `changed`.'),
  422: problem('`invalid`.'),
};

export const messagePaths = {
  '/api/v1/messages': {
    get: {
      summary: 'The latest messages of devices, kept in memory only.',
      parameters: [{ name: 'after', in: 'query', schema: { type: 'integer', default: 0 } }],
      responses: { 200: answer('What has changed since.', 'Messages'), ...refused },
    },
  },
  '/api/v1/messages/listen': {
    post: {
      summary: 'Listens for 15 minutes to topics that no clock is configured for; nothing of them is taken in.',
      ...sent('Listen'),
      responses: { 200: answer('Listening.', 'Messages'), ...refused, 422: problem('No topic filter.') },
    },
  },
  '/api/v1/messages/preview': {
    post: {
      summary: 'What a mapping makes of the latest messages; without one, a guess.',
      ...sent('MappingSketch'),
      responses: { 200: answer('So it is read.', 'MappingPreview'), ...refused, 404: problem('`gone`.') },
    },
  },
  '/api/v1/messages/proposal': {
    post: { summary: 'What writing it to hall.yaml would change.', ...sent('MappingSketch'), responses: edited },
  },
  '/api/v1/messages/save': {
    post: {
      summary: 'Writes it, if the file is still the one that was shown; administrators only.',
      ...sent('MappingToSave'),
      responses: edited,
    },
  },
};
