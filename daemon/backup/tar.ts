/**
 * Tape archives (POSIX ustar, with pax headers where a name or a size does not fit) as `tar` reads them, an entry at a time: a ledger of
 * gigabytes is never in memory.
 */

/** What cannot be read as an archive; the message says why. */
export class BadTar extends Error {
  override readonly name = 'BadTar';
}

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);
/** Eleven digits in base 8: 8 GB. */
const LARGEST = 8 ** 11 - 1;
const LONGEST_NAME = 100;
/** A pax header holds a name and a size. */
const LARGEST_HEADER = 64 * 1024;

export interface TarEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly bytes: number;
  /** Its content; whatever is not read is passed over. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** What comes before the content of a file. `atMs`: when it was changed. */
export function tarHeader(name: string, bytes: number, atMs: number): Buffer {
  const isPlain = Buffer.byteLength(name) <= LONGEST_NAME && /^[\x20-\x7e]*$/.test(name);
  if (isPlain && bytes <= LARGEST) return block(name, bytes, atMs, '0');
  const records = Buffer.from(paxRecord('path', name) + paxRecord('size', String(bytes)));
  return Buffer.concat([
    block('pax', records.length, atMs, 'x'),
    records,
    tarPadding(records.length),
    block('long', Math.min(bytes, LARGEST), atMs, '0'),
  ]);
}

/** What comes after the content of a file. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

/** What comes after the last file. */
export const TAR_END: Buffer = END;

function block(name: string, bytes: number, atMs: number, type: '0' | 'x'): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void =>
    void header.write(`${value.toString(8).padStart(digits, '0')}\0`, at, 'latin1');
  header.write(name, 0, 'latin1');
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(bytes, 124, 11);
  octal(Math.max(0, Math.floor(atMs / 1000)), 136, 11);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** `length key=value\n`, the length being that of the whole record. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (length !== String(length).length + Buffer.byteLength(rest)) length += 1;
  return `${length}${rest}`;
}

/** Of a header, with blanks in the place of the checksum itself. */
function checksum(header: Buffer): number {
  let sum = 8 * 0x20;
  for (const [i, byte] of header.entries()) if (i < 148 || i >= 156) sum += byte;
  return sum;
}

/** The files of an archive, in its order; throws `BadTar` where it is none, is damaged or ends too early. */
export async function* tarEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const reader = new Reader(stream);
  let long: { readonly name: string; readonly bytes: number } | null = null;
  for (;;) {
    const header = await reader.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) return await reader.end();
    const { name, bytes, type } = headerOf(header);
    if (type === 'x') {
      if (bytes > LARGEST_HEADER) throw new BadTar('damaged: a header of its own size');
      long = paxOf(await reader.exactly(bytes));
      await reader.exactly(tarPadding(bytes).length);
      continue;
    }
    if (type !== '0') throw new BadTar(`holds what is no file: ${name}`);
    const entry = long ?? { name, bytes };
    long = null;
    const content = reader.part(entry.bytes);
    yield { ...entry, chunks: content };
    for await (const _passedOver of content);
    await reader.exactly(tarPadding(entry.bytes).length);
  }
}

function headerOf(header: Buffer): { readonly name: string; readonly bytes: number; readonly type: string } {
  const text = (from: number, to: number): string => header.toString('latin1', from, to).replace(/\0.*$/s, '');
  if (text(257, 262) !== 'ustar' || Number.parseInt(text(148, 155), 8) !== checksum(header)) {
    throw new BadTar('damaged, or no archive');
  }
  const bytes = Number.parseInt(text(124, 136), 8);
  if (!Number.isSafeInteger(bytes)) throw new BadTar('damaged: a size');
  return { name: text(0, 100), bytes, type: text(156, 157) };
}

function paxOf(records: Buffer): { readonly name: string; readonly bytes: number } {
  const found = new Map<string, string>();
  for (const line of records.toString().split('\n')) {
    const [, key, value] = /^\d+ ([a-z]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) found.set(key, value);
  }
  const [name, bytes] = [found.get('path'), Number(found.get('size'))];
  if (name === undefined || !Number.isSafeInteger(bytes)) throw new BadTar('damaged: a long name');
  return { name, bytes };
}

/** A stream, read by numbers of bytes. */
class Reader {
  readonly #stream: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.part(bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Whatever carries the archive has an end of its own, such as a checksum. */
  async end(): Promise<void> {
    while ((await this.#stream.next()).done !== true);
  }

  /** The next so many bytes, as they come; to be read to its end before anything else is. */
  part(bytes: number): AsyncIterable<Buffer> & AsyncIterator<Buffer> {
    let left = bytes;
    const next = async (): Promise<IteratorResult<Buffer>> => {
      if (left === 0) return { done: true, value: undefined };
      if (this.#rest.length === 0) {
        const { done, value } = await this.#stream.next();
        if (done === true) throw new BadTar('ends too early');
        this.#rest = value;
      }
      const value = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(value.length);
      left -= value.length;
      return { done: false, value };
    };
    const content = { next, [Symbol.asyncIterator]: () => content };
    return content;
  }
}
