/**
 * A second hand for the ledger: what a backlog brings is written on a thread of its own, while the daemon reads on. It has a
 * connection of its own and never writes at the same time as the first one, which waits for it before each of its transactions.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { SECOND } from '../../rules/time.ts';
import { type Appended, type Entry, rowOf } from './facts.ts';
import { LedgerError, type LedgerOptions } from './ledger.ts';

export interface StoreHandOptions extends LedgerOptions {
  readonly hall: string;
}

/** What the thread is started with. */
export interface StoreThreadData extends StoreHandOptions {
  readonly port: MessagePort;
  /** Counts the answers: whoever waits without an event loop is woken by it. */
  readonly answers: Int32Array;
}

/** Facts to be kept: the columns of each, one after the other, in the order of `rowsOf`; null = nothing follows. */
export type Wanted = { readonly recordedAt: number; readonly cells: readonly (string | number | null)[] } | null;

/** What became of each, or why nothing was kept. */
export type Stored = readonly Appended[] | { readonly because: string; readonly retry: boolean };

type Done = (stored: readonly Appended[] | LedgerError) => void;

/** A transaction takes some ten milliseconds; a disk that hangs for so long will not come back by itself. */
const PATIENCE_MS = 60 * SECOND;

interface Thread {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly answers: Int32Array;
}

export class StoreHand {
  readonly #options: StoreHandOptions;
  readonly #waiting: Done[] = [];
  #thread: Thread | null = null;

  constructor(options: StoreHandOptions) {
    this.#options = options;
  }

  /** Transactions that are under way. */
  get busy(): number {
    return this.#waiting.length;
  }

  /** Keeps facts in a transaction of their own; `done` is called when they are durable, or cannot be kept. */
  store(entries: readonly Entry[], recordedAt: number, done: Done): void {
    this.#waiting.push(done);
    this.#ask({ recordedAt, cells: entries.flatMap((entry) => cellsOf(entry, recordedAt)) });
  }

  /** Waits, on the spot, until nothing is under way; what became of it has been told by then. */
  finish(): void {
    while (this.#waiting.length > 0 && this.#thread !== null) {
      const { port, answers } = this.#thread;
      const seen = Atomics.load(answers, 0);
      const answer = receiveMessageOnPort(port);
      if (answer !== undefined) this.#answered(answer.message);
      else if (Atomics.wait(answers, 0, seen, PATIENCE_MS) === 'timed-out') this.#lost('it did not answer');
    }
  }

  /** Finishes and closes its connection; what is stored afterwards opens another. */
  close(): void {
    if (this.#thread === null) return;
    this.#waiting.push(() => {});
    this.#ask(null);
    this.finish();
    this.#drop();
  }

  #ask(wanted: Wanted): void {
    this.#thread ??= this.#start();
    this.#thread.port.postMessage(wanted);
  }

  #start(): Thread {
    const { port1: port, port2 } = new MessageChannel();
    const answers = new Int32Array(new SharedArrayBuffer(4));
    const workerData: StoreThreadData = { ...this.#options, port: port2, answers };
    const worker = new Worker(new URL('./store-thread.ts', import.meta.url), { workerData, transferList: [port2] });
    const thread = { worker, port, answers };
    port.on('message', (stored: Stored) => this.#answered(stored));
    worker.on('error', (error) => {
      if (this.#thread === thread) this.#lost(String(error));
    });
    return thread;
  }

  #answered(stored: Stored): void {
    const done = this.#waiting.shift();
    done?.('because' in stored ? new LedgerError(stored.because, { retry: stored.retry }) : stored);
  }

  /** Whether it was kept is not known: offered again it is found. */
  #lost(because: string): void {
    this.#drop();
    const error = new LedgerError(`the thread that writes the ledger was lost: ${because}`, { retry: true });
    for (const done of this.#waiting.splice(0)) done(error);
  }

  #drop(): void {
    const thread = this.#thread;
    this.#thread = null;
    thread?.port.close();
    void thread?.worker.terminate();
  }
}

/** A text or a number passes to another thread in a fraction of the time of an object (measured: a fifth). */
function cellsOf(entry: Entry, recordedAt: number): (string | number | null)[] {
  const { id, kind, at, person, via, claimed_at, body, original } = rowOf(entry, recordedAt);
  return [id, kind, at, person, via, claimed_at, body, original];
}
