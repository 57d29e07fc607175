/** Facts in the ledger: appended once each, found again by id, by day, or all in order. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { Original } from '../../adapters/clock.ts';
import { EVERYTHING } from '../../rules/archive.ts';
import { type Fact, factContent, type OtherFact, type PresenceFact, type PunchFact } from '../../rules/facts.ts';
import type { Span } from '../../rules/intervals.ts';
import { DAY_LENGTH, dayOfDate, type Ms } from '../../rules/time.ts';
import { Chain } from './chain.ts';
import { type FactRow, textOfFact } from './link.ts';
import { Query } from './query.ts';
import { type Row, RowInsert } from './row-insert.ts';
import { SeatPlaces } from './seat-places.ts';

/** How a fact came in. */
export interface Provenance {
  /** A person, where one did it. */
  readonly by: string | null;
  /** The door it came through: `mqtt`, `import`, `daemon`, `config` … */
  readonly via: string;
  /** The `recordedAt` that the sender claimed. */
  readonly claimedAt: Ms | null;
}

/** What is to be appended. */
export interface Entry {
  readonly fact: Fact;
  readonly from: Provenance;
  /** What it was made of, where it does not say itself all that was said. */
  readonly original?: Original;
}

/** `known`: the same was there; `conflict`: its id was there with other content, and nothing was kept. */
export type Appended = 'new' | 'known' | 'conflict';

/** A fact's row; `seq` is its place in the ledger. */
type Kept = readonly [...of: Columns, seq: number];

type Columns = readonly [
  id: string,
  kind: string,
  at: Ms,
  recordedAt: Ms,
  person: string | null,
  via: string | null,
  body: string,
];

const COLUMNS = 'id, kind, at, recorded_at, person, via, body, seq';
/** Where `seq` stands among them. */
const SEQ = 7;
/** The setting that holds the place from which on facts are held back. */
const HELD_BACK = 'held-back-from';
/** No place of a fact where nothing is held back. (`+seq` below keeps SQLite from searching by place.) */
const FROM_THERE = `coalesce((select cast(value as integer) from setting where name = '${HELD_BACK}'), ${Number.MAX_SAFE_INTEGER})`;

/** Where a fact stands in the order of time. */
export interface Place {
  readonly at: Ms;
  readonly seq: number;
}

type Seen = PunchFact | PresenceFact;

/** Touches by one credential on one device. */
export interface UnnamedTouches {
  readonly device: string | null;
  readonly credential: string;
  readonly times: number;
  readonly firstAt: Ms;
  readonly lastAt: Ms;
}

