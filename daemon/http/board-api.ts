/** The board for programs: the hall, and its windows as they stand. */
import type { Handler } from 'hono';
import type { BoardFeed } from './board-feed.ts';

export function hall(feed: BoardFeed): Handler {
  return (c) => c.json(feed.latest().hall, 200, { 'Cache-Control': 'no-cache' });
}

/** The snapshot, with an entity tag so that asking again costs nothing while nothing changed. */
export function windows(feed: BoardFeed): Handler {
  return (c) => {
    const board = feed.latest();
    const etag = `"${board.tag}"`;
    const headers = { ETag: etag, 'Cache-Control': 'no-cache' };
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
