/** The chain from its first link to its last, beside the rows that it speaks of. */
import type { DatabaseSync } from 'node:sqlite';
import type { Ms, Zone } from '../../rules/time.ts';
import {
  CHAINED,
  type Chained,
  type ChangeRow,
  DIGEST_BYTES,
  digestOf,
  type FactRow,
  type Link,
  linkHash,
  type PurgeRow,
  type Run,
  SALT_BYTES,
  textOfChange,
  textOfFact,
  textOfPurge,
} from '../ledger/link.ts';
import { Query } from '../ledger/query.ts';
import { type ChainFinding, type Findings, nameOfStored } from './finding.ts';

/** A link's number and hash, in base 16: what one notes elsewhere. */
export interface LinkName {
  readonly number: number;
  readonly hash: string;
}

export interface ChainReport {
  readonly links: number;
  /** Rows that are in the chain and there. */
  readonly facts: number;
  readonly changes: number;
  /** Rows that were taken out for good. */
  readonly purged: number;
  /** Of the links, those of rows that were there before the chain was. */
  readonly adopted: number;
  /** The newest link, and when the last of its rows was written; null = there is none. */
  readonly newest: (LinkName & { readonly at: Ms | null }) | null;
  /** Whether the noted link was there; null = none was given. */
  readonly noted: boolean | null;
}

export interface WalkOptions {
  readonly database: DatabaseSync;
  readonly hall: string;
  /** A link that was noted elsewhere. */
  readonly noted: LinkName | null;
  /** For the ids of verdicts. */
  readonly zone: Zone;
  readonly findings: Findings<ChainFinding>;
}

/** Characters of a salt in base 16. */
const SALT_CHARS = 2 * SALT_BYTES;

interface StoredLink extends Link {
  readonly hash: Uint8Array;
  /** The salts in base 16, and the digests a character a byte. */
  readonly salts: string;
  readonly kept: string;
}

/** A row as it is in the file. */
interface Row {
  readonly seq: number;
  readonly text: string;
  readonly id: string;
  readonly at: Ms;
}

/** Rows of a table in the order of their numbers, one at a time. */
class Cursor {
  readonly #rows: Iterator<Row>;
  next: Row | null = null;
  /** The last one that was passed. */
  last: Row | null = null;
  /** Up to which number links have been compared. */
  upTo = Number.NEGATIVE_INFINITY;
  fitting = 0;

  constructor(rows: Iterator<Row>) {
    this.#rows = rows;
    this.pass();
  }

  pass(): void {
    if (this.next !== null) this.last = this.next;
    const { done, value } = this.#rows.next();
    this.next = done === true ? null : value;
  }
}

export class ChainWalk {
  readonly #options: WalkOptions;
  readonly #cursors: Readonly<Record<Chained, Cursor>>;
  readonly #purged: Readonly<Record<Chained, Set<number>>>;
  #newest: { readonly number: number; readonly hash: Uint8Array } | null = null;
  #newestAt: Ms | null = null;
  #links = 0;
  #adopted = 0;
  #hasCommits = false;
  #noted: boolean | null;

