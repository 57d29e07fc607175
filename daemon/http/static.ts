/** The page and what it loads, out of memory. */
import type { Context, Handler } from 'hono';
import type { Asset, Assets, Encoding, PageName } from './assets.ts';
import { matchesEtag } from './board-api.ts';
import { notFound } from './problem.ts';

/** The page is asked about each time, so that a new version is seen at the next load. */
export function page(assets: Assets, name: PageName): Handler {
  return (c) => send(c, assets.pages[name], 'no-cache');
}

export function asset(assets: Assets): Handler {
  return (c) => {
    const found = assets.byPath.get(c.req.path);
    return found === undefined ? notFound(c) : send(c, found, 'public, max-age=31536000, immutable');
  };
}

async function send(c: Context, found: Asset, cacheControl: string): Promise<Response> {
  const encoding = preferredEncoding(c.req.header('Accept-Encoding') ?? '');
  // A tag belongs to one representation (RFC 9110 section 8.8.3), so each encoding has its own.
  const etag = encoding === null ? `"${found.tag}"` : `"${found.tag}-${encoding}"`;
  const headers = { ETag: etag, 'Cache-Control': cacheControl, Vary: 'Accept-Encoding' };
  if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
  const typed = { ...headers, 'Content-Type': found.contentType };
  if (encoding === null) return c.body(found.plain, 200, typed);
  return c.body(await found.packed(encoding), 200, { ...typed, 'Content-Encoding': encoding });
}

/** Brotli, else gzip, else as it is; `q=0` means no (RFC 9110 section 12.5.3). */
function preferredEncoding(accepted: string): Encoding | null {
  const willing = new Set<string>();
  for (const item of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) willing.add(name);
  }
  if (willing.has('br')) return 'br';
  return willing.has('gzip') ? 'gzip' : null;
}
