/**
 * Who may ask what: every route of the pages' address, as data. Whatever is not listed here is not served; the handlers
 * (http/app.ts) are held against this table by their type, and the tests walk it.
 */
import { DOERS, FREEZERS, READERS } from '../cases/doers.ts';
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
  /** The body is a file, and not JSON. */
  readonly isFile?: boolean;
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
/** A window's own PC, about that window. */
const desk = rule(['desk'], 'self', 4 * KB);
const reading = rule(['supervisor', 'manager', 'chief', 'employee'], 'sight');
/** A department's week. */
const week = rule(['supervisor', 'manager', 'chief'], 'sight');
const installer = rule(['admin', 'installer'], 'hall', 16 * KB);
const admin = rule(['admin'], 'hall', 16 * KB);

/** Clocks and what came of them: without names. */
const devices = rule(['admin', 'supervisor', 'manager', 'installer'], 'hall');

/** `METHOD /path`, as Hono writes paths; a GET answers HEAD as well. */
export const ROUTES = {
  'GET /': rule('board', 'hall'),
  'GET /cases/:id': rule(READERS, 'sight'),
  'GET /me': rule(READERS, 'sight'),
  'GET /reports': reading,
  'GET /reports/:kind/:period': reading,
  'GET /desk': rule(['desk'], 'self'),
  'GET /messages': installer,
  'GET /cameras': installer,
  'GET /cameras/new': installer,
  'GET /cameras/bulk': installer,
  'GET /cameras/batches/:id': installer,
  'GET /cameras/trials/:id': installer,
  'GET /cameras/trials/:id/sheet': installer,
  'GET /week': week,
  'GET /imports': rule(['admin', 'supervisor', 'manager'], 'hall'),
  'GET /devices': devices,
  'GET /devices/:id/sheet': devices,
  'GET /devices/:id/people': installer,
  'GET /admin': rule(['admin'], 'hall'),
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
  'GET /api/v1/alerts/:id/remarks': week,
  'GET /api/v1/alerts/:id/archive': rule(READERS, 'sight'),
  'GET /api/v1/alerts/:id/evidence': rule(READERS, 'sight'),
  'GET /api/v1/alerts/:id/evidence/:picture': rule(READERS, 'sight'),
  'POST /api/v1/alerts/:id/evidence/freeze': deed(FREEZERS),
  'POST /api/v1/alerts/:id/acknowledge': deed(DOERS.acknowledge),
  'POST /api/v1/alerts/:id/clear': deed(DOERS.clear),
  'POST /api/v1/alerts/:id/confirm': deed(DOERS.confirm),
  'POST /api/v1/alerts/:id/excuse': deed(DOERS.excuse),
  'POST /api/v1/alerts/:id/false-alarm': deed(DOERS['false-alarm']),
  'POST /api/v1/alerts/:id/deliver': deed(DOERS.deliver),
  'POST /api/v1/alerts/:id/appeal': deed(DOERS.appeal),
  'POST /api/v1/alerts/:id/decide': deed(DOERS.uphold),

  'GET /api/v1/facts': rule(['admin', 'supervisor'], 'hall'),
  'GET /api/v1/verdicts': rule(READERS, 'sight'),
  'GET /api/v1/employees': rule(READERS, 'sight'),
  'GET /api/v1/leave': rule(READERS, 'sight'),
  'GET /api/v1/roster': rule(READERS, 'sight'),

  'GET /api/v1/desk': rule(['desk'], 'self'),
  'POST /api/v1/desk/away': desk,
  'POST /api/v1/desk/back': desk,
  'POST /api/v1/desk/here': desk,
  'POST /api/v1/desk/take-over': desk,
  'POST /api/v1/desk/give-back': desk,
  'GET /api/v1/witness-requests': rule(['admin', 'supervisor', 'manager', 'chief'], 'sight'),
  'POST /api/v1/witness-requests/:id': deed(['supervisor', 'chief']),
  'GET /api/v1/channels': admin,
  'POST /api/v1/channels/:id/test': admin,
  'GET /api/v1/silences': rule(['admin', 'supervisor', 'manager', 'chief'], 'hall'),
  'POST /api/v1/silences': rule(['supervisor', 'manager'], 'hall', 16 * KB),
  'POST /api/v1/silences/:id/end': rule(['supervisor', 'manager'], 'hall', 4 * KB),

  'GET /api/v1/reports': reading,
  'GET /api/v1/reports/:kind/:period': reading,
  'POST /api/v1/report-jobs': { ...reading, bodyBytes: 4 * KB },
  'GET /api/v1/report-jobs/:id': reading,
  'DELETE /api/v1/report-jobs/:id': reading,
  'GET /api/v1/report-jobs/:id/file': reading,

  'GET /api/v1/cameras': installer,
  'GET /api/v1/cameras/:id/picture': installer,
  'POST /api/v1/cameras/:id/empty': installer,
  'POST /api/v1/break-pictures': installer,
  'GET /api/v1/cameras/:id/seats/:seat/break-picture': installer,
  'POST /api/v1/cameras/:id/seats/:seat/break-picture': installer,
  'POST /api/v1/camera-surveys': installer,
  'GET /api/v1/camera-search': installer,
  'POST /api/v1/camera-search': installer,
  'POST /api/v1/camera-trials': installer,
  'GET /api/v1/camera-trials/:id': installer,
  'DELETE /api/v1/camera-trials/:id': installer,
  'GET /api/v1/camera-trials/:id/picture': installer,
  'PUT /api/v1/camera-trials/:id/seats': installer,
  'POST /api/v1/camera-trials/:id/empty': installer,
  'POST /api/v1/camera-trials/:id/check': installer,
  'POST /api/v1/camera-trials/:id/proposal': installer,
  'POST /api/v1/camera-trials/:id/save': admin,
  'GET /api/v1/camera-batches': installer,
  'POST /api/v1/camera-batches': { ...rule(['admin', 'installer'], 'hall', KB * KB), isFile: true },
  'POST /api/v1/camera-batches/recorder': installer,
  'GET /api/v1/camera-batches/:id': installer,
  'DELETE /api/v1/camera-batches/:id': installer,
  'POST /api/v1/camera-batches/:id/try': installer,
  'POST /api/v1/camera-batches/:id/cancel': installer,
  'PUT /api/v1/camera-batches/:id/rows/:line': installer,
  'GET /api/v1/camera-batches/:id/rows/:line/picture': installer,
  'POST /api/v1/camera-batches/:id/proposal': installer,
  'POST /api/v1/camera-batches/:id/save': admin,

  'GET /api/v1/devices': devices,
  'GET /api/v1/devices/:id': devices,
  'POST /api/v1/devices/:id/users': installer,
  'POST /api/v1/devices/:id/enrolments': { ...installer, bodyBytes: 2 * KB * KB },
  'GET /api/v1/devices/:id/acceptance': devices,
  'POST /api/v1/devices/:id/touch-test': installer,
  'POST /api/v1/devices/:id/acceptance': installer,
  'GET /api/v1/unmatched': devices,
  'POST /api/v1/unmatched': rule(['admin', 'manager', 'installer'], 'hall', 4 * KB),
  'GET /api/v1/rejects': rule(['admin', 'installer'], 'hall'),
  'POST /api/v1/rejects/:digest/replay': rule(['admin', 'installer'], 'hall', 4 * KB),

  'GET /api/v1/config': rule(STAFF, 'hall'),
  'POST /api/v1/config/reload': admin,

  'GET /api/v1/messages': installer,
  'POST /api/v1/messages/listen': installer,
  'POST /api/v1/messages/preview': installer,
  'POST /api/v1/messages/proposal': installer,
  'POST /api/v1/messages/save': admin,

  'GET /api/v1/weeks': week,
  'GET /api/v1/weeks/:week': week,
  'POST /api/v1/weeks/:week/sign-off': rule(['chief'], 'sight', 8 * KB),
  'POST /api/v1/weeks/:week/remarks': rule(['supervisor', 'chief'], 'sight', 8 * KB),

  'POST /api/v1/imports/:what': { ...rule(['admin', 'supervisor', 'manager'], 'hall', 64 * KB * KB), isFile: true },

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
