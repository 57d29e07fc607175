/** Stands before every route: whether this one may ask this, from where the request came, and how much it may send. */
import type { Context, MiddlewareHandler } from 'hono';
import { hasRole } from '../access/actor.ts';
import type { RouteRule } from '../access/routes.ts';
import type { HttpEnv } from './env.ts';
import { problem, signInMissing } from './problem.ts';

type C = Context<HttpEnv>;

export interface GuardOptions {
  /** Whether the board without names is for everybody. */
  readonly openBoard: boolean;
  /** The origin under which people know the pages, besides the one that a request names itself; null = no other. */
  readonly origin: string | null;
}

const SAFE = new Set(['GET', 'HEAD']);

/** Refuses what a route's rule does not allow, before any of the body is read. */
export function guard(rule: RouteRule, options: GuardOptions): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const refusal = refusalOf(c, rule, options);
    if (refusal !== null) return refusal;
    if (SAFE.has(c.req.method)) return await next();
    if (!isFromHere(c, options.origin)) return fromElsewhere(c);
    // Node reads no more than was announced.
    if (c.req.header('Transfer-Encoding') !== undefined) return unannounced(c);
    const bytes = Number(c.req.header('Content-Length') ?? 0);
    if (bytes > rule.bodyBytes) return tooLarge(c);
    // A browser sends these to another origin only with its leave.
    const type = rule.isFile === true ? 'application/octet-stream' : 'application/json';
    if (bytes > 0 && (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() !== type) {
      return wrongType(c, type);
    }
    return await next();
  };
}

function refusalOf(c: C, { allow }: RouteRule, { openBoard }: GuardOptions): Response | null {
  if (allow === 'everyone') return null;
  const actor = c.get('actor');
  if (allow === 'board' ? actor !== null || openBoard : hasRole(actor, ...allow)) return null;
  if (actor !== null) return forbidden(c);
  return c.req.path.startsWith('/api/') ? signInMissing(c) : c.redirect(`/sign-in?next=${nextOf(c)}`, 303);
}

function nextOf(c: C): string {
  const { pathname, search } = new URL(c.req.url);
  return encodeURIComponent(pathname + search);
}

/**
 * Whether a request that changes something was made by our own pages, or by no browser at all. `Sec-Fetch-Site` is a browser's own
 * word and cannot be set by a page; over plain HTTP it is not sent, and then the origin has to be the host that was asked.
 */
function isFromHere(c: C, known: string | null): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('Origin');
  if (origin !== undefined) return origin === known || hostOf(origin) === c.req.header('Host')?.toLowerCase();
  // Browsers name the origin of whatever is no GET; what has none is a program, and programs do not come with a browser's proof.
  return c.get('by') !== 'cookie' && c.get('by') !== 'proxy';
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function forbidden(c: C): Response {
  return problem(c, { status: 403, title: 'Forbidden', detail: 'Your roles do not allow this.' });
}

function fromElsewhere(c: C): Response {
  return problem(c, {
    status: 403,
    title: 'Forbidden',
    detail: 'This was asked by a page of another site. Behind a proxy, `http.address` has to be what people open.',
    code: 'from-elsewhere',
  });
}

function wrongType(c: C, type: string): Response {
  return problem(c, { status: 415, title: 'Unsupported Media Type', detail: `The body has to be ${type}.` });
}

function unannounced(c: C): Response {
  const headers = { Connection: 'close' };
  return problem(c, { status: 411, title: 'Length Required', detail: 'The body needs a Content-Length.', headers });
}

function tooLarge(c: C): Response {
  const headers = { Connection: 'close' };
  return problem(c, {
    status: 413,
    title: 'Content Too Large',
    detail: 'The body is larger than this takes.',
    headers,
  });
}
