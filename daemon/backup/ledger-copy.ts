/** A copy of a ledger as of one commit, in a file that needs nothing beside it. */
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { formatInstant, type Zone } from '../../rules/time.ts';
import { headOf } from '../ledger/chain-end.ts';
import { isDamage } from '../ledger/read-only.ts';
import { LEDGER_FILE } from './folder.ts';
import type { Manifest } from './manifest.ts';

/** All pages in one step: in several, each commit of a daemon meanwhile would begin it anew. */
const ALL_PAGES = 2 ** 31 - 1;

/** A ledger, or a copy of one, is not whole; the message says what is wrong with it. */
export class DamagedLedger extends Error {
  override readonly name = 'DamagedLedger';
}

/** Copies the ledger of a data folder. `beside`: somebody writes to it meanwhile, who is not waited for and does not wait. */
export async function copyLedger(data: string, copy: string, beside: boolean): Promise<void> {
  const ledger = new DatabaseSync(join(data, LEDGER_FILE), { readOnly: beside, timeout: 5000 });
  try {
    await backup(ledger, copy, { rate: ALL_PAGES });
  } catch (error) {
    throw isDamage(error) ? new DamagedLedger(error.message, { cause: error }) : error;
  } finally {
    ledger.close();
  }
}

/** Opens a copy for `work`, once all of it holds together; throws `DamagedLedger`. */
export function withCopy<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    // What is in the file is all there is.
    database.exec('pragma journal_mode = delete');
    requireWhole(database);
    return work(database);
  } catch (error) {
    throw isDamage(error) ? new DamagedLedger(error.message, { cause: error }) : error;
  } finally {
    database.close();
  }
}

function requireWhole(database: DatabaseSync): void {
  const [first] = database.prepare('pragma integrity_check(1)').all();
  const said = String(first?.['integrity_check']);
  if (said !== 'ok') throw new DamagedLedger(said);
}

/** How far a ledger goes. */
export function reachOf(database: DatabaseSync, hall: string, zone: Zone): Manifest['ledger'] {
  const one = (sql: string, ...values: string[]) => database.prepare(sql).get(...values);
  const instant = (value: unknown): string | null => (value == null ? null : formatInstant(zone, Number(value)));
  const known = one('select max(recorded_at) as at, count(*) as count from fact where hall = ?', hall);
  return {
    form: Number(one('select max(number) as form from migration')?.['form'] ?? 0),
    aliveAt: instant(one("select value from setting where name = 'alive'")?.['value']),
    factsUntil: instant(known?.['at']),
    facts: Number(known?.['count']),
    newestLink: holds(database, 'chain_end') ? headOf(database, hall) : null,
  };
}

/** Places of the files of pictures that are to be there, with their digests. */
export function picturesOf(database: DatabaseSync): string[] {
  if (!holds(database, 'evidence_file')) return [];
  const rows = database.prepare(
    `select body ->> '$.file' as file from evidence_file join evidence using (seq, picture) order by file`,
  );
  return rows.all().map(({ file }) => String(file));
}

/** Ledgers of earlier releases have fewer tables. */
function holds(database: DatabaseSync, table: string): boolean {
  return database.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(table) !== undefined;
}
