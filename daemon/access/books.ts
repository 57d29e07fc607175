/** What is kept of who may: accounts, sessions, tokens, screens and the log of all that, in the ledger's database. */
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import type { Log } from '../log.ts';
import { type AccessEvent, AccessLog } from './access-log.ts';
import { AccountStore } from './accounts.ts';
import { ScreenStore } from './screens.ts';
import { SEEN_EVERY_MS, SessionStore } from './sessions.ts';
import { TokenStore } from './tokens.ts';

/** How long things last and what guessing costs: `http.signIn` of the configuration. */
export interface AccessSettings {
  /** A session without use, and at most. */
  readonly idle: Ms;
  readonly longest: Ms;
  /** One-time links. */
  readonly link: Ms;
  /** Tries before the first pause, for an account and for an address. */
  readonly tries: number;
  readonly addressTries: number;
  readonly firstPause: Ms;
  readonly longestPause: Ms;
}

export interface BooksOptions {
  readonly database: DatabaseSync;
  readonly settings: AccessSettings;
  /** Real time, also where the hall's is played. */
  readonly now: () => Ms;
  readonly log: Log;
}

/** Who does something, for the log. */
export interface By {
  /** As in `Actor.id`; `command` = whoever may use the machine; null = nobody known. */
  readonly who: string | null;
  readonly address: string | null;
}

export class Books {
  readonly settings: AccessSettings;
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly screens: ScreenStore;
  readonly log: AccessLog;
  readonly now: () => Ms;
  readonly #database: DatabaseSync;
  /** The daemon's own log, which names nobody. */
  readonly processLog: Log;
  #unnotedUntil = Number.NEGATIVE_INFINITY;

  constructor({ database, settings, now, log }: BooksOptions) {
    this.settings = settings;
    this.now = now;
    this.#database = database;
    this.processLog = log;
    this.accounts = new AccountStore(database);
    this.sessions = new SessionStore(database, settings.idle);
    this.tokens = new TokenStore(database);
    this.screens = new ScreenStore(database);
    this.log = new AccessLog(database);
  }

  /** All of it is kept, or none. Not held to the ledger's disk reserve: whoever has to make room has to get in. */
  write<T>(work: () => T): T {
    this.#database.exec('begin immediate');
    try {
      const result = work();
      this.#database.exec('commit');
      return result;
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('rollback');
      throw cause;
    }
  }

  /** A row of the log; part of the caller's transaction. */
  record(what: AccessEvent, by: By, about: string | null, detail: Readonly<Record<string, unknown>> = {}): void {
    this.log.add({ at: this.now(), ...by, what, about, detail });
  }

  /** Notes that something was used, if that has not been noted lately. A disk that takes nothing locks nobody out. */
  note(lastNotedAt: Ms | null, note: (now: Ms) => void): void {
    const now = this.now();
    if (now < (lastNotedAt ?? Number.NEGATIVE_INFINITY) + SEEN_EVERY_MS || now < this.#unnotedUntil) return;
    try {
      note(now);
    } catch (cause) {
      this.#unnotedUntil = now + SEEN_EVERY_MS;
      this.processLog.warn({ because: String(cause) }, 'last use of a sign-in was not noted');
    }
  }
}
