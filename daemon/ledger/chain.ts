/**
 * The chain that proves the history: one link a commit, made of the digests of the rows that it kept and of the link before.
 * Stores add what they have inserted; the ledger seals it in the transaction that inserted it.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CHAINED, type Chained, digestOf, type Link, linkHash, type Run, SALT_BYTES } from './link.ts';
import { Query } from './query.ts';

/** Rows of a link at most: one is checked, and a purge rewrites its salts, as a whole. */
const LARGEST_LINK = 4096;
/** Salts that are made at a time: asking for each by itself took longer than the digest (measured). */
const SALTS_AHEAD = 2048;
/** Characters of a salt in base 16. */
const SALT_CHARS = 2 * SALT_BYTES;

interface End {
  readonly number: number;
  readonly hash: Uint8Array;
}

/** Rows that have been inserted and not been sealed, of one hall. */
interface Unsealed {
  readonly runs: Run[];
  digests: string;
  salts: string;
  rows: number;
}

export interface ChainOptions {
  /** Whether the rows were there before the chain was. */
  readonly adopts: boolean;
}

const CHAINS = new WeakMap<DatabaseSync, Chain>();

export class Chain {
  readonly #database: DatabaseSync;
  readonly #origin: Link['origin'];
  readonly #unsealed = new Map<string, Unsealed>();
  readonly #ends = new Map<string, End | null>();
  readonly #readEnd: Query<End>;
  readonly #putLink: StatementSync;
  readonly #putEnd: StatementSync;
  #salts = '';
  #nextSalt = 0;

  constructor(database: DatabaseSync, { adopts }: ChainOptions) {
    this.#database = database;
    this.#origin = adopts ? 'adopted' : 'commit';
    this.#readEnd = new Query(database, 'select number, hash from chain where hall = ? order by number desc limit 1');
    this.#putLink = database.prepare(
      `insert into chain (hall, number, origin, fact_from, fact_to, change_from, change_to, purge_from, purge_to, digests, salts, hash)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#putEnd = database.prepare('insert or replace into chain_end (hall, number, hash) values (?, ?, ?)');
  }

  /** The chain that is written through a connection: the same for everybody who writes through it. */
  static of(database: DatabaseSync): Chain {
    let chain = CHAINS.get(database);
    if (chain === undefined) {
      chain = new Chain(database, { adopts: false });
      CHAINS.set(database, chain);
    }
    return chain;
  }

  /**
   * Adds rows that have just been inserted, numbered from `from` on without gaps; `textOf` says what one says (`link.ts`). They are
   * sealed with the transaction; outside of one, at once.
   */
  add<Row>(hall: string, kind: Chained, from: number, rows: readonly Row[], textOf: (row: Row) => string): void {
    if (rows.length === 0) return;
    const unsealed = this.#room(hall, kind, from);
    const to = from + rows.length - 1;
    const last = unsealed.runs.at(-1);
    if (last?.kind === kind) unsealed.runs[unsealed.runs.length - 1] = { kind, from: last.from, to };
    else unsealed.runs.push({ kind, from, to });
    for (const row of rows) {
      const salt = this.#salt();
      unsealed.salts += salt;
      // One after the other: texts that wait together cost the collector more than the digests (measured).
      unsealed.digests += digestOf(salt, textOf(row));
    }
    unsealed.rows += rows.length;
    if (unsealed.rows >= LARGEST_LINK) this.#write(hall, unsealed);
    if (!this.#database.isTransaction) this.seal();
  }

  /** Writes the links of what was added: the last thing in a transaction. */
  seal(): void {
    if (this.#unsealed.size === 0) return;
    for (const [hall, unsealed] of this.#unsealed) this.#write(hall, unsealed);
  }

  /** Forgets what was added in a transaction that failed. */
  drop(): void {
    this.#unsealed.clear();
    this.#ends.clear();
  }

  /** Where rows are added; those that cannot follow what waits go to a link of their own. */
  #room(hall: string, kind: Chained, from: number): Unsealed {
    const waiting = this.#unsealed.get(hall);
    const last = waiting?.runs.at(-1);
    if (waiting !== undefined && last !== undefined) {
      const follows = last.kind === kind ? last.to + 1 === from : CHAINED.indexOf(last.kind) < CHAINED.indexOf(kind);
      if (follows) return waiting;
      this.#write(hall, waiting);
    }
    const fresh = { runs: [], digests: '', salts: '', rows: 0 };
    this.#unsealed.set(hall, fresh);
    return fresh;
  }

  #write(hall: string, { runs, digests, salts }: Unsealed): void {
    this.#unsealed.delete(hall);
    const end = this.#end(hall);
    const number = (end?.number ?? 0) + 1;
    const link: Link = { hall, number, origin: this.#origin, runs, digests: Buffer.from(digests, 'latin1') };
    const hash = linkHash(link, end?.hash ?? null);
    const bounds = CHAINED.flatMap((kind) => {
      const run = runs.find((one) => one.kind === kind);
      return [run?.from ?? null, run?.to ?? null];
    });
    this.#putLink.run(hall, number, this.#origin, ...bounds, link.digests, Buffer.from(salts, 'hex'), hash);
    this.#putEnd.run(hall, number, hash);
    this.#ends.set(hall, { number, hash });
  }

  #end(hall: string): End | null {
    let end = this.#ends.get(hall);
    if (end === undefined) {
      end = this.#readEnd.get(hall) ?? null;
      this.#ends.set(hall, end);
    }
    return end;
  }

  #salt(): string {
    if (this.#nextSalt === this.#salts.length) {
      this.#salts = randomBytes(SALT_BYTES * SALTS_AHEAD).toString('hex');
      this.#nextSalt = 0;
    }
    const at = this.#nextSalt;
    this.#nextSalt = at + SALT_CHARS;
    return this.#salts.slice(at, at + SALT_CHARS);
  }
}
