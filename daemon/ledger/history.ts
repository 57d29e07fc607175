/** The history of verdicts in the ledger: every change as it was made, and what holds. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Change } from '../../rules/changes.ts';
import type { Day } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { Chain } from './chain.ts';
import { type ChangeRow, textOfChange } from './link.ts';
import { piecesOf } from './pieces.ts';
import { Query } from './query.ts';

type Held = Pick<ChangeRow, 'day' | 'verdict'>;
type Kept = Pick<ChangeRow, 'at' | 'key' | 'cause' | 'verdict'> & Pick<Change, 'op'> & { readonly seq: number };

export class HistoryStore {
  readonly #hall: string;
  readonly #chain: Chain;
  readonly #append: StatementSync;
  readonly #hold: StatementSync;
  readonly #drop: StatementSync;
  readonly #ofDay: Query<Held>;
  readonly #all: Query<Held>;
  readonly #between: Query<Held>;
  readonly #after: Query<Kept>;
  readonly #changesOfDay: Query<Kept>;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#chain = Chain.of(database);
    this.#append = database.prepare(
      'insert into change (hall, at, op, key, day, cause, verdict) values (?, ?, ?, ?, ?, ?, ?)',
    );
    // A verdict's day is part of its key, so only its words are written again: replacing the row would write to its index as well.
    this.#hold = database.prepare(
      `insert into standing (hall, key, day, verdict) values (?, ?, ?, ?)
         on conflict (hall, key) do update set verdict = excluded.verdict`,
    );
    this.#drop = database.prepare('delete from standing where hall = ? and key = ?');
    // Named, or SQLite takes the primary key, and goes through all that holds of the hall.
    const held = (days: string): Query<Held> =>
      new Query(database, `select day, verdict from standing indexed by standing_of_day where hall = ? and ${days}`);
    this.#ofDay = held('day = ?');
    this.#all = held('day >= ? order by day');
    this.#between = held('day >= ? and day <= ?');
    // By number, as facts are.
    this.#after = new Query(
      database,
      'select seq, at, op, key, cause, verdict from change not indexed where hall = ? and seq > ? order by seq limit ?',
    );
    this.#changesOfDay = new Query(
      database,
      'select seq, at, op, key, cause, verdict from change where hall = ? and day = ? order by seq',
    );
  }

  append(change: Change): void {
    const { at, op, key } = change;
    const { day } = change.verdict;
    const [cause, verdict] = [JSON.stringify(change.cause), JSON.stringify(change.verdict)];
    const seq = Number(this.#append.run(this.#hall, at, op, key, day, cause, verdict).lastInsertRowid);
    this.#chain.add(this.#hall, 'change', seq, [{ at, op, key, day, cause, verdict }], textOfChange);
    if (op === 'retract') this.#drop.run(this.#hall, key);
    else this.#hold.run(this.#hall, key, day, verdict);
  }

  standing(day: Day): Verdict[] {
    return this.#ofDay.all(this.#hall, day).map(verdictOf);
  }

  /** The verdicts that hold of some days, both included. */
  standingBetween(from: Day, to: Day): Verdict[] {
    return this.#between.all(this.#hall, from, to).map(verdictOf);
  }

  /** The verdicts that hold of a day and all later ones. */
  standingSince(day: Day): Verdict[] {
    return this.#all.all(this.#hall, day).map(verdictOf);
  }

  /** The same day by day: all that holds now, but each day's words are understood when its turn comes. */
  standingByDay(from: Day): Iterable<readonly Verdict[]> {
    const days = Map.groupBy(this.#all.all(this.#hall, from), ({ day }) => day);
    return days.values().map((ofDay) => ofDay.map(verdictOf));
  }

  *changes(): Iterable<Change> {
    for (const piece of piecesOf((...place) => this.after(...place))) for (const { change } of piece) yield change;
  }

  /** Up to `limit` changes made after a place in the ledger, oldest first. */
  after(seq: number, limit: number): { readonly seq: number; readonly change: Change }[] {
    return this.#after.all(this.#hall, seq, limit).map((row) => ({ seq: row.seq, change: changeOf(row) }));
  }

  /** The changes of one day's verdicts. */
  changesOf(day: Day): Change[] {
    return this.#changesOfDay.all(this.#hall, day).map(changeOf);
  }
}

function changeOf({ at, op, key, cause, verdict }: Kept): Change {
  return { at, op, key, cause: JSON.parse(cause) as Change['cause'], verdict: JSON.parse(verdict) as Verdict };
}

function verdictOf({ verdict }: Pick<Held, 'verdict'>): Verdict {
  return JSON.parse(verdict) as Verdict;
}
