import { existsSync } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { BadArchive } from '../backup/archive.ts';
import { LEDGER_FILE } from '../backup/folder.ts';
import { DamagedLedger } from '../backup/ledger-copy.ts';
import type { Manifest } from '../backup/manifest.ts';
import { NoRoom } from '../backup/room.ts';
import { takeBackup } from '../backup/take.ts';
import { badArchiveText, inMegabytes, noRoomText, takenText } from '../backup/words.ts';
import { LockedError } from '../ledger/lock.ts';
import { callable } from './calling-off.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { requireLedger } from './ledger.ts';
import { loadWithoutSecrets } from './load.ts';

interface Options {
  readonly config: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `backup FILE`: all of a hall's data in one file, whether or not a daemon runs. */
export function backupCommand(program: Command, io: Io): void {
  program
    .command('backup')
    .argument('<file>', tell(io, '写到哪个文件', 'where to write it'))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--force', tell(io, '覆盖已有的文件', 'replace a file that is there'))
    .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
    .description(
      tell(
        io,
        '把大厅的数据备份到一个文件；守护程序可以照常运行',
        'all of a hall’s data in one file, while the daemon runs or not',
      ),
    )
    .action((file: string, options: Options) => backup(file, options, io));
}

async function backup(file: string, { config, force, json }: Options, io: Io): Promise<void> {
  if (file === '-') throw new Exit(EXIT.usage, tell(io, '备份须写到文件', 'a backup goes to a file'));
  const loaded = await loadWithoutSecrets(config, io);
  requireLedger(loaded, io);
  await requireReadable(loaded, io);
  if (existsSync(file) && force !== true) {
    throw new Exit(
      EXIT.cannotWrite,
      tell(io, `${file} 已经存在；要覆盖请加 --force`, `${file} is there already; --force replaces it`),
    );
  }
  const progress = (bytes: number): void => io.overwrite?.(inMegabytes(bytes));
  let manifest: Manifest;
  try {
    manifest = await callable((signal) => takeBackup({ loaded, file, signal, progress }), io);
  } catch (error) {
    throw notTaken(error, file, io);
  } finally {
    io.overwrite?.('');
  }
  const { size } = await stat(file);
  if (json === true) io.out(`${JSON.stringify({ file: resolve(file), archiveBytes: size, ...manifest })}\n`);
  else io.say(takenText(file, size, manifest, io.lang));
}

async function requireReadable({ config }: LoadedConfig, io: Io): Promise<void> {
  const ledger = join(config.data, LEDGER_FILE);
  try {
    await access(ledger, constants.R_OK);
  } catch (error) {
    const because = (error as Error).message;
    throw new Exit(EXIT.notPermitted, tell(io, `读不了账本：${because}`, `the ledger cannot be read: ${because}`));
  }
}

function notTaken(error: unknown, file: string, io: Io): unknown {
  if (error instanceof Exit) return error;
  if (error instanceof NoRoom) return new Exit(EXIT.cannotWrite, noRoomText(error, io.lang));
  if (error instanceof DamagedLedger) {
    const { message } = error;
    return new Exit(EXIT.badInput, tell(io, `账本有损坏：${message}`, `the ledger is damaged: ${message}`));
  }
  if (error instanceof LockedError) {
    const said = tell(io, `另一个备份正在写 ${file}`, `another backup is being written to ${file}`);
    return new Exit(EXIT.cannotWrite, said);
  }
  const because = error instanceof BadArchive ? badArchiveText(file, error, io.lang) : systemSaid(error);
  if (because === null) return error;
  return new Exit(EXIT.cannotWrite, tell(io, `没有备份成：${because}`, `not backed up: ${because}`));
}

/** What the system, or SQLite in its place, says of a file; null = something else failed. */
export function systemSaid(error: unknown): string | null {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && (/^E[A-Z]+$/.test(code) || code === 'ERR_SQLITE_ERROR') ? message : null;
}
