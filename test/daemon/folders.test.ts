import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../daemon/files/folders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('makes a folder and those above it, and is content with one that is there', () => {
  const path = join(folder, 'a/b/c');
  makeFolder(path, 0o700);
  makeFolder(path);
  for (const one of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, one)).mode & 0o777, one).toBe(0o700);
});

test('says why where there can be none, and does not try for ever', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
  expect(() => makeFolder(join(folder, 'file/inside'))).toThrow(/ENOTDIR/);
  expect(() => makeFolder('/proc/nowhere/at/all')).toThrow(/ENOENT/);
});
