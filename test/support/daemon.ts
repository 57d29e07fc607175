/** The daemon as people run it: by its real command, in a folder of its own; killed, started again, and asked. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** The entry of the program. */
export const MAIN = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));
/** A busy machine starts a Node in seconds. */
const START_TIMEOUT_MS = 90_000;

export interface CommandOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nothing of the machine's locale or zone: the hall's own is what counts. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'Pacific/Chatham', ZAIGANG_LOG_LEVEL: 'info', ...more };
}

/** Runs a command of the program to its end. */
export async function zaigang(
  args: readonly string[],
  input = '',
  cwd = tmpdir(),
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: environment(env), stdio: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  // A command that refuses its arguments does not read to the end.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, out, err };
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/** A line of `export`, or of what a control question answers. */
export type Line = Readonly<Record<string, unknown>>;

export interface DaemonOptions {
  /** hall.yaml as a value; `data` and `http.listen` have defaults of a test's own. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where its data lies; without it in its own folder. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What Node is started with. */
  readonly nodeFlags?: readonly string[];
}

export interface Daemon extends AsyncDisposable {
  readonly configFile: string;
  readonly folder: string;
  readonly data: string;
  /** What it has said, in all its lives. */
  readonly log: readonly LogLine[];
  /** What it has written that is no line of the log, such as the stack of an error. */
  readonly stray: string;
  /** Starts it and waits until its doors are open. */
  start(): Promise<void>;
  /** Starts it and waits until it hears its brokers and has taken in what they kept. */
  startHearing(): Promise<void>;
  /** Starts it without waiting for anything. */
  launch(): void;
  /** Writes another configuration and has it read while it runs; waits for nothing. */
  reload(config: Readonly<Record<string, unknown>>): void;
  /** SIGKILL: nothing is said goodbye to. */
  kill(): Promise<void>;
  /** SIGTERM; its exit code. */
  stop(): Promise<number>;
  /** The exit code of a daemon that ends by itself. */
  ended(): Promise<number>;
  /** The exit code of one that a signal ends. */
  endedBy(signal: NodeJS.Signals): Promise<number>;
  /** Waits for a line of the log, from the `from`-th on, and returns it. */
  logged(
    msg: string,
    options?: { readonly from?: number; readonly where?: (line: LogLine) => boolean },
  ): Promise<LogLine>;
  /** The processor time that it has used in this life. */
  cpuMs(): number;
  get(path: string): Promise<Response>;
  readiness(): Promise<Readiness>;
  /** The figure of a metric of `/metrics`. */
  metric(name: string): Promise<number>;
  /** Asks the running daemon through the socket that its own commands use. */
  ask(path: string): Promise<string>;
  facts(): Promise<readonly Line[]>;
  verdicts(): Promise<readonly Line[]>;
  history(): Promise<readonly Line[]>;
  rejects(): Promise<readonly Line[]>;
  /** `export` by the real command: its bytes. */
  exported(what: 'facts' | 'verdicts' | 'history'): Promise<string>;
  /** `import facts` by the real command. */
  import(facts: readonly Line[]): Promise<void>;
  /** The same through the socket alone, where time presses. */
  record(facts: readonly Line[]): Promise<void>;
}

/** Prepares a daemon in a folder of its own; dispose of it to kill it and remove the folder. */
export function daemonOf({ config, data: dataOption, env, nodeFlags = [] }: DaemonOptions): Daemon {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-daemon-'));
  const data = dataOption ?? join(folder, 'data');
  const configFile = join(folder, 'hall.yaml');
  const write = (value: Readonly<Record<string, unknown>>): void =>
    // JSON is YAML.
    writeFileSync(configFile, JSON.stringify({ http: { listen: '127.0.0.1:0' }, data, ...value }));
  write(config);
  const log: LogLine[] = [];
  let stray = '';
  let child: ChildProcess | null = null;
  let bornAt = 0;

  // A test run that breaks off leaves no daemon behind.
  const lastly = () => child?.kill('SIGKILL');
  process.on('exit', lastly);

  function launch(): void {
    bornAt = log.length;
    const started = spawn(process.execPath, [...nodeFlags, MAIN, 'run', '--config', configFile], {
      cwd: folder,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let rest = '';
    const read = (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const parsed = lineOf(line);
        if (parsed === null) stray += `${line}\n`;
        else log.push(parsed);
      }
    };
    started.stderr.setEncoding('utf8').on('data', read);
    started.stdout.setEncoding('utf8').on('data', (text: string) => {
      stray += text;
    });
  }

  const isOver = () => child === null || child.exitCode !== null || child.signalCode !== null;

  async function end(signal: NodeJS.Signals | null): Promise<number> {
    const ending = child;
    child = null;
    if (ending === null) return -1;
    if (ending.exitCode === null && ending.signalCode === null) {
      const closed = once(ending, 'close');
      if (signal !== null) ending.kill(signal);
      await closed;
    }
    return ending.exitCode ?? -1;
  }

  async function logged(
    msg: string,
    { from = bornAt, where = () => true }: { readonly from?: number; readonly where?: (line: LogLine) => boolean } = {},
  ): Promise<LogLine> {
    const found = () => log.slice(from).find((line) => line.msg === msg && where(line));
    await until(() => found() !== undefined || isOver(), { timeoutMs: START_TIMEOUT_MS, what: `"${msg}" in the log` });
    const line = found();
    if (line === undefined) throw new Error(`the daemon ended without "${msg}": ${stray}${JSON.stringify(log.at(-1))}`);
    return line;
  }

  async function start(): Promise<void> {
    launch();
    await logged('hall was opened');
  }

  function url(): string {
    if (isOver()) throw new Error(`the daemon has ended (${child?.exitCode ?? child?.signalCode}): ${stray}`);
    const opened = log.findLast((line) => line.msg === 'hall was opened');
    return String(opened?.['url']);
  }

  const readiness = async () => (await (await fetch(`${url()}/-/ready`)).json()) as Readiness;
  const ask = (path: string, body?: string): Promise<string> => askSocket(join(data, 'control.sock'), path, body);
  const lines = async (path: string): Promise<readonly Line[]> =>
    (await ask(path))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);

  async function command(args: readonly string[], input = ''): Promise<string> {
    const { code, out, err } = await zaigang([...args, '--config', configFile], input);
    if (code !== 0) throw new Error(`zaigang ${args.join(' ')} ended with ${code}: ${err}`);
    return out;
  }

  return {
    configFile,
    folder,
    data,
    log,
    get stray() {
      return stray;
    },
    launch,
    start,
    async startHearing() {
      await start();
      await until(async () => (await readiness()).ready, {
        timeoutMs: START_TIMEOUT_MS,
        what: 'the daemon to be ready',
      });
    },
    reload(next) {
      write(next);
      child?.kill('SIGHUP');
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    ended: () => end(null),
    endedBy: end,
    logged,
    cpuMs() {
      // User and system time are the 14th and 15th field, in hundredths of a second (proc(5)); the 2nd may hold spaces.
      const fields = readFileSync(`/proc/${child?.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    get: (path) => fetch(`${url()}${path}`),
    readiness,
    async metric(name) {
      const text = await (await fetch(`${url()}/metrics`)).text();
      const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1];
      if (value === undefined) throw new Error(`no metric ${name}`);
      return Number(value);
    },
    ask,
    facts: () => lines('/export/facts'),
    verdicts: () => lines('/export/verdicts'),
    history: () => lines('/export/history'),
    rejects: async () => JSON.parse(await ask('/rejects?limit=1000')) as Line[],
    exported: (what) => command(['export', what]),
    async import(facts) {
      await command(['import', 'facts', '-'], linesOf(facts));
    },
    async record(facts) {
      const { added, problems } = JSON.parse(await ask('/import/facts', linesOf(facts))) as Line;
      if (added !== facts.length) throw new Error(`only ${added} facts were added: ${JSON.stringify(problems)}`);
    },
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
      process.off('exit', lastly);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const linesOf = (facts: readonly Line[]): string => facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');

function lineOf(text: string): LogLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'msg' in line ? (line as LogLine) : null;
  } catch {
    return null;
  }
}

function askSocket(socketPath: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: body === undefined ? 'GET' : 'POST' }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${path} was answered with ${response.statusCode}: ${text}`));
      });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/** What `replay` makes of exported facts: the verdicts at `now`, and the history up to it. */
export async function replayed(
  daemon: Pick<Daemon, 'configFile' | 'folder'>,
  facts: string,
  now: string,
): Promise<{ readonly verdicts: string; readonly history: string }> {
  const [factsFile, historyFile] = [join(daemon.folder, 'facts.jsonl'), join(daemon.folder, 'history.jsonl')];
  writeFileSync(factsFile, facts);
  const args = ['--config', daemon.configFile, '--facts', factsFile, '--now', now, '--history', historyFile];
  const { code, out, err } = await zaigang(['replay', ...args]);
  if (code !== 0) throw new Error(`replay ended with ${code}: ${err}`);
  return { verdicts: out, history: readFileSync(historyFile, 'utf8') };
}
