/** What processes of this machine use, as Linux counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { WrongOutput } from './check.ts';

const CLOCK_TICKS = 100;
const MEGABYTE_KB = 1024;

/** Fields 14 and 15 of proc(5)'s stat: of all its threads, in seconds. What has ended has lost its camera: a `WrongOutput`. */
export function processorSeconds(pid: number): number {
  if (!existsSync(`/proc/${pid}`)) throw new WrongOutput(`process ${pid} has ended while it was measured`);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** Pages that several share in proportion. */
export function megabytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(pss) / MEGABYTE_KB;
}

export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Of all its threads. */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
}
