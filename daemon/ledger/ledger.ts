/**
 * The ledger: one SQLite file, one writer. Facts are appended and never changed; the history, what holds, what is to be told and
 * the time series are written in the same transaction as the facts that caused them.
 */
import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { makeFolder } from '../files/folders.ts';
import { adoptOlderRows } from './adoption.ts';
import { Chain } from './chain.ts';
import { lockDirectory } from './lock.ts';
import { migrate } from './migrate.ts';
import { Query } from './query.ts';
import { sqliteCode } from './sqlite-code.ts';

/** WAL databases written by two connections could be corrupted before this release (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma journal_size_limit = 67108864;
  pragma wal_autocheckpoint = 16000;
  pragma cache_size = -65536;
`;

/** From so many pages on, the log is copied into the file between two commits; SQLite itself does so at the number above, within one. */
const LONG_LOG_PAGES = 1000;

/** The ledger cannot take anything in; nothing of the transaction has been kept. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  /** Whether trying the same again later can help: the disk may have room then. */
  readonly retry: boolean;

  constructor(message: string, options: { readonly retry: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retry = options.retry;
  }
}

export interface LedgerOptions {
  readonly directory: string;
  /** Free space below which nothing more is taken in, in bytes. */
  readonly diskReserveBytes: number;
}

export class Ledger {
  readonly directory: string;
  readonly database: DatabaseSync;
  readonly #lock: { release(): void };
  readonly #diskReserveBytes: number;
  #get: Query<{ value: string }> | null = null;
  #set: StatementSync | null = null;
  /** What was set last, as far as it may be in the ledger. */
  readonly #settings = new Map<string, string>();
  #log: Query<{ log: number }> | null = null;
  #copiesLater = false;

  private constructor(options: LedgerOptions, lock: { release(): void }) {
    this.directory = options.directory;
    this.#diskReserveBytes = options.diskReserveBytes;
    this.#lock = lock;
    this.database = new DatabaseSync(join(options.directory, 'ledger.db'), { timeout: 5000 });
  }

  /**
   * Opens, creates or upgrades the ledger of a data directory; throws `LockedError` while another process has it, `NewerLedger`, or a
   * `LedgerError` where SQLite cannot.
   */
  static open(options: LedgerOptions): Ledger {
    const { directory } = options;
    makeFolder(directory);
    try {
      return Ledger.#opened(options, lockDirectory(directory));
    } catch (cause) {
      throw ledgerError(cause, `${join(directory, 'ledger.db')}: `);
    }
  }

  static #opened(options: LedgerOptions, lock: { release(): void }): Ledger {
    const ledger = new Ledger(options, lock);
    try {
      requireSqlite(ledger.database);
      ledger.database.exec(PRAGMAS);
      migrate(ledger.database);
      adoptOlderRows(ledger.database);
    } catch (cause) {
      ledger.close();
      throw cause;
    }
    return ledger;
  }

  /** Runs `work` in one transaction: all of it is kept and durable when this returns, or none of it. */
  commit<T>(work: () => T): T {
    this.requireSpace();
    try {
      this.database.exec('begin immediate');
      const result = work();
      Chain.of(this.database).seal();
      this.database.exec('commit');
      this.#copyLogLater();
      return result;
    } catch (cause) {
      Chain.of(this.database).drop();
      this.#settings.clear();
      // A full disk rolls back by itself; anything else has to be.
      if (this.database.isTransaction) this.database.exec('rollback');
      throw ledgerError(cause);
    }
  }

  /** Once whoever waits for this commit has been told: it takes some tens of milliseconds. */
  #copyLogLater(): void {
    if (this.#copiesLater) return;
    this.#copiesLater = true;
    setImmediate(() => {
      this.#copiesLater = false;
      if (this.database.isOpen) this.#copyLog();
    });
  }

  #copyLog(): void {
    try {
      this.#log ??= new Query(this.database, 'pragma wal_checkpoint(noop)');
      if (this.#log.one().log < LONG_LOG_PAGES) return;
      this.database.exec('pragma wal_checkpoint(passive)');
    } catch (cause) {
      // Nothing is lost by it: the log only grows until the disk, or whoever is reading, lets it be copied.
      if (!(ledgerError(cause) instanceof LedgerError)) throw cause;
    }
  }

  /** Throws while the disk has less than the reserve: what is acknowledged must fit. */
  requireSpace(): void {
    const free = this.freeBytes();
    if (free >= this.#diskReserveBytes) return;
    throw new LedgerError(`only ${megabytes(free)} free, ${megabytes(this.#diskReserveBytes)} are kept in reserve`, {
      retry: true,
    });
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }

  setting(name: string): string | null {
    this.#get ??= new Query(this.database, 'select value from setting where name = ?');
    return this.#get.get(name)?.value ?? null;
  }

  set(name: string, value: string): void {
    if (this.#settings.get(name) === value) return;
    this.#set ??= this.database.prepare('insert or replace into setting (name, value) values (?, ?)');
    this.#set.run(name, value);
    this.#settings.set(name, value);
  }

  close(): void {
    this.database.close();
    this.#lock.release();
  }
}

function requireSqlite(database: DatabaseSync): void {
  const { version } = database.prepare('select sqlite_version() as version').get() as { version: string };
  if (isOlder(version.split('.').map(Number), OLDEST_SQLITE)) {
    const needed = OLDEST_SQLITE.join('.');
    throw new LedgerError(`SQLite ${version} can corrupt a ledger; Node with ${needed} or later is needed`, {
      retry: false,
    });
  }
}

/** Whether one version number comes before another. */
export function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const at = than.findIndex((part, i) => part !== (version[i] ?? 0));
  return at >= 0 && (version[at] ?? 0) < (than[at] ?? 0);
}

/** SQLite's result codes for what may pass: busy (5), locked (6), an I/O error (10), a full disk (13). */
const PASSING_CODES: ReadonlySet<number> = new Set([5, 6, 10, 13]);

function ledgerError(cause: unknown, doing = 'the ledger could not be written: '): unknown {
  const code = sqliteCode(cause);
  if (code === null) return cause;
  return new LedgerError(`${doing}${(cause as Error).message}`, { retry: PASSING_CODES.has(code), cause });
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_048_576)} MB`;
}
