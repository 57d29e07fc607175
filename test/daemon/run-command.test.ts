/** `run` before it starts anything. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from '../../daemon/commands/run.ts';
import { commanded } from '../support/command.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const [A, B] = ['a.yaml', 'b.yaml'];
/** Two halls of one folder, as each says its id and its data. */
async function run(a: { id: string; data: string }, b: { id: string; data: string }) {
  for (const [name, { id, data }] of [
    [A, a],
    [B, b],
  ] as const) {
    writeFileSync(join(folder, name), SMALL_HALL.replace('id: suixian', `id: ${id}`).concat(`data: ${data}\n`));
  }
  return await commanded(runCommand, ['run', '--config', folder]);
}

test.each([
  ['of one hall', { id: 'one', data: 'x' }, { id: 'one', data: 'y' }, 'are of one hall, one'],
  ['with one folder of data', { id: 'one', data: './x' }, { id: 'two', data: 'x/' }, 'have one `data`, '],
])('two configurations %s are an error that names both, and nothing is started', async (_what, a, b, said) => {
  const { code, err } = await run(a, b);
  expect(code).toBe(78);
  expect(err).toContain(`${join(folder, A)} and ${join(folder, B)} ${said}`);
  expect(existsSync(join(folder, 'x'))).toBe(false);
});
