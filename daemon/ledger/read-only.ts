/** The ledger read beside its writer: read-only, and all of it as of one commit. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isThere } from '../files/folders.ts';
import { isMigrated } from './migrate.ts';
import { sqliteCode } from './sqlite-code.ts';

/** The ledger of a data directory cannot be read. */
export class UnreadableLedger extends Error {
  override readonly name = 'UnreadableLedger';
  /** `old`: it is of an earlier release, and the next start of the daemon brings it to the newest form. */
  readonly reason: 'no-ledger' | 'unreadable' | 'damaged' | 'old';

  constructor(reason: UnreadableLedger['reason'], directory: string, cause?: unknown) {
    super(`${directory}: ${cause instanceof Error ? cause.message : reason}`, { cause });
    this.reason = reason;
  }
}

/** Reads a ledger as of its last commit, whether or not a daemon writes to it meanwhile; throws `UnreadableLedger`. */
export function readLedger<T>(directory: string, work: (database: DatabaseSync) => T): T {
  const file = join(directory, 'ledger.db');
  let database: DatabaseSync | null = null;
  try {
    if (!isThere(file)) throw new UnreadableLedger('no-ledger', directory);
    database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    database.exec('begin');
    if (!isMigrated(database)) throw new UnreadableLedger('old', directory);
    return work(database);
  } catch (error) {
    if (isClosed(error)) throw new UnreadableLedger('unreadable', directory, error);
    if (isDamage(error)) throw new UnreadableLedger('damaged', directory, error);
    throw error;
  } finally {
    database?.close();
  }
}

/** SQLite's codes for a file that is no database (any more): corrupt (11), not a database (26). */
export function isDamage(error: unknown): error is Error {
  return error instanceof Error && [11, 26].includes(sqliteCode(error) ?? 0);
}

/** And for one that cannot be opened (14) or read (10), or not without writing beside it (8). */
export function isClosed(error: unknown): boolean {
  return [8, 10, 14].includes(sqliteCode(error) ?? 0) || (error as NodeJS.ErrnoException).code === 'EACCES';
}
