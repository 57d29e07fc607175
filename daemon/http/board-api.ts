/** The board for programs: the hall, and its windows as they stand. */
import type { Handler } from 'hono';
import { visitorOf } from '../access/actor.ts';
import { sightOf } from '../access/sight.ts';
import type { BoardFeed } from './board-feed.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';

export function hall(feed: BoardFeed): Handler<HttpEnv> {
  return (c) => c.json(feed.latest({ of: 'nobody' }, languageOf(c)).hall, 200, { 'Cache-Control': 'no-cache' });
}

/** The snapshot, with an entity tag so that asking again costs nothing while nothing changed. */
export function windows(feed: BoardFeed): Handler<HttpEnv> {
  return (c) => {
    const board = feed.latest(sightOf(visitorOf(c)), languageOf(c));
    const etag = `"${board.tag}"`;
    const headers = { ETag: etag, 'Cache-Control': 'private, no-cache', Vary: 'Cookie, Authorization' };
    if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
    return c.body(board.json, 200, { ...headers, 'Content-Type': 'application/json' });
  };
}

/** RFC 9110 section 13.1.2: a list of tags compared weakly, or `*` for any. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return (ifNoneMatch.match(/"[^"]*"/g) ?? []).some((tag) => tag === etag);
}
