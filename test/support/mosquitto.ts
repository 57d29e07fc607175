/** A real Mosquitto of one test's own: its configuration, its accounts, its life and death. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** Debian puts the server where only root's PATH looks. */
const ENV = { ...process.env, PATH: [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(delimiter) };

/** A line for every packet, as `log_type all` writes, would be most of its work. */
const LOG = ['log_dest stderr', ...['error', 'warning', 'notice', 'information'].map((type) => `log_type ${type}`)];

export interface MosquittoOptions {
  /** Lines of mosquitto.conf beside the listener. */
  readonly config?: readonly string[];
  /** User names and passwords; without any, anonymous clients are let in. */
  readonly users?: Readonly<Record<string, string>>;
  /** The lines of an ACL file. */
  readonly acl?: readonly string[];
  /** Keep messages and sessions on disk over a stop (not over a kill). */
  readonly persistence?: boolean;
}

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Stops in order: with `persistence` it writes down what it holds. */
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same configuration. */
  start(): Promise<void>;
}

/** Starts a Mosquitto on a free port and waits until it takes connections. Dispose of it to stop it and clean up. */
export async function mosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const directory = await mkdtemp(join(tmpdir(), 'zaigang-mosquitto-'));
  const port = await freePort();
  const configFile = join(directory, 'mosquitto.conf');
  await writeFile(configFile, (await configOf(options, directory, port)).join('\n'));
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const started = spawn('mosquitto', ['-c', configFile], { env: ENV, stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    let log = '';
    let failure: Error | null = null;
    started.once('error', (error) => {
      failure = error;
    });
    started.stderr.on('data', (text: Buffer) => {
      log = `${log}${text.toString()}`.slice(-10_000);
    });
    const failed = () => failure !== null || started.exitCode !== null;
    await until(() => failed() || /mosquitto version \S+ running/.test(log), { what: 'mosquitto to run' });
    if (failed()) throw new Error(`mosquitto did not start: ${log}`, { cause: failure });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
  }

  async function dispose(): Promise<void> {
    await end('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: dispose,
  };
}

async function configOf(options: MosquittoOptions, directory: string, port: number): Promise<string[]> {
  const { config = [], users, acl, persistence = false } = options;
  const lines = [...LOG, `listener ${port} 127.0.0.1`, ...config];
  // Started by root it would give up its rights, and with them this directory.
  if (process.getuid?.() === 0) lines.unshift('user root');
  if (persistence) lines.push('persistence true', `persistence_location ${directory}/`);
  if (users === undefined) lines.push('allow_anonymous true');
  else lines.push('allow_anonymous false', `password_file ${await passwordFile(users, directory)}`);
  if (acl !== undefined) {
    await writeFile(join(directory, 'acl'), acl.join('\n'), { mode: 0o600 });
    lines.push(`acl_file ${join(directory, 'acl')}`);
  }
  return lines;
}

async function passwordFile(users: Readonly<Record<string, string>>, directory: string): Promise<string> {
  const file = join(directory, 'passwords');
  await writeFile(file, '', { mode: 0o600 });
  for (const [user, password] of Object.entries(users)) {
    await run('mosquitto_passwd', ['-b', file, user, password], { env: ENV });
  }
  return file;
}

export interface ClientOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `mosquitto_pub` or `mosquitto_sub` to its end. */
export async function mosquittoClient(
  program: 'mosquitto_pub' | 'mosquitto_sub',
  args: readonly string[],
  input: string | Uint8Array = '',
): Promise<ClientOutcome> {
  const child = spawn(program, args, { env: ENV, stdio: 'pipe' });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A client that was refused does not read to the end.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}
