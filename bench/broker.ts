/** A real Mosquitto for the benchmarks. It says when a client connected: one and the same stop-watch for every consumer. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../test/support/ports.ts';
import { until } from '../test/support/until.ts';

/** Debian puts the server where only root's PATH looks. */
const ENV = { ...process.env, PATH: [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(delimiter) };

/** What docs/examples/mosquitto.conf advises for speed and safety of a queue; and lines that tell who connects. */
const SETTINGS = [
  'allow_anonymous true',
  'max_queued_messages 0',
  'max_inflight_messages 0',
  'set_tcp_nodelay true',
  'log_dest stderr',
  'log_type error',
  'log_type warning',
  'log_type notice',
  'log_type information',
  'log_type subscribe',
];

/** When a client was last seen to do something, on the scale of `performance.now()`. */
type Seen = Map<string, number>;

export class BenchBroker implements AsyncDisposable {
  readonly port: number;
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #connected: Seen;
  readonly #subscribed: Seen;

  private constructor(port: number, version: string, process: Running) {
    this.port = port;
    this.version = version;
    this.#child = process.child;
    this.#directory = process.directory;
    this.#connected = process.connected;
    this.#subscribed = process.subscribed;
  }

  static async start(): Promise<BenchBroker> {
    const directory = await mkdtemp(join(tmpdir(), 'zaigang-bench-broker-'));
    const port = await freePort();
    const config = join(directory, 'mosquitto.conf');
    // Started by root it would give up its rights, and with them this directory.
    const user = process.getuid?.() === 0 ? ['user root'] : [];
    await writeFile(config, [...user, ...SETTINGS, `listener ${port} 127.0.0.1`].join('\n'));
    const child = spawn('mosquitto', ['-c', config], { env: ENV, stdio: ['ignore', 'ignore', 'pipe'] });
    const connected: Seen = new Map();
    const subscribed: Seen = new Map();
    let version: string | null = null;
    let log = '';
    createInterface({ input: child.stderr }).on('line', (line) => {
      log = `${log}${line}\n`.slice(-5_000);
      version ??= /mosquitto version (\S+) running/.exec(line)?.[1] ?? null;
      note(connected, /New client connected from \S+ as (\S+) /.exec(line)?.[1]);
      note(subscribed, /: (\S+) 1 zaigang\//.exec(line)?.[1]);
    });
    let failure: Error | null = null;
    child.once('error', (error) => {
      failure = error;
    });
    const failed = (): boolean => failure !== null || child.exitCode !== null;
    await until(() => version !== null || failed(), { what: 'mosquitto to run' });
    if (version === null) throw new Error(`mosquitto did not start: ${log}`, { cause: failure });
    return new BenchBroker(port, version, { child, directory, connected, subscribed });
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Waits until a client has connected and subscribed, however it says so itself. */
  async subscribed(clientId: string): Promise<void> {
    await until(() => this.#subscribed.has(clientId), { timeoutMs: 60_000, what: `${clientId} to subscribe` });
  }

  /** When a client last connected, on the scale of `performance.now()`. */
  connectedAt(clientId: string): number {
    const at = this.#connected.get(clientId);
    if (at === undefined) throw new Error(`${clientId} never connected`);
    return at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (this.#child.kill('SIGKILL')) await ended;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly directory: string;
  readonly connected: Seen;
  readonly subscribed: Seen;
}

function note(seen: Seen, clientId: string | undefined): void {
  if (clientId !== undefined) seen.set(clientId, performance.now());
}
