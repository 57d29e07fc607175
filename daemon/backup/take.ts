/** Taking a backup: the ledger as of one commit, and the files that belong to it, checked after it was written. */
import { existsSync, rmSync, statfsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { makeFolder } from '../files/folders.ts';
import { LockedError, lockDirectory } from '../ledger/lock.ts';
import { VERSION } from '../version.ts';
import { type Part, readArchive, type Walk, writeArchive } from './archive.ts';
import { CONFIG_COPY, type DataFile, keptFiles, LEDGER_FILE, LEFT_OUT } from './folder.ts';
import { copyLedger, picturesOf, reachOf, withCopy } from './ledger-copy.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import { NoRoom } from './room.ts';

export interface TakeOptions extends Walk {
  readonly loaded: LoadedConfig;
  /** Where it goes. */
  readonly file: string;
}

/**
 * Writes a backup of a hall to a file, in place of one of that name; whole and on the disk when this resolves, and not there at all when
 * it rejects. Throws `DamagedLedger`, `NoRoom`, `LockedError` while another backup goes to that file, and what the system says.
 */
export async function takeBackup({ loaded, file, signal, progress }: TakeOptions): Promise<Manifest> {
  const { data } = loaded.config;
  const files = keptFiles(data);
  requireRoom(loaded, file, files);
  const room = `${resolve(file)}.part`;
  makeFolder(room, 0o700);
  const alone = lockDirectory(room);
  try {
    const copy = join(room, LEDGER_FILE);
    const archive = join(room, 'backup');
    // A backup that was killed left them here.
    for (const left of [copy, archive]) rmSync(left, { force: true });
    const live = await copied(data, copy);
    const { manifest, parts } = contentOf(loaded, { files: keptFiles(data), copy, live });
    const walk = { signal, progress };
    await writeArchive(archive, manifest, parts, walk);
    await readArchive(archive, { ...walk, progress: () => {}, accept: async () => {}, keep: async () => {} });
    signal.throwIfAborted();
    await rename(archive, file);
    return manifest;
  } finally {
    alone.release();
    rmSync(room, { recursive: true, force: true });
  }
}

/** Whether a daemon writes to the ledger, beside whom it was copied; where none does, none begins meanwhile. */
async function copied(data: string, copy: string): Promise<boolean> {
  let lock: ReturnType<typeof lockDirectory> | null = null;
  try {
    lock = lockDirectory(data);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
  }
  try {
    await copyLedger(data, copy, lock === null);
  } finally {
    lock?.release();
  }
  return lock === null;
}

interface Found {
  readonly files: readonly DataFile[];
  readonly copy: string;
  readonly live: boolean;
}

function contentOf(
  { config, hall, text }: LoadedConfig,
  { files, copy, live }: Found,
): { readonly manifest: Manifest; readonly parts: Part[] } {
  const { reach, pictures } = withCopy(copy, (database) => ({
    reach: reachOf(database, hall.id, hall.zone),
    pictures: picturesOf(database),
  }));
  const ledgerBytes = statSync(copy).size;
  const configuration = Buffer.from(text);
  const there = new Set(files.map(({ name }) => name));
  const manifest: Manifest = {
    format: FORMAT,
    release: VERSION,
    hall: hall.id,
    madeAt: formatInstant(hall.zone, systemClock().now()),
    live,
    ledger: reach,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, ledgerBytes + configuration.length),
    files: files.length + 2,
    pictures: pictures.length,
    missingPictures: pictures.filter((picture) => !there.has(picture)).length,
    leftOut: LEFT_OUT.filter((name) => existsSync(join(config.data, name))),
  };
  const parts = [
    { name: LEDGER_FILE, content: { path: copy, bytes: ledgerBytes } },
    { name: CONFIG_COPY, content: configuration },
    ...files.map(({ name, bytes }) => ({ name, content: { path: join(config.data, name), bytes } })),
  ];
  return { manifest, parts };
}

/** The copy of the ledger and the archive are there at the same time; pictures do not shrink, and of facts a half remains at most. */
function requireRoom({ config }: LoadedConfig, file: string, files: readonly DataFile[]): void {
  const folder = dirname(resolve(file));
  const ledgerBytes = statSync(join(config.data, LEDGER_FILE)).size;
  const besideBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  // On its own disk the daemon would stop taking in below the reserve.
  const isSameDisk = statSync(folder).dev === statSync(config.data).dev;
  const neededBytes = 1.5 * ledgerBytes + besideBytes + (isSameDisk ? config.diskReserve : 0);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < neededBytes) throw new NoRoom(folder, neededBytes, bavail * bsize);
}
