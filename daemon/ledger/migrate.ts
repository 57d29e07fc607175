import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Brings a database to the newest form, one numbered file at a time; a released file is never edited. */
export function migrate(database: DatabaseSync): void {
  database.exec(
    'create table if not exists migration (number integer primary key, name text not null, applied_at text not null default current_timestamp)',
  );
  const done = database.prepare('select coalesce(max(number), 0) as newest from migration').get() as { newest: number };
  const files = readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort();
  const newest = files.length;
  if (done.newest > newest) {
    throw new Error(`the ledger was written by a newer release (form ${done.newest}, this one knows ${newest})`);
  }
  for (const name of files.slice(done.newest)) {
    database.exec('begin immediate');
    database.prepare('insert into migration (number, name) values (?, ?)').run(Number(name.slice(0, 4)), name);
    database.exec(readFileSync(join(FOLDER, name), 'utf8'));
    database.exec('commit');
  }
}
