/** The part of `/api/openapi.json` about windows' own PCs, silences, and channels of messages. */
import { z } from 'zod';
import { channelTestSchema } from './channels-api.ts';
import { awaySchema, giveBackSchema, saySchema, takeOverSchema, witnessSchema } from './desk-api.ts';
import { instant, problem, refsTo, refused } from './openapi-parts.ts';
import { newSilenceSchema } from './silences-api.ts';

const reason = z.string().nullable();

const deskSchema = z.object({
  hall: z.object({ id: z.string(), name: z.string(), timezone: z.string() }),
  at: instant,
  window: z.string(),
  name: z.string(),
  departmentName: z.string().nullable(),
  sessionTo: instant.nullable().describe('When the session ends that is going on; null outside of service.'),
  away: z.object({ since: instant, reason }).nullable().describe('暂离. It changes no verdict.'),
  asked: z
    .object({
      ...{ at: instant, until: instant, reason },
      answer: z.object({ at: instant, seen: z.boolean(), reason, byName: z.string().nullable() }).nullable(),
    })
    .nullable()
    .describe('The last time today that somebody was asked to come and see (见证).'),
  colleagues: z.array(
    z.object({
      employee: z.string(),
      name: z.string(),
      isB: z.boolean(),
      own: z.array(z.string()).describe('Windows of their own, which somebody else has to hold meanwhile.'),
    }),
  ),
  takeovers: z.array(
    z.object({
      ...{ employee: z.string(), name: z.string(), from: instant, to: instant },
      present: z
        .boolean()
        .describe('Whether their touches say that they are there: only then the window counts as held.'),
    }),
  ),
});

const requestsSchema = z.object({
  requests: z.array(
    z.object({
      ...{ request: z.string(), at: instant, until: instant, reason },
      ...{ window: z.string(), windowName: z.string().nullable(), departmentName: z.string().nullable() },
    }),
  ),
});

const ids = z.array(z.string()).nullable();
const doer = { by: z.string().nullable(), byName: z.string().nullable() };
const silencesSchema = z.object({
  asOf: instant,
  timezone: z.string(),
  longestMinutes: z.int(),
  silences: z.array(
    z.object({
      ...{ silence: z.string(), from: instant, to: instant, madeAt: instant, reason: z.string(), ...doer },
      state: z.enum(['active', 'planned', 'over']),
      ended: z
        .object({ at: instant, ...doer })
        .nullable()
        .describe('When somebody ended it early.'),
      ...{ windows: ids, departments: ids, rules: ids, devices: ids },
    }),
  ),
});

const channelsSchema = z.object({
  channels: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      to: z.string().nullable().describe('Who reads it; null = programs.'),
      people: z.array(z.string()).nullable().describe('Whom it reaches, where it is for persons.'),
      isTestable: z.boolean(),
      trouble: z
        .object({ attempts: z.int(), because: z.string() })
        .nullable()
        .describe('Why the oldest message does not get through; null = nothing waits for another try.'),
    }),
  ),
});

export const deskSchemas = {
  Channels: channelsSchema,
  ChannelTest: channelTestSchema,
  Desk: deskSchema,
  DeskSaid: saySchema,
  DeskAway: awaySchema,
  DeskTakeOver: takeOverSchema,
  DeskGiveBack: giveBackSchema,
  WitnessRequests: requestsSchema,
  Witness: witnessSchema,
  Silences: silencesSchema,
  NewSilence: newSilenceSchema,
} as const;

type Name = keyof typeof deskSchemas;

const { shown, sent } = refsTo<Name>();
const id = { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] };

const said = (summary: string, body: Name): object => ({
  post: {
    summary,
    ...sent(body),
    responses: {
      200: shown('Desk', 'Done.'),
      ...refused,
      409: problem('`code` says why not.'),
      422: problem('The body cannot be read.'),
      503: problem('Nothing can be noted at present.'),
    },
  },
});

export const deskPaths = {
  '/api/v1/desk': {
    get: {
      summary: 'What a window’s own PC shows, besides `windows` and `events`, which show it that window only.',
      responses: { 200: shown('Desk', 'The window.'), ...refused },
    },
  },
  '/api/v1/desk/away': said('They are away (暂离), and why.', 'DeskAway'),
  '/api/v1/desk/back': said('They are back.', 'DeskSaid'),
  '/api/v1/desk/here': said('Asks the chief and supervision to come and see that somebody is there.', 'DeskSaid'),
  '/api/v1/desk/take-over': said('Somebody takes over the window (交接), and proves who they are.', 'DeskTakeOver'),
  '/api/v1/desk/give-back': said('Whoever took over does so no longer; one of them says so.', 'DeskGiveBack'),
  '/api/v1/witness-requests': {
    get: {
      summary: 'Windows whose people ask somebody to come and see; a chief’s are those of their departments.',
      responses: { 200: shown('WitnessRequests', 'Those that wait for an answer.'), ...refused },
    },
  },
  '/api/v1/witness-requests/{id}': {
    ...id,
    post: {
      summary: 'What was seen.',
      ...sent('Witness'),
      responses: {
        200: shown('WitnessRequests', 'Those that still wait.'),
        ...refused,
        404: problem('`not-asked`: there is no such request, or nobody waits for it any longer.'),
        422: problem('The body cannot be read.'),
        503: problem('Nothing can be noted at present.'),
      },
    },
  },
  '/api/v1/channels': {
    get: {
      summary: 'The channels of messages that the daemon runs with.',
      responses: { 200: shown('Channels', 'All.'), ...refused },
    },
  },
  '/api/v1/channels/{id}/test': {
    ...id,
    post: {
      summary: 'Sends an invented message that says so, as the real ones are sent.',
      ...sent('ChannelTest'),
      responses: {
        204: { description: 'The service took it; whether it was read only people know.' },
        ...refused,
        404: problem('`unknown`'),
        422: problem('`no-test`, `whom`, or the body cannot be read.'),
        502: problem('`not-taken`: why, and what to do.'),
      },
    },
  },
  '/api/v1/silences': {
    get: {
      summary: 'Silences, also those that ended today.',
      responses: { 200: shown('Silences', 'All.'), ...refused },
    },
    post: {
      summary: 'For a while nobody is told of something; it stays a case and a figure.',
      ...sent('NewSilence'),
      responses: {
        201: shown('Silences', 'Made.'),
        ...refused,
        422: problem('`of-nothing`, `unknown`, `too-long`, `too-late`, or the body cannot be read.'),
        503: problem('Nothing can be noted at present.'),
      },
    },
  },
  '/api/v1/silences/{id}/end': {
    ...id,
    post: {
      summary: 'Ends it early: what still goes on is told.',
      responses: { 200: shown('Silences', 'Ended.'), ...refused, 404: problem('`over`') },
    },
  },
};
