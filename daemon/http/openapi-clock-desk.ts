/** The part of `/api/openapi.json` about a clock's people and its acceptance, and about the configuration in force. */
import { z } from 'zod';
import { enrolmentsSchema } from './clock-desk-api.ts';
import { configStateSchema } from './config-api.ts';
import { instant, problem, refsTo, refused } from './openapi-parts.ts';

const person = z.object({ id: z.string(), name: z.string() });
const touchTest = z.object({
  state: z.enum(['waiting', 'seen', 'other-time', 'none']),
  beganAt: instant,
  cameAt: instant.nullable(),
  touchedAt: instant.nullable().describe('By the clock’s time, as it is judged.'),
  afterMs: z.int().nullable().describe('How long after the test began it came.'),
});

export const clockDeskSchemas = {
  ClockUsers: z.object({
    users: z.array(
      z.object({
        credential: z.string(),
        name: z.string().nullable().describe('As it stands on the device; kept nowhere.'),
        present: person.nullable().describe('Whose the number is already.'),
        proposed: person.nullable(),
        by: z.enum(['number', 'name']).nullable(),
        doubt: z.enum(['two-in-hall', 'two-on-clock', 'other-name', 'two-numbers']).nullable(),
      }),
    ),
    people: z.array(person).describe('Everybody of the hall, to choose from.'),
  }),
  Enrolments: enrolmentsSchema,
  ConfigState: configStateSchema,
  ClockAcceptance: z.object({
    version: z.string(),
    test: touchTest.nullable(),
    accepted: z
      .object({
        at: instant,
        by: z.string(),
        byName: z.string().nullable(),
        test: touchTest.nullable(),
        offsetMs: z.int().nullable(),
        taken: z.int(),
        says: z.int().nullable(),
      })
      .nullable(),
  }),
} as const;

const { shown, sent } = refsTo<keyof typeof clockDeskSchemas>();
const id = { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] };
const empty = { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } };
const unread = { 422: problem('The body cannot be read.') };

export const clockDeskPaths = {
  '/api/v1/config': {
    get: {
      summary: 'Which configuration is in force, and why what lies on the disk is not, where it is not.',
      responses: { 200: shown('ConfigState', 'As it is.'), ...refused },
    },
  },
  '/api/v1/config/reload': {
    post: {
      summary: 'Takes up the configuration on the disk, all of it or nothing.',
      ...empty,
      responses: {
        200: shown('ConfigState', 'Done; `changes` says what changes when.'),
        ...refused,
        409: problem('It cannot be; `detail` says where and why, and nothing has changed.'),
        ...unread,
      },
    },
  },
  '/api/v1/devices/{id}/users': {
    ...id,
    post: {
      summary: 'Reads from the clock whom it knows, beside the people of the hall. Changes nothing on the device.',
      ...empty,
      responses: {
        200: shown('ClockUsers', 'By number.'),
        ...refused,
        404: problem('There is no such clock.'),
        409: problem('Its make does not tell.'),
        ...unread,
        502: problem('It did not answer; `detail` says why.'),
      },
    },
  },
  '/api/v1/devices/{id}/enrolments': {
    ...id,
    post: {
      summary: 'Says whose numbers of the clock are, all of them or none; touches that waited are judged.',
      ...sent('Enrolments'),
      responses: {
        204: { description: 'Done.' },
        ...refused,
        404: problem('Nobody has this id.'),
        409: problem('A number is somebody else’s already.'),
        ...unread,
      },
    },
  },
  '/api/v1/devices/{id}/acceptance': {
    ...id,
    get: {
      summary: 'The touch that was asked for, and who accepted the clock.',
      responses: { 200: shown('ClockAcceptance', 'As it is.'), ...refused },
    },
    post: {
      summary: 'Accepts the clock; who did is kept.',
      ...empty,
      responses: {
        200: shown('ClockAcceptance', 'Done.'),
        ...refused,
        404: problem('There is no such clock.'),
        ...unread,
      },
    },
  },
  '/api/v1/devices/{id}/touch-test': {
    ...id,
    post: {
      summary: 'Waits for a touch from now on.',
      ...empty,
      responses: {
        200: shown('ClockAcceptance', 'Begun.'),
        ...refused,
        404: problem('There is no such clock.'),
        ...unread,
      },
    },
  },
};
