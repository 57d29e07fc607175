/** Where pictures are found again, looked at, and held against what was noted of them. No look goes without its row. */
import type { Ms } from '../../rules/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type BrokenRow, type Entry, EvidenceBook, type Missing, type Taken, type Wanted } from './evidence-book.ts';
import { EvidenceFolder, type FileState } from './evidence-folder.ts';

/** A picture, or that there is none, with what became of it. */
export interface Listed {
  readonly entry: Entry<Taken | Missing>;
  readonly views: number;
  /** When its file was removed because it had been kept long enough; null = it was not. */
  readonly removedAt: Ms | null;
}

/**
 * Why a picture cannot be shown: `unknown` there is none of that name · `none` none was taken · `removed` it had been kept
 * long enough · `absent` or `changed` its file is gone, or is not what was written.
 */
export type NotShown = { readonly because: 'unknown' | 'none' | 'removed' | Exclude<FileState, 'whole'> };

export interface Shown {
  readonly entry: Entry<Taken>;
  readonly jpeg: Uint8Array;
}

export interface Verified {
  /** Pictures whose files were compared. */
  readonly pictures: number;
  readonly rows: readonly BrokenRow[];
  readonly files: readonly { readonly picture: string; readonly file: string; readonly state: FileState }[];
  /** Files that nothing was noted of, or that were to be removed. */
  readonly strays: readonly string[];
}

export class EvidenceDesk {
  readonly book: EvidenceBook;
  readonly folder: EvidenceFolder;
  readonly #now: () => Ms;

  constructor(ledger: Ledger, hall: string, now: () => Ms) {
    this.book = new EvidenceBook(ledger, hall);
    this.folder = new EvidenceFolder(ledger.directory);
    this.#now = now;
  }

  list(wanted: Wanted): Listed[] {
    return this.book.find(wanted).map((entry) => {
      const all = this.book.of(entry.picture);
      const views = all.filter(({ what }) => what === 'viewed').length;
      return { entry, views, removedAt: all.find(({ what }) => what === 'removed')?.at ?? null };
    });
  }

  /** A picture, for a person; that they looked at it is noted first. Throws `LedgerError` if it cannot be: then nobody looks. */
  view(picture: string, by: string): Shown | NotShown {
    const all = this.book.of(picture);
    const entry = all.find((one): one is Entry<Taken> => one.what === 'taken');
    if (entry === undefined) return { because: all.length === 0 ? 'unknown' : 'none' };
    if (all.some(({ what }) => what === 'removed')) return { because: 'removed' };
    const jpeg = this.folder.read(entry);
    if (typeof jpeg === 'string') return { because: jpeg };
    this.book.note(picture, this.#now(), { what: 'viewed', by });
    return { entry, jpeg };
  }

  /** Holds every row against its hash, and every file against its digest. */
  verify(): Verified {
    const kept = this.book.kept();
    const states = kept.map((entry) => ({ picture: entry.picture, file: entry.file, state: this.folder.state(entry) }));
    const known = new Set(kept.map(({ picture }) => picture));
    return {
      pictures: kept.length,
      rows: this.book.verify(),
      files: states.filter(({ state }) => state !== 'whole'),
      strays: this.folder
        .list()
        .filter(({ picture }) => !known.has(picture))
        .map(({ path }) => path),
    };
  }
}
