import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from './query.ts';

/** A message that could not be understood. */
export interface Reject {
  readonly door: string;
  /** The clock that sent it, where it did not come on a topic of ours. */
  readonly device?: string | null;
  readonly topic: string;
  readonly because: string;
  readonly payload: Uint8Array;
}

export interface KeptReject extends Reject {
  readonly digest: string;
  readonly device: string | null;
  readonly firstAt: Ms;
  readonly lastAt: Ms;
  readonly times: number;
}

/** Where a reject stands in the list, newest first. */
export type RejectPlace = Pick<KeptReject, 'lastAt' | 'digest'>;

/** Before all that there is. */
const NEWEST: RejectPlace = { lastAt: Number.MAX_SAFE_INTEGER, digest: '' };

type Row = Omit<KeptReject, 'firstAt' | 'lastAt'> & { readonly first_at: Ms; readonly last_at: Ms };

/** The reject list: nothing that came in is lost, and the same bytes again only count up. */
export class RejectStore {
  readonly #hall: string;
  readonly #keep: StatementSync;
  readonly #newest: Query<Row>;
  readonly #count: Query<{ kinds: number; times: number }>;
  readonly #find: Query<Row>;
  readonly #remove: StatementSync;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#keep = database.prepare(
      `insert into reject (digest, hall, first_at, last_at, times, door, device, topic, because, payload)
         values (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
       on conflict (digest) do update set last_at = excluded.last_at, times = times + 1, because = excluded.because,
         device = excluded.device`,
    );
    this.#newest = new Query(
      database,
      `select * from reject where hall = :hall and last_at <= :lastAt and (last_at < :lastAt or digest > :digest)
         order by last_at desc, digest limit :limit`,
    );
    this.#find = new Query(database, 'select * from reject where hall = ? and digest = ?');
    this.#remove = database.prepare('delete from reject where hall = ? and digest = ?');
    this.#count = new Query(database, 'select kinds, times from reject_count where hall = ?');
  }

  keep(reject: Reject, at: Ms): void {
    const digest = createHash('sha256').update(`${this.#hall}\n${reject.topic}\n`).update(reject.payload).digest('hex');
    const { door, device = null, topic, because, payload } = reject;
    this.#keep.run(digest, this.#hall, at, at, door, device, topic, because, payload);
  }

  /** Newest first; those after a place in the list, where one is given. */
  newest(limit: number, { lastAt, digest } = NEWEST): KeptReject[] {
    return this.#newest.all({ hall: this.#hall, lastAt, digest, limit }).map(rejectOf);
  }

  /** Null = there is none of this digest. */
  find(digest: string): KeptReject | null {
    const row = this.#find.get(this.#hall, digest);
    return row === undefined ? null : rejectOf(row);
  }

  /** It was taken in after all. */
  remove(digest: string): void {
    this.#remove.run(this.#hall, digest);
  }

  count(): { readonly kinds: number; readonly times: number } {
    return this.#count.get(this.#hall) ?? { kinds: 0, times: 0 };
  }
}

function rejectOf({ digest, times, door, device, topic, because, payload, first_at, last_at }: Row): KeptReject {
  return { digest, times, door, device, topic, because, payload, firstAt: first_at, lastAt: last_at };
}
