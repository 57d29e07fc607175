/** The time series in the ledger: one row a point, rewritten with a higher `rev`, shipped from a cursor. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Point } from '../../adapters/metrics.ts';
import type { Ms } from '../../rules/time.ts';
import { Query } from './query.ts';
import { RowInsert } from './row-insert.ts';

interface Kept {
  readonly seq: number;
  readonly measurement: string;
  readonly tags: string;
  readonly at: number;
  readonly fields: string;
  readonly rev: number;
}

export class SeriesStore {
  readonly #hall: string;
  readonly #put: RowInsert;
  readonly #after: Query<Kept>;
  readonly #tagsAt: Query<{ tags: string }>;
  readonly #newest: Query<{ seq: number }>;
  readonly #park: StatementSync;
  readonly #setCursor: StatementSync;
  readonly #cursor: Query<{ value: string }>;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#put = new RowInsert(
      database,
      'series',
      ['hall', 'measurement', 'tags', 'at', 'fields', 'rev'],
      // The last place is looked for from the point's own on, or SQLite would do so once for all rows of a statement.
      `on conflict (hall, at, measurement, tags) do update
         set fields = excluded.fields, rev = rev + 1, seq = (select max(s.seq) + 1 from series s where s.seq >= series.seq)
         where fields <> excluded.fields`,
    );
    this.#after = new Query(
      database,
      // By number: through the index by hall all points would be sorted for every batch, half a second after a year (measured).
      'select seq, measurement, tags, at, fields, rev from series not indexed where hall = ? and seq > ? order by seq limit ?',
    );
    this.#tagsAt = new Query(database, 'select tags from series where hall = ? and at = ? and measurement = ?');
    this.#newest = new Query(database, 'select coalesce(max(seq), 0) as seq from series');
    this.#park = database.prepare('insert or replace into series_parked (seq, because) values (?, ?)');
    this.#setCursor = database.prepare('insert or replace into setting (name, value) values (?, ?)');
    this.#cursor = new Query(database, 'select value from setting where name = ?');
  }

  /** Writes points; the same series and time overwrite, and only what differs is shipped again. */
  put(points: readonly Point[]): void {
    this.#put.run(points, ({ measurement, tags, at, fields }) => [
      this.#hall,
      measurement,
      tagsText(tags),
      at,
      JSON.stringify(fields),
      0,
    ]);
  }

  /** The tags of the points that a measurement has at an instant. */
  tagsAt(measurement: string, at: Ms): Point['tags'][] {
    return this.#tagsAt.all(this.#hall, at, measurement).map(({ tags }) => tagsOf(tags));
  }

  /** Points after a place, oldest first. */
  read(after: number, limit: number): { readonly seq: number; readonly point: Point }[] {
    return this.#after.all(this.#hall, after, limit).map((row) => {
      const tags = { hall: this.#hall, ...tagsOf(row.tags) };
      const fields = { ...(JSON.parse(row.fields) as Record<string, number>), rev: row.rev };
      return { seq: row.seq, point: { measurement: row.measurement, tags, fields, at: row.at } };
    });
  }

  /** Up to where the points have been shipped. */
  cursor(): number {
    const row = this.#cursor.get(this.#cursorName);
    return Number(row?.value ?? 0);
  }

  advance(seq: number): void {
    this.#setCursor.run(this.#cursorName, String(seq));
  }

  park(seq: number, because: string): void {
    this.#park.run(seq, because);
  }

  /** How many rewrites and points have not been shipped, at most. */
  lag(): number {
    const { seq } = this.#newest.one();
    return seq - this.cursor();
  }

  get #cursorName(): string {
    return `series-cursor ${this.#hall}`;
  }
}

function tagsOf(text: string): Point['tags'] {
  return Object.fromEntries(JSON.parse(text) as [string, string][]);
}

/** The same tags are the same text, in whatever order they were given. */
function tagsText(tags: Point['tags']): string {
  const keys = Object.keys(tags).sort();
  return JSON.stringify(keys.map((key) => [key, tags[key]]));
}
