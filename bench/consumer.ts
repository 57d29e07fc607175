/** What the drains of the benchmark have in common: a process, the instants that count, and how it is told to go. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchBroker } from './broker.ts';

/** What a repetition gives its consumers. */
export interface Round {
  readonly broker: BenchBroker;
  /** A folder of this consumer's own. */
  readonly directory: string;
  readonly punches: number;
}

/** Instants of a drain, on the scale of `performance.now()`. */
export interface Drain {
  readonly spawnedAt: number;
  readonly connectedAt: number;
  /** When the last message was counted, or was durable where messages are kept. */
  readonly doneAt: number;
  /** When all of it had been judged as well, and that was durable. */
  readonly judgedAt?: number;
}

export interface Consumer {
  readonly name: string;
  /** Connects once, so that the broker keeps a session, and goes. */
  keepSession(round: Round): Promise<void>;
  /** Comes back and takes in everything that has been queued. */
  drain(round: Round): Promise<Drain>;
}

/** How long a drain may take at most. */
export const PATIENCE_MS = 300_000;

export interface ProgramOptions {
  readonly mute?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export class Program {
  readonly child: ChildProcess;
  readonly spawnedAt: number;
  readonly #name: string;
  readonly #output: string;

  /** Its output goes to a file in `directory`; `mute` lets what it writes on standard output go to /dev/null. */
  constructor(name: string, command: string, args: readonly string[], directory: string, options: ProgramOptions = {}) {
    const { mute = false, env = {} } = options;
    this.#name = name;
    this.#output = join(directory, `${name}.log`);
    const output = openSync(this.#output, 'a');
    this.spawnedAt = performance.now();
    this.child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', mute ? 'ignore' : output, output],
    });
    closeSync(output);
  }

  /** What it has written on standard output and standard error. */
  said(): string {
    return readFileSync(this.#output, 'utf8');
  }

  /** Throws once it has ended by itself. */
  mustRun(): void {
    if (this.child.exitCode === null && this.child.signalCode === null) return;
    throw new Error(
      `${this.#name} ended (${this.child.exitCode ?? this.child.signalCode}): ${this.said().slice(-2000)}`,
    );
  }

  /** Waits for its end; it must be a good one. */
  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    if (this.child.exitCode !== 0) this.mustRun();
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

/** Looks again every few milliseconds, seldom enough to take nothing away from what is measured; the instant it was true. */
export async function whenTrue(look: () => boolean, program: Program): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!look()) {
    program.mustRun();
    if (performance.now() > deadline) throw new Error(`not done after ${PATIENCE_MS / 1000} s: ${program.said()}`);
    await sleep(10);
  }
  return performance.now();
}

/** A ledger seen from outside, through a connection of its own: only what has been committed is there. */
export class LedgerView {
  readonly #database: DatabaseSync;

  constructor(dataDirectory: string) {
    this.#database = new DatabaseSync(join(dataDirectory, 'ledger.db'), { readOnly: true, timeout: 5000 });
  }

  /** Whether it holds so many punches; counted only when it holds so many facts at all, which is quick to ask. */
  holds(punches: number): boolean {
    const { seq } = this.#database.prepare('select max(seq) as seq from fact').get() as { seq: number | null };
    if ((seq ?? 0) < punches) return false;
    const counted = this.#database.prepare(`select count(*) as punches from fact where kind = 'punch'`).get();
    return (counted as { punches: number }).punches >= punches;
  }

  /** Whether nothing that it holds waits to be judged. */
  isJudged(): boolean {
    return this.#database.prepare(`select 1 from setting where name = 'held-back-from'`).get() === undefined;
  }

  /** Punches after a place: where they stand, and the number that their clock gave them. */
  after(seq: number): { readonly seq: number; readonly clock: string; readonly number: number }[] {
    return this.#database
      .prepare(
        `select seq, body ->> 'device' as clock, body ->> 'seq' as number from fact
         where seq > ? and kind = 'punch' order by seq`,
      )
      .all(seq) as { seq: number; clock: string; number: number }[];
  }

  close(): void {
    this.#database.close();
  }
}
