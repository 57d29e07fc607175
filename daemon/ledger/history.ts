/** The history of verdicts in the ledger: every change as it was made, and what holds. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Change } from '../../rules/changes.ts';
import type { Day } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { Chain } from './chain.ts';
import { textOfChange } from './link.ts';

export class HistoryStore {
  readonly #hall: string;
  readonly #chain: Chain;
  readonly #append: StatementSync;
  readonly #hold: StatementSync;
  readonly #drop: StatementSync;
  readonly #ofDay: StatementSync;
  readonly #all: StatementSync;
  readonly #between: StatementSync;
  readonly #changes: StatementSync;
  readonly #changesOfDay: StatementSync;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#chain = Chain.of(database);
    this.#append = database.prepare(
      'insert into change (hall, at, op, key, day, cause, verdict) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#hold = database.prepare('insert or replace into standing (hall, key, day, verdict) values (?, ?, ?, ?)');
    this.#drop = database.prepare('delete from standing where hall = ? and key = ?');
    this.#ofDay = database.prepare('select verdict from standing where hall = ? and day = ?');
    this.#all = database.prepare('select verdict from standing where hall = ? and day >= ?');
    this.#between = database.prepare('select verdict from standing where hall = ? and day >= ? and day <= ?');
    this.#changes = database.prepare('select at, op, key, cause, verdict from change where hall = ? order by seq');
    this.#changesOfDay = database.prepare(
      'select at, op, key, cause, verdict from change where hall = ? and day = ? order by seq',
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

  *changes(): Iterable<Change> {
    for (const row of this.#changes.iterate(this.#hall)) yield changeOf(row);
  }

  /** The changes of one day's verdicts. */
  changesOf(day: Day): Change[] {
    return this.#changesOfDay.all(this.#hall, day).map(changeOf);
  }
}

function changeOf(row: unknown): Change {
  const { at, op, key, cause, verdict } = row as Record<string, string | number>;
  return { at, op, key, cause: JSON.parse(String(cause)), verdict: JSON.parse(String(verdict)) } as Change;
}

function verdictOf(row: unknown): Verdict {
  return JSON.parse((row as { verdict: string }).verdict) as Verdict;
}
