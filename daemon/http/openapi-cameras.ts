/** The part of `/api/openapi.json` about cameras, for installers. */
import { z } from 'zod';
import {
  breakSchema,
  checkSchema,
  decisionSchema,
  drawSchema,
  proposalSchema,
  saveSchema,
  searchSchema,
  surveySchema,
  teachSchema,
  trialSchema,
} from './cameras-api.ts';
import { instant, problem, refsTo } from './openapi-parts.ts';

const state = z.enum(['occupied', 'empty', 'unknown']);
const said = z
  .object({ reason: z.string(), said: z.string(), remedy: z.string().nullable() })
  .describe('In a word for programs, and for people in the language asked for.');
const roi = z.array(z.any()).describe('`[x, y, w, h]` or at least three `[x, y]`, as in hall.yaml.');

const seat = z.object({
  window: z.string(),
  windowName: z.string().nullable(),
  roi,
  state,
  since: instant.nullable(),
  doubt: said.nullable(),
  votes: z.array(
    z.object({
      witness: z.enum(['picture', 'reference', 'patch', 'motion', 'person', 'time']),
      says: state,
      value: z.number(),
      limit: z.number(),
    }),
  ),
  pictures: z.object({ given: z.int(), learnt: z.int() }).describe('Of the empty seat.'),
});

const atBreak = z
  .object({
    state: z.enum(['waiting', 'watching', 'ready', 'taught', 'denied', 'none']),
    because: said.nullable(),
    picture: z
      .object({ id: z.string(), at: instant, light: z.enum(['day', 'night']), stillMinutes: z.int() })
      .nullable()
      .describe('To be looked at; in memory only.'),
    decided: z.object({ at: instant, by: z.string(), byName: z.string().nullable() }).nullable(),
  })
  .nullable()
  .describe('What was taken of it at a break; null = nobody asked.');

const proposed = z
  .array(z.object({ roi, share: z.number().describe('Of the time, somebody was at work there.') }))
  .describe('Where people seem to sit, from left to right: a proposal, and no seat.');

const camera = z.object({
  id: z.string(),
  read: z.boolean().describe('Its pictures are looked at; otherwise only what it says itself counts.'),
  address: z.string().nullable().describe('Without its login.'),
  state: z.enum(['starting', 'live', 'lost', 'failed', 'stopped']).nullable(),
  loss: said.nullable(),
  retryMs: z.number().nullable(),
  quality: z.enum(['excellent', 'fair', 'poor', 'unusable']).nullable(),
  frames: z.int().nullable(),
  lastFrameAt: instant.nullable(),
  intervalMs: z.number().nullable(),
  reconnects: z.int().nullable(),
  stalls: z.int().nullable(),
  witness: z.string().nullable(),
  pictureAt: instant.nullable(),
  seats: z.array(seat.extend({ atBreak })),
  survey: z
    .object({ state: z.enum(['watching', 'done']), beganAt: instant, endsAt: instant, seats: proposed })
    .nullable(),
});

const trial = z.looseObject({
  id: z.string(),
  camera: z.string().nullable().describe('The one of hall.yaml that it is; null = a new one.'),
  state: z.enum(['testing', 'failed', 'watching']),
  address: z.string(),
  stream: z.string().nullable(),
  steps: z.array(z.object({ step: z.string(), name: z.string(), ok: z.boolean(), ms: z.number(), said: z.string() })),
  remedy: z.string().nullable(),
  loss: said.nullable(),
  pictureAt: instant.nullable(),
  seats: z.array(seat.extend({ taught: z.array(z.looseObject({})), check: z.looseObject({}).nullable() })),
  proposed,
});

const proposal = z.object({
  base: z.string().describe('Names the file and what would be written: hand it back to write that.'),
  diff: z.string().describe('As of `diff -u`, secrets as `***`; empty = nothing would change.'),
  isAccepted: z.boolean(),
  problems: z.array(z.looseObject({ line: z.int(), message: z.string() })),
});