  constructor(options: WalkOptions) {
    const { zone } = options;
    this.#options = options;
    this.#noted = options.noted === null ? null : false;
    this.#cursors = {
      fact: this.#cursor<FactRow>('fact', textOfFact, ({ id, recorded_at }) => ({ id, at: recorded_at })),
      change: this.#cursor<ChangeRow>('change', textOfChange, (row) => ({ id: nameOfStored(zone, row), at: row.at })),
      purge: this.#cursor<PurgeRow>('purge', textOfPurge, ({ kind, row, at }) => ({ id: `${kind} ${row}`, at })),
    };
    this.#purged = { fact: this.#purgedOf('fact'), change: this.#purgedOf('change'), purge: new Set() };
  }

  /** Compares every link and every row once. */
  walk(): ChainReport {
    const { database, hall } = this.#options;
    const links = new Query<ChainRow>(database, 'select * from chain where hall = ? order by number');
    for (const link of links.iterate(hall)) this.#link(linkOf(hall, link));
    this.#compareEnd();
    for (const kind of CHAINED) this.#outside(kind, Number.POSITIVE_INFINITY);
    const { fact, change } = this.#cursors;
    const newest = this.#newest;
    return {
      links: this.#links,
      facts: fact.fitting,
      changes: change.fitting,
      purged: this.#purged.fact.size + this.#purged.change.size,
      adopted: this.#adopted,
      newest: newest && { number: newest.number, hash: hexOf(newest.hash), at: this.#newestAt },
      noted: this.#noted,
    };
  }

  #link(link: StoredLink): void {
    const { findings } = this.#options;
    const { number, origin, runs, kept, salts, hash } = link;
    const expected = (this.#newest?.number ?? 0) + 1;
    const follows = number === expected;
    if (!follows) findings.add({ what: 'links-missing', from: expected, to: number - 1 });
    const rows = runs.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const isSound = kept.length === rows * DIGEST_BYTES && salts.length === rows * SALT_CHARS;
    // What it follows from is not there to be compared where a link is missing.
    const fits = !follows || linkHash(link, this.#newest?.hash ?? null).equals(hash);
    if (!isSound || !fits) findings.add({ what: 'link-changed', link: number });
    if (!this.#isInPlace(link)) findings.add({ what: 'link-misplaced', link: number });
    this.#compareNoted(number, hash);
    this.#newestAt = null;
    let place = 0;
    for (const run of runs) {
      this.#run(link, run, isSound ? place : null);
      place += run.to - run.from + 1;
    }
    this.#links++;
    if (origin === 'adopted') this.#adopted++;
    else this.#hasCommits = true;
    this.#newest = { number, hash };
  }

  /** Rows are numbered as they come, and older ones are taken in before anything else. */
  #isInPlace({ runs, origin }: StoredLink): boolean {
    if (origin === 'adopted' && this.#hasCommits) return false;
    return runs.every(({ kind, from }) => from > this.#cursors[kind].upTo);
  }

  /** Compares the rows of a link; `place` is where their digests begin, null = they cannot be compared. */
  #run(link: StoredLink, { kind, from, to }: Run, place: number | null): void {
    const { findings } = this.#options;
    const cursor = this.#cursors[kind];
    this.#outside(kind, from);
    const begin = Math.max(from, cursor.upTo + 1);
    for (let seq = begin; place !== null && seq <= to; seq++) {
      const isPurged = this.#purged[kind].has(seq);
      if (cursor.next?.seq !== seq) {
        const name = { kind, row: seq, id: null, link: link.number };
        if (!isPurged) findings.add({ what: 'row-missing', ...name, after: cursor.last?.id ?? null });
        continue;
      }
      const { id, text, at } = cursor.next;
      if (isPurged) findings.add({ what: 'row-returned', kind, row: seq, id, link: link.number });
      else if (!isDigest(link, place + seq - from, text)) {
        findings.add({ what: 'row-changed', kind, row: seq, id, link: link.number });
      } else cursor.fitting++;
      this.#newestAt = Math.max(this.#newestAt ?? at, at);
      cursor.pass();
    }
    // Where there is nothing to compare with, what is there is of the link all the same.
    while (cursor.next !== null && cursor.next.seq <= to) cursor.pass();
    cursor.upTo = Math.max(cursor.upTo, to);
  }

  /** Passes the rows before a number, which no link holds. */
  #outside(kind: Chained, before: number): void {
    const cursor = this.#cursors[kind];
    for (; cursor.next !== null && cursor.next.seq < before; cursor.pass()) {
      const { seq, id } = cursor.next;
      this.#options.findings.add({ what: 'row-outside', kind, row: seq, id });
    }
  }

  /** What was written last says how far the chain went. */
  #compareEnd(): void {
    const { database, hall, noted, findings } = this.#options;
    const end = database.prepare('select number, hash from chain_end where hall = ?').get(hall) as
      | { number: number; hash: Uint8Array }
      | undefined;
    const last = this.#newest?.number ?? 0;
    const known = Math.max(end?.number ?? 0, noted?.number ?? 0);
    if (known > last) findings.add({ what: 'links-missing', from: last + 1, to: known });
    else if ((end?.number ?? 0) !== last || hexOf(end?.hash) !== hexOf(this.#newest?.hash)) {
      findings.add({ what: 'end-differs', link: last });
    }
  }

  #compareNoted(number: number, hash: Uint8Array): void {
    const { noted, findings } = this.#options;
    if (noted?.number !== number) return;
    this.#noted = hexOf(hash).startsWith(noted.hash);
    if (!this.#noted) findings.add({ what: 'noted-differs', link: number });
  }

  #cursor<T>(table: Chained, textOf: (row: T) => string, about: (row: T) => Pick<Row, 'id' | 'at'>): Cursor {
    const { database, hall } = this.#options;
    // By number, in whatever state the indexes are.
    const found = database.prepare(`select * from ${table} not indexed where hall = ? order by seq`).iterate(hall);
    const rows = found.map((row) => {
      const { id, at } = about(row as T);
      return { seq: row['seq'] as number, text: textOf(row as T), id, at };
    });
    return new Cursor(rows);
  }

  #purgedOf(kind: Chained): Set<number> {
    const { database, hall } = this.#options;
    const rows = database.prepare('select row from purge where hall = ? and kind = ?').all(hall, kind);
    return new Set(rows.map(({ row }) => Number(row)));
  }
}

function isDigest({ kept, salts }: StoredLink, place: number, text: string): boolean {
  const salt = salts.slice(place * SALT_CHARS, (place + 1) * SALT_CHARS);
  return digestOf(salt, text) === kept.slice(place * DIGEST_BYTES, (place + 1) * DIGEST_BYTES);
}

function hexOf(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

interface ChainRow extends Readonly<Record<`${Chained}_${'from' | 'to'}`, number | null>> {
  readonly number: number;
  readonly origin: Link['origin'];
  readonly digests: Uint8Array;
  readonly salts: Uint8Array;
  readonly hash: Uint8Array;
}

function linkOf(hall: string, row: ChainRow): StoredLink {
  const runs = CHAINED.flatMap((kind) => {
    const [from, to] = [row[`${kind}_from`], row[`${kind}_to`]];
    return from === null || to === null ? [] : [{ kind, from, to }];
  });
  const { number, origin, digests, hash } = row;
  const kept = Buffer.from(digests).toString('latin1');
  return { hall, number, origin, runs, digests, hash, kept, salts: hexOf(row.salts) };
}
