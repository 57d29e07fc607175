/** Runs a program of this folder in a process of its own: job in, lines out. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ANSWERS_TO } from './limit.ts';

/** How a process ended, and the lines that it answered. */
export interface Ended {
  readonly lines: readonly string[];
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said on standard error. */
  readonly complaint: string;
}

/** Temporary files of the process go to `folder`: one that is killed leaves them behind. */
export async function runChild(
  program: string,
  job: unknown,
  folder: string,
  more: readonly string[] = [],
): Promise<Ended> {
  const flags = ['--max-old-space-size=1024', '--disable-warning=ExperimentalWarning', ...more];
  const stdio: ('pipe' | 'ignore')[] = ['pipe', 'ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [...flags, fileURLToPath(new URL(program, import.meta.url))], {
    stdio,
    env: { ...process.env, TMPDIR: folder, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: undefined },
  });
  const texts = { answer: '', complaint: '' };
  const gather = (name: keyof typeof texts, from: NodeJS.ReadableStream): void => {
    from.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  };
  gather('complaint', child.stderr as NodeJS.ReadableStream);
  gather('answer', child.stdio[ANSWERS_TO] as unknown as NodeJS.ReadableStream);
  // One that has ended already reads no job; how it ended is told below.
  child.stdin?.on('error', () => {}).end(JSON.stringify(job));
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  child.on('error', reject);
  child.on('close', (code, signal) => {
    const lines = texts.answer.split('\n').filter((line) => line !== '');
    resolve({ lines, code, signal, complaint: texts.complaint.slice(-2000) });
  });
  return promise;
}
