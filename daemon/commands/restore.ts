import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { follows } from '../audit/audit.ts';
import { BadArchive } from '../backup/archive.ts';
import { DamagedLedger } from '../backup/ledger-copy.ts';
import { NotRestored, type Restored, restoreBackup } from '../backup/restore.ts';
import { NoRoom } from '../backup/room.ts';
import { badArchiveText, configHint, inMegabytes, noRoomText, notRestoredText, restoredText } from '../backup/words.ts';
import { systemClock } from '../clock.ts';
import { LockedError } from '../ledger/lock.ts';
import { systemSaid } from './backup.ts';
import { callable } from './calling-off.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadWithoutSecrets } from './load.ts';

interface Options {
  readonly config: string;
  readonly force?: boolean;
  readonly moved?: boolean;
  readonly shipAll?: boolean;
  readonly trustClock?: boolean;
  readonly json?: boolean;
}

/** `restore FILE`: the data of a backup in the place of a hall's. */
export function restoreCommand(program: Command, io: Io): void {
  program
    .command('restore')
    .argument('<file>', tell(io, '备份文件', 'the backup'))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--force', tell(io, '已有的数据先移到一旁', 'move data that is there aside'))
    .option(
      '--moved',
      tell(
        io,
        '搬迁：备份之后没有守护程序运行过，没有丢失，等着的消息照发',
        'a move: no daemon ran since the backup, so nothing is lost, and what waits is sent',
      ),
    )
    .option(
      '--ship-all',
      tell(io, '时序库也丢了：从头重新写入', 'the time-series store was lost as well: ship all of it again'),
    )
    .option(
      '--trust-clock',
      tell(
        io,
        '备份是很久以前的：本机现在的时间核对过，是对的',
        'the backup was made long ago: the time of this machine was checked, and is right',
      ),
    )
    .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
    .description(
      tell(
        io,
        '从备份恢复大厅的数据；先全部核对，守护程序须已停止',
        'put the data of a backup in place, once all of it is verified; no daemon may run',
      ),
    )
    .action((file: string, options: Options) => restore(file, options, io));
}

async function restore(file: string, options: Options, io: Io): Promise<void> {
  await requireFile(file, io);
  const loaded = await configured(file, options.config, io);
  const { data } = loaded.config;
  const progress = (bytes: number): void => io.overwrite?.(inMegabytes(bytes));
  const { force = false, moved = false, shipAll = false, trustClock: trustsClock = false } = options;
  let restored: Restored;
  try {
    const now = systemClock().now();
    restored = await callable(
      (signal) => restoreBackup({ loaded, file, force, moved, shipAll, now, trustsClock, signal, progress }),
      io,
    );
  } catch (error) {
    throw notRestored(error, file, data, io);
  } finally {
    io.overwrite?.('');
  }
  io.out(
    options.json === true ? `${JSON.stringify(restoredJson(restored, data))}\n` : restoredText(restored, data, io.lang),
  );
  // It is in place, as it was saved; what was saved had been tampered with.
  if ((restored.audit?.broken.count ?? 0) > 0) throw new Exit(EXIT.no);
}

async function requireFile(file: string, io: Io): Promise<void> {
  const found = await stat(file).catch((error: Error) => error);
  if (!(found instanceof Error) && found.isFile()) return;
  const because = found instanceof Error ? found.message : tell(io, '不是文件', 'it is no file');
  throw new Exit(EXIT.noInput, tell(io, `读不了 ${file}：${because}`, `cannot read ${file}: ${because}`));
}

async function configured(file: string, config: string, io: Io): Promise<LoadedConfig> {
  try {
    return await loadWithoutSecrets(config, io);
  } catch (error) {
    if (!(error instanceof Exit) || error.code !== EXIT.noInput) throw error;
    throw new Exit(error.code, `${error.message}\n${configHint(file, config, io.lang)}`);
  }
}

function notRestored(error: unknown, file: string, data: string, io: Io): unknown {
  const { lang } = io;
  if (error instanceof NotRestored) return new Exit(CODES[error.reason], notRestoredText(error, data, lang));
  if (error instanceof BadArchive) return new Exit(EXIT.badInput, badArchiveText(file, error, lang));
  if (error instanceof DamagedLedger) {
    const { message } = error;
    return new Exit(
      EXIT.badInput,
      tell(io, `备份里的账本有损坏：${message}`, `the ledger in it is damaged: ${message}`),
    );
  }
  if (error instanceof NoRoom) return new Exit(EXIT.cannotWrite, noRoomText(error, lang));
  if (error instanceof LockedError) {
    return new Exit(
      EXIT.unavailable,
      tell(io, `守护程序或别的命令正在用 ${data}：请先停止`, `a daemon or another command uses ${data}: stop it first`),
    );
  }
  const because = error instanceof Exit ? null : systemSaid(error);
  if (because === null) return error;
  const isForbidden = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  const said = tell(io, `没有恢复：${because}`, `not restored: ${because}`);
  return new Exit(isForbidden ? EXIT.notPermitted : EXIT.cannotWrite, said);
}

const CODES: Readonly<Record<NotRestored['reason'], number>> = {
  occupied: EXIT.cannotWrite,
  'other-hall': EXIT.badInput,
  newer: EXIT.badInput,
  clock: EXIT.badInput,
  'long-ago': EXIT.badInput,
  'ran-on': EXIT.usage,
};

function restoredJson({ manifest, audit, amends, aside }: Restored, data: string): object {
  return {
    data: resolve(data),
    aside,
    backup: manifest,
    whole: audit === null ? null : audit.broken.count === 0,
    follows: audit === null ? null : follows(audit),
    newestLink: audit?.chain?.newest ?? null,
    heldBack: amends?.heldBack ?? 0,
  };
}
