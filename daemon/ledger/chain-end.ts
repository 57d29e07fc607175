/** Where a chain ends, beside what is in the ledger: what a start can look at without reading all of it. */
import type { DatabaseSync } from 'node:sqlite';

/** How many links a hall's chain has. */
export function linksOf(database: DatabaseSync, hall: string): number {
  const end = database.prepare('select number from chain_end where hall = ?').get(hall);
  return Number(end?.['number'] ?? 0);
}

/** The last link as `audit verify --noted` takes it, `NUMBER:HASH`; null = there is none. */
export function headOf(database: DatabaseSync, hall: string): string | null {
  const end = database.prepare('select number, lower(hex(hash)) as hash from chain_end where hall = ?').get(hall);
  return end === undefined ? null : `${end['number']}:${end['hash']}`;
}

/** Why the end of the ledger is not the end of its chain: cut off, or added to by hand; null where it is. */
export function tornEnd(database: DatabaseSync, hall: string): string | null {
  const newest = database.prepare('select number from chain where hall = ? order by number desc limit 1').get(hall);
  const [is, noted] = [Number(newest?.['number'] ?? 0), linksOf(database, hall)];
  if (is !== noted) return `the chain ends with link ${is}, and was written up to link ${noted}`;
  for (const kind of ['fact', 'change'] as const) {
    const [kept, chained] = [lastRow(database, hall, kind), lastChained(database, hall, kind)];
    if (kept !== chained) return `the last ${kind} is row ${kept}, and the chain goes to row ${chained}`;
  }
  return null;
}

function lastRow(database: DatabaseSync, hall: string, kind: 'fact' | 'change'): number {
  // By number, from the end: through the index by hall all rows would be sorted first, a third of a second after a year (measured).
  const row = database
    .prepare(`select seq from ${kind} not indexed where hall = ? order by seq desc limit 1`)
    .get(hall);
  return Number(row?.['seq'] ?? 0);
}

function lastChained(database: DatabaseSync, hall: string, kind: 'fact' | 'change'): number {
  const row = database
    .prepare(
      `select ${kind}_to as seq from chain where hall = ? and ${kind}_to is not null order by number desc limit 1`,
    )
    .get(hall);
  return Number(row?.['seq'] ?? 0);
}
