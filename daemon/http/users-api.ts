/** Accounts, tokens and screens: for administrators. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Hall } from '../../rules/hall.ts';
import { parseInstant } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import { actorOf, ROLES } from '../access/actor.ts';
import type { By } from '../access/books.ts';
import { instantJson, screenJson, tokenJson, userJson } from '../access/json.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';

type C = Context<HttpEnv>;
type Handler = (c: C) => Response | Promise<Response>;

const text = z.string().max(200);
const role = z.enum(ROLES);
const rights = {
  roles: z.array(role).max(ROLES.length),
  employee: text.nullable().default(null),
  departments: z.array(text).max(500).default([]),
};
export const newUserSchema = z.strictObject({ name: text, display: text.optional(), ...rights });
export const changedUserSchema = z.strictObject({
  display: text.optional(),
  roles: rights.roles.optional(),
  employee: text.nullable().optional(),
  departments: z.array(text).max(500).optional(),
  disabled: z.boolean().optional(),
});
export const newTokenSchema = z.strictObject({
  name: text,
  ...rights,
  expiresAt: z
    .string()
    .refine((value) => parseInstant(value) !== null, { error: 'expected an instant as in RFC 3339' })
    .nullable()
    .default(null),
});
export const newScreenSchema = z.strictObject({
  name: text,
  window: text.nullable().default(null).describe('The window whose PC it is; without it a screen on a wall.'),
});

const NO_STORE = { 'Cache-Control': 'no-store' };
const MOST_LOGGED = 500;

/** What a one-time link leads to; what it proves stays in the browser, and in no server's log. */
export const linkPath = (secret: string): string => `/link#${secret}`;

/** What the pages of accounts can choose from: the newest plan's. */
function planJson({ zone, departments, employees, windows }: Hall): object {
  return {
    timezone: zone.id,
    departments: [...departments].map(([id, name]) => ({ id, name })),
    employees: [...employees.values()].map(({ id, name, department }) => ({ id, name, department })),
    windows: [...windows.values()].map(({ id, name }) => ({ id, name })),
  };
}

/** `hall`: the newest configuration. */
export function usersHandlers({ books, office }: Access, hall: () => Hall) {
  const list = <T>(rows: readonly T[], shown: (row: T) => object) => rows.map(shown);

  return {
    'GET /api/v1/users': (c) =>
      c.json({ users: list(books.accounts.all(), userJson), plan: planJson(hall()) }, 200, NO_STORE),

    'POST /api/v1/users': async (c) => {
      const { display, ...draft } = await bodyOf(c, newUserSchema);
      const account = office.add({ ...draft, display: display ?? draft.name }, byOf(c));
      const link = linkPath(office.invite(account.name, byOf(c)));
      return c.json({ user: userJson({ ...account, hasPassword: false }), link }, 201, NO_STORE);
    },

    'PATCH /api/v1/users/:name': async (c) => {
      const change = await bodyOf(c, changedUserSchema);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const account = office.change(param(c, 'name'), given, byOf(c));
      return c.json({ user: userJson(account) }, 200, NO_STORE);
    },

    'DELETE /api/v1/users/:name': (c) => {
      office.remove(param(c, 'name'), byOf(c));
      return c.body(null, 204, NO_STORE);
    },

    'POST /api/v1/users/:name/link': (c) =>
      c.json({ link: linkPath(office.invite(param(c, 'name'), byOf(c))) }, 201, NO_STORE),

    'POST /api/v1/users/:name/sign-out-everywhere': (c) => {
      office.signOutEverywhere(param(c, 'name'), byOf(c));
      return c.body(null, 204, NO_STORE);
    },

    'GET /api/v1/tokens': (c) => c.json({ tokens: list(books.tokens.all(), tokenJson) }, 200, NO_STORE),

    'POST /api/v1/tokens': async (c) => {
      const { expiresAt, ...draft } = await bodyOf(c, newTokenSchema);
      const until = expiresAt === null ? null : parseInstant(expiresAt);
      const { number, secret } = office.addToken({ ...draft, expiresAt: until }, byOf(c));
      return c.json({ number, token: secret }, 201, NO_STORE);
    },

    'DELETE /api/v1/tokens/:number': (c) => {
      office.revokeToken(Number(param(c, 'number')), byOf(c));
      return c.body(null, 204, NO_STORE);
    },

    'GET /api/v1/screens': (c) => c.json({ screens: list(books.screens.all(), screenJson) }, 200, NO_STORE),

    'POST /api/v1/screens': async (c) => {
      const { number, secret } = office.addScreen(await bodyOf(c, newScreenSchema), byOf(c));
      return c.json({ number, link: linkPath(secret) }, 201, NO_STORE);
    },

    'DELETE /api/v1/screens/:number': (c) => {
      office.revokeScreen(Number(param(c, 'number')), byOf(c));
      return c.body(null, 204, NO_STORE);
    },

    'GET /api/v1/access-log': (c) => {
      const [limit, before] = [Number(c.req.query('limit') ?? 100), Number(c.req.query('before') ?? Number.NaN)];
      const most = Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST_LOGGED) : 100;
      const rows = books.log.newest(most, Number.isInteger(before) && before > 0 ? before : undefined);
      return c.json({ rows: rows.map(({ at, ...row }) => ({ ...row, at: instantJson(at) })) }, 200, NO_STORE);
    },
  } satisfies Readonly<Record<string, Handler>>;
}

function byOf(c: C): By {
  return { who: actorOf(c).id, address: c.get('address') };
}

/** A part of the path that the route names. */
function param(c: C, name: string): string {
  return c.req.param(name) ?? '';
}
