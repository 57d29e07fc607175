import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { BrokerError } from '../../adapters/broker.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { lastAccepted } from '../config-file/config-standing.ts';
import { HallDaemon } from '../hall-daemon.ts';
import { ListenError } from '../http/listening.ts';
import { type Log, systemLog } from '../log.ts';
import { sayFirstLink } from './access.ts';
import { noteFfmpeg } from './ffmpeg.ts';
import { requirePossibleStart } from './first-time.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadToUse } from './load.ts';

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

interface Begun {
  readonly file: string;
  readonly loaded: LoadedConfig;
  /** Why it is the last that was accepted, and not what lies there; null = it is what lies there. */
  readonly refused: string | null;
}

/** With a file that cannot be used, the last of it that was accepted goes on; where none was, nothing can begin. */
async function begin(file: string, io: Io): Promise<Begun> {
  try {
    return { file, loaded: await loadToUse(file, io), refused: null };
  } catch (error) {
    if (!(error instanceof Exit) || error.code !== EXIT.config) throw error;
    const last = await lastAccepted({ path: file, env: io.env }, io.lang);
    if (last === null) throw error;
    io.say(error.message);
    const { loaded, acceptedAt } = last;
    const at = formatInstant(loaded.hall.zone, acceptedAt);
    io.say(
      tell(
        io,
        `${file} 不能用；按 ${at} 采用的配置运行。`,
        `${file} cannot be used; the one accepted at ${at} is in force.`,
      ),
    );
    return { file, loaded, refused: error.message };
  }
}

async function run(given: readonly string[], io: Io): Promise<void> {
  const halls: Begun[] = [];
  for (const file of await configFiles(given, io)) halls.push(await begin(file, io));
  requireApart(halls, io);
  const clock = systemClock();
  const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'info');
  endOnFault(log);
  for (const { file, refused } of halls) {
    if (refused !== null)
      log.error({ file, because: refused }, 'configuration cannot be used; the last accepted one is in force');
  }
  const ffmpegPath = await noteFfmpeg(io, log);
  const running: HallDaemon[] = [];
  const stop = stopSignal();
  const reload = (): void => void reloadAll(running, io);
  process.on('SIGHUP', reload);
  try {
    for (const { file, loaded, refused } of halls) {
      const daemon = new HallDaemon({
        ...{ loaded, refused, clock, log, language: io.lang, ffmpegPath },
        source: { path: file, env: io.env },
      });
      running.push(daemon);
      requirePossibleStart(daemon.core, clock.now(), io);
      await daemon.start();
      if (process.stderr.isTTY === true) sayFirstLink(daemon.access, io);
    }
    await stop;
  } catch (error) {
    const isTaken = error instanceof ListenError || error instanceof BrokerError;
    if (isTaken) throw new Exit(EXIT.unavailable, error.message);
    throw error;
  } finally {
    process.off('SIGHUP', reload);
    for (const daemon of running) await daemon.stop();
  }
}

/** Ends the command where two configurations are of one hall, or would write to one folder. */
function requireApart(halls: readonly Begun[], io: Io): void {
  for (const [i, { file, loaded }] of halls.entries()) {
    for (const other of halls.slice(0, i)) {
      const [mine, theirs] = [loaded.config, other.loaded.config];
      const said =
        mine.hall.id === theirs.hall.id
          ? tell(io, `是同一个大厅 ${mine.hall.id}`, `are of one hall, ${mine.hall.id}`)
          : mine.data === theirs.data
            ? tell(io, `用同一个 data：${mine.data}`, `have one \`data\`, ${mine.data}`)
            : null;
      if (said !== null) throw new Exit(EXIT.config, `${other.file}${tell(io, ' 和 ', ' and ')}${file} ${said}`);
    }
  }
}

/** Reads every file again; one that is bad changes nothing, and is told by its daemon. */
async function reloadAll(running: readonly HallDaemon[], { lang }: Io): Promise<void> {
  for (const daemon of running) await daemon.reloadFile(lang);
}

/**
 * What nobody caught, rejected promises too, is a fault of ours: nothing after it can be trusted, and what was acknowledged is in the
 * ledger. Node itself would end with 1, by which a command says no.
 */
function endOnFault(log: Log): void {
  process.on('uncaughtException', (cause: unknown) => {
    const because = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    log.error({ because }, 'daemon ended by a fault');
    process.exit(EXIT.bug);
  });
}

/** Resolves when the daemon is asked to stop. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

async function configFiles(files: readonly string[], io: Io): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const about = await stat(file).catch(() => null);
    if (about?.isDirectory() !== true) found.push(file);
    else for (const name of (await readdir(file)).sort()) if (/\.ya?ml$/.test(name)) found.push(join(file, name));
  }
  if (found.length === 0) {
    const where = files.join(', ');
    throw new Exit(EXIT.noInput, tell(io, `${where} 里没有配置文件`, `there is no configuration in ${where}`));
  }
  return found;
}
