/** The part of `/api/openapi.json` about clocks, and about what came and could not be taken. */
import { z } from 'zod';
import { againSchema, mappingSchema } from './devices-api.ts';
import { instant, problem, refsTo, refused } from './openapi-parts.ts';

const fault = z.object({
  code: z.string(),
  since: instant,
  until: instant.nullable().describe('null = it still is'),
  text: z.string().describe('What is wrong and what to do, in one sentence.'),
});
const device = z.object({
  device: z.string(),
  kind: z.enum(['attendance', 'door']).nullable(),
  make: z.string().nullable().describe('null = it is heard and stands in no configuration'),
  address: z.string().nullable().describe('Where it is called; null = it comes to us.'),
  tellsUsers: z.boolean().describe('Whether it can be asked whom it knows.'),
  state: z.enum(['online', 'offline', 'unheard']),
  heardAt: instant.nullable(),
  punchAt: instant.nullable().describe('The latest touch.'),
  ...{ taken: z.int(), repeated: z.int(), setAside: z.int(), unmatched: z.int() },
  lagMs: z.int().nullable().describe('How long the last touch was on its way.'),
  takenAt: instant.nullable().describe('When that came.'),
  says: z.int().nullable().describe('How many touches it says it has recorded.'),
  offsetMs: z.int().nullable().describe('What its clock is ahead, when measured last.'),
  measuredAt: instant.nullable(),
  offsets: z.array(z.object({ from: instant, to: instant, offsetMs: z.int() })),
  gaps: z.array(z.object({ from: z.int(), to: z.int(), isAskedFor: z.boolean() })),
  loss: z.object({ reason: z.string(), detail: z.string() }).nullable(),
  about: z.record(z.string(), z.string()),
  faults: z.array(fault),
});
const seen = { firstAt: instant, lastAt: instant, times: z.int() };

export const deviceSchemas = {
  Devices: z.object({
    at: instant,
    devices: z.array(device),
    strangers: z.array(z.object({ about: z.string(), from: z.string(), ...seen })),
  }),
  Device: device.extend({ history: z.array(fault) }),
  Unmatched: z.object({
    unmatched: z.array(z.object({ device: z.string().nullable(), credential: z.string(), ...seen })),
  }),
  Mapping: mappingSchema,
  Rejects: z.object({
    rejects: z.array(
      z.object({
        ...{ digest: z.string(), door: z.string(), topic: z.string(), because: z.string(), ...seen },
        device: z.string().nullable().describe('The clock that sent it, where it did not come on a topic of ours.'),
        ...{ bytes: z.int(), payload: z.string().describe('Its beginning.') },
      }),
    ),
    next: z.string().nullable().describe('`before` for those that are older; null = these are the oldest.'),
  }),
  TakeAgain: againSchema,
} as const;

type Name = keyof typeof deviceSchemas;

const { shown, sent } = refsTo<Name>();
const named = (name: string) => ({ parameters: [{ name, in: 'path', required: true, schema: { type: 'string' } }] });

export const devicePaths = {
  '/api/v1/devices': {
    get: {
      summary: 'Every clock, what is wrong with it, and devices that nobody has configured.',
      responses: { 200: shown('Devices', 'All.'), ...refused },
    },
  },
  '/api/v1/devices/{id}': {
    ...named('id'),
    get: {
      summary: 'One clock with the history of its faults.',
      responses: { 200: shown('Device', 'It.'), ...refused, 404: problem('There is none.') },
    },
  },
  '/api/v1/unmatched': {
    get: {
      summary: 'Touches of the last two weeks by credentials that nobody is known by.',
      responses: { 200: shown('Unmatched', 'Most frequent first.'), ...refused },
    },
    post: {
      summary: 'Says whose a credential is; touches that waited are judged.',
      ...sent('Mapping'),
      responses: {
        204: { description: 'Done.' },
        ...refused,
        404: problem('Nobody has this id.'),
        422: problem('The body cannot be read.'),
      },
    },
  },
  '/api/v1/rejects': {
    get: {
      summary: 'What came and could not be taken, newest first, 200 at a time.',
      parameters: [
        { name: 'before', in: 'query', description: '`next` of the answer before.', schema: { type: 'string' } },
      ],
      responses: { 200: shown('Rejects', 'Up to 200.'), 400: problem('`before` is no place in it.'), ...refused },
    },
  },
  '/api/v1/rejects/{digest}/replay': {
    ...named('digest'),
    post: {
      summary: 'Takes it in after all, by the true time where the clock was wrong.',
      ...sent('TakeAgain'),
      responses: {
        204: { description: 'Taken in.' },
        ...refused,
        404: problem('There is none.'),
        409: problem('It still cannot be taken; `detail` says why.'),
        422: problem('The body cannot be read.'),
      },
    },
  },
};