export const cameraSchemas = {
  CameraList: z.object({
    windows: z.array(z.object({ id: z.string(), name: z.string() })),
    ffmpeg: z.boolean(),
    simulated: z.boolean().describe('What seats show is played: a demonstration, in which no camera is read.'),
    writable: z.boolean(),
    personModel: z
      .object({
        model: z.string(),
        state: z.enum(['loading', 'ready', 'failed']),
        name: z.string().nullable(),
        trouble: said.nullable(),
      })
      .nullable()
      .describe('The model that knows people, asked about seats in doubt; null = none is configured.'),
    cameras: z.array(camera),
    trials: z.array(trial),
  }),
  CameraTrial: trial,
  CameraTrialWish: trialSchema,
  CameraSeats: drawSchema,
  CameraSearchWish: searchSchema,
  CameraSearch: z.object({
    state: z.enum(['idle', 'running', 'done']),
    beganAt: z.number().nullable(),
    news: z.array(z.looseObject({})),
    devices: z.array(z.looseObject({ url: z.string(), host: z.string(), configured: z.array(z.string()) })),
  }),
  SeatsToTeach: teachSchema,
  SeatsTaught: z.object({
    seats: z.array(z.object({ seat: z.int(), window: z.string().nullable(), outcome: z.enum(['learnt', 'restless']) })),
  }),
  SeatToCheck: checkSchema,
  BreakPicturesWish: breakSchema,
  BreakPictureDecision: decisionSchema,
  CameraSurveyWish: surveySchema,
  CameraSurveys: z.object({ cameras: z.array(z.string()) }),
  ConfigProposal: proposal,
  ConfigProposalWish: proposalSchema,
  ConfigWritten: z.object({
    proposal,
    notTaken: z
      .string()
      .nullable()
      .describe('Why the daemon goes on with the former configuration, though it is written.'),
  }),
  ConfigWrite: saveSchema,
} as const;

type SchemaName = keyof typeof cameraSchemas | 'Problem';
const { ref } = refsTo<SchemaName>();
const json = (name: SchemaName): object => ({ 'application/json': { schema: ref(name) } });
const got = (description: string, name: SchemaName): object => ({ description, content: json(name) });
const text = { type: 'string' };
const id = { name: 'id', in: 'path', required: true, schema: text };
const lang = { name: 'lang', in: 'query', schema: { enum: ['zh', 'en'] } };
const signedIn = { 401: problem('Nobody known asks.'), 403: problem('For installers and administrators.') };
const gone = {
  ...signedIn,
  404: problem('There is no such camera or trial; trials end 20 minutes after the last look.'),
};
const jpeg = { description: 'JPEG, grey.', content: { 'image/jpeg': { schema: { ...text, format: 'binary' } } } };
const body = (name: SchemaName): object => ({ requestBody: { required: true, content: json(name) } });
const noPicture = problem('`no-picture`, `interrupted`: nothing was learnt, or there is nothing to see.');
const otherPicture = problem('`other-picture`: it is there no more, look again · `interrupted`: nothing was learnt.');
const notWritten = {
  409: problem('`changed`: look again · `layout`, `not-writable`: change it by hand.'),
  422: problem('`invalid`: it could not be used; the detail says why.'),
  503: problem('`not-written`, `unreadable`: the disk or the rights.'),
};

