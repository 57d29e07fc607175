import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Fact } from '../../rules/facts.ts';
import type { KeptFact, KeptFacts } from '../lines/fact-lines.ts';

/** Facts of a file that is checked as a whole before any of it counts: in a file of their own, since there may be millions. */
export class FactPile implements KeptFacts, Disposable {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #replace: StatementSync;
  readonly #leaveOut: StatementSync;

  /** `file`: a new one, or one that another thread has filled; `:memory:` for few. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      pragma journal_mode = off;
      pragma synchronous = off;
      pragma cache_size = -16384;
      create table if not exists pile (
        line integer primary key,
        id   text not null unique,
        body text not null,
        out  integer not null default 0
      ) strict;
      begin;
    `);
    const prepare = (sql: string): StatementSync => this.#database.prepare(sql);
    this.#find = prepare('select line, body from pile where id = ?');
    this.#add = prepare('insert into pile (line, id, body) values (?, ?, ?)');
    this.#replace = prepare('update pile set body = ? where line = ?');
    this.#leaveOut = prepare('update pile set out = 1 where line = ?');
  }

  find(id: string): KeptFact | null {
    const row = this.#find.get(id);
    return row === undefined ? null : keptOf(row);
  }

  add(fact: Fact, line: number): void {
    this.#add.run(line, fact.id, JSON.stringify(fact));
  }

  replace({ line }: KeptFact, fact: Fact): void {
    this.#replace.run(JSON.stringify(fact), line);
  }

  *all(): Iterable<KeptFact> {
    for (const row of this.#database.prepare('select line, body from pile order by line').iterate()) yield keptOf(row);
  }

  /** Lines that are not to be taken in. */
  leaveOut(lines: Iterable<number>): void {
    for (const line of lines) this.#leaveOut.run(line);
  }

  /** How many are to be taken in. */
  count(): number {
    return Number(this.#database.prepare('select count(*) as count from pile where out = 0').get()?.['count']);
  }

  /** What is to be taken in, in the order of its lines. */
  *rest(): Iterable<Fact> {
    const rows = this.#database.prepare('select line, body from pile where out = 0 order by line');
    for (const row of rows.iterate()) yield keptOf(row).fact;
  }

  /** Whoever opens the file next finds what was put on the pile. */
  [Symbol.dispose](): void {
    this.#database.exec('commit');
    this.#database.close();
  }
}

function keptOf({ line, body }: Record<string, unknown>): KeptFact {
  return { line: Number(line), fact: JSON.parse(String(body)) as Fact };
}
