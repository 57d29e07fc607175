/** Who is signed in. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';

export interface Session {
  readonly account: string;
  readonly seenAt: Ms;
  readonly expiresAt: Ms;
}

/** When somebody was last seen is written at most this often: each write is a wait for the disk. */
export const SEEN_EVERY_MS: Ms = 120_000;

export class SessionStore {
  readonly #idleMs: Ms;
  readonly #find: Query<{ account: string; seen_at: number; expires_at: number }>;
  readonly #put: StatementSync;
  readonly #see: StatementSync;
  readonly #end: StatementSync;
  readonly #endAll: StatementSync;
  readonly #sweep: StatementSync;

  /** `idleMs`: how long a session lasts without being used. */
  constructor(database: DatabaseSync, idleMs: Ms) {
    this.#idleMs = idleMs;
    this.#find = new Query(database, 'select account, seen_at, expires_at from session where digest = ?');
    this.#put = database.prepare(
      'insert into session (digest, account, made_at, seen_at, expires_at) values (?, ?, ?, ?, ?)',
    );
    this.#see = database.prepare('update session set seen_at = ? where digest = ?');
    this.#end = database.prepare('delete from session where digest = ?');
    this.#endAll = database.prepare('delete from session where account = ?');
    this.#sweep = database.prepare('delete from session where expires_at <= ? or seen_at <= ?');
  }

  /** The session, if it has not ended. */
  find(digest: Uint8Array, now: Ms): Session | null {
    const row = this.#find.get(digest);
    if (row === undefined || now >= row.expires_at || now >= row.seen_at + this.#idleMs) return null;
    return { account: row.account, seenAt: row.seen_at, expiresAt: row.expires_at };
  }

  /** Begins one; those that have ended go. */
  begin(digest: Uint8Array, account: string, now: Ms, expiresAt: Ms): void {
    this.#sweep.run(now, now - this.#idleMs);
    this.#put.run(digest, account, now, now, expiresAt);
  }

  see(digest: Uint8Array, now: Ms): void {
    this.#see.run(now, digest);
  }

  end(digest: Uint8Array): void {
    this.#end.run(digest);
  }

  /** Ends all of an account; says how many there were. */
  endAll(account: string): number {
    return Number(this.#endAll.run(account).changes);
  }
}
