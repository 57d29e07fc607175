/** The people who may sign in, and the links with which they set their passwords. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';
import type { Actor, Role } from './actor.ts';

export interface Account {
  /** What is typed at sign-in. */
  readonly name: string;
  readonly display: string;
  readonly roles: readonly Role[];
  readonly employee: string | null;
  readonly departments: readonly string[];
  readonly disabledAt: Ms | null;
  readonly madeAt: Ms;
}

export type AccountDraft = Omit<Account, 'disabledAt' | 'madeAt'>;

interface AccountRow {
  readonly name: string;
  readonly display: string;
  readonly roles: string;
  readonly employee: string | null;
  readonly departments: string;
  readonly hash: string | null;
  readonly disabled_at: number | null;
  readonly made_at: number;
}

/** An account with what only this room may see. */
export interface KeptAccount {
  readonly account: Account;
  /** Of the password; null = none was set yet. */
  readonly hash: string | null;
}

/** For whom a link is; `account` null = whoever follows it becomes the first administrator. */
export interface Invitation {
  readonly account: string | null;
  readonly expiresAt: Ms;
}

export class AccountStore {
  readonly #database: DatabaseSync;
  readonly #find: Query<AccountRow>;
  readonly #all: Query<AccountRow>;
  readonly #put: StatementSync;
  readonly #setHash: StatementSync;
  readonly #invite: StatementSync;
  readonly #invitation: Query<{ account: string | null; expires_at: number }>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = new Query(database, 'select * from account where name = ?');
    this.#all = new Query(database, 'select * from account order by name');
    this.#put = database.prepare(
      `insert into account (name, display, roles, employee, departments, disabled_at, made_at) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (name) do update set display = excluded.display, roles = excluded.roles, employee = excluded.employee,
         departments = excluded.departments, disabled_at = excluded.disabled_at`,
    );
    this.#setHash = database.prepare('update account set hash = ? where name = ?');
    this.#invite = database.prepare('insert into invitation (digest, account, expires_at) values (?, ?, ?)');
    this.#invitation = new Query(database, 'select account, expires_at from invitation where digest = ?');
  }

  find(name: string): KeptAccount | null {
    const row = this.#find.get(name);
    return row === undefined ? null : { account: accountOf(row), hash: row.hash };
  }

  all(): (Account & { readonly hasPassword: boolean })[] {
    return this.#all.all().map((row) => ({
      ...accountOf(row),
      hasPassword: row.hash !== null,
    }));
  }

  get isEmpty(): boolean {
    return this.#database.prepare('select 1 from account limit 1').get() === undefined;
  }

  /** Adds an account, or changes all but its password. */
  put({ name, display, roles, employee, departments, disabledAt, madeAt }: Account): void {
    this.#put.run(name, display, JSON.stringify(roles), employee, JSON.stringify(departments), disabledAt, madeAt);
  }

  setHash(name: string, hash: string): void {
    this.#setHash.run(hash, name);
  }

  /** Takes the sessions and links with it. */
  remove(name: string): void {
    this.#database.prepare('delete from account where name = ?').run(name);
  }

  /** A new link; the earlier ones for the same account, or for the first administrator, are void. */
  invite(digest: Uint8Array, { account, expiresAt }: Invitation): void {
    this.voidInvitations(account);
    this.#invite.run(digest, account, expiresAt);
  }

  invitation(digest: Uint8Array): Invitation | null {
    const row = this.#invitation.get(digest);
    return row === undefined ? null : { account: row.account, expiresAt: row.expires_at };
  }

  voidInvitations(account: string | null): void {
    this.#database.prepare('delete from invitation where account is ?').run(account);
  }
}

function accountOf(row: AccountRow): Account {
  return {
    name: row.name,
    display: row.display,
    roles: JSON.parse(row.roles) as Role[],
    employee: row.employee,
    departments: JSON.parse(row.departments) as string[],
    disabledAt: row.disabled_at,
    madeAt: row.made_at,
  };
}

/** An account as whoever asks. */
export function actorOfAccount({ name, display, roles, employee, departments }: Account): Actor {
  return { id: `user:${name}`, name: display, roles, employee, departments };
}
