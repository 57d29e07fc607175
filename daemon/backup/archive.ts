/**
 * A backup in one file: a gzipped tape archive that `tar` and `sha256sum -c` can read as well. First what it is, then its files, last the
 * digests of all of them.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { type Manifest, readManifest } from './manifest.ts';
import { BadTar, TAR_END, type TarEntry, tarEntries, tarHeader, tarPadding } from './tar.ts';

/** What goes into an archive. */
export interface Part {
  /** Its place in the data folder, with `/` between folders. */
  readonly name: string;
  readonly content: Buffer | { readonly path: string; readonly bytes: number };
}

export interface Walk {
  readonly signal: AbortSignal;
  /** Called with the bytes that have been read or written so far. */
  readonly progress: (bytes: number) => void;
}

/** An archive cannot be used, and why. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive';
  /** `no-backup`: another file, or of a later form; `truncated`: its end is missing; `damaged`: something in it is not what was written. */
  readonly reason: 'no-backup' | 'truncated' | 'damaged';

  constructor(reason: BadArchive['reason'], detail: string, cause?: unknown) {
    super(detail, { cause });
    this.reason = reason;
  }
}

const MANIFEST = 'manifest.json';
const SUMS = 'SHA256SUMS';
const CHUNK = 1 << 20;
/** Facts shrink to a fifth at any level; this one keeps up with most disks. */
const LEVEL = constants.Z_BEST_SPEED;

/** Writes an archive that only its owner may read, on the disk when this resolves. Rejects with what the system says. */
export async function writeArchive(
  file: string,
  manifest: Manifest,
  parts: readonly Part[],
  { signal, progress }: Walk,
): Promise<void> {
  const said = { name: MANIFEST, content: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) };
  const bytes = tarOf([said, ...parts], Date.parse(manifest.madeAt), progress);
  const target = createWriteStream(file, { mode: 0o600, flags: 'wx' });
  await pipeline(Readable.from(bytes), createGzip({ level: LEVEL, chunkSize: CHUNK }), target, { signal });
  const written = await open(file, 'r+');
  try {
    await written.sync();
  } finally {
    await written.close();
  }
}

async function* tarOf(parts: readonly Part[], atMs: number, progress: Walk['progress']): AsyncIterable<Buffer> {
  const sums: string[] = [];
  let done = 0;
  for (const { name, content } of parts) {
    const bytes = Buffer.isBuffer(content) ? content.length : content.bytes;
    yield tarHeader(name, bytes, atMs);
    const sum = createHash('sha256');
    let written = 0;
    for await (const chunk of chunksOf(content)) {
      written += chunk.length;
      if (written > bytes) break;
      sum.update(chunk);
      yield chunk;
      done += chunk.length;
      progress(done);
    }
    if (written !== bytes) throw new Error(`${name} was changed while it was read`);
    yield tarPadding(bytes);
    sums.push(`${sum.digest('hex')}  ${name}\n`);
  }
  const text = Buffer.from(sums.join(''));
  yield Buffer.concat([tarHeader(SUMS, text.length, atMs), text, tarPadding(text.length), TAR_END]);
}

function chunksOf(content: Part['content']): AsyncIterable<Buffer> | Iterable<Buffer> {
  return Buffer.isBuffer(content) ? [content] : createReadStream(content.path, { highWaterMark: CHUNK });
}

/** What is done with a file of an archive; it need not be read. */
export type Keep = (entry: TarEntry) => Promise<void>;

/**
 * Reads an archive to its end and holds every digest against what is there; throws `BadArchive`. `accept` is asked before anything
 * else is read, and refuses by throwing.
 */
export async function readArchive(
  file: string,
  { accept, keep, signal, progress }: Walk & { accept(manifest: Manifest): Promise<void>; readonly keep: Keep },
): Promise<Manifest> {
  const source = createReadStream(file, { highWaterMark: CHUNK });
  const unpacked = createGunzip({ chunkSize: CHUNK });
  source.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    return await walk(unpacked, { accept, keep, signal, progress });
  } catch (error) {
    throw badArchive(error);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

async function walk(
  stream: AsyncIterable<Buffer>,
  { accept, keep, signal, progress }: Parameters<typeof readArchive>[1],
): Promise<Manifest> {
  let manifest: Manifest | null = null;
  let listed: string | null = null;
  const sums: string[] = [];
  let done = 0;
  for await (const entry of tarEntries(stream)) {
    if (listed !== null) throw new BadArchive('damaged', `${entry.name} comes after the digests`);
    if (manifest === null || entry.name === SUMS) {
      if (entry.bytes > CHUNK * 64) throw new BadArchive('damaged', `${entry.name} is too large`);
      const text = await textOf(entry);
      if (entry.name === SUMS) listed = text;
      else manifest = await accepted(entry.name, text, accept);
      if (entry.name !== SUMS) sums.push(`${digestOf(text)}  ${entry.name}\n`);
      continue;
    }
    const sum = createHash('sha256');
    await keep({ ...entry, chunks: summed(entry.chunks, sum) });
    for await (const rest of entry.chunks) sum.update(rest);
    sums.push(`${sum.digest('hex')}  ${entry.name}\n`);
    done += entry.bytes;
    progress(done);
    signal.throwIfAborted();
  }
  if (manifest === null) throw new BadArchive('no-backup', 'it is empty');
  if (listed === null) throw new BadArchive('truncated', 'the digests at its end are missing');
  if (listed !== sums.join('')) throw new BadArchive('damaged', differing(listed, sums));
  return manifest;
}

async function accepted(name: string, text: string, accept: (manifest: Manifest) => Promise<void>): Promise<Manifest> {
  const manifest = name === MANIFEST ? readManifest(text) : null;
  if (manifest === null) throw new BadArchive('no-backup', `${MANIFEST} is not as this release writes it`);
  await accept(manifest);
  return manifest;
}

async function textOf({ chunks }: TarEntry): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

async function* summed(chunks: AsyncIterable<Buffer>, sum: ReturnType<typeof createHash>): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    sum.update(chunk);
    yield chunk;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function differing(listed: string, sums: readonly string[]): string {
  const known = new Set(listed.split('\n'));
  const other = sums.find((line) => !known.has(line.trimEnd()));
  return other === undefined ? 'files are missing' : `${other.slice(66).trimEnd()} is not what was written`;
}

function badArchive(error: unknown): unknown {
  if (error instanceof BadTar) {
    return new BadArchive(/early/.test(error.message) ? 'truncated' : 'damaged', error.message, error);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new BadArchive('truncated', message, error);
  if (message === 'incorrect header check') return new BadArchive('no-backup', 'it is not compressed', error);
  if (code?.startsWith('Z_') === true) return new BadArchive('damaged', message, error);
  return error;
}