export const cameraPaths = {
  '/api/v1/cameras': {
    get: {
      summary: 'The cameras of the hall, how their seats are judged now, and those that are being set up.',
      parameters: [lang],
      responses: { 200: got('All of them.', 'CameraList'), ...signedIn },
    },
  },
  '/api/v1/cameras/{id}/picture': {
    get: {
      summary: 'What a camera shows now. All but the seats and what is around them is veiled; every look is recorded.',
      parameters: [id, { name: 'whole', in: 'query', description: '`1`: nothing is veiled.', schema: text }],
      responses: { 200: jpeg, ...gone, 409: noPicture },
    },
  },
  '/api/v1/cameras/{id}/empty': {
    post: {
      summary:
        'Somebody says that seats are empty now: learnt from the next three pictures, if nothing moves, and kept.',
      parameters: [id],
      ...body('SeatsToTeach'),
      responses: {
        200: got('What became of each.', 'SeatsTaught'),
        ...gone,
        409: noPicture,
        422: problem('`no-seat`.'),
      },
    },
  },
  '/api/v1/cameras/{id}/seats/{seat}/break-picture': {
    parameters: [id, { name: 'seat', in: 'path', required: true, description: 'Its place in the list.', schema: text }],
    get: {
      summary: 'What was taken of a seat at a break; every look is recorded.',
      parameters: [{ name: 'picture', in: 'query', required: true, description: 'Its id.', schema: text }],
      responses: { 200: jpeg, ...gone, 409: otherPicture, 422: problem('`no-seat`.') },
    },
    post: {
      summary:
        'Somebody has looked at it: exactly that picture is learnt and kept if nobody is in it, else it is dropped.',
      ...body('BreakPictureDecision'),
      responses: {
        200: got('What became of it; nothing was learnt where somebody is in it.', 'SeatsTaught'),
        ...gone,
        409: otherPicture,
        422: problem('`no-seat`.'),
      },
    },
  },
  '/api/v1/break-pictures': {
    post: {
      summary:
        'Has pictures of seats taken at the next break of their windows, within 24 hours. Nothing is learnt of them.',
      ...body('BreakPicturesWish'),
      responses: { 202: got('Those that were asked.', 'CameraSurveys'), ...signedIn },
    },
  },
  '/api/v1/camera-surveys': {
    post: {
      summary:
        'Watches cameras for where it keeps moving, and proposes seats there; sixteen at once. Nothing is written.',
      ...body('CameraSurveyWish'),
      responses: { 202: got('Those that are watched from now on.', 'CameraSurveys'), ...signedIn },
    },
  },
  '/api/v1/camera-search': {
    get: {
      summary: 'What the last search of the network found.',
      responses: { 200: got('So far.', 'CameraSearch'), ...signedIn },
    },
    post: {
      summary: 'Looks for ONVIF cameras on every network card, and address by address. No login is sent.',
      ...body('CameraSearchWish'),
      responses: {
        202: got('It has begun.', 'CameraSearch'),
        ...signedIn,
        422: problem('`bad-range`.'),
        503: problem('`busy`: one goes on.'),
      },
    },
  },
  '/api/v1/camera-trials': {
    post: {
      summary:
        'Tests a camera step by step and reads it from then on; nothing of it is written. A login is tried once.',
      parameters: [lang],
      ...body('CameraTrialWish'),
      responses: {
        202: got('It has begun.', 'CameraTrial'),
        ...signedIn,
        404: problem('There is no such camera.'),
        422: problem('`bad-source`.'),
        503: problem('`busy`: six at most, three of them being tested · `no-ffmpeg`.'),
      },
    },
  },
  '/api/v1/camera-trials/{id}': {
    parameters: [id, lang],
    get: {
      summary: 'How far it is, and how its seats are judged now.',
      responses: { 200: got('Now.', 'CameraTrial'), ...gone },
    },
    delete: { summary: 'Ends it.', responses: { 204: { description: 'It has ended.' }, ...gone } },
  },
  '/api/v1/camera-trials/{id}/picture': {
    get: {
      summary: 'What it shows now, all of it; every look is recorded.',
      parameters: [id, { name: 'veiled', in: 'query', description: '`1`: all but the seats is veiled.', schema: text }],
      responses: { 200: jpeg, ...gone, 409: noPicture },
    },
  },
  '/api/v1/camera-trials/{id}/seats': {
    put: {
      summary: 'Where its seats are.',
      parameters: [id],
      ...body('CameraSeats'),
      responses: { 200: got('Now.', 'CameraTrial'), ...gone, 422: problem('Not within the picture.') },
    },
  },
  '/api/v1/camera-trials/{id}/empty': {
    post: {
      summary: 'As for a camera of the hall.',
      parameters: [id],
      ...body('SeatsToTeach'),
      responses: {
        200: got('What became of each.', 'SeatsTaught'),
        ...gone,
        409: noPicture,
        422: problem('`no-seat`.'),
      },
    },
  },
  '/api/v1/camera-trials/{id}/check': {
    post: {
      summary: 'Begins the check on the spot: sit, leave for ten seconds, come back.',
      parameters: [id],
      ...body('SeatToCheck'),
      responses: { 200: got('Now.', 'CameraTrial'), ...gone, 422: problem('`no-seat`.') },
    },
  },
  '/api/v1/camera-trials/{id}/proposal': {
    post: {
      summary: 'What hall.yaml would be with it; nothing is written.',
      parameters: [id, lang],
      ...body('ConfigProposalWish'),
      responses: { 200: got('The difference.', 'ConfigProposal'), ...gone, ...notWritten },
    },
  },
  '/api/v1/camera-trials/{id}/save': {
    post: {
      summary: 'Writes that into hall.yaml and takes it up, with what was learnt of the seats. For administrators.',
      parameters: [id, lang],
      ...body('ConfigWrite'),
      responses: { 200: got('Written.', 'ConfigWritten'), ...gone, ...notWritten },
    },
  },
};
