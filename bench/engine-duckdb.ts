/** DuckDB for the peers: fetched into a folder of its own when it is asked for. The project does not depend on it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGE = '@duckdb/node-api';
const VERSION = '1.5.6-r.1';
const FETCH_MS = 180_000;

/** What is used of the package. */
interface Package {
  readonly DuckDBInstance: {
    create(): Promise<{
      connect(): Promise<{ runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>; closeSync(): void }>;
    }>;
  };
}

/** A database in memory, in a folder that can be written to until it is let go. */
export class DuckDb implements AsyncDisposable {
  readonly folder: string;
  #connection: Awaited<ReturnType<Awaited<ReturnType<Package['DuckDBInstance']['create']>>['connect']>> | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Or why it cannot be had. */
  static async fetched(): Promise<DuckDb | { readonly because: string }> {
    const duck = new DuckDb(await mkdtemp(join(tmpdir(), 'zaigang-bench-')));
    try {
      const args = ['install', '--prefix', duck.folder, '--ignore-scripts', '--no-audit', '--no-fund'];
      await promisify(execFile)('npm', [...args, `${PACKAGE}@${VERSION}`], { cwd: duck.folder, timeout: FETCH_MS });
      const found = createRequire(join(duck.folder, 'here.js'))(PACKAGE) as Package;
      duck.#connection = await (await found.DuckDBInstance.create()).connect();
      return duck;
    } catch (error) {
      await duck[Symbol.asyncDispose]();
      return { because: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
    }
  }

  /** The rows of the last of some statements. */
  async rows(sql: string): Promise<unknown[][]> {
    if (this.#connection === null) throw new Error('DuckDB is not open');
    return (await this.#connection.runAndReadAll(sql)).getRows();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection?.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}
