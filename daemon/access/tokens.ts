/** Tokens for machines. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';
import type { Actor, Role } from './actor.ts';

export interface TokenDraft {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly employee: string | null;
  readonly departments: readonly string[];
  /** Null = until it is revoked. */
  readonly expiresAt: Ms | null;
}

export interface Token extends TokenDraft {
  readonly number: number;
  readonly madeBy: string;
  readonly madeAt: Ms;
  readonly usedAt: Ms | null;
  readonly revokedAt: Ms | null;
}

interface Row {
  readonly number: number;
  readonly name: string;
  readonly roles: string;
  readonly employee: string | null;
  readonly departments: string;
  readonly made_by: string;
  readonly made_at: number;
  readonly expires_at: number | null;
  readonly used_at: number | null;
  readonly revoked_at: number | null;
}

export class TokenStore {
  readonly #find: Query<Row>;
  readonly #all: Query<Row>;
  readonly #put: StatementSync;
  readonly #use: StatementSync;
  readonly #revoke: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = new Query(database, 'select * from token where digest = ?');
    this.#all = new Query(database, 'select * from token order by number');
    this.#put = database.prepare(
      `insert into token (name, digest, roles, employee, departments, made_by, made_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#use = database.prepare('update token set used_at = ? where number = ?');
    this.#revoke = database.prepare('update token set revoked_at = ? where number = ? and revoked_at is null');
  }

  /** The token, if it is good. */
  find(digest: Uint8Array, now: Ms): Token | null {
    const row = this.#find.get(digest);
    if (row === undefined || row.revoked_at !== null) return null;
    return row.expires_at !== null && now >= row.expires_at ? null : tokenOf(row);
  }

  all(): Token[] {
    return this.#all.all().map(tokenOf);
  }

  /** Its number. */
  add(digest: Uint8Array, draft: TokenDraft, madeBy: string, madeAt: Ms): number {
    const { name, roles, employee, departments, expiresAt } = draft;
    const lists = [JSON.stringify(roles), employee, JSON.stringify(departments)] as const;
    return Number(this.#put.run(name, digest, ...lists, madeBy, madeAt, expiresAt).lastInsertRowid);
  }

  use(number: number, now: Ms): void {
    this.#use.run(now, number);
  }

  /** Whether there was one to be revoked. */
  revoke(number: number, now: Ms): boolean {
    return this.#revoke.run(now, number).changes === 1;
  }
}

function tokenOf(row: Row): Token {
  return {
    number: row.number,
    name: row.name,
    roles: JSON.parse(row.roles) as Role[],
    employee: row.employee,
    departments: JSON.parse(row.departments) as string[],
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    revokedAt: row.revoked_at,
  };
}

export function actorOfToken({ number, name, roles, employee, departments }: Token): Actor {
  return { id: `token:${number}`, name, roles, employee, departments };
}
