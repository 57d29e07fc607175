/** What processes of this machine use, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { WrongOutput } from './check.ts';

const CLOCK_TICKS = 100;
const MEGABYTE_KB = 1024;

/** A file of a process; one that has ended has lost its camera: a `WrongOutput`. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    throw new WrongOutput(`process ${pid} has ended while it was measured`, { cause: error });
  }
}

/** Fields 14 and 15 of proc(5)'s stat: of all its threads, in seconds. */
export function processorSeconds(pid: number): number {
  const stat = read(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** null = the process has ended. */
export function whileThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WrongOutput) return null;
    throw error;
  }
}

/** The processor time of processes that come and go, as far as it was looked at. */
export class ProcessorTime {
  readonly #first = new Map<number, number>();
  readonly #last = new Map<number, number>();

  /** `pids`: those that there are now. What has ended meanwhile counts as it was when it was last looked at. */
  constructor(pids: readonly number[]) {
    for (const pid of pids) this.#first.set(pid, processorSeconds(pid));
  }

  look(pids: readonly number[]): void {
    for (const pid of pids) {
      const seconds = whileThere(() => processorSeconds(pid));
      if (seconds !== null) this.#last.set(pid, seconds);
    }
  }

  /** Seconds since the beginning; of those that came later, since they came. */
  seconds(): number {
    return [...this.#last].reduce((sum, [pid, last]) => sum + last - (this.#first.get(pid) ?? 0), 0);
  }
}

/** Pages that several share in proportion. */
export function megabytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'))?.[1];
  return Number(pss) / MEGABYTE_KB;
}

export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Of all its threads. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
}
