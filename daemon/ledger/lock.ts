/** One writer a data directory, held by the operating system: the lock of a process that dies is gone with it. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the data directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** Locks a data directory until `release`; throws `LockedError` when another process has it. */
export function lockDirectory(directory: string): { release(): void } {
  const database = new DatabaseSync(join(directory, 'writer.lock'), { timeout: 0 });
  try {
    // An exclusive transaction is a lock of the file itself, which a killed process cannot leave behind.
    database.exec('pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    database.close();
    if (!/locked|busy/i.test(String(cause))) throw cause;
    throw new LockedError(`another process writes to ${directory}`, { cause });
  }
  return {
    release() {
      database.exec('rollback');
      database.close();
    },
  };
}
