/** What devices send compressed: `deflate` with or without the header of zlib (RFC 9110, section 8.4.1.2, says with), or `gzip`. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import {
  constants,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';

type Packing = 'none' | 'gzip' | 'zlib' | 'raw';

/** Some devices name an encoding and send text all the same: `-` of a boundary, `{`, or the `C` of `Code=`. */
const PLAIN: readonly number[] = [...'-{C<\r\n'].map((sign) => sign.charCodeAt(0));

function packingOf(first: number | undefined, encoding: string): Packing {
  if (!/^(?:x-)?(?:deflate|gzip)$/i.test(encoding.trim()) || first === undefined || PLAIN.includes(first))
    return 'none';
  if (first === 0x1f) return 'gzip';
  // The compression method of zlib's header, in its lower half (RFC 1950, section 2.2).
  return (first & 0x0f) === 8 ? 'zlib' : 'raw';
}

/** The bytes of a stream as they were before `encoding`. Rejects with an error whose code begins with `Z_` where they were not. */
export async function* inflated(source: Readable, encoding: string | undefined): AsyncGenerator<Buffer> {
  const first = await firstOf(source);
  if (first === null) return;
  source.unshift(first);
  const packing = packingOf(first[0], encoding ?? '');
  if (packing === 'none') return yield* source as AsyncIterable<Buffer>;
  // What is there is handed out although the stream goes on, or breaks off.
  const flush = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
  const opener = { gzip: createGunzip, zlib: createInflate, raw: createInflateRaw }[packing](flush);
  source.on('error', (error) => opener.destroy(error));
  source.pipe(opener);
  try {
    yield* opener as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
  }
}

/** The first bytes, which say how a stream is packed; null where it ends without any. */
async function firstOf(source: Readable): Promise<Buffer | null> {
  while (!source.destroyed && !source.readableEnded) {
    const chunk: unknown = source.read();
    if (Buffer.isBuffer(chunk)) return chunk;
    await once(source, 'readable');
  }
  return null;
}

/** The same for a whole body, of at most `mostBytes`; null where it is not what it says, or larger. */
export function inflatedBody(body: Uint8Array, encoding: string, mostBytes: number): Uint8Array | null {
  const packing = packingOf(body[0], encoding);
  if (packing === 'none') return body;
  try {
    const unpack = { gzip: gunzipSync, zlib: inflateSync, raw: inflateRawSync }[packing];
    return unpack(body, { maxOutputLength: mostBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