export class FactStore {
  readonly #hall: string;
  readonly #chain: Chain;
  readonly #insert: RowInsert;
  readonly #idsAfter: Query<{ id: string }>;
  readonly #byId: Query<Kept>;
  readonly #original: Query<{ original: string | null }>;
  readonly #unnamed: Query<UnnamedTouches>;
  readonly #between: Query<Kept>;
  readonly #seatPlaces: SeatPlaces;
  readonly #seats: Query<Kept>;
  readonly #stretches: Query<Kept>;
  readonly #ofKinds: Query<Kept>;
  readonly #after: Query<Kept>;
  readonly #lastSeq: Query<{ seq: number }>;
  readonly #seenOf: Query<Kept>;
  readonly #touches: Query<Kept>;
  readonly #firstSeen: Query<{ at: Ms | null }>;
  readonly #actions: Query<Kept>;
  readonly #notes: Query<Kept>;
  readonly #silences: Query<Kept>;
  readonly #ofWeek: Query<Kept>;
  readonly #heldBack: Query<Kept>;
  readonly #holdBack: StatementSync;
  readonly #release: StatementSync;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#chain = Chain.of(database);
    this.#insert = new RowInsert(
      database,
      'fact',
      ['hall', 'id', 'kind', 'at', 'recorded_at', 'person', 'via', 'claimed_at', 'body', 'original'],
      'on conflict do nothing',
    );
    this.#idsAfter = new Query(database, 'select id from fact where seq > ?');
    const facts = (sql: string): Query<Kept> => new Query(database, sql, { asArrays: true });
    this.#byId = facts(`select ${COLUMNS} from fact where hall = ? and id = ?`);
    this.#original = new Query(database, 'select original from fact where hall = ? and id = ?');
    this.#unnamed = new Query(
      database,
      `select body ->> '$.device' as device, body ->> '$.credential' as credential, count(*) as times,
         min(at) as firstAt, max(at) as lastAt
       from fact where hall = ? and kind in ('punch', 'presence') and at >= ? and kind = 'punch' and body ->> '$.employee' is null
       group by 1, 2 order by times desc limit ?`,
    );
    // Said by its clock to have happened then, and corrected: the words of the index, or it is not used.
    const saidAt = `body ->> '$.deviceAt'`;
    const isSought = `:windows is null or (:windows <> '[]' and body ->> '$.window' in (select value from json_each(:windows)))`;
    this.#between = facts(
      `select ${COLUMNS} from fact
         where hall = :hall and kind in ('punch', 'presence') and at >= :from and at < :to and +seq < ${FROM_THERE}
           and iif(kind = 'punch', :punches, ${isSought})
       union all
       select ${COLUMNS} from fact
         where hall = :hall and :punches and kind = 'punch' and ${saidAt} <> at and ${saidAt} >= :from and ${saidAt} < :to
           and not (at >= :from and at < :to) and +seq < ${FROM_THERE}
       order by seq`,
    );
    this.#seatPlaces = new SeatPlaces(database, hall);
    this.#seats = facts(
      `select ${COLUMNS} from fact not indexed
         where seq in (select value from json_each(:places)) and hall = :hall and kind = 'presence' and at >= :from and at < :to
           and seq < ${FROM_THERE} order by seq`,
    );
    this.#stretches = facts(
      `select ${COLUMNS} from fact where hall = ? and kind not in ('punch', 'presence') and +seq < ${FROM_THERE} order by seq`,
    );
    this.#ofKinds = facts(
      `select ${COLUMNS} from fact where hall = ? and kind not in ('punch', 'presence')
         and kind in (select value from json_each(?)) and +seq < ${FROM_THERE} order by seq`,
    );
    // By number: through the index by hall all rows would be sorted for every batch, half a second in a year's ledger (measured).
    this.#after = facts(`select ${COLUMNS} from fact not indexed where hall = ? and seq > ? order by seq limit ?`);
    this.#lastSeq = new Query(database, 'select seq from fact order by seq desc limit 1');
    this.#seenOf = facts(
      `select ${COLUMNS} from fact
         where hall = :hall and kind in ('punch', 'presence') and at >= :at and (at > :at or seq > :seq) and recorded_at = :recordedAt
       order by at, seq limit :limit`,
    );
    this.#touches = facts(
      `select ${COLUMNS} from fact
         where hall = :hall and kind in ('punch', 'presence') and at >= :from and at < :to and kind = 'punch'
           and body ->> '$.credential' in (select value from json_each(:credentials))
       order by at, seq`,
    );
    this.#firstSeen = new Query(
      database,
      "select min(at) as at from fact where hall = ? and kind in ('punch', 'presence') and at >= ?",
    );
    this.#actions = facts(
      `select ${COLUMNS} from fact where hall = ? and kind = 'action'
         and body ->> '$.case' in (select value from json_each(?)) order by seq`,
    );
    this.#notes = facts(
      `select ${COLUMNS} from fact where hall = ? and kind in ('note', 'witness') and at >= ? order by seq`,
    );
    this.#silences = facts(
      `select ${COLUMNS} from fact where hall = ? and kind in ('silence', 'silence-end') and at >= ? order by seq`,
    );
    this.#ofWeek = facts(
      `select ${COLUMNS} from fact where hall = ? and kind in ('sign-off', 'remark')
         and body ->> '$.department' = ? and body ->> '$.week' = ? order by seq`,
    );
    // By number here as well: it is asked at every start.
    this.#heldBack = facts(
      `select ${COLUMNS} from fact not indexed where hall = ? and seq >= ${FROM_THERE} order by seq`,
    );
    this.#holdBack = database.prepare(
      `insert or replace into setting (name, value)
       values ('${HELD_BACK}', cast((select coalesce(max(seq), 0) + 1 from fact) as text))`,
    );
    this.#release = database.prepare(`delete from setting where name = '${HELD_BACK}'`);
  }

  /** Appends facts, and says of each what became of it. */
  append(entries: readonly Entry[], recordedAt: Ms): Appended[] {
    for (const { fact } of entries) if (fact.fact === 'presence') this.#seatPlaces.forget(fact.at);
    const rows = entries.map((entry) => rowOf(entry, recordedAt));
    const { changes, last } = this.#insert.run(rows, (row) => this.#values(row));
    if (changes === rows.length) {
      this.#link(rows, last);
      return rows.map(() => 'new');
    }
    // Nothing that came last is ever deleted, so what was inserted has the last numbers.
    const inserted = changes === 0 ? [] : this.#idsAfter.all(last - changes).map(({ id }) => id);
    const fresh = new Set(inserted);
    const outcomes = rows.map((row) => (fresh.delete(row.id) ? 'new' : this.#compare(row)));
    this.#link(
      rows.filter((_, i) => outcomes[i] === 'new'),
      last,
    );
    return outcomes;
  }

  /** Chains rows that were inserted, the last of them with the number `last`. */
  #link(rows: readonly FactRow[], last: number): void {
    this.#chain.add(this.#hall, 'fact', last - rows.length + 1, rows, textOfFact);
  }

  #values({ id, kind, at, recorded_at, person, via, claimed_at, body, original }: FactRow): Row {
    return [this.#hall, id, kind, at, recorded_at, person, via, claimed_at, body, original];
  }

  #compare({ id, kind, at, recorded_at, person, via, body }: FactRow): Appended {
    const kept = factContent(this.find(id) as Fact);
    const offered = factContent(this.#fact([id, kind, at, recorded_at, person, via, body]));
    return isDeepStrictEqual(kept, offered) ? 'known' : 'conflict';
  }

  find(id: string): Fact | null {
    const row = this.#byId.get(this.#hall, id);
    return row === undefined ? null : this.#fact(row);
  }

  /** Touches since then that name nobody, by device and credential, most frequent first. */
  unnamedSince(from: Ms, limit: number): UnnamedTouches[] {
    return this.#unnamed.all(this.#hall, from, limit);
  }

  /** What a fact was made of; null where it says all that was said, and where there is none. */
  originalOf(id: string): Original | null {
    const row = this.#original.get(this.#hall, id);
    return row?.original == null ? null : (JSON.parse(row.original) as Original);
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
    const facts = this.#heldBack.all(this.#hall).map((row) => this.#fact(row));
    const [first] = facts;
    return first === undefined ? null : { recordedAt: first.recordedAt, facts };
  }

  /** Punches and presence of a stretch of time, as `Archive` has it: for days, since all of them are in memory at once. */
  between(span: Span, sought = EVERYTHING): Fact[] {
    const { punches, windows } = sought;
    if (!punches && windows !== null) return this.#seatsBetween(span, windows);
    const { from, to } = span;
    const sort = { punches: punches ? 1 : 0, windows: windows && JSON.stringify(windows) };
    return this.#between.all({ hall: this.#hall, from, to, ...sort }).map((row) => this.#fact(row));
  }

  #seatsBetween({ from, to }: Span, windows: readonly string[]): Fact[] {
    const places = JSON.stringify(this.#seatPlaces.of({ from, to }, windows));
    return this.#seats
      .all({ hall: this.#hall, from, to, places })
      .map((row) => this.#fact(row) as PresenceFact)
      .filter(({ window }) => windows.includes(window));
  }

  /** Everything that is not a punch or presence. */
  *stretches(): Iterable<Fact> {
    for (const row of this.#stretches.iterate(this.#hall)) yield this.#fact(row);
  }

  /** Of these, some kinds: a year has a hundred times as many leaves as configurations. */
  *stretchesOf(kinds: readonly string[]): Iterable<Fact> {
    const rows = this.#ofKinds.iterate(this.#hall, JSON.stringify(kinds));
    for (const row of rows) yield this.#fact(row);
  }

  /** What people did with some cases, in the order in which it was recorded. */
  actionsOn(cases: readonly string[]): OtherFact[] {
    const rows = this.#actions.all(this.#hall, JSON.stringify(cases));
    return rows.map((row) => this.#fact(row) as OtherFact);
  }

  /** What windows' own PCs said from an instant on, and what was answered, in the order in which it was recorded. */
  notesSince(from: Ms): OtherFact[] {
    return this.#notes.all(this.#hall, from).map((row) => this.#fact(row) as OtherFact);
  }

  /** Silences that begin at or after an instant, and early ends since then, in the order in which they were recorded. */
  silencesSince(from: Ms): OtherFact[] {
    return this.#silences.all(this.#hall, from).map((row) => this.#fact(row) as OtherFact);
  }

  /** Who signed a department's week off, and what was remarked on it, in the order in which it was recorded. */
  ofWeek(department: string, week: string): OtherFact[] {
    const rows = this.#ofWeek.all(this.#hall, department, week);
    return rows.map((row) => this.#fact(row) as OtherFact);
  }

  /** Up to `limit` facts appended after a place in the ledger, oldest first. */
  after(seq: number, limit: number): { readonly seq: number; readonly fact: Fact }[] {
    return this.#after.all(this.#hall, seq, limit).map((row) => ({ seq: row[SEQ], fact: this.#fact(row) }));
  }

  /** The place after which everything was recorded at or after an instant. By halving: `recorded_at` never decreases. */
  placeBefore(recordedAt: Ms): number {
    let before = 0;
    let last = this.#lastSeq.get()?.seq ?? 0;
    while (before < last) {
      const middle = Math.floor((before + last) / 2);
      const [next] = this.after(middle, 1);
      if (next === undefined || next.fact.recordedAt >= recordedAt) last = middle;
      else before = next.seq;
    }
    return before;
  }

  /** Punches and presence that were recorded at one instant, in the order of their own time, after a place in it. */
  seenOf(recordedAt: Ms, { at, seq }: Place, limit: number): { readonly seq: number; readonly fact: Seen }[] {
    return this.#seenOf
      .all({ hall: this.#hall, recordedAt, at, seq, limit })
      .map((row) => ({ seq: row[SEQ], fact: this.#fact(row) as Seen }));
  }

  /** Touches by some credentials in a stretch of time, in the order of it. All that was seen in it is looked at. */
  touchesBy(credentials: readonly string[], { from, to }: Span): PunchFact[] {
    const rows = this.#touches.all({ hall: this.#hall, from, to, credentials: JSON.stringify(credentials) });
    return rows.map((row) => this.#fact(row) as PunchFact);
  }

  /** When anything was punched or seen, from an instant on; null if nothing was. */
  firstSeenFrom(at: Ms): Ms | null {
    return this.#firstSeen.one(this.#hall, at).at;
  }

  #fact([id, kind, at, recordedAt, person, via, body]: Columns | Kept): Fact {
    const said = JSON.parse(body) as object;
    const isPlaced = 'from' in said || 'date' in said;
    // One spread, and the rest set after it: two thirds of the time of a literal with all of it spread out (measured), and a day has thousands.
    const fact: Record<string, unknown> = isPlaced ? { fact: kind, id, ...said } : { fact: kind, id, at, ...said };
    fact.hall = this.#hall;
    fact.recordedAt = recordedAt;
    if (person !== null) fact.by = person;
    if (via !== null) fact.via = via;
    return fact as unknown as Fact;
  }
}

function rowOf({ fact, from, original }: Entry, recordedAt: Ms): FactRow {
  const { by, via, claimedAt } = from;
  return {
    id: fact.id,
    kind: fact.fact,
    at: placeOf(fact),
    recorded_at: recordedAt,
    person: by,
    via,
    claimed_at: claimedAt,
    body: bodyOf(fact),
    original: original === undefined ? null : JSON.stringify(original),
  };
}

/** Where in time a fact is looked for. */
function placeOf(fact: Fact): Ms {
  if ('date' in fact) return (dayOfDate(fact.date as string) ?? 0) * DAY_LENGTH;
  return 'from' in fact ? (fact.from as Ms) : (fact.at as Ms);
}

/** What the other columns hold, and what a sender says of himself. */
const NOT_IN_BODY: ReadonlySet<string> = new Set(['fact', 'id', 'hall', 'recordedAt', 'by', 'via']);

/** What a fact says beyond its columns. */
function bodyOf(fact: Fact): string {
  const hasPlace = !('from' in fact || 'date' in fact);
  const body: Record<string, unknown> = {};
  for (const key in fact) {
    if (!NOT_IN_BODY.has(key) && !(hasPlace && key === 'at')) body[key] = fact[key as keyof Fact];
  }
  return JSON.stringify(body);
}
