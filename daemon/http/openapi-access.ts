/** The part of `/api/openapi.json` about who may: signing in, accounts, tokens, screens. */
import { z } from 'zod';
import { ROLES } from '../access/actor.ts';
import { instant, json, problem, refsTo } from './openapi-parts.ts';
import { followSchema, linkSchema, passwordSchema, signInSchema } from './sign-in-api.ts';
import { changedUserSchema, newScreenSchema, newTokenSchema, newUserSchema } from './users-api.ts';

const role = z.enum(ROLES);
const rights = {
  roles: z.array(role),
  employee: z.string().nullable().describe('Who in the plan they are.'),
  departments: z.array(z.string()).describe('Those that a chief answers for.'),
};

const actorSchema = z.object({
  id: z.string().describe('`user:NAME`, `token:NUMBER`, `screen:NUMBER`'),
  name: z.string(),
  ...rights,
});
const meSchema = z.object({
  hall: z.object({ id: z.string(), name: z.string() }),
  actor: actorSchema.nullable().describe('Null = nobody is signed in.'),
  by: z.enum(['cookie', 'token', 'proxy']).nullable(),
});
const userSchema = z.object({
  name: z.string().describe('What is typed at sign-in.'),
  display: z.string(),
  ...rights,
  hasPassword: z.boolean().optional(),
  disabledAt: instant.nullable(),
  madeAt: instant,
});
const made = { madeBy: z.string(), madeAt: instant, revokedAt: instant.nullable() };
const tokenSchema = z.object({
  number: z.int(),
  name: z.string(),
  ...rights,
  ...made,
  expiresAt: instant.nullable(),
  usedAt: instant.nullable().describe('Within some minutes.'),
});
const screenSchema = z.object({
  number: z.int(),
  name: z.string(),
  window: z.string().nullable().describe('The window whose PC it is; null = a screen on a wall.'),
  ...made,
  linkUntil: instant,
  takenAt: instant.nullable().describe('When its link was followed, on the screen.'),
  seenAt: instant.nullable().describe('Within some minutes.'),
});
const purposeSchema = z.object({
  kind: z.enum(['first-administrator', 'password', 'screen']),
  name: z.string().optional(),
  display: z.string().optional(),
  window: z.string().optional().describe('Of a window’s PC.'),
});
const recordSchema = z.object({
  seq: z.int(),
  at: instant,
  who: z.string().nullable(),
  what: z.string(),
  about: z.string().nullable(),
  address: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});

const linkText = { type: 'string', description: 'A path; what proves it stands after the `#`. It works once.' };

export const accessSchemas = {
  Actor: actorSchema,
  Me: meSchema,
  SignIn: signInSchema,
  ChangedPassword: passwordSchema,
  Link: linkSchema,
  LinkPurpose: purposeSchema,
  FollowedLink: followSchema,
  User: userSchema,
  NewUser: newUserSchema,
  ChangedUser: changedUserSchema,
  NewToken: newTokenSchema,
  Token: tokenSchema,
  NewScreen: newScreenSchema,
  Screen: screenSchema,
  AccessRecord: recordSchema,
} as const;

type Name = keyof typeof accessSchemas;

const { ref, sent } = refsTo<Name>();
const answer = (description: string, schema: object): object => ({ description, content: json(schema) });
const nothing = { 204: { description: 'Done.' } };
const object = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', properties });
const list = (name: Name): object => ({ type: 'array', items: ref(name) });
const inPath = (name: string): object => ({
  parameters: [{ name, in: 'path', required: true, schema: { type: 'string' } }],
});

/** To be signed in with these roles; 401 and 403 say so. */
const forAdmins = { 401: problem('Nobody known asks.'), 403: problem('Not an administrator.') };
const signedIn = { 200: answer('Signed in; the cookie says so.', object({ actor: ref('Actor') })) };

