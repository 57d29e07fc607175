/** The disk of a simulated machine: a real SQLite file that can be full, refuse to write, or lose its power in a commit. */
import { copyFileSync, existsSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../daemon/ledger/ledger.ts';

/** Where in a commit the machine dies: before anything is written, half-way, or when it is durable and nobody knows. */
export type CrashPoint = 'before' | 'inside' | 'after';

/** What writing meets: nothing; no room in the file, as SQLite says it; too little room, as we see it; a failing device. */
export type Trouble = 'none' | 'full' | 'reserve' | 'broken';

const FREE_BYTES = 1_000_000_000;
const MOST_PAGES = 1_073_741_823;
/** SQLite's code for an I/O error. */
const IOERR = 10;

export class SimDisk {
  readonly #root: string;
  readonly #died: (point: CrashPoint) => void;
  #machines = 0;
  #crash: { readonly point: CrashPoint; commitsLeft: number; readonly cut: number } | null = null;
  #trouble: Trouble = 'none';
  #ledger: Ledger | null = null;
  #exec: (sql: string) => void = () => {};

  /** `died` is called in the commit in which the machine dies, when its disk has been put aside as it then was. */
  constructor(root: string, died: (point: CrashPoint) => void) {
    this.#root = root;
    this.#died = died;
  }

  /** Where the data is. */
  get directory(): string {
    return join(this.#root, `disk-${this.#machines}`);
  }

  get trouble(): Trouble {
    return this.#trouble;
  }

  /** Comes between a ledger and its file. */
  attach(ledger: Ledger): void {
    const { database } = ledger;
    const exec = database.exec.bind(database);
    this.#ledger = ledger;
    this.#exec = exec;
    // What is simulated survives the end of a process by SQLite's own means, and is a hundred times as fast.
    exec('pragma synchronous = off');
    database.exec = (sql) => {
      if (sql === 'begin immediate' && this.#crash !== null) this.#crash.commitsLeft -= 1;
      const dies = this.#crash !== null && this.#crash.commitsLeft < 0 ? this.#crash.point : null;
      if (sql === 'begin immediate' && dies === 'before') this.#die(dies);
      if (sql === 'commit' && dies !== null) this.#dieIn(dies);
      if (sql === 'commit' && this.#trouble === 'broken') throw failure('disk I/O error');
      exec(sql);
    };
    ledger.freeBytes = () => (this.#trouble === 'reserve' ? 0 : FREE_BYTES);
    this.#limit();
  }

  /** The machine dies in a commit to come; `cut` says how much of a half-written one is on the disk, from 0 to 1. */
  crashAt(point: CrashPoint, commitsLeft: number, cut: number): void {
    this.#crash = { point, commitsLeft, cut };
  }

  disarm(): void {
    this.#crash = null;
  }

  suffer(trouble: Trouble): void {
    this.#trouble = trouble;
    this.#limit();
  }

  /** Real SQLite, which finds no room for another page: half of a transaction may be written by then. */
  #limit(): void {
    if (this.#ledger === null) return;
    const used = this.#ledger.database.prepare('pragma page_count').get() as { page_count: number };
    this.#exec(`pragma max_page_count = ${this.#trouble === 'full' ? used.page_count : MOST_PAGES}`);
  }

  /** The process is gone: what it had written is there, on the disk that the next one finds. */
  kill(): void {
    this.#putAside(null);
    this.#ledger = null;
  }

  /** It ended in order. */
  release(): void {
    this.#ledger = null;
  }

  #dieIn(point: CrashPoint): never {
    const before = this.#walSize();
    if (point === 'inside') this.#putAside(null);
    this.#exec('commit');
    const after = this.#walSize();
    if (point === 'inside' && after > before) {
      this.#machines -= 1;
      this.#putAside(before + Math.floor((this.#crash?.cut ?? 0) * (after - before)));
    }
    if (point === 'after') this.#putAside(null);
    return this.#end(point);
  }

  #die(point: CrashPoint): never {
    this.#putAside(null);
    return this.#end(point);
  }

  #end(point: CrashPoint): never {
    this.#crash = null;
    this.#ledger = null;
    this.#died(point);
    // Whoever is dead hears that it may be tried again, waits, and never comes to it.
    throw failure('the machine is gone');
  }

  #walSize(): number {
    const wal = join(this.directory, 'ledger.db-wal');
    return existsSync(wal) ? statSync(wal).size : 0;
  }

  /** Copies the files as they are at this moment; of the newest writing, up to `walSize` bytes. */
  #putAside(walSize: number | null): void {
    const from = this.directory;
    this.#machines += 1;
    const to = this.directory;
    mkdirSync(to, { recursive: true });
    copyFileSync(join(from, 'ledger.db'), join(to, 'ledger.db'));
    const wal = join(from, 'ledger.db-wal');
    if (!existsSync(wal)) return;
    copyFileSync(wal, join(to, 'ledger.db-wal'));
    if (walSize !== null) truncateSync(join(to, 'ledger.db-wal'), walSize);
  }
}

function failure(message: string): Error {
  return Object.assign(new Error(message), { errcode: IOERR });
}
