/** A server program under test: started on free ports, killed, frozen, started again, and cleaned up. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

export interface ServerProcess {
  /** Starts it, or starts it again on the same ports and files; resolves once it answers. */
  start(): Promise<void>;
  /** SIGKILL: nothing is flushed. */
  kill(): Promise<void>;
  /** Frozen: connections are accepted by the kernel and never answered. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its files. */
  remove(): Promise<void>;
}

export interface ServerProgram {
  readonly command: string;
  readonly args: (dir: string) => readonly string[];
  /** Whether it answers. */
  readonly isUp: () => Promise<boolean>;
}

const START_TIMEOUT_MS = 20_000;
const KEPT_OUTPUT = 4000;

export function serverProcess(program: ServerProgram): ServerProcess {
  const dir = mkdtempSync(join(tmpdir(), 'zaigang-server-'));
  let child: ChildProcess | undefined;
  let output = '';

  // A test run that breaks off leaves no server behind.
  const lastly = () => child?.kill('SIGKILL');
  process.on('exit', lastly);

  async function kill(): Promise<void> {
    const ended = child;
    child = undefined;
    if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    const exit = once(ended, 'exit');
    ended.kill('SIGKILL');
    await exit;
  }

  return {
    async start() {
      const started = spawn(program.command, program.args(dir), { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      const keep = (chunk: Buffer) => {
        output = (output + chunk).slice(-KEPT_OUTPUT);
      };
      started.stdout.on('data', keep);
      started.stderr.on('data', keep);
      let failed = '';
      started.on('error', (error) => {
        failed = error.message;
      });
      started.on('exit', (code, signal) => {
        failed = `${program.command} ended (${code ?? signal}): ${output}`;
      });
      await until(async () => failed !== '' || (await program.isUp()), {
        timeoutMs: START_TIMEOUT_MS,
        what: `${program.command} to answer`,
      });
      if (failed !== '') throw new Error(failed);
    },
    kill,
    freeze() {
      child?.kill('SIGSTOP');
    },
    thaw() {
      child?.kill('SIGCONT');
    },
    async remove() {
      await kill();
      process.off('exit', lastly);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
