/**
 * One run of ffmpeg. fluent-ffmpeg writes the command, but does not start it: where the program has vanished (an upgrade)
 * or no file can be opened any more, its start throws from a callback and ends the whole daemon (2.1.3, tried); a kill
 * before the process exists does nothing; and a stop is an error, while a lost connection is none. Here every run ends
 * exactly once, in the same way, with what it said.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';

export interface FfmpegRunOptions {
  readonly path: string;
  readonly args: readonly string[];
  /** What it reads from its standard input; without, it has none. */
  readonly input?: Uint8Array | Readable;
  /** Every chunk of its standard output. */
  readonly onOutput: (chunk: Buffer) => void;
  /** Every chunk of what it writes to `pipe:3`; without, it has no such pipe. */
  readonly onMore?: (chunk: Buffer) => void;
  /** Takes credentials out of a line. */
  readonly mask: (line: string) => string;
  readonly env?: NodeJS.ProcessEnv;
  /** In a process group of its own: a Ctrl-C at the terminal does not reach it, and whoever started it has to end it. */
  readonly apart?: boolean;
}

export interface FfmpegEnd {
  /** Its exit code; null if a signal ended it or it never ran. A lost connection is 0. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines of its standard error, without credentials. */
  readonly lines: readonly string[];
  /** Why it could not be started, such as `ENOENT`; null if it ran. */
  readonly notStarted: string | null;
}

export interface FfmpegRun {
  /** Null if it could not be started. */
  readonly pid: number | null;
  /** Once the process is gone and all that it wrote is read. Never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** At once. A process that waits for a silent camera does not hear anything milder. */
  kill(): void;
  /** Lets it say good-bye to the camera, some of which have few places; `kill` has to follow if it does not end. */
  askToEnd(): void;
}

const LINES_KEPT = 100;
const LONGEST_LINE = 2000;

export function runFfmpeg(options: FfmpegRunOptions): FfmpegRun {
  const { path, args, input, onOutput, onMore, mask, env = process.env, apart = false } = options;
  const lines = new LineRing(mask);
  let child: ChildProcess;
  try {
    const stdin = input === undefined ? 'ignore' : 'pipe';
    child = spawn(path, args, {
      stdio: [stdin, 'pipe', 'pipe', ...(onMore === undefined ? [] : (['pipe'] as const))],
      env: environment(env),
      windowsHide: true,
      detached: apart,
    });
  } catch (error) {
    const notStarted = codeOf(error);
    const ended = Promise.resolve({ code: null, signal: null, lines: [], notStarted });
    return { pid: null, ended, kill: () => {}, askToEnd: () => {} };
  }
  // Where too many files are open, a process that was not started has no pipes either.
  child.stdout?.on('data', onOutput);
  if (onMore !== undefined) child.stdio?.[3]?.on('data', onMore);
  // One that ends before it has read everything says so itself.
  child.stdin?.on('error', () => {});
  if (input instanceof Readable && child.stdin !== null) input.pipe(child.stdin);
  else child.stdin?.end(input);
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const ended = new Promise<FfmpegEnd>((resolve) => {
    child.once('error', (error) => {
      // Also emitted when a signal cannot be sent; then it runs on.
      if (child.pid === undefined) resolve({ code: null, signal: null, lines: lines.all(), notStarted: codeOf(error) });
    });
    child.once('close', (code, signal) => resolve({ code, signal, lines: lines.all(), notStarted: null }));
  });
  return {
    pid: child.pid ?? null,
    ended,
    kill: () => void child.kill('SIGKILL'),
    askToEnd: () => void child.kill('SIGTERM'),
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** FFREPORT would make ffmpeg write its command, credentials and all, to a file; cameras are not reached by a proxy. */
const NOT_FOR_FFMPEG = /^(?:FFREPORT|AV_LOG_FORCE_.*|https?_proxy|all_proxy)$/i;

function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_FOR_FFMPEG.test(name)));
}

/** The last lines of a text that comes in pieces. A damaged stream can make ffmpeg write thousands a second. */
class LineRing {
  readonly #mask: (line: string) => string;
  #lines: string[] = [];
  #rest = '';

  constructor(mask: (line: string) => string) {
    this.#mask = mask;
  }

  push(text: string): void {
    const parts = (this.#rest + text).split(/[\r\n]+/);
    this.#rest = (parts.pop() ?? '').slice(0, LONGEST_LINE);
    this.#lines = [...this.#lines, ...parts.filter((line) => line !== '')].slice(-LINES_KEPT);
  }

  all(): string[] {
    const lines = this.#rest === '' ? this.#lines : [...this.#lines, this.#rest];
    return lines.map((line) => this.#mask(line.slice(0, LONGEST_LINE)));
  }
}
