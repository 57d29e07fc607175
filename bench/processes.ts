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
  return secondsIn(pid, [11, 12]);
}

/** Fields 16 and 17: of its children that have ended. */
function endedChildrenSeconds(pid: number): number {
  return secondsIn(pid, [13, 14]);
}

function secondsIn(pid: number, fields: readonly number[]): number {
  const stat = read(pid, 'stat');
  const all = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.reduce((sum, field) => sum + Number(all[field]), 0) / CLOCK_TICKS;
}

/** Of a process and all its children, those that have ended and those that there are. */
export function familySeconds(pid: number): number {
  const own = processorSeconds(pid) + endedChildrenSeconds(pid);
  return childrenOf(pid).reduce((sum, child) => sum + (whileThere(() => processorSeconds(child)) ?? 0), own);
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
