import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { BrokerError } from '../../adapters/broker.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { systemClock } from '../clock.ts';
import { HallDaemon } from '../hall-daemon.ts';
import { ListenError } from '../http/listening.ts';
import { LockedError } from '../ledger/lock.ts';
import { type Log, systemLog } from '../log.ts';
import { sayFirstLink } from './access.ts';
import { noteFfmpeg } from './ffmpeg.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';

/** `run`: the daemon, until it is told to stop. */
export function runCommand(program: Command, io: Io): void {
  program
    .command('run')
    .option('--config <file...>', tell(io, '配置文件或文件夹，可重复', 'configurations, or a folder of them'), [
      'hall.yaml',
    ])
    .description(tell(io, '运行守护程序', 'the daemon'))
    .action((options: { config: string[] }) => run(options.config, io));
}

interface Running {
  readonly file: string;
  readonly daemon: HallDaemon;
}

async function run(given: readonly string[], io: Io): Promise<void> {
  const halls: [string, LoadedConfig][] = [];
  for (const file of await configFiles(given)) halls.push([file, await loadForCommand(file, io)]);
  const clock = systemClock();
  const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'info');
  const ffmpegPath = await noteFfmpeg(io, log);
  const running: Running[] = [];
  const stop = stopSignal();
  const reload = (): void => void reloadAll(running, io, log);
  process.on('SIGHUP', reload);
  try {
    for (const [file, loaded] of halls) {
      const daemon = new HallDaemon({
        ...{ loaded, clock, log, language: io.lang, ffmpegPath },
        source: { path: file, env: io.env },
      });
      running.push({ file, daemon });
      await daemon.start();
      if (process.stderr.isTTY === true) sayFirstLink(daemon.access, io);
    }
    await stop;
  } catch (error) {
    const isTaken = error instanceof LockedError || error instanceof ListenError || error instanceof BrokerError;
    if (isTaken) throw new Exit(EXIT.unavailable, error.message);
    throw error;
  } finally {
    process.off('SIGHUP', reload);
    for (const { daemon } of running) await daemon.stop();
  }
}

/** Reads every file again; one that is bad changes nothing. */
async function reloadAll(running: readonly Running[], io: Io, log: Log): Promise<void> {
  for (const { file, daemon } of running) {
    const failed = (phrase: string) => (error: unknown) =>
      log.error({ file, because: error instanceof Error ? error.message : String(error) }, phrase);
    try {
      const loaded = await loadForCommand(file, io);
      await daemon.reload(loaded).catch(failed('cameras of the new configuration could not be taken up'));
    } catch (error) {
      failed('configuration was not accepted; the former one stays')(error);
    }
  }
}

/** Resolves when the daemon is asked to stop. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

async function configFiles(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const about = await stat(file).catch(() => null);
    if (about?.isDirectory() !== true) found.push(file);
    else for (const name of (await readdir(file)).sort()) if (/\.ya?ml$/.test(name)) found.push(join(file, name));
  }
  if (found.length === 0) throw new Exit(EXIT.noInput, `no configuration in ${files.join(', ')}`);
  return found;
}
