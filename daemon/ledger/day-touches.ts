/** When something last became known of which days: what was counted of them before is void. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import { FIRST_DAY, LAST_DAY } from '../../rules/hall.ts';
import type { Day, Ms } from '../../rules/time.ts';
import type { Consequence } from '../live/live.ts';
import { Query } from './query.ts';

/** Notes them in the transaction of the facts: a row for each stretch of days that any fact has touched, a few hundred a year. */
export class DayTouches implements Consequence {
  readonly nextAt = Number.POSITIVE_INFINITY;
  readonly #hall: string;
  readonly #engine: () => Engine;
  readonly #put: StatementSync;

  constructor(database: DatabaseSync, hall: string, engine: () => Engine) {
    this.#hall = hall;
    this.#engine = engine;
    this.#put = database.prepare('insert or replace into day_touch (hall, from_day, to_day, at) values (?, ?, ?, ?)');
  }

  follow(_changes: readonly Change[], _facts: readonly Fact[], recordedAt: Ms): void {
    for (const { from, to } of this.#engine().takeTouched())
      this.#put.run(this.#hall, held(from), held(to), recordedAt);
  }
}

/** There is no infinity in a column of integers. */
function held(day: Day): Day {
  return Math.min(Math.max(day, FIRST_DAY), LAST_DAY);
}

/** Answers when something last became known of a day; null = never since it has been noted. */
export function touchesIn(database: DatabaseSync, hall: string, from: Day, to: Day): (day: Day) => Ms | null {
  const touches = new Query<{ from_day: Day; to_day: Day; at: Ms }>(
    database,
    'select from_day, to_day, at from day_touch where hall = ? and from_day <= ? and to_day >= ?',
  );
  const rows = touches.all(hall, to, from);
  return (day) => {
    let last: Ms | null = null;
    for (const { from_day, to_day, at } of rows) {
      if (from_day <= day && day <= to_day && (last === null || at > last)) last = at;
    }
    return last;
  };
}
