/**
 * Who may ask what: every route of the pages' address, as data. Whatever is not listed here is not served; the handlers
 * (http/app.ts) are held against this table by their type, and the tests walk it.
 */
import { DOERS, READERS } from '../cases/doers.ts';
import type { Role } from './actor.ts';

export interface RouteRule {
  /**
   * `everyone`: also without sign-in · `board`: without sign-in where the configuration opens the board, else anyone known ·
   * or any one of these roles.
   */
  readonly allow: 'everyone' | 'board' | readonly Role[];
  /**
   * What of the answer they see. `hall`: all of it · `sight`: what sight.ts lets this actor see · `self`: only what concerns
   * themself.
   */
  readonly scope: 'hall' | 'sight' | 'self';
  /** Largest body; 0 = none is read. */
  readonly bodyBytes: number;
}

const KB = 1024;
/** Everybody with an account, and machines. */
export const STAFF = ['admin', 'supervisor', 'manager', 'chief', 'installer', 'employee'] as const;

const rule = (allow: RouteRule['allow'], scope: RouteRule['scope'], bodyBytes = 0): RouteRule => ({
  allow,
  scope,
  bodyBytes,
});
const open = rule('everyone', 'hall');
const own = rule(STAFF, 'self', 4 * KB);
const deed = (allow: readonly Role[]): RouteRule => rule(allow, 'sight', 4 * KB);
const admin = rule(['admin'], 'hall', 16 * KB);

/** `METHOD /path`, as Hono writes paths; a GET answers HEAD as well. */
export const ROUTES = {
  'GET /': rule('board', 'hall'),
  'GET /cases/:id': rule(READERS, 'sight'),
  'GET /me': rule(READERS, 'sight'),
  'GET /sign-in': open,
  'GET /link': open,
  'GET /assets/*': open,
  'GET /-/healthy': open,
  'GET /-/ready': open,
  'GET /metrics': open,
  'GET /api/openapi.json': open,

  'GET /api/v1/hall': rule('board', 'hall'),
  'GET /api/v1/windows': rule('board', 'sight'),
  'GET /api/v1/events': rule('board', 'sight'),

  'GET /api/v1/me': rule('everyone', 'self'),
  'POST /api/v1/sign-in': rule('everyone', 'self', 4 * KB),
  'POST /api/v1/sign-out': rule('everyone', 'self', 4 * KB),
  'POST /api/v1/me/sign-out-everywhere': own,
  'POST /api/v1/me/password': own,
  'POST /api/v1/link': rule('everyone', 'self', 4 * KB),
  'POST /api/v1/link/follow': rule('everyone', 'self', 4 * KB),

  'GET /api/v1/alerts': rule(READERS, 'sight'),
  'GET /api/v1/alerts/:id': rule(READERS, 'sight'),
  'GET /api/v1/alerts/:id/explanation': rule(READERS, 'sight'),
  'POST /api/v1/alerts/:id/acknowledge': deed(DOERS.acknowledge),
  'POST /api/v1/alerts/:id/clear': deed(DOERS.clear),
  'POST /api/v1/alerts/:id/confirm': deed(DOERS.confirm),
  'POST /api/v1/alerts/:id/excuse': deed(DOERS.excuse),
  'POST /api/v1/alerts/:id/false-alarm': deed(DOERS['false-alarm']),
  'POST /api/v1/alerts/:id/deliver': deed(DOERS.deliver),
  'POST /api/v1/alerts/:id/appeal': deed(DOERS.appeal),
  'POST /api/v1/alerts/:id/decide': deed(DOERS.uphold),

  'GET /api/v1/reports/:kind/:period': rule(['supervisor', 'manager', 'chief', 'employee'], 'sight'),

  'GET /api/v1/users': admin,
  'POST /api/v1/users': admin,
  'PATCH /api/v1/users/:name': admin,
  'DELETE /api/v1/users/:name': admin,
  'POST /api/v1/users/:name/link': admin,
  'POST /api/v1/users/:name/sign-out-everywhere': admin,
  'GET /api/v1/tokens': admin,
  'POST /api/v1/tokens': admin,
  'DELETE /api/v1/tokens/:number': admin,
  'GET /api/v1/screens': admin,
  'POST /api/v1/screens': admin,
  'DELETE /api/v1/screens/:number': admin,
  'GET /api/v1/access-log': admin,
} as const satisfies Readonly<Record<string, RouteRule>>;

export type RouteName = keyof typeof ROUTES;
