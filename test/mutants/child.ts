/** Runs a program of this folder in a process of its own. What it answers comes line by line, on a channel of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ANSWERS_TO } from './limit.ts';

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said on standard error. */
  readonly complaint: string;
}

export interface Child {
  readonly tell: (line: unknown) => void;
  /** Nothing more is told. */
  readonly finish: () => void;
  /** Of its end, once all that it answered was heard. */
  readonly ended: Promise<Ended>;
}

/** Temporary files of the process go to `folder`: one that is killed leaves them behind. */
export function startChild(
  program: string,
  folder: string,
  hear: (line: string) => void,
  more: readonly string[] = [],
): Child {
  const flags = ['--max-old-space-size=1536', '--disable-warning=ExperimentalWarning', ...more];
  const child: ChildProcess = spawn(process.execPath, [...flags, fileURLToPath(new URL(program, import.meta.url))], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, NO_COLOR: '1', VITEST: undefined, NODE_OPTIONS: undefined },
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  createInterface({ input: child.stdio[ANSWERS_TO] as NodeJS.ReadableStream & NodeJS.ReadStream }).on('line', hear);
  // One that has ended already reads nothing; how it ended is told below.
  child.stdin?.on('error', () => {});
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>();
  child.on('error', reject);
  child.on('close', (code, signal) => resolve({ code, signal, complaint }));
  return {
    tell: (line) => void child.stdin?.write(`${JSON.stringify(line)}\n`),
    finish: () => void child.stdin?.end(),
    ended,
  };
}
