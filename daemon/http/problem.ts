/** Errors as RFC 9457 problem details: the one shape of everything this server refuses. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export interface Problem {
  readonly status: ContentfulStatusCode;
  /** The same for every problem of the kind; in English, for programs and their authors. */
  readonly title: string;
  /** What happened this time. Never carries what the caller must not know, such as a cause inside the daemon. */
  readonly detail: string;
  /** Which of the kind it is, for pages that say it in the reader's language. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export function problem(c: Context, { status, title, detail, code, headers }: Problem): Response {
  const body = {
    type: 'about:blank',
    title,
    status,
    detail,
    instance: c.req.path,
    ...(code === undefined ? {} : { code }),
  };
  return c.body(JSON.stringify(body), status, {
    ...headers,
    'Content-Type': PROBLEM_CONTENT_TYPE,
    'Cache-Control': 'no-store',
  });
}

export function notFound(c: Context): Response {
  return problem(c, { status: 404, title: 'Not Found', detail: 'Nothing is served at this path.' });
}

/** RFC 9110 section 15.5.6: the answer names the methods that are allowed. */
export function methodNotAllowed(allowed: readonly string[]): (c: Context) => Response {
  const allow = allowed.join(', ');
  return (c) =>
    problem(c, {
      status: 405,
      title: 'Method Not Allowed',
      detail: `This path answers ${allow} only.`,
      headers: { Allow: allow },
    });
}

/** RFC 9110 section 15.5.2: a 401 names how one would sign in. Bearer, because tokens are what programs will use. */
export function signInMissing(c: Context): Response {
  return problem(c, {
    status: 401,
    title: 'Unauthorized',
    detail: 'This needs sign-in, or a token.',
    headers: { 'WWW-Authenticate': 'Bearer realm="zaigang"' },
  });
}

export function internalError(c: Context): Response {
  return problem(c, {
    status: 500,
    title: 'Internal Server Error',
    detail: 'The request could not be answered; the log of the daemon says why.',
  });
}

/** Why what somebody says or decides cannot be taken just now. */
export const NOTHING_NOTED =
  'Nothing can be noted at present: the ledger cannot be written, or it is not known what time it is. The board says which.';

export function nothingNoted(c: Context): Response {
  return problem(c, { status: 503, title: 'Service Unavailable', detail: NOTHING_NOTED, code: 'unavailable' });
}
