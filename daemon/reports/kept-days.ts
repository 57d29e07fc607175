/** Figures of days, and of months of them, kept beside the ledger in a file that may be deleted at any time. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NO_DEVICE_FIGURES } from '../../rules/device-measures.ts';
import { DAY_MARKS, type DayMark, NO_PERSON_FIGURES } from '../../rules/measures.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { NO_WINDOW_FIGURES } from '../../rules/window-measures.ts';
import { isDamage } from '../ledger/read-only.ts';
import type { DayFigures } from './day-figures.ts';
import type { Figures } from './sums.ts';

/** What stands for figures that are kept. */
export interface Kept {
  readonly day: Day;
  /** Stands for everything that the figures follow from. */
  readonly key: string;
  /** From then on they may be otherwise without anything new. */
  readonly nextAt: Ms;
}

export interface KeptOptions {
  /** Of the ledger. */
  readonly directory: string;
  readonly hall: string;
  readonly countSimulated: boolean;
}

export const DAY_RESULTS_FILE = 'day-results.db';

export class KeptDays implements Disposable {
  readonly #database: DatabaseSync;
  readonly #hall: string;

  private constructor(database: DatabaseSync, hall: string) {
    this.#database = database;
    this.#hall = hall;
  }

  /** Null where nothing can be kept: reports then take longer, and say the same. */
  static open({ directory, hall, countSimulated }: KeptOptions): KeptDays | null {
    const file = join(directory, DAY_RESULTS_FILE);
    try {
      const database = new DatabaseSync(file, { timeout: 1000 });
      prepare(database, `${sealOfRules()} ${countSimulated}`);
      return new KeptDays(database, hall);
    } catch (error) {
      if (isDamage(error)) for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
      else if (!isSqlite(error)) throw error;
      return null;
    }
  }

