/** What was in the ledger before it had a chain is chained when the ledger is opened, a slice a transaction. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Chain } from './chain.ts';
import { type ChangeRow, type FactRow, textOfChange, textOfFact } from './link.ts';
import { Query } from './query.ts';

/** Rows of a slice: some ten milliseconds. */
const SLICE = 2000;

interface Debt {
  readonly hall: string;
  readonly kind: 'fact' | 'change';
  readonly upto: number;
}

const TEXT_OF = {
  fact: (row: unknown) => textOfFact(row as FactRow),
  change: (row: unknown) => textOfChange(row as ChangeRow),
} as const;

/**
 * Chains the rows that the migration found, and no others: what somebody adds by hand stays outside. A kill in between costs the
 * slice that was under way.
 */
export function adoptOlderRows(database: DatabaseSync): void {
  const debts = new Query<Debt>(database, 'select hall, kind, upto from chain_debt order by hall, kind desc').all();
  if (debts.length === 0) return;
  const chain = new Chain(database, { adopts: true });
  for (const debt of debts) adopt(database, chain, debt);
}

function adopt(database: DatabaseSync, chain: Chain, { hall, kind, upto }: Debt): void {
  const done = database.prepare(`select coalesce(max(${kind}_to), 0) as seq from chain where hall = ?`);
  // By number: the index by hall and id would be sorted anew for every slice.
  const rows = database.prepare(
    `select * from ${kind} not indexed where hall = ? and seq > ? and seq <= ? order by seq limit ?`,
  );
  const settle = database.prepare('delete from chain_debt where hall = ? and kind = ?');
  let { seq } = done.get(hall) as { seq: number };
  while (seq < upto) {
    database.exec('begin immediate');
    seq = adoptSlice(chain, { hall, kind, upto }, seq, rows);
    database.exec('commit');
  }
  settle.run(hall, kind);
}

/** Returns the number up to which it came. */
function adoptSlice(chain: Chain, { hall, kind, upto }: Debt, after: number, rows: StatementSync): number {
  const slice = rows.all(hall, after, upto, SLICE) as { seq: number }[];
  // Another hall's rows may lie between.
  let first = 0;
  for (const [i, { seq }] of slice.entries()) {
    const next = slice[i + 1];
    if (next !== undefined && next.seq === seq + 1) continue;
    const run = slice.slice(first, i + 1);
    chain.add(hall, kind, run[0]?.seq ?? 0, run, TEXT_OF[kind]);
    first = i + 1;
  }
  chain.seal();
  return slice.length < SLICE ? upto : (slice.at(-1)?.seq ?? upto);
}
