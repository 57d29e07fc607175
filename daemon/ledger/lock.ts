/** One writer a data directory, held by the operating system: the lock of a process that dies is gone with it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Whoever only looks is gone after an instant. */
const PATIENCE_MS = 500;

/** Another process holds the data directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly directory: string;

  constructor(directory: string, cause: unknown) {
    super(`another process writes to ${directory}`, { cause });
    this.directory = directory;
  }
}

/** Locks a data directory until `release`; throws `LockedError` when another process has it. */
export function lockDirectory(directory: string): { release(): void } {
  const database = new DatabaseSync(fileOf(directory), { timeout: PATIENCE_MS });
  try {
    // An exclusive transaction is a lock of the file itself, which a killed process cannot leave behind.
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    database.close();
    if (!isHeld(cause)) throw cause;
    throw new LockedError(directory, cause);
  }
  return {
    release() {
      database.exec('rollback');
      database.close();
    },
  };
}

/** Whether a process holds a data directory; one that cannot be looked into is for whoever opens it to complain of. */
export function isLocked(directory: string): boolean {
  if (!existsSync(fileOf(directory))) return false;
  try {
    using database = new DatabaseSync(fileOf(directory), { readOnly: true, timeout: 0 });
    database.exec('select 1 from sqlite_master');
    return false;
  } catch (error) {
    return isHeld(error);
  }
}

const fileOf = (directory: string): string => join(directory, 'writer.lock');
const isHeld = (error: unknown): boolean => /locked|busy/i.test(String(error));
