/**
 * The evidence of a case as one file that can be given away and still be proved: every file with its SHA-256 in a manifest, and the ends
 * of the ledger's chains, by which the ledger can be held against it later (`audit verify --noted`).
 */
import { hash } from 'node:crypto';
import { BadZip, unzipped, type ZipEntry, zipOf } from '../files/zip.ts';

export const ARCHIVE_FORM = 'zaigang-case-archive-1';
const MANIFEST = 'manifest.json';
/** As `sha256sum --check` reads it. */
const SUMS = 'SHA256SUMS';
const READ_ME = 'README.txt';

/** What does not belong to the one who reads: it names others, or is not there any more. */
export interface LeftOut {
  readonly what: 'explanation' | 'facts' | 'picture';
  /** `names-others` · or why there is no picture. */
  readonly because: string;
  /** Which picture, or how many facts. */
  readonly about: string;
}

export interface ArchiveHead {
  readonly hall: string;
  readonly case: string;
  /** What the case said (`revision`). */
  readonly revision: string;
  /** RFC 3339, in the hall's offset. */
  readonly madeAt: string;
  /** For whom: the account. */
  readonly madeFor: string;
  /** The last link of the ledger's chain, `NUMBER:HASH`; null = it has none. */
  readonly ledger: string | null;
  /** The last row about pictures, `ROW:HASH`; null = there is none. */
  readonly pictures: string | null;
  readonly leftOut: readonly LeftOut[];
}

export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest extends ArchiveHead {
  readonly form: typeof ARCHIVE_FORM;
  readonly files: readonly ListedFile[];
}

/** The archive of some files. */
export function caseArchive(head: ArchiveHead, files: readonly ZipEntry[]): Buffer {
  const all = [{ name: READ_ME, content: Buffer.from(readMe(head)) }, ...files];
  const listed = all.map(({ name, content }) => ({ name, bytes: content.length, sha256: hash('sha256', content) }));
  const manifest: Manifest = { form: ARCHIVE_FORM, ...head, files: listed };
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const sums = [...listed, { name: MANIFEST, sha256: hash('sha256', content) }];
  const lines = sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  return zipOf([...all, { name: MANIFEST, content }, { name: SUMS, content: Buffer.from(lines) }], head.madeAt);
}

function readMe({ case: about, madeAt, ledger }: ArchiveHead): string {
  const audit = ledger === null ? '' : `  zaigang audit verify --noted ${ledger}\n`;
  return [
    `案件 ${about} 的证据，${madeAt} 取出。`,
    'case.json 案件全程与裁定；explanation.*.txt 结论的由来；facts.jsonl 所依据的记录；pictures/ 画面及其判断依据。',
    '核对各文件是否原样：',
    `  sha256sum --check ${SUMS}     或   zaigang evidence verify 本文件.zip`,
    '核对账本此后未被改动（在大厅的服务器上）：',
    audit,
    `Evidence of case ${about}, taken out at ${madeAt}.`,
    'case.json: its life and decisions; explanation.*.txt: how it was concluded; facts.jsonl: the records used; pictures/: pictures, and what was seen in them.',
    'Whether the files are as they were taken out:',
    `  sha256sum --check ${SUMS}     or   zaigang evidence verify THIS.zip`,
    'Whether the ledger still has what it had then (on the hall’s server):',
    audit,
  ].join('\n');
}

/** A file that is not as the manifest says: not there, other than it was, or nothing that the manifest knows. */
export interface ArchiveFault {
  readonly name: string;
  readonly what: 'absent' | 'changed' | 'unlisted';
}

export type ArchiveCheck =
  | { readonly unreadable: string }
  | { readonly manifest: Manifest; readonly faults: readonly ArchiveFault[] };

/** Holds what is in an archive against its manifest; needs nothing else. */
export function checkedArchive(bytes: Uint8Array): ArchiveCheck {
  let entries: ZipEntry[];
  try {
    entries = unzipped(bytes);
  } catch (error) {
    if (error instanceof BadZip) return { unreadable: error.message };
    throw error;
  }
  const found = new Map(entries.map(({ name, content }) => [name, content]));
  const manifest = manifestOf(found.get(MANIFEST));
  if (manifest === null) return { unreadable: `no ${MANIFEST} of the form ${ARCHIVE_FORM}` };
  const faults: ArchiveFault[] = [];
  for (const { name, bytes: size, sha256 } of manifest.files) {
    const content = found.get(name);
    if (content === undefined) faults.push({ name, what: 'absent' });
    else if (content.length !== size || hash('sha256', content) !== sha256) faults.push({ name, what: 'changed' });
  }
  for (const fault of sumsFaults(found)) faults.push(fault);
  const listed = new Set([...manifest.files.map(({ name }) => name), MANIFEST, SUMS]);
  for (const name of found.keys()) if (!listed.has(name)) faults.push({ name, what: 'unlisted' });
  return { manifest, faults };
}

/** The manifest itself is held against the sums: so both have to be changed alike. */
function sumsFaults(found: ReadonlyMap<string, Uint8Array>): ArchiveFault[] {
  const sums = found.get(SUMS);
  if (sums === undefined) return [{ name: SUMS, what: 'absent' }];
  const line = `${hash('sha256', found.get(MANIFEST) ?? new Uint8Array())}  ${MANIFEST}`;
  return Buffer.from(sums).toString().split('\n').includes(line) ? [] : [{ name: MANIFEST, what: 'changed' }];
}

function manifestOf(content: Uint8Array | undefined): Manifest | null {
  if (content === undefined) return null;
  try {
    const said = JSON.parse(Buffer.from(content).toString()) as Partial<Manifest> | null;
    const isOurs = said?.form === ARCHIVE_FORM && Array.isArray(said.files) && said.files.every(isListed);
    return isOurs ? (said as Manifest) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const isListed = (one: unknown): boolean => {
  const { name, bytes, sha256 } = (one ?? {}) as Partial<ListedFile>;
  return typeof name === 'string' && typeof bytes === 'number' && typeof sha256 === 'string';
};
