/** Who signed in, and who changed what about who may: rows that are only added, each with a hash that holds the one before. */
import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';

export type AccessEvent =
  | 'signed-in'
  | 'signed-out'
  | 'signed-out-everywhere'
  | 'sign-ins-refused'
  | 'account-added'
  | 'account-changed'
  | 'account-removed'
  | 'password-set'
  | 'link-made'
  | 'channel-tested'
  | 'token-made'
  | 'token-revoked'
  | 'screen-made'
  | 'screen-taken'
  | 'screen-revoked'
  | 'report-read'
  | 'case-archive-read'
  | 'camera-tried'
  | 'camera-viewed'
  | 'seat-taught'
  | 'config-written'
  | 'clock-users-read'
  | 'clock-users-mapped'
  | 'clock-accepted'
  | 'host-clock-trusted';

export interface AccessRecord {
  readonly at: Ms;
  /** Who did it, as in `Actor.id`; `command` = whoever may use the machine; null = nobody known. */
  readonly who: string | null;
  readonly what: AccessEvent;
  /** Whom or what it was done to, as in `Actor.id`. */
  readonly about: string | null;
  readonly address: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly who: string | null;
  readonly what: AccessEvent;
  readonly about: string | null;
  readonly address: string | null;
  readonly detail: string;
  readonly hash: Uint8Array;
}

/** The setting that says how many rows there are: a tail that is cut off is missed. */
const END = 'access-log-end';

export class AccessLog {
  readonly #add: StatementSync;
  readonly #last: Query<Pick<Row, 'seq' | 'hash'>>;
  readonly #newest: Query<Row>;
  readonly #end: StatementSync;

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      'insert into access_log (seq, at, who, what, about, address, detail, hash) values (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#last = new Query(database, 'select seq, hash from access_log order by seq desc limit 1');
    this.#end = database.prepare('insert or replace into setting (name, value) values (?, ?)');
    this.#newest = new Query(database, 'select * from access_log where seq < ? order by seq desc limit ?');
  }

  /** Part of the caller's transaction. */
  add({ at, who, what, about, address, detail }: AccessRecord): void {
    const before = this.#last.get();
    const row = { seq: (before?.seq ?? 0) + 1, at, who, what, about, address, detail: JSON.stringify(detail) };
    const hash = hashOf(row, before?.hash ?? null);
    this.#add.run(row.seq, at, who, what, about, address, row.detail, hash);
    this.#end.run(END, `${row.seq}`);
  }

  /** The newest first, those before a row. */
  newest(limit: number, before = Number.MAX_SAFE_INTEGER): (AccessRecord & { readonly seq: number })[] {
    return this.#newest.all(before, limit).map(({ hash: _, detail, ...row }) => ({
      ...row,
      detail: JSON.parse(detail) as AccessRecord['detail'],
    }));
  }
}

/**
 * The number of the first row that is missing, does not follow from the one before, or was added by somebody else; null = the log
 * is whole, or of a release that kept none.
 */
export function firstBrokenRow(database: DatabaseSync): number | null {
  if (database.prepare("select 1 from sqlite_master where name = 'access_log'").get() === undefined) return null;
  const end = Number(database.prepare('select value from setting where name = ?').get(END)?.['value'] ?? 0);
  let before: Row | null = null;
  for (const row of new Query<Row>(database, 'select * from access_log order by seq').iterate()) {
    const expected = (before?.seq ?? 0) + 1;
    if (row.seq !== expected || !hashOf(row, before?.hash ?? null).equals(row.hash)) return expected;
    before = row;
  }
  const last = before?.seq ?? 0;
  return last === end ? null : Math.min(last, end) + 1;
}

function hashOf(row: Omit<Row, 'hash'>, before: Uint8Array | null): Buffer {
  const { seq, at, who, what, about, address, detail } = row;
  return createHash('sha256')
    .update(before ?? new Uint8Array(32))
    .update(JSON.stringify([seq, at, who, what, about, address, detail]))
    .digest();
}
