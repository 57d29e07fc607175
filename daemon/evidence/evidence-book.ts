/**
 * What the ledger says of pictures: rows that are only ever appended, each holding the hash of the one before (decision
 * 0010). Files come and go; from these rows anybody can prove what they were.
 */
import { hash } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Query } from '../ledger/query.ts';
import { isNear, type Moment, type NoPicture } from './moments.ts';

/** Of what a picture is, and for what. */
export interface Subject {
  readonly moment: Moment;
  readonly camera: string;
  readonly window: string;
  /** The key of the verdict that it was taken for; null = somebody asked for it. */
  readonly key: string | null;
  /** The case that the verdict belongs to; null where nobody was to be told of it. */
  readonly case: string | null;
  /** Who asked for it; null = nobody, a case was opened or closed. */
  readonly by: string | null;
}

export interface Taken extends Subject {
  readonly what: 'taken';
  /** When the camera showed it; of a strip, its last picture. */
  readonly takenAt: Ms;
  /** Pixels of the file. */
  readonly width: number;
  readonly height: number;
  /** Within the data folder; the explanation lies beside it, under the same name with `.json`. */
  readonly file: string;
  readonly sha256: string;
  readonly explanationSha256: string;
}

export interface Missing extends Subject {
  readonly what: 'missing';
  readonly because: NoPicture;
  /** More, such as what ffmpeg or the system said; null = nothing. */
  readonly detail: string | null;
}

export interface Viewed {
  readonly what: 'viewed';
  readonly by: string;
}

export interface Removed {
  readonly what: 'removed';
  /** `kept-long-enough`: the time for which it has to be kept is over. */
  readonly because: 'kept-long-enough';
  /** Since when that time counted. */
  readonly since: Ms;
}

export type Noted = Taken | Missing | Viewed | Removed;

export type Entry<T extends Noted = Noted> = T & {
  readonly seq: number;
  readonly at: Ms;
  readonly picture: string;
};

/** What of the rows does not hold, as a sentence; `seq`: which row, null = their end. */
export interface BrokenRow {
  readonly seq: number | null;
  readonly what: 'row-changed' | 'rows-missing' | 'link-missing';
}

/** What is looked for: all of a case or verdict, a window or camera, a day of the hall (`from`, `to`). */
export interface Wanted {
  readonly case?: string;
  readonly subject?: string;
  readonly from?: Ms;
  readonly to?: Ms;
}

interface Row {
  readonly seq: number;
  readonly hall: string;
  readonly at: number;
  readonly what: Noted['what'];
  readonly picture: string;
  readonly body: string;
  readonly link: string;
  readonly hash: string;
}

const COLUMNS = 'seq, hall, at, what, picture, body, link, hash';

export class EvidenceBook {
  readonly #ledger: Ledger;
  readonly #hall: string;
  readonly #insert: StatementSync;
  readonly #putEnd: StatementSync;
  readonly #end: StatementSync;
  readonly #link: StatementSync;
  readonly #ofPicture: StatementSync;
  readonly #keepFile: StatementSync;
  readonly #dropFile: StatementSync;
  readonly #files: StatementSync;

