/** Taking rows out of the ledger for good, so that the chain stays whole. */
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Chain } from './chain.ts';
import { type PurgeRow, SALT_BYTES, textOfPurge } from './link.ts';
import { Query } from './query.ts';

export interface Purge {
  readonly hall: string;
  readonly kind: 'fact' | 'change';
  readonly seqs: readonly number[];
  readonly at: Ms;
}

/** Rows of a kind in a link; `place` is that of the first of them among all rows of the link. */
interface Holder {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  readonly place: number;
}

/**
 * Removes facts or changes with the salts of their digests, which nobody can then match with anything, and records that they
 * were removed: a link holds that too. The last row stays, or the next would get its number. Part of the caller's transaction;
 * what was removed is overwritten in the file, and leaves the write-ahead log with the next checkpoint that truncates it.
 */
export function purge(database: DatabaseSync, { hall, kind, seqs, at }: Purge): void {
  // SQLite leaves what it deletes where it was, until something else takes the place.
  database.exec('pragma secure_delete = on');
  const holders = holdersOf(database, hall, kind);
  const remove = database.prepare(
    `delete from ${kind} where hall = ? and seq = ? and seq < (select max(seq) from ${kind})`,
  );
  const note = database.prepare('insert into purge (hall, at, kind, row) values (?, ?, ?, ?)');
  for (const row of seqs) {
    const holder = holders.find(({ first, last }) => first <= row && row <= last);
    if (holder === undefined || remove.run(hall, row).changes !== 1) throw new Error(`${kind} ${row} cannot be purged`);
    forgetSalt(database, hall, holder, row);
    const seq = Number(note.run(hall, at, kind, row).lastInsertRowid);
    Chain.of(database).add<PurgeRow>(hall, 'purge', seq, [{ at, kind, row }], textOfPurge);
  }
  database.exec('pragma secure_delete = off');
}

function holdersOf(database: DatabaseSync, hall: string, kind: Purge['kind']): Holder[] {
  // Facts come first in a link, and changes after them.
  const place = kind === 'fact' ? '0' : 'coalesce(fact_to - fact_from + 1, 0)';
  const links = new Query<Holder>(
    database,
    `select number, ${kind}_from as first, ${kind}_to as last, ${place} as place from chain
     where hall = ? and ${kind}_from is not null order by number`,
  );
  return links.all(hall);
}

function forgetSalt(database: DatabaseSync, hall: string, { number, first, place }: Holder, row: number): void {
  const found = database.prepare('select salts from chain where hall = ? and number = ?').get(hall, number);
  const salts = Buffer.from(found?.['salts'] as Uint8Array);
  const from = (place + row - first) * SALT_BYTES;
  salts.fill(0, from, from + SALT_BYTES);
  database.prepare('update chain set salts = ? where hall = ? and number = ?').run(salts, hall, number);
}
