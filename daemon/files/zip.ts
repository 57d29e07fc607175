/**
 * ZIP archives (APPNOTE 6.3.3) of a few files in memory, written and read. node:zlib has the two things that are hard about them, the
 * checksum and deflate; what remains is less than a package's list of options. Nothing above 4 GB, no encryption, no folders of their own.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With `/` between folders; UTF-8. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** What cannot be read as an archive; the message says why. */
export class BadZip extends Error {
  override readonly name = 'BadZip';
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
/** Version 2.0, which knows deflate. */
const VERSION = 20;
/** Bit 11: names are UTF-8. */
const UTF8 = 0x0800;
const END_BYTES = 22;
/** A comment at the end may be this long, and hide the end's record so far before it. */
const MOST_COMMENT = 0xffff;
/** Larger than anything that is written here: what says it is larger is not unpacked. */
const MOST_BYTES = 256 * 1024 * 1024;

/** `at` (RFC 3339): its wall time is that of all files; the format knows no zone, and no year before 1980. */
export function zipOf(entries: readonly ZipEntry[], at: string): Buffer {
  const [year = 1980, month = 1, day = 1, hour = 0, minute = 0, second = 0] = at.split(/\D/).map(Number);
  const time = (hour << 11) | (minute << 5) | (second >> 1);
  const date = ((year - 1980) << 9) | (month << 5) | day;
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content);
    const isSmaller = packed.length < content.length;
    const data = isSmaller ? packed : Buffer.from(content);
    const label = Buffer.from(name);
    // What both headers say, in the same order.
    const said = Buffer.alloc(26);
    said.writeUInt16LE(VERSION, 0);
    said.writeUInt16LE(UTF8, 2);
    said.writeUInt16LE(isSmaller ? DEFLATED : STORED, 4);
    said.writeUInt16LE(time, 6);
    said.writeUInt16LE(date, 8);
    said.writeUInt32LE(crc32(content), 10);
    said.writeUInt32LE(data.length, 14);
    said.writeUInt32LE(content.length, 18);
    said.writeUInt16LE(label.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const local = Buffer.concat([uint32(LOCAL), said, label, data]);
    central.push(Buffer.concat([uint32(CENTRAL), uint16(VERSION), said, rest, label]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** The files of an archive, in its order; throws `BadZip` where it is none, or is damaged. */
export function unzipped(bytes: Uint8Array): ZipEntry[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return entriesOf(archive);
  } catch (cause) {
    if (cause instanceof BadZip) throw cause;
    // A place outside of the file, or what is no deflate.
    throw new BadZip(`damaged: ${(cause as Error).message}`, { cause });
  }
}

function entriesOf(archive: Buffer): ZipEntry[] {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new BadZip('damaged: its list of files');
    const [method, crc] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 16)];
    const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const [label, extra, comment] = [28, 30, 32].map((place) => archive.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + label);
    total += size;
    if (total > MOST_BYTES) throw new BadZip('more than is ever packed here');
    if (names.has(name)) throw new BadZip(`damaged: ${name} is there twice`);
    names.add(name);
    const content = contentOf(archive, archive.readUInt32LE(at + 42), { method, packed, size });
    if (content.length !== size || crc32(content) !== crc) throw new BadZip(`damaged: ${name}`);
    if (!name.endsWith('/')) entries.push({ name, content });
    at += 46 + label + extra + comment;
  }
  return entries;
}

function endOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_BYTES - MOST_COMMENT);
  for (let at = archive.length - END_BYTES; at >= first; at--) if (archive.readUInt32LE(at) === END) return at;
  throw new BadZip('no ZIP archive');
}

interface Packed {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
}

function contentOf(archive: Buffer, local: number, { method, packed, size }: Packed): Buffer {
  if (archive.readUInt32LE(local) !== LOCAL) throw new BadZip('damaged: a file is not where its list says');
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const data = archive.subarray(from, from + packed);
  if (method === STORED) return data;
  if (method !== DEFLATED) throw new BadZip(`packed in a way that is not known here (${method})`);
  return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
}
