/** `replay --rules`: the same facts under another configuration, and who would be judged differently. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportLines } from '../../daemon/lines/ledger-lines.ts';
import { CoreHall } from '../support/core-hall.ts';
import { type CommandOutcome, zaigang } from '../support/daemon.ts';
import { leaveOf, on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

const FACTS = [
  // Eight minutes late, forty minutes late, and not there at all.
  punchOf('p1', 'e1', '09:08:00'),
  punchOf('p2', 'e2', '09:40:00'),
  leaveOf('l1', 'e1', '2026-03-03 09:00:00', '2026-03-03 12:00:00'),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-what-if-'));
  writeFileSync(join(folder, 'hall.yaml'), SMALL_HALL);
  writeFileSync(
    join(folder, 'milder.yaml'),
    `${SMALL_HALL}rules: { lateGrace: 10m, absentAfter: 1h, coverGrace: 7m }\n`,
  );
  writeFileSync(join(folder, 'elsewhere.yaml'), SMALL_HALL.replace('id: suixian', 'id: elsewhere'));
  writeFileSync(join(folder, 'facts.jsonl'), FACTS.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (config: string, ...args: readonly string[]): Promise<CommandOutcome> =>
  zaigang(
    ['replay', '--config', config, '--facts', 'facts.jsonl', '--now', on('13:00:00'), '--lang', 'zh', ...args],
    '',
    folder,
  );
const read = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('prints what they would say, and tells the difference', async () => {
  const [run, alone] = await Promise.all([
    replay('hall.yaml', '--rules', 'milder.yaml', '--difference', 'difference.jsonl'),
    replay('milder.yaml'),
  ]);
  expect({ code: run.code, out: run.out }).toEqual({ code: 0, out: alone.out });
  const differences = read(readFileSync(join(folder, 'difference.jsonl'), 'utf8')) as {
    is: Record<string, unknown> | null;
    would: Record<string, unknown> | null;
  }[];
  expect(differences.map(({ is, would }) => [is?.['id'] ?? null, would?.['id'] ?? null])).toEqual([
    ['absent/e2/2026-03-02/1', null],
    ['late/e1/2026-03-02/1', null],
    [null, 'late/e2/2026-03-02/1'],
    [null, 'missing-cover/W1/2026-03-02/1/090000'],
  ]);
  expect(run.err.split('\n')).toEqual([
    '现有结论 3 条，按新规则 3 条：新增 2，不再成立 2，有变化 0；涉及 2 人、1 个窗口。',
    '  缺勤 2 → 1',
    '  迟到 1 → 1',
    '  无人顶岗 0 → 1',
    '- absent/e2/2026-03-02/1  李岚 缺勤：09:00—09:40，共 40 分钟。',
    '- late/e1/2026-03-02/1  徐敏 迟到：09:00—09:08，共 8 分钟。',
    '+ late/e2/2026-03-02/1  李岚 迟到：09:00—09:40，共 40 分钟。',
    '+ missing-cover/W1/2026-03-02/1/090000  W1 出入境窗口 无人顶岗：09:00—09:08，共 8 分钟，未按时开窗。',
    '',
  ]);
});

test('says so where nothing would differ', async () => {
  const run = await replay('hall.yaml', '--rules', 'hall.yaml', '--difference', 'none.jsonl');
  expect(run.err).toMatch(/^现有结论 3 条，按新规则 3 条：新增 0，不再成立 0，有变化 0；涉及 0 人、0 个窗口。\n/);
  expect(readFileSync(join(folder, 'none.jsonl'), 'utf8')).toBe('');
});

test('judges every day by them, whatever configuration the facts hold', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('12:30:00') });
  await hall.record(...FACTS);
  const exported = [...exportLines(hall.core, 'facts', null)];
  expect(exported.some((line) => line.includes('"fact":"config"'))).toBe(true);
  writeFileSync(join(folder, 'exported.jsonl'), exported.join('\n'));
  const [run, alone] = await Promise.all([
    replay('hall.yaml', '--facts', 'exported.jsonl', '--rules', 'milder.yaml'),
    replay('milder.yaml'),
  ]);
  expect(run.out).toBe(alone.out);
  expect(run.err).toMatch(/新增 2，不再成立 2/);
});

test('refuses rules of another hall, and a difference from nothing', async () => {
  const elsewhere = await replay('hall.yaml', '--rules', 'elsewhere.yaml');
  expect(elsewhere).toMatchObject({ code: 78, out: '', err: expect.stringContaining('elsewhere.yaml') });
  expect(await replay('hall.yaml', '--difference', 'd.jsonl')).toMatchObject({ code: 64, out: '' });
});
