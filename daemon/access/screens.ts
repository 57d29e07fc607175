/** Screens on walls and at windows: a link that is followed once, on the screen itself, and a cookie that stays there until it is revoked. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';
import type { Actor } from './actor.ts';

export interface Screen {
  readonly number: number;
  readonly name: string;
  /** The window whose PC it is; null = a screen on a wall. */
  readonly window: string | null;
  readonly madeBy: string;
  readonly madeAt: Ms;
  /** Until when its link can be followed. */
  readonly linkUntil: Ms;
  /** When it was; null = not yet. */
  readonly takenAt: Ms | null;
  readonly seenAt: Ms | null;
  readonly revokedAt: Ms | null;
}

interface Row {
  readonly number: number;
  readonly name: string;
  readonly window: string | null;
  readonly made_by: string;
  readonly made_at: number;
  readonly link_until: number;
  readonly taken_at: number | null;
  readonly seen_at: number | null;
  readonly revoked_at: number | null;
}

export class ScreenStore {
  readonly #byLink: Query<Row>;
  readonly #byCookie: Query<Row>;
  readonly #all: Query<Row>;
  readonly #put: StatementSync;
  readonly #take: StatementSync;
  readonly #see: StatementSync;
  readonly #revoke: StatementSync;

  constructor(database: DatabaseSync) {
    this.#byLink = new Query(database, 'select * from screen where link = ? and revoked_at is null and link_until > ?');
    this.#byCookie = new Query(database, 'select * from screen where cookie = ? and revoked_at is null');
    this.#all = new Query(database, 'select * from screen order by number');
    this.#put = database.prepare(
      'insert into screen (name, window, link, link_until, made_by, made_at) values (?, ?, ?, ?, ?, ?)',
    );
    this.#take = database.prepare(
      'update screen set link = null, cookie = ?, taken_at = ?, seen_at = ? where number = ?',
    );
    this.#see = database.prepare('update screen set seen_at = ? where number = ?');
    this.#revoke = database.prepare('update screen set revoked_at = ? where number = ? and revoked_at is null');
  }

  byLink(digest: Uint8Array, now: Ms): Screen | null {
    return screenOf(this.#byLink.get(digest, now));
  }

  byCookie(digest: Uint8Array): Screen | null {
    return screenOf(this.#byCookie.get(digest));
  }

  all(): Screen[] {
    return this.#all.all().map((row) => screenOf(row));
  }

  /** Its number. */
  add(
    { name, window }: Pick<Screen, 'name' | 'window'>,
    link: Uint8Array,
    linkUntil: Ms,
    madeBy: string,
    madeAt: Ms,
  ): number {
    return Number(this.#put.run(name, window, link, linkUntil, madeBy, madeAt).lastInsertRowid);
  }

  /** The link is used up; from now on the cookie counts. */
  take(number: number, cookie: Uint8Array, now: Ms): void {
    this.#take.run(cookie, now, now, number);
  }

  see(number: number, now: Ms): void {
    this.#see.run(now, number);
  }

  /** Whether there was one to be revoked. */
  revoke(number: number, now: Ms): boolean {
    return this.#revoke.run(now, number).changes === 1;
  }
}

function screenOf(row: Row): Screen;
function screenOf(row: Row | undefined): Screen | null;
function screenOf(row: Row | undefined): Screen | null {
  if (row === undefined) return null;
  return {
    number: row.number,
    name: row.name,
    window: row.window,
    madeBy: row.made_by,
    madeAt: row.made_at,
    linkUntil: row.link_until,
    takenAt: row.taken_at,
    seenAt: row.seen_at,
    revokedAt: row.revoked_at,
  };
}

export function actorOfScreen({ number, name, window }: Screen): Actor {
  const about = { id: `screen:${number}`, name, employee: null, departments: [] };
  return window === null ? { ...about, roles: ['screen'] } : { ...about, roles: ['desk'], window };
}
