import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

type Parameters = readonly SQLInputValue[] | readonly [Readonly<Record<string, SQLInputValue>>];

export interface QueryOptions {
  /** Whether a row is an array of its columns: where thousands are read, that takes half as long (measured). */
  readonly asArrays?: boolean;
}

/** A query whose rows have the shape of its columns: what SQLite returns is taken for that here, and nowhere else. */
export class Query<Row> {
  readonly #statement: StatementSync;

  constructor(database: DatabaseSync, sql: string, { asArrays = false }: QueryOptions = {}) {
    this.#statement = database.prepare(sql);
    this.#statement.setReturnArrays(asArrays);
  }

  /** The first row; undefined where there is none. */
  get(...parameters: Parameters): Row | undefined {
    return this.#statement.get(...(parameters as SQLInputValue[])) as Row | undefined;
  }

  /** The row of a query that always has one: a count, a sum. */
  one(...parameters: Parameters): Row {
    return this.#statement.get(...(parameters as SQLInputValue[])) as Row;
  }

  all(...parameters: Parameters): Row[] {
    return this.#statement.all(...(parameters as SQLInputValue[])) as Row[];
  }

  /** Row by row, for what may be many. */
  iterate(...parameters: Parameters): Iterable<Row> {
    return this.#statement.iterate(...(parameters as SQLInputValue[])) as Iterable<Row>;
  }
}
