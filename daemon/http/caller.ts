/** Finds out who asks, from where, before anything else is done. */
import { createHash } from 'node:crypto';
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { HttpConfig } from '../../config/schema.ts';
import type { Access } from '../access/access.ts';
import type { Actor } from '../access/actor.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

export type ProxyConfig = HttpConfig['proxy'];

type C = Context<HttpEnv>;

/** Browsers keep a cookie no longer than this (RFC 6265bis section 5.5). */
const LONGEST_COOKIE_S = 400 * 86_400;

/** The name of a hall's cookie: cookies of one host are not told apart by port, and it may serve several halls. */
export function cookieName(hall: string): string {
  return `zaigang-${createHash('sha256').update(hall).digest('hex').slice(0, 8)}`;
}

/** With `__Host-` a browser takes it only over TLS, and from no other host of the domain. */
const prefixOf = (c: C) => (c.get('secure') ? ({ prefix: 'host', secure: true } as const) : {});

/** Gives the browser a cookie: one that goes with the browser's session, or one that stays (a screen's). */
export function giveCookie(c: C, hall: string, secret: string, stays: boolean): void {
  setCookie(c, cookieName(hall), secret, {
    ...{ path: '/', httpOnly: true, sameSite: 'Strict', ...prefixOf(c) },
    ...(stays ? { maxAge: LONGEST_COOKIE_S } : {}),
  });
}

export function takeCookie(c: C, hall: string): void {
  setCookie(c, cookieName(hall), '', { path: '/', httpOnly: true, sameSite: 'Strict', maxAge: 0, ...prefixOf(c) });
}

/** Sets the request's variables (`HttpEnv`). A token that is not good is refused at once: it falls back to nothing. */
export function caller(access: Access, hall: string, proxy: ProxyConfig): MiddlewareHandler<HttpEnv> {
  const name = cookieName(hall);
  const trusted = networksOf(proxy?.from ?? []);
  return async (c, next) => {
    const peer = plainAddress(c.env?.incoming?.socket.remoteAddress ?? '');
    const byProxy = contains(trusted, peer);
    const secure = byProxy && lastOf(c.req.header('X-Forwarded-Proto'))?.toLowerCase() === 'https';
    const address = byProxy ? forwardedFor(c.req.header('X-Forwarded-For'), trusted, peer) : peer;
    const cookie = getCookie(c, name, secure ? 'host' : undefined) ?? null;
    c.set('secure', secure);
    c.set('address', address);
    c.set('cookie', cookie);
    const user = byProxy && proxy?.userHeader != null ? (c.req.header(proxy.userHeader) ?? null) : null;
    const token = bearerOf(c.req.header('Authorization'));
    const by = token !== null ? 'token' : user !== null ? 'proxy' : cookie !== null ? 'cookie' : null;
    const ask = (isUse: boolean): Actor | null => {
      if (token !== null) return access.gate.byToken(token);
      if (user !== null) return access.gate.byProxy(user, address);
      return cookie === null ? null : access.gate.byCookie(cookie, isUse);
    };
    const actor = ask(true);
    if (actor === null && by === 'token') return badToken(c);
    c.set('actor', actor);
    c.set('by', actor === null ? null : by);
    c.set('again', () => ask(false));
    return await next();
  };
}

/** RFC 6750 section 2.1; the scheme in any case. */
function bearerOf(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/** RFC 6750 section 3.1. */
function badToken(c: C): Response {
  return problem(c, {
    status: 401,
    title: 'Unauthorized',
    detail: 'The token is not known, has expired, or was revoked.',
    headers: { 'WWW-Authenticate': 'Bearer realm="zaigang", error="invalid_token"' },
  });
}

function networksOf(from: readonly string[]): BlockList {
  const list = new BlockList();
  for (const one of from) {
    const [address = '', bits] = one.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** An IPv4 address that came through an IPv6 socket, as IPv4. */
function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** The last address in the list that is none of our proxies: what stands before it is hearsay. */
function forwardedFor(header: string | undefined, trusted: BlockList, peer: string): string {
  let address = peer;
  for (const said of (header ?? '').split(',').reverse()) {
    const one = plainAddress(said.trim());
    if (isIP(one) === 0) return address;
    address = one;
    if (!contains(trusted, one)) return one;
  }
  return address;
}

function lastOf(header: string | undefined): string | undefined {
  return header?.split(',').at(-1)?.trim();
}
