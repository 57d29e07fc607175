import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { systemClock } from '../clock.ts';
import { HallDaemon } from '../hall-daemon.ts';
import { ListenError } from '../http/server.ts';
import { LockedError } from '../ledger/lock.ts';
import { systemLog } from '../log.ts';
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

async function run(files: readonly string[], io: Io): Promise<void> {
  const halls: LoadedConfig[] = [];
  for (const file of await configFiles(files)) halls.push(await loadForCommand(file, io));
  const clock = systemClock();
  const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'info');
  await noteFfmpeg(io, log);
  const daemons: HallDaemon[] = [];
  const stop = stopSignal();
  try {
    for (const loaded of halls) {
      const daemon = new HallDaemon({ loaded, clock, log, language: io.lang });
      daemons.push(daemon);
      await daemon.start();
    }
    await stop;
  } catch (error) {
    if (error instanceof LockedError) throw new Exit(EXIT.unavailable, error.message);
    if (error instanceof ListenError) throw new Exit(EXIT.unavailable, error.message);
    throw error;
  } finally {
    for (const daemon of daemons) await daemon.stop();
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