export const accessPaths = {
  '/api/v1/me': {
    get: { summary: 'Who asks.', responses: { 200: answer('Who asks.', ref('Me')) } },
  },
  '/api/v1/sign-in': {
    post: {
      summary: 'Signs in with a password; programs send `Authorization: Bearer` and a token instead.',
      ...sent('SignIn'),
      responses: {
        ...signedIn,
        401: problem('`refused`: the same whatever was wrong.'),
        429: problem('`wait`: after several wrong tries; `Retry-After` says how long.'),
        503: problem('`busy`: too many at once.'),
      },
    },
  },
  '/api/v1/sign-out': { post: { summary: 'Ends this session.', responses: nothing } },
  '/api/v1/me/sign-out-everywhere': {
    post: { summary: 'Ends all of one’s sessions.', responses: { ...nothing, 401: problem('Nobody known asks.') } },
  },
  '/api/v1/me/password': {
    post: {
      summary: 'Changes one’s own password; all other sessions end.',
      ...sent('ChangedPassword'),
      responses: {
        ...signedIn,
        401: problem('Nobody known asks.'),
        422: problem('`code` says why not.'),
        429: problem('`wait`: after several wrong tries.'),
        503: problem('`busy`: try again in a moment.'),
      },
    },
  },
  '/api/v1/link': {
    post: {
      summary: 'What a one-time link is for, without using it up.',
      ...sent('Link'),
      responses: { 200: answer('What for.', ref('LinkPurpose')), 410: problem('`bad-link`: used, expired, or none.') },
    },
  },
  '/api/v1/link/follow': {
    post: {
      summary: 'Uses a one-time link: sets a password, makes the first administrator, or makes this browser a screen.',
      ...sent('FollowedLink'),
      responses: { ...signedIn, 410: problem('`bad-link`.'), 422: problem('`code` says what is missing.') },
    },
  },
  '/api/v1/users': {
    get: {
      summary: 'All accounts.',
      responses: {
        200: answer('All, and what of the plan they can be given.', object({ users: list('User'), plan: {} })),
        ...forAdmins,
      },
    },
    post: {
      summary: 'Adds an account, with a link for its password.',
      ...sent('NewUser'),
      responses: {
        201: answer('Added.', object({ user: ref('User'), link: linkText })),
        ...forAdmins,
        409: problem('`name-taken`.'),
        422: problem('`code` says why not.'),
      },
    },
  },
  '/api/v1/users/{name}': {
    ...inPath('name'),
    patch: {
      summary: 'Changes an account; what is left out stays.',
      ...sent('ChangedUser'),
      responses: {
        200: answer('Changed.', object({ user: ref('User') })),
        ...forAdmins,
        404: problem('`unknown-account`.'),
        409: problem('`last-admin`.'),
      },
    },
    delete: {
      summary: 'Removes an account, its sessions and links.',
      responses: { ...nothing, ...forAdmins, 404: problem('`unknown-account`.'), 409: problem('`last-admin`.') },
    },
  },
  '/api/v1/users/{name}/link': {
    ...inPath('name'),
    post: {
      summary: 'A new link for the password; earlier ones are void.',
      responses: { 201: answer('The link.', object({ link: linkText })), ...forAdmins },
    },
  },
  '/api/v1/users/{name}/sign-out-everywhere': {
    ...inPath('name'),
    post: { summary: 'Ends all sessions of an account.', responses: { ...nothing, ...forAdmins } },
  },
  '/api/v1/tokens': {
    get: {
      summary: 'All tokens.',
      responses: { 200: answer('All.', object({ tokens: list('Token') })), ...forAdmins },
    },
    post: {
      summary: 'Makes a token for a machine.',
      ...sent('NewToken'),
      responses: {
        201: answer('The token, this once.', object({ number: { type: 'integer' }, token: { type: 'string' } })),
        ...forAdmins,
        422: problem('`code` says why not.'),
      },
    },
  },
  '/api/v1/tokens/{number}': {
    ...inPath('number'),
    delete: { summary: 'Revokes a token.', responses: { ...nothing, ...forAdmins, 404: problem('`unknown-token`.') } },
  },
  '/api/v1/screens': {
    get: {
      summary: 'All screens.',
      responses: { 200: answer('All.', object({ screens: list('Screen') })), ...forAdmins },
    },
    post: {
      summary: 'A link that makes one browser a screen: the board without names, until it is revoked.',
      ...sent('NewScreen'),
      responses: {
        201: answer('The link.', object({ number: { type: 'integer' }, link: linkText })),
        ...forAdmins,
      },
    },
  },
  '/api/v1/screens/{number}': {
    ...inPath('number'),
    delete: {
      summary: 'Revokes a screen.',
      responses: { ...nothing, ...forAdmins, 404: problem('`unknown-screen`.') },
    },
  },
  '/api/v1/access-log': {
    get: {
      summary: 'Who signed in, and who changed what about who may; the newest first.',
      parameters: [
        { name: 'limit', in: 'query', schema: { type: 'integer', default: 100, maximum: 500 } },
        { name: 'before', in: 'query', description: 'Rows before this `seq`.', schema: { type: 'integer' } },
      ],
      responses: { 200: answer('Rows.', object({ rows: list('AccessRecord') })), ...forAdmins },
    },
  },
};
