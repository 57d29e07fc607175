/** `check` as programs read it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkCommand } from '../../daemon/commands/check.ts';
import { commanded } from '../support/command.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function check(config: string, ...args: readonly string[]) {
  const file = join(folder, 'hall.yaml');
  writeFileSync(file, config);
  return commanded(checkCommand, ['check', file, ...args]);
}

const WRONG = SMALL_HALL.replace('a: e1', 'a: e7');

test('of a wrong configuration all problems are in the JSON, also where nothing of it was tried', async () => {
  const offline = await check(WRONG, '--json');
  expect(JSON.parse(offline.out)).toMatchObject([{ line: 11, severity: 'error' }]);
  const online = await check(WRONG, '--online', '--json');
  expect(JSON.parse(online.out)).toEqual({ problems: JSON.parse(offline.out), tried: [] });
  expect([offline.code, online.code]).toEqual([78, 78]);
});

test('of one without errors the JSON has what was tried', async () => {
  const { code, out } = await check(SMALL_HALL, '--online', '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { problems: [], tried: [] }]);
});

test('of one that does not say from which day on is judged people are told what that means', async () => {
  const silent = await check(SMALL_HALL);
  expect([silent.code, silent.err]).toEqual([0, expect.stringMatching(/judgeFrom/)]);
  const said = await check(`judgeFrom: 2026-03-02\n${SMALL_HALL}`);
  expect([said.code, said.err]).toEqual([0, expect.not.stringMatching(/judgeFrom/)]);
});
