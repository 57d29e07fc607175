/**
 * Which ffmpegs are ours, on disk: where the daemon is killed, one whose camera is silent runs on for ever (the others
 * end at their next picture, for nobody reads it). A file for each process holds its start time, nothing else.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Orphan {
  readonly pid: number;
}

export class PidFolder {
  readonly #folder: string;

  /** The folder is made when it is needed; nothing else may be kept in it. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Right after the start of a process of ours. Throws if the folder cannot be written. */
  add(pid: number): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, String(pid)), startOf(pid) ?? '');
  }

  remove(pid: number): void {
    rmSync(join(this.#folder, String(pid)), { force: true });
  }

  /**
   * Kills what an earlier daemon left behind, and answers what that was. A process counts as ours only if it started
   * when ours did and is still a reader of cameras: its number may be another program's by now. Where there is no /proc
   * nothing is killed.
   */
  sweep(): Orphan[] {
    const orphans: Orphan[] = [];
    for (const name of this.#names()) {
      const pid = Number(name);
      const startedAt = readFileSync(join(this.#folder, name), 'utf8');
      if (startedAt !== '' && startOf(pid) === startedAt && isReader(pid) && killed(pid)) orphans.push({ pid });
      this.remove(pid);
    }
    return orphans;
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => /^[1-9]\d*$/.test(name));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : null);

/** Field 22 of proc(5)'s stat, in clock ticks since boot; null = no such process, or no /proc. */
function startOf(pid: number): string | null {
  const stat = proc(pid, 'stat');
  // The name in parentheses may hold anything, so the fields are counted from its end.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function isReader(pid: number): boolean {
  const words = proc(pid, 'cmdline')?.split('\0') ?? [];
  return words.includes('-filter_complex') && words.includes('pipe:1');
}

function proc(pid: number, what: 'stat' | 'cmdline'): string | null {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(String(codeOf(error)))) return null;
    throw error;
  }
}

function killed(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if (['ESRCH', 'EPERM'].includes(String(codeOf(error)))) return false;
    throw error;
  }
}
