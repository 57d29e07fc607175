import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** A later release wrote the ledger; by which form, and the newest one that this release knows. */
export class NewerLedger extends Error {
  override readonly name = 'NewerLedger';
  readonly written: number;
  readonly known: number;

  constructor(written: number, known: number) {
    super(`the ledger was written by a newer release (form ${written}, this one knows ${known})`);
    this.written = written;
    this.known = known;
  }
}

const FOLDER = join(import.meta.dirname, 'migrations');

/** Brings a database to the newest form, one numbered file at a time; a released file is never edited. */
export function migrate(database: DatabaseSync): void {
  database.exec(
    'create table if not exists migration (number integer primary key, name text not null, applied_at text not null default current_timestamp)',
  );
  const done = database.prepare('select coalesce(max(number), 0) as newest from migration').get() as { newest: number };
  const applied = appliedTo(database);
  const files = migrationFiles();
  const newest = newestForm();
  if (done.newest > newest) throw new NewerLedger(done.newest, newest);
  for (const name of files.filter((file) => !applied.has(numberOf(file)))) {
    database.exec('begin immediate');
    database.prepare('insert into migration (number, name) values (?, ?)').run(numberOf(name), name);
    database.exec(readFileSync(join(FOLDER, name), 'utf8'));
    database.exec('commit');
  }
}

function appliedTo(database: DatabaseSync): ReadonlySet<unknown> {
  return new Set(
    database
      .prepare('select number from migration')
      .all()
      .map(({ number }) => number),
  );
}

function numberOf(file = ''): number {
  return Number(file.slice(0, 4));
}

/** The number of the form that this release writes. */
export function newestForm(): number {
  return numberOf(migrationFiles().at(-1));
}

/** Whether a database has the newest form; reads only. */
export function isMigrated(database: DatabaseSync): boolean {
  const tables = database.prepare("select 1 from sqlite_master where name = 'migration'").all();
  if (tables.length === 0) return false;
  const applied = appliedTo(database);
  return migrationFiles().every((file) => applied.has(numberOf(file)));
}

function migrationFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort();
}
