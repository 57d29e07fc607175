/** What the system, or SQLite, says of a hall's data: as an exit code, and a sentence of what to do about it. */
import { LedgerError } from '../ledger/ledger.ts';
import { LockedError } from '../ledger/lock.ts';
import { NewerLedger } from '../ledger/migrate.ts';
import { sqliteCode } from '../ledger/sqlite-code.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** Of SQLite: read-only (8), cannot be opened (14), not allowed (23). */
const FORBIDDEN: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 8, 14, 23]);
/** Corrupt (11), no database (26). */
const DAMAGED: ReadonlySet<unknown> = new Set([11, 26]);
/** An I/O error (10), a full disk (13). */
const UNWRITABLE: ReadonlySet<unknown> = new Set(['EIO', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 10, 13]);

/** How a command ends that could not use the data; null = that is not what it failed for. */
export function dataFault(error: unknown, io: Io): Exit | null {
  if (!(error instanceof Error)) return null;
  const { message } = error;
  const code = codeOf(error) ?? codeOf(error.cause);
  if (FORBIDDEN.has(code)) return new Exit(EXIT.notPermitted, forbiddenText(message, io));
  if (DAMAGED.has(code)) return new Exit(EXIT.badInput, damagedText(message, io));
  if (error instanceof NewerLedger) {
    const { written, known } = error;
    const said = tell(
      io,
      `账本是更新的版本写的（形式 ${written}，本版本认得到 ${known}）：请用那个版本`,
      `the ledger was written by a newer release (form ${written}, this one knows ${known}): use that one`,
    );
    return new Exit(EXIT.badInput, said);
  }
  if (error instanceof LockedError) {
    const { directory } = error;
    const said = tell(io, `另一个进程正在写 ${directory}`, `another process writes to ${directory}`);
    return new Exit(EXIT.unavailable, said);
  }
  if (error instanceof LedgerError || UNWRITABLE.has(code)) return new Exit(EXIT.cannotWrite, message);
  return null;
}

/** SQLite's or the system's. */
const codeOf = (error: unknown): unknown => sqliteCode(error) ?? (error as NodeJS.ErrnoException | undefined)?.code;

function forbiddenText(because: string, io: Io): string {
  return tell(
    io,
    `不许读写：${because}。请用运行守护程序的那个用户，或改正文件和文件夹的权限（data 里的都须能读能写）。`,
    `not permitted: ${because}. Be the user that the daemon runs as, or correct the rights: all in \`data\` has to be readable and writable.`,
  );
}

function damagedText(because: string, io: Io): string {
  return tell(
    io,
    `账本已损坏：${because}。zaigang audit verify 说明坏在哪里，zaigang restore 备份文件 --force 从备份恢复（现有的移到一旁）。`,
    `the ledger is damaged: ${because}. zaigang audit verify says where; zaigang restore FILE --force puts a backup in its place (and moves it aside).`,
  );
}
