/** Data that a command cannot use: its exit code, and what to do about it, in both languages. */
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataFault } from '../../daemon/commands/data-fault.ts';
import type { Io } from '../../daemon/commands/io.ts';
import { makeFolder } from '../../daemon/files/folders.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { lockDirectory } from '../../daemon/ledger/lock.ts';
import { readLedger } from '../../daemon/ledger/read-only.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'zaigang-data-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const file = (): string => join(data, 'ledger.db');
const open = (): Ledger => Ledger.open({ directory: data, diskReserveBytes: 0 });

/** The code with which a command would end, and what it would say in Chinese and in English. */
function ended(work: () => unknown): [code: number | undefined, zh: string | undefined, en: string | undefined] {
  const io = { out: () => {}, say: () => {}, env: {} };
  try {
    work();
  } catch (error) {
    const [zh, en] = (['zh', 'en'] as const).map((lang) => dataFault(error, { ...io, lang } satisfies Io));
    return [en?.code, zh?.message, en?.message];
  }
  throw new Error('it did not fail');
}

test('a file that is no ledger is bad data, for who writes and for who reads', () => {
  writeFileSync(file(), 'no ledger'.repeat(1000));
  const zh = expect.stringMatching(/^账本已损坏：.*ledger\.db.*audit verify.*restore/);
  const en = expect.stringMatching(/^the ledger is damaged: .*ledger\.db.*audit verify.*restore/);
  expect(ended(open)).toEqual([65, zh, en]);
  expect(ended(() => readLedger(data, () => {}))[0]).toBe(65);
});

test('a ledger of which the end is missing is bad data', () => {
  open().close();
  truncateSync(file(), statSync(file()).size / 2);
  expect(ended(open)[0]).toBe(65);
});

test('a newer release’s ledger is bad data', () => {
  const ledger = open();
  ledger.database.exec("insert into migration (number, name) values (999, '0999-of-the-future.sql')");
  ledger.close();
  expect(ended(open)).toEqual([65, expect.stringContaining('更新的版本'), expect.stringContaining('newer release')]);
});

test('a file that may not be written, or opened, is not permitted', () => {
  open().close();
  using readOnly = new DatabaseSync(file(), { readOnly: true });
  const en = expect.stringMatching(/^not permitted: .*the user that the daemon runs as/);
  expect(ended(() => readOnly.exec('create table x (y)'))).toEqual([77, expect.stringMatching(/^不许读写：/), en]);
  rmSync(file());
  mkdirSync(file());
  expect(ended(open)[0]).toBe(77);
});

// Not even root makes a folder there.
test('a folder that may not be made is not permitted', () => {
  expect(ended(() => makeFolder('/sys/zaigang'))).toEqual([
    77,
    expect.stringMatching(/^不许读写：E\w+: .*\/sys\/zaigang/),
    expect.stringMatching(/^not permitted: E\w+: .*\/sys\/zaigang/),
  ]);
});

test('a folder below a file cannot be written', () => {
  writeFileSync(join(data, 'file'), '');
  expect(ended(() => makeFolder(join(data, 'file', 'data')))[0]).toBe(73);
});

test('data that another process has are unavailable', () => {
  const lock = lockDirectory(data);
  expect(ended(open)).toEqual([69, `另一个进程正在写 ${data}`, `another process writes to ${data}`]);
  lock.release();
});

test('what has nothing to do with the data is a bug', () => {
  expect(ended(() => JSON.parse('{'))).toEqual([undefined, undefined, undefined]);
});
