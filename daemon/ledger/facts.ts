/** Facts in the ledger: appended once each, found again by id, by day, or all in order. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import { type Fact, factContent } from '../../rules/facts.ts';
import type { Span } from '../../rules/intervals.ts';
import { DAY_LENGTH, dayOfDate, type Ms } from '../../rules/time.ts';

/** How a fact came in. */
export interface Provenance {
  /** A person, where one did it. */
  readonly by: string | null;
  /** The door it came through: `mqtt`, `import`, `daemon`, `config` … */
  readonly via: string;
  /** The `recordedAt` that the sender claimed. */
  readonly claimedAt: Ms | null;
}

export type Appended = 'new' | 'known' | 'conflict';

interface Row {
  readonly recorded_at: number;
  readonly person: string | null;
  readonly via: string | null;
  readonly body: string;
}

const COLUMNS = 'recorded_at, person, via, body';
/** The setting that holds the place from which on facts are held back. */
const HELD_BACK = 'held-back-from';
/** No place of a fact where nothing is held back. (`+seq` below keeps SQLite from searching by place.) */
const FROM_THERE = `coalesce((select cast(value as integer) from setting where name = '${HELD_BACK}'), ${Number.MAX_SAFE_INTEGER})`;

export class FactStore {
  readonly #hall: string;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #between: StatementSync;
  readonly #stretches: StatementSync;
  readonly #after: StatementSync;
  readonly #heldBack: StatementSync;
  readonly #holdBack: StatementSync;
  readonly #release: StatementSync;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#insert = database.prepare(
      `insert into fact (hall, id, kind, at, recorded_at, person, via, claimed_at, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
    );
    this.#byId = database.prepare(`select ${COLUMNS} from fact where hall = ? and id = ?`);
    this.#between = database.prepare(
      `select ${COLUMNS} from fact where hall = ? and kind in ('punch', 'presence') and at >= ? and at < ? and +seq < ${FROM_THERE} order by seq`,
    );
    this.#stretches = database.prepare(
      `select ${COLUMNS} from fact where hall = ? and kind not in ('punch', 'presence') and +seq < ${FROM_THERE} order by seq`,
    );
    this.#after = database.prepare(`select seq, ${COLUMNS} from fact where hall = ? and seq > ? order by seq limit ?`);
    this.#heldBack = database.prepare(
      `select ${COLUMNS} from fact where hall = ? and seq >= ${FROM_THERE} order by seq`,
    );
    this.#holdBack = database.prepare(
      `insert or replace into setting (name, value)
       values ('${HELD_BACK}', cast((select coalesce(max(seq), 0) + 1 from fact) as text))`,
    );
    this.#release = database.prepare(`delete from setting where name = '${HELD_BACK}'`);
  }

  /** Appends a fact. `known`: the same was there; `conflict`: its id was there with other content, and nothing was kept. */
  append(fact: Fact, recordedAt: Ms, from: Provenance): Appended {
    const body = JSON.stringify(factContent(fact));
    const { changes } = this.#insert.run(
      this.#hall,
      fact.id,
      fact.fact,
      placeOf(fact),
      recordedAt,
      from.by,
      from.via,
      from.claimedAt,
      body,
    );
    if (Number(changes) === 1) return 'new';
    const row = this.#byId.get(this.#hall, fact.id) as unknown as Row;
    return isDeepStrictEqual(JSON.parse(row.body), JSON.parse(body)) ? 'known' : 'conflict';
  }

  find(id: string): Fact | null {
    const row = this.#byId.get(this.#hall, id) as unknown as Row | undefined;
    return row === undefined ? null : this.#fact(row);
  }

  /** What is appended from here on is not judged yet: `between` and `stretches` are without it until `release`. */
  holdBack(): void {
    this.#holdBack.run();
  }

  release(): void {
    this.#release.run();
  }

  /** What has been kept and not been judged, all of it at one instant; null if there is nothing. */
  heldBack(): { readonly recordedAt: Ms; readonly facts: Fact[] } | null {
    const facts = this.#heldBack.all(this.#hall).map((row) => this.#fact(row as unknown as Row));
    const [first] = facts;
    return first === undefined ? null : { recordedAt: first.recordedAt, facts };
  }

  /** Punches and presence of a stretch of time. */
  *between(span: Span): Iterable<Fact> {
    for (const row of this.#between.iterate(this.#hall, span.from, span.to)) yield this.#fact(row as unknown as Row);
  }

  /** Everything that is not a punch or presence. */
  *stretches(): Iterable<Fact> {
    for (const row of this.#stretches.iterate(this.#hall)) yield this.#fact(row as unknown as Row);
  }

  /** Up to `limit` facts appended after a place in the ledger, oldest first. */
  after(seq: number, limit: number): { readonly seq: number; readonly fact: Fact }[] {
    return this.#after.all(this.#hall, seq, limit).map((found) => {
      const row = found as unknown as Row & { seq: number };
      return { seq: row.seq, fact: this.#fact(row) };
    });
  }

  #fact(row: Row): Fact {
    return {
      ...(JSON.parse(row.body) as Fact),
      hall: this.#hall,
      recordedAt: row.recorded_at,
      ...(row.person === null ? {} : { by: row.person }),
      ...(row.via === null ? {} : { via: row.via }),
    };
  }
}

/** Where in time a fact is looked for. */
function placeOf(fact: Fact): Ms {
  if (fact.fact === 'day') return (dayOfDate(fact.date) ?? 0) * DAY_LENGTH;
  return 'from' in fact ? (fact.from as Ms) : (fact.at as Ms);
}
