/** A ledger as an earlier release left it: the form of that time, with the same rows. */
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const MIGRATIONS = new URL('../../daemon/ledger/migrations/', import.meta.url);

/** Takes the closed ledger of a data directory back to an earlier form. */
export function takeBack(directory: string, form: number): void {
  const [file, newer] = [join(directory, 'ledger.db'), join(directory, 'newer.db')];
  renameSync(file, newer);
  const database = new DatabaseSync(file);
  database.exec(
    'pragma journal_mode = wal; create table migration (number integer primary key, name text, applied_at text)',
  );
  for (const name of readdirSync(MIGRATIONS).sort().slice(0, form)) {
    database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
    database.prepare("insert into migration values (?, ?, '')").run(Number(name.slice(0, 4)), name);
  }
  const tables = database.prepare("select name from sqlite_master where type = 'table' and name <> 'migration'").all();
  database.prepare('attach ? as newer').run(newer);
  const columns = database.prepare('select name from pragma_table_info(?)');
  for (const { name } of tables) {
    const those = columns.all(name as string).map((column) => `"${column['name']}"`);
    database.exec(`insert into main."${name}" select ${those.join(', ')} from newer."${name}"`);
  }
  database.close();
  rmSync(newer);
}
