/** In and out, and what concerns only whoever asks. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { type Actor, actorOf, visitorOf } from '../access/actor.ts';
import type { SignIn } from '../access/gate.ts';
import type { LinkPurpose } from '../access/office.ts';
import { Refusal, type RefusalCode } from '../access/refusal.ts';
import { bodyOf } from './body.ts';
import { giveCookie, takeCookie } from './caller.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

type C = Context<HttpEnv>;
type Handler = (c: C) => Response | Promise<Response>;

const text = z.string().max(1024);
export const signInSchema = z.strictObject({ name: text, password: text });
export const passwordSchema = z.strictObject({ former: text, password: text });
export const linkSchema = z.strictObject({ link: text });
export const followSchema = z.strictObject({
  link: text,
  password: text.optional().describe('For every link but a screen’s.'),
  name: text.optional().describe('Of the first administrator.'),
  display: text.optional().describe('What the first administrator is called.'),
});

const NO_STORE = { 'Cache-Control': 'no-store' };

/** `hall` = its id, `known` what the pages say of it before anybody is signed in. */
export function signInHandlers({ gate, office }: Access, hall: string, known: () => { id: string; name: string }) {
  const entered = (c: C, outcome: SignIn): Response => {
    if (outcome.kind !== 'in') return notIn(c, outcome);
    giveCookie(c, hall, outcome.cookie, false);
    return c.json({ actor: outcome.actor }, 200, NO_STORE);
  };

  return {
    'GET /api/v1/me': (c) => {
      const { id, name } = known();
      return c.json({ hall: { id, name }, actor: visitorOf(c), by: c.get('by') }, 200, NO_STORE);
    },

    'POST /api/v1/sign-in': async (c) => {
      const credentials = await bodyOf(c, signInSchema);
      return entered(c, await gate.signIn(credentials, c.get('address'), c.get('cookie')));
    },

    'POST /api/v1/sign-out': (c) => {
      const cookie = c.get('cookie');
      if (cookie !== null) gate.signOut(cookie, c.get('address'));
      takeCookie(c, hall);
      return c.body(null, 204, NO_STORE);
    },

    'POST /api/v1/me/sign-out-everywhere': (c) => {
      const name = accountOf(actorOf(c));
      if (name === null) return notForMachines(c);
      office.signOutEverywhere(name, { who: actorOf(c).id, address: c.get('address') });
      takeCookie(c, hall);
      return c.body(null, 204, NO_STORE);
    },

    'POST /api/v1/me/password': async (c) => {
      const { former, password } = await bodyOf(c, passwordSchema);
      const actor = actorOf(c);
      const name = accountOf(actor);
      if (name === null) return notForMachines(c);
      const address = c.get('address');
      // Whoever found a page open is not to guess faster than one who signs in.
      const proof = await gate.prove({ name, password: former }, address);
      if (proof.kind === 'refused') throw new Refusal('wrong-password');
      if (proof.kind !== 'proved') return notIn(c, proof);
      await office.setPassword(name, password, { who: actor.id, address });
      return entered(c, gate.open(name, address, c.get('cookie')));
    },

    'POST /api/v1/link': async (c) => {
      const { link } = await bodyOf(c, linkSchema);
      return c.json(purposeOf(office.look(link)), 200, NO_STORE);
    },

    'POST /api/v1/link/follow': async (c) => {
      const { link, ...given } = await bodyOf(c, followSchema);
      const address = c.get('address');
      if (office.look(link).kind === 'screen') {
        const { cookie } = office.takeScreen(link, address);
        giveCookie(c, hall, cookie, true);
        return c.json({ actor: gate.byCookie(cookie, false) }, 200, NO_STORE);
      }
      const name = await office.follow(link, defined(given), address);
      return entered(c, gate.open(name, address, c.get('cookie')));
    },
  } satisfies Readonly<Record<string, Handler>>;
}

/** Without the keys that were left out: `exactOptionalPropertyTypes` tells them from undefined. */
function defined(
  given: {
    readonly [key in 'name' | 'display' | 'password']?: string | undefined;
  },
): { readonly [key in 'name' | 'display' | 'password']?: string } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function purposeOf(purpose: LinkPurpose): object {
  if (purpose.kind === 'password') {
    const { name, display } = purpose.account;
    return { kind: purpose.kind, name, display };
  }
  if (purpose.kind !== 'screen') return { kind: purpose.kind };
  const { name, window } = purpose.screen;
  return { kind: purpose.kind, display: name, ...(window === null ? {} : { window }) };
}

/** The account of somebody with one; null of a token. */
function accountOf({ id }: Actor): string | null {
  return id.startsWith('user:') ? id.slice('user:'.length) : null;
}

/** Why somebody did not get in, or did not prove who they are. */
export function notIn(c: C, outcome: Exclude<SignIn, { kind: 'in' }>): Response {
  if (outcome.kind === 'refused') {
    return problem(c, {
      status: 401,
      title: 'Unauthorized',
      detail: 'User name and password do not fit together, or the account is not in use.',
      code: 'refused',
      headers: { 'WWW-Authenticate': 'Bearer realm="zaigang"' },
    });
  }
  if (outcome.kind === 'busy') {
    const detail = 'Too many people are signing in; try again in a moment.';
    return problem(c, {
      status: 503,
      title: 'Service Unavailable',
      detail,
      code: 'busy',
      headers: { 'Retry-After': '2' },
    });
  }
  const seconds = Math.ceil(outcome.forMs / 1000);
  return problem(c, {
    status: 429,
    title: 'Too Many Requests',
    detail: `After several wrong tries the next one has to wait ${seconds} s.`,
    code: 'wait',
    headers: { 'Retry-After': String(seconds) },
  });
}

function notForMachines(c: C): Response {
  return problem(c, { status: 403, title: 'Forbidden', detail: 'A token has no password and no sessions.' });
}

const NOT_FOUND: readonly RefusalCode[] = ['unknown-account', 'unknown-token', 'unknown-screen'];
const CONFLICT: readonly RefusalCode[] = ['name-taken', 'last-admin'];

/** What the office does not do. */
export function refused(c: Context, { code, message }: Refusal): Response {
  if (NOT_FOUND.includes(code)) return problem(c, { status: 404, title: 'Not Found', detail: message, code });
  if (CONFLICT.includes(code)) return problem(c, { status: 409, title: 'Conflict', detail: message, code });
  if (code === 'bad-link') return problem(c, { status: 410, title: 'Gone', detail: message, code });
  return problem(c, { status: 422, title: 'Unprocessable Content', detail: message, code });
}