  /** Of which days something is kept, whether or not it still holds. */
  daysBetween(from: Day, to: Day): Kept[] {
    const rows = this.#database
      .prepare('select day, key, next_at from day_result where hall = ? and day between ? and ?')
      .all(this.#hall, from, to);
    return rows.map(({ day, key, next_at }) => ({ day: Number(day), key: String(key), nextAt: held(next_at) }));
  }

  /** What is kept of a day; null where nothing is, or of something else. */
  figuresOf({ day, key }: Kept): DayFigures | null {
    const row = this.#database
      .prepare('select figures from day_result where hall = ? and day = ? and key = ?')
      .get(this.#hall, day, key);
    return row === undefined ? null : unpacked(JSON.parse(String(row['figures'])) as Packed<PackedDay>);
  }

  /** What the days of a month add up to, that month by its first day; null where nothing is kept, or of something else. */
  month(day: Day, key: string): { readonly nextAt: Ms; readonly figures: Figures } | null {
    const row = this.#database
      .prepare('select next_at, figures from month_result where hall = ? and day = ? and key = ?')
      .get(this.#hall, day, key);
    if (row === undefined) return null;
    const figures = unpackedSums(JSON.parse(String(row['figures'])) as Packed<PackedSum>);
    return { nextAt: held(row['next_at']), figures };
  }

  keep(days: readonly (Kept & { readonly figures: DayFigures })[]): void {
    this.#put(
      'day_result',
      days.map(({ figures, ...kept }) => ({ ...kept, text: packed(figures) })),
    );
  }

  keepMonth({ figures, ...kept }: Kept & { readonly figures: Figures }): void {
    this.#put('month_result', [{ ...kept, text: packedSums(figures) }]);
  }

  /** What cannot be kept, since another report is being kept or the disk is full, is counted again the next time. */
  #put(table: 'day_result' | 'month_result', rows: readonly (Kept & { readonly text: string })[]): void {
    try {
      this.#database.exec('begin immediate');
      const put = this.#database.prepare(
        `insert or replace into ${table} (hall, day, key, next_at, figures) values (?, ?, ?, ?, ?)`,
      );
      for (const { day, key, nextAt, text } of rows) {
        put.run(this.#hall, day, key, Number.isFinite(nextAt) ? nextAt : null, text);
      }
      this.#database.exec('commit');
    } catch (error) {
      if (!isSqlite(error)) throw error;
      if (this.#database.isTransaction) this.#database.exec('rollback');
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** What other rules counted is not what these would. */
function prepare(database: DatabaseSync, seal: string): void {
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  database.exec(`
    create table if not exists seal (seal text not null) strict;
    create table if not exists day_result (
      hall text not null, day integer not null, key text not null, next_at integer, figures text not null,
      primary key (hall, day)
    ) strict;
    create table if not exists month_result (
      hall text not null, day integer not null, key text not null, next_at integer, figures text not null,
      primary key (hall, day)
    ) strict;
  `);
  if (database.prepare('select seal from seal').get()?.['seal'] === seal) return;
  database.exec('begin immediate; delete from day_result; delete from month_result; delete from seal;');
  database.prepare('insert into seal (seal) values (?)').run(seal);
  database.exec('commit');
}

/** Figures follow from facts by what is in these folders, and by what Node knows of time zones. */
const FOLDERS = ['../../rules', '../../config', '../../config/calendars', '.'] as const;

let seal: string | null = null;

/** Of the very files, and not of a number that somebody has to remember to count up. */
function sealOfRules(): string {
  if (seal !== null) return seal;
  const digest = createHash('sha256').update(process.versions.tz ?? '');
  for (const folder of FOLDERS.map((name) => join(import.meta.dirname, name))) {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isFile()) digest.update(entry.name).update(readFileSync(join(folder, entry.name)));
    }
  }
  seal = digest.digest('hex');
  return seal;
}

/** There is no infinity in a column of integers. */
function held(nextAt: unknown): Ms {
  return nextAt === null ? Number.POSITIVE_INFINITY : Number(nextAt);
}

function isSqlite(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ERR_SQLITE_ERROR';
}

// ---- as it is written --------------------------------------------------------------------------------------------

type PackedSum = readonly [id: string, department: string | null, numbers: readonly number[]];
type PackedDay = readonly [...PackedSum, marks: readonly number[]];

/** Of a year there are millions of figures: their names are not said each time. */
interface Packed<P> {
  readonly people: readonly P[];
  readonly windows: readonly PackedSum[];
  readonly devices: readonly (readonly [id: string, numbers: readonly number[]])[];
}

const OF_PERSON = packing(NO_PERSON_FIGURES);
const OF_WINDOW = packing(NO_WINDOW_FIGURES);
const OF_DEVICE = packing(NO_DEVICE_FIGURES);

function packing<F extends { readonly [K in keyof F]: number }>(none: F) {
  const names = Object.keys(none) as (keyof F)[];
  return {
    packed: (figures: F): number[] => names.map((name) => figures[name]),
    unpacked(numbers: readonly number[]): F {
      const figures = { ...none } as { [K in keyof F]: number };
      for (const [i, name] of names.entries()) figures[name] = numbers[i] as number;
      return figures as F;
    },
  };
}

function packed(day: DayFigures): string {
  const people = day.people.map(({ id, department, figures, marks }) => [
    ...[id, department, OF_PERSON.packed(figures), marks.map((mark) => DAY_MARKS.indexOf(mark))],
  ]);
  return packedWith(people, day);
}

function packedSums(sums: Figures): string {
  const people = sums.people.map(({ id, department, figures }) => [id, department, OF_PERSON.packed(figures)]);
  return packedWith(people, sums);
}

function packedWith(people: readonly unknown[], { windows, devices }: Figures): string {
  return JSON.stringify({
    people,
    windows: windows.map(({ id, department, figures }) => [id, department, OF_WINDOW.packed(figures)]),
    devices: devices.map(([id, figures]) => [id, OF_DEVICE.packed(figures)]),
  });
}

function unpacked(day: Packed<PackedDay>): DayFigures {
  const people = day.people.map(([id, department, numbers, marks]) => ({
    ...{ id, department, figures: OF_PERSON.unpacked(numbers) },
    marks: marks.map((mark) => DAY_MARKS[mark] as DayMark),
  }));
  return { ...unpackedSums({ ...day, people: [] }), people };
}

function unpackedSums({ people, windows, devices }: Packed<PackedSum>): Figures {
  return {
    people: people.map(([id, department, numbers]) => ({ id, department, figures: OF_PERSON.unpacked(numbers) })),
    windows: windows.map(([id, department, numbers]) => ({ id, department, figures: OF_WINDOW.unpacked(numbers) })),
    devices: devices.map(([id, numbers]) => [id, OF_DEVICE.unpacked(numbers)]),
  };
}
