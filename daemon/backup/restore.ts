/** Putting a backup in the place of a hall's data: all of it, once it has been found whole, or nothing. */
import { createWriteStream, existsSync, linkSync, mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import type { LoadedConfig } from '../../config/load.ts';
import type { Ms } from '../../rules/time.ts';
import { type Audit, audit, NothingToAudit } from '../audit/audit.ts';
import { makeFolder } from '../files/folders.ts';
import { adoptOlderRows } from '../ledger/adoption.ts';
import { headOf } from '../ledger/chain-end.ts';
import { lockDirectory } from '../ledger/lock.ts';
import { migrate, newestForm } from '../ledger/migrate.ts';
import { isClosed, isDamage } from '../ledger/read-only.ts';
import { VERSION } from '../version.ts';
import { type Amends, makeAmends, vouchForClock } from './amends.ts';
import { BadArchive, readArchive, type Walk } from './archive.ts';
import { BELONGINGS, hasPlace, LEDGER_FILE } from './folder.ts';
import { withCopy } from './ledger-copy.ts';
import type { Manifest } from './manifest.ts';
import { NoRoom } from './room.ts';
import type { TarEntry } from './tar.ts';

export interface RestoreOptions extends Walk {
  readonly loaded: LoadedConfig;
  readonly file: string;
  /** Whether data that is there is moved aside. */
  readonly force: boolean;
  /** Whether nothing ran since the backup was taken: nothing is lost, and what waits has not been sent. */
  readonly moved: boolean;
  /** Whether the time series is shipped from its beginning: the store was lost as well. */
  readonly shipAll: boolean;
  readonly now: Ms;
  /** Whether somebody says that it is `now`, however long after the backup. */
  readonly trustsClock: boolean;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Null = there is nothing in it that could be verified. */
  readonly audit: Audit | null;
  /** Null where nothing had to be made good. */
  readonly amends: Amends | null;
  /** Where the former data is; null = there was none. */
  readonly aside: string | null;
}

/** A backup that is whole is not restored, and why. */
export class NotRestored extends Error {
  override readonly name = 'NotRestored';
  readonly reason: 'occupied' | 'other-hall' | 'newer' | 'clock' | 'long-ago' | 'ran-on';
  /** Null = the backup was not looked at. */
  readonly manifest: Manifest | null;

  constructor(reason: NotRestored['reason'], manifest: Manifest | null) {
    super(reason);
    this.reason = reason;
    this.manifest = manifest;
  }
}

/** Within the data folder: it may be a disk of its own, and what is beside it somebody else's. */
const STAGING = 'restoring';

/**
 * Restores a backup. Throws `LockedError` while a daemon uses the data folder, `BadArchive`, `DamagedLedger`, `NoRoom` and
 * `NotRestored`; then the folder is as it was.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { data } = options.loaded.config;
  makeFolder(data, 0o700);
  const lock = lockDirectory(data);
  const staging = join(data, STAGING);
  try {
    const isOccupied = BELONGINGS.some((name) => existsSync(join(data, name)));
    if (isOccupied && !options.force) throw new NotRestored('occupied', null);
    rmSync(staging, { recursive: true, force: true });
    const manifest = await unpack(staging, options);
    const amends = prepareLedger(join(staging, LEDGER_FILE), manifest, options);
    const audited = verified(staging, options.loaded, data);
    options.signal.throwIfAborted();
    const aside = join(data, `before-${stampOf(options.now)}`);
    await putInPlace(data, staging, aside);
    return { manifest, audit: audited, amends, aside: existsSync(aside) ? aside : null };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    lock.release();
  }
}

async function unpack(staging: string, options: RestoreOptions): Promise<Manifest> {
  const { file, signal, progress } = options;
  mkdirSync(staging, { mode: 0o700 });
  const accept = async (manifest: Manifest): Promise<void> => requireUsable(manifest, staging, options);
  return await readArchive(file, { accept, keep: (entry) => keepIn(staging, entry), signal, progress });
}

async function keepIn(staging: string, { name, chunks }: TarEntry): Promise<void> {
  if (!hasPlace(name)) throw new BadArchive('damaged', `${name} is none of a backup's files`);
  const path = join(staging, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(chunks, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
}

/** Before anything is unpacked. */
function requireUsable(manifest: Manifest, staging: string, { loaded, moved, now, trustsClock }: RestoreOptions): void {
  const { hall, live, ledger, bytes } = manifest;
  if (ledger.form > newestForm() || isNewer(manifest.release)) throw new NotRestored('newer', manifest);
  if (hall !== loaded.hall.id) throw new NotRestored('other-hall', manifest);
  if (moved && live) throw new NotRestored('ran-on', manifest);
  const aliveAt = Date.parse(ledger.aliveAt ?? manifest.madeAt);
  if (now < aliveAt) throw new NotRestored('clock', manifest);
  // Up to when facts were lost is written down, and never changed: not by a clock that is wrong.
  if (now > aliveAt + loaded.config.intake.longestOff && !trustsClock) throw new NotRestored('long-ago', manifest);
  const { bavail, bsize } = statfsSync(staging);
  const neededBytes = bytes + loaded.config.diskReserve;
  if (bavail * bsize < neededBytes) throw new NoRoom(staging, neededBytes, bavail * bsize);
}

/** Whether a release comes after this one. */
function isNewer(release: string): boolean {
  return release.localeCompare(VERSION, 'en', { numeric: true }) > 0;
}

/** Brings the ledger to the newest form, so that it can be verified, and makes good what can be. */
function prepareLedger(
  file: string,
  { hall, ledger }: Manifest,
  { moved, shipAll, now }: RestoreOptions,
): Amends | null {
  if (!existsSync(file)) throw new BadArchive('damaged', `there is no ${LEDGER_FILE} in it`);
  return withCopy(file, (database) => {
    migrate(database);
    adoptOlderRows(database);
    const newest = headOf(database, hall);
    if (ledger.newestLink !== null && newest !== ledger.newestLink) {
      throw new BadArchive('damaged', `its chain ends with ${newest ?? 'nothing'}, not with ${ledger.newestLink}`);
    }
    if (shipAll) shipFromBeginning(database);
    vouchForClock(database, now);
    return moved ? null : makeAmends(database, now);
  });
}

function verified(staging: string, { hall }: LoadedConfig, data: string): Audit | null {
  try {
    // Named by where it is going to be.
    return { ...audit({ directory: staging, hall, noted: null }), file: join(data, LEDGER_FILE) };
  } catch (error) {
    if (error instanceof NothingToAudit) return null;
    throw error;
  }
}

/** Points overwrite themselves. */
function shipFromBeginning(database: DatabaseSync): void {
  database.exec("delete from setting where name like 'series-cursor %'");
}

/** Moves what was there aside and what is new into its place; what fails is undone. The ledger goes last, and in one step. */
async function putInPlace(data: string, staging: string, aside: string): Promise<void> {
  settleFormer(data);
  const undo: (() => void)[] = [];
  const move = (from: string, to: string): void => {
    renameSync(from, to);
    undo.push(() => renameSync(to, from));
  };
  try {
    for (const name of BELONGINGS) {
      if (!existsSync(join(data, name))) continue;
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      if (name !== LEDGER_FILE) move(join(data, name), join(aside, name));
      // Never without a ledger: a daemon would begin a new one.
      else linkSync(join(data, name), join(aside, name));
    }
    for (const name of await readdir(staging)) {
      if (BELONGINGS.includes(name) && name !== LEDGER_FILE) move(join(staging, name), join(data, name));
    }
    await synced(join(staging, LEDGER_FILE));
    renameSync(join(staging, LEDGER_FILE), join(data, LEDGER_FILE));
  } catch (error) {
    for (const back of undo.reverse()) back();
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
  await synced(data);
}

/** What SQLite keeps beside the former ledger goes into it, unless it is damaged: that is why people restore. */
function settleFormer(data: string): void {
  const file = join(data, LEDGER_FILE);
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch (error) {
    if (!isDamage(error) && !isClosed(error)) throw error;
  } finally {
    database.close();
  }
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `20261122T061500Z`. */
function stampOf(at: Ms): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