  constructor(ledger: Ledger, hall: string) {
    const { database } = ledger;
    this.#ledger = ledger;
    this.#hall = hall;
    this.#insert = database.prepare(`insert into evidence (${COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#putEnd = database.prepare('insert or replace into evidence_end (hall, seq, hash) values (?, ?, ?)');
    this.#end = database.prepare('select seq, hash from evidence_end where hall = ?');
    this.#link = database.prepare(
      "select number || ':' || lower(hex(hash)) as name from chain where hall = ? order by number desc limit 1",
    );
    this.#ofPicture = database.prepare(`select ${COLUMNS} from evidence where hall = ? and picture = ? order by seq`);
    this.#keepFile = database.prepare(
      'insert or replace into evidence_file (picture, hall, seq, taken_at) values (?, ?, ?, ?)',
    );
    this.#dropFile = database.prepare('delete from evidence_file where picture = ?');
    this.#files = database.prepare(
      `select ${COLUMNS} from evidence where seq in (select seq from evidence_file where hall = ? and taken_at < ?) order by seq`,
    );
  }

  /** Notes something of a picture, in a transaction of its own. Throws `LedgerError` if it cannot be kept. */
  note(picture: string, at: Ms, noted: Noted): void {
    this.noteAll([{ picture, noted }], at);
  }

  /** As `note`, all or none. */
  noteAll(notes: readonly { readonly picture: string; readonly noted: Noted }[], at: Ms): void {
    if (notes.length === 0) return;
    this.#ledger.commit(() => {
      for (const { picture, noted } of notes) this.#append(picture, at, noted);
    });
  }

  #append(picture: string, at: Ms, noted: Noted): void {
    const { what, ...said } = noted;
    const { database } = this.#ledger;
    const newest = database.prepare('select coalesce(max(seq), 0) as seq from evidence').get() as { seq: number };
    const end = this.#end.get(this.#hall) as { hash: string } | undefined;
    const link = (this.#link.get(this.#hall) as { name: string } | undefined)?.name ?? '';
    const row = { seq: newest.seq + 1, hall: this.#hall, at, what, picture, body: JSON.stringify(said), link };
    const digest = hashOf(row, end?.hash ?? '');
    this.#insert.run(row.seq, row.hall, at, what, picture, row.body, link, digest);
    this.#putEnd.run(row.hall, row.seq, digest);
    if (noted.what === 'taken') this.#keepFile.run(picture, this.#hall, row.seq, noted.takenAt);
    if (noted.what === 'removed') this.#dropFile.run(picture);
  }

  /** All that was noted of a picture, in that order. */
  of(picture: string): Entry[] {
    return entriesOf(this.#ofPicture.all(this.#hall, picture));
  }

  /** What was taken, or could not be, oldest first. */
  find(wanted: Wanted): Entry<Taken | Missing>[] {
    const { case: about, subject, from, to } = wanted;
    const conditions = ["hall = :hall and what in ('taken', 'missing')"];
    const values: Record<string, string | number> = { hall: this.#hall };
    const add = (condition: string, name: string, value: string | number | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values[name] = value;
    };
    add('(case_id = :about or verdict = :about)', 'about', about);
    add("(body ->> '$.window' = :subject or body ->> '$.camera' = :subject)", 'subject', subject);
    add('coalesce(taken_at, at) >= :from', 'from', from);
    add('coalesce(taken_at, at) < :to', 'to', to);
    const query = `select ${COLUMNS} from evidence where ${conditions.join(' and ')} order by seq`;
    return entriesOf(this.#ledger.database.prepare(query).all(values)) as Entry<Taken | Missing>[];
  }

  /** Pictures whose files are to be there, taken before an instant; in the order in which they were noted. */
  kept(before = Number.MAX_SAFE_INTEGER): Entry<Taken>[] {
    return entriesOf(this.#files.all(this.#hall, before)) as Entry<Taken>[];
  }

  /** The last row and its hash: whoever noted it elsewhere can tell that nothing before it was changed. Null = there is none. */
  end(): { readonly seq: number; readonly hash: string } | null {
    const end = this.#end.get(this.#hall) as { seq: number; hash: string } | undefined;
    return end === undefined ? null : { seq: end.seq, hash: end.hash };
  }

  /** The case that a verdict's key belongs to; null if there is none. */
  caseOf(key: string): string | null {
    const found = this.#ledger.database.prepare('select case_id from telling where hall = ? and key = ?');
    return (found.get(this.#hall, key) as { case_id: string } | undefined)?.case_id ?? null;
  }

  /**
   * Whether a moment has been noted for a verdict, or for another of its case, by this camera. Somebody's return is another one
   * where the verdict has come to another end since.
   */
  has({ key, case: about, moment, camera, window }: Subject, { to }: Pick<Verdict, 'to'>): boolean {
    return this.find({ case: about ?? key ?? '' }).some((one) => {
      if (one.moment !== moment || one.camera !== camera || one.window !== window) return false;
      return moment !== 'return' || isNear(one.what === 'taken' ? one.takenAt : one.at, to ?? 0);
    });
  }

  /** Compares every row with its hash, the end with what was written last, and the links with the chain. */
  verify(): BrokenRow[] {
    const { database } = this.#ledger;
    const broken: BrokenRow[] = [];
    const links = database.prepare('select lower(hex(hash)) as hash from chain where hall = ? and number = ?');
    let before = '';
    let last = 0;
    const rows = new Query<Row>(database, `select ${COLUMNS} from evidence where hall = ? order by seq`);
    for (const row of rows.iterate(this.#hall)) {
      if (hashOf(row, before) !== row.hash) broken.push({ seq: row.seq, what: 'row-changed' });
      const [number, hash] = row.link.split(':');
      const link = number === '' || number === undefined ? null : links.get(this.#hall, Number(number));
      if (link !== null && (link as { hash: string } | undefined)?.hash !== hash)
        broken.push({ seq: row.seq, what: 'link-missing' });
      before = row.hash;
      last = row.seq;
    }
    const end = this.#end.get(this.#hall) as { seq: number; hash: string } | undefined;
    if ((end?.seq ?? 0) !== last || (end?.hash ?? '') !== before) broken.push({ seq: null, what: 'rows-missing' });
    return broken;
  }
}

/** Lengths before texts: no two rows say the same. */
function hashOf({ seq, hall, at, what, picture, body, link }: Omit<Row, 'hash'>, before: string): string {
  const lengths = `${hall.length} ${picture.length} ${body.length} ${link.length}`;
  return hash(
    'sha256',
    `zaigang evidence 1\n${before}\n${seq} ${at} ${what} ${lengths}\n${hall}${picture}${body}${link}`,
  );
}

function entriesOf(rows: readonly unknown[]): Entry[] {
  return rows.map((found) => {
    const { seq, at, what, picture, body } = found as Row;
    return { seq, at, picture, what, ...(JSON.parse(body) as object) } as Entry;
  });
}
