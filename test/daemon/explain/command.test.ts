/** The `explain` command as people use it: on files alone, on a ledger that nobody has open, and through the running daemon. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zoneTable } from '../../../config/zone-table.ts';
import { DAY_LENGTH, formatInstant } from '../../../rules/time.ts';
import { type CommandOutcome, daemonOf, zaigang } from '../../support/daemon.ts';

const FILES = ['--config', join(import.meta.dirname, 'hall.yaml'), '--facts', join(import.meta.dirname, 'facts.jsonl')];
const EVENING = ['--now', '2026-03-02T20:00:00+08:00'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-explain-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> =>
  zaigang(['explain', ...args], input, folder, { NODE_COMPILE_CACHE: join(folder, 'compiled'), ...env });

const wanted = (name: string, lang: string): string =>
  readFileSync(join(import.meta.dirname, `${name}.${lang}.txt`), 'utf8');
const lasting = (text: string): string => text.replace(/sha256:[0-9a-f]{12}…/, 'sha256:{hash}');

describe('on files alone', () => {
  test('it prints the document, in the language asked for or of the locale', async () => {
    const id = 'missing-cover/W1/2026-03-02/1/090000';
    const [english, chinese, locale] = await Promise.all([
      run([id, ...FILES, ...EVENING]),
      run([id, ...FILES, ...EVENING, '--lang', 'zh']),
      run([id, ...FILES, ...EVENING], '', { LC_ALL: 'zh_CN.UTF-8' }),
    ]);
    expect(english).toMatchObject({ code: 0, err: '' });
    expect(lasting(english.out)).toBe(wanted('missing-cover', 'en'));
    expect(lasting(chinese.out)).toBe(wanted('missing-cover', 'zh'));
    expect(locale).toEqual(chinese);
  });

  test('the id is the one that replay prints, and facts may come from standard input', async () => {
    const [, config = '', , file = ''] = FILES;
    const replayed = await zaigang(['replay', ...FILES, ...EVENING], '', folder);
    const ids = replayed.out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).id as string]));
    expect(ids).toContain('left-post/W1/2026-03-02/1/100512');
    expect(new Set(ids).size).toBe(ids.length);
    const args = ['left-post/W1/2026-03-02/1/100512', '--config', config, '--facts', '-', ...EVENING];
    const explained = await run(args, readFileSync(file, 'utf8'));
    expect(lasting(explained.out)).toBe(wanted('left-post', 'en'));
  });

  test('as a structure it has the parts of the document, instants with an offset', async () => {
    const { code, out } = await run(['late/e01/2026-03-02/1', ...FILES, ...EVENING, '--json']);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const explanation = JSON.parse(out);
    expect(explanation).toMatchObject({
      id: 'late/e01/2026-03-02/1',
      now: '2026-03-02T20:00:00+08:00',
      verdict: { rule: 'late', state: 'closed', minutes: 8, evidence: ['p101'] },
      day: { date: '2026-03-02', weekday: 1, kind: 'plain', by: 'weekday' },
      subject: { of: 'person', employee: 'e01', session: 1 },
      coverage: { searched: { from: '2026-03-02T07:00:00+08:00', to: '2026-03-02T09:07:30+08:00' }, outages: [] },
      arithmetic: { of: 'delay', a: '2026-03-02T09:00:00+08:00', at: '2026-03-02T09:07:30+08:00', lengthMs: 450_000 },
      doubts: [],
    });
    expect(explanation.parameters).toContainEqual({
      name: 'lateGrace',
      origin: { level: 'hall' },
      unit: 'ms',
      value: 300_000,
    });
    expect(explanation.used).toContainEqual({
      role: 'arrival',
      session: 1,
      employee: 'e01',
      fact: expect.objectContaining({ id: 'p101', at: '2026-03-02T09:07:30+08:00' }),
    });
    expect(explanation.aside).toContainEqual(expect.objectContaining({ why: 'dedupe', by: 'p101', limitMs: 60_000 }));
  });

  test('an unknown id is said to be, with what may have been meant; a withdrawn one is said to be that', async () => {
    const [unknown, withdrawn, before] = await Promise.all([
      run(['late/e02/2026-03-02/2', ...FILES, ...EVENING]),
      run(['absent/e03/2026-03-02/1', ...FILES, ...EVENING]),
      run(['late/e01/2026-03-02/1', ...FILES, ...EVENING, '--from', '2026-03-03']),
    ]);
    expect(unknown).toEqual({
      code: 1,
      out: '',
      err: 'There is no verdict late/e02/2026-03-02/2.\nVerdicts of the same subject and date that hold:\n  absent/e02/2026-03-02/1\n',
    });
    expect(withdrawn.code).toBe(0);
    expect(withdrawn.out).toContain('was withdrawn at 2026-03-02 15:20:00');
    expect(before).toEqual({ code: 1, out: '', err: 'There is no verdict late/e01/2026-03-02/1.\n' });
  });

  test('what is asked for wrongly, or is not there, ends it with its number', async () => {
    const [, config = ''] = FILES;
    const bad = '{"fact":"punch"\n';
    const outcomes = await Promise.all([
      run([]),
      run(['late/e01/2026-03-02/1', '--config', config, ...EVENING]),
      run(['late/e01/2026-03-02/1', '--config', config, '--facts', 'gone.jsonl']),
      run(['late/e01/2026-03-02/1', '--config', config, '--facts', '-'], bad),
      run(['late/e01/2026-03-02/1', '--config', config, '--facts', '-']),
      run(['late/e01/2026-03-02/1', '--config', 'gone.yaml']),
    ]);
    expect(outcomes.map(({ code, out }) => [code, out])).toEqual([64, 64, 66, 65, 1, 66].map((code) => [code, '']));
  });

  test('a hall without a ledger is given none', async () => {
    const config = join(folder, 'hall.yaml');
    writeFileSync(config, readFileSync(FILES[1] ?? '', 'utf8'));
    const outcome = await run(['late/e01/2026-03-02/1', '--config', config]);
    expect(outcome).toMatchObject({ code: 66, out: '', err: expect.stringContaining('there is no ledger in') });
  });
});

test('the running daemon and, after it, the ledger explain alike', async () => {
  const zone = zoneTable('Asia/Shanghai');
  const date = formatInstant(zone, Date.now() - DAY_LENGTH).slice(0, 10);
  const week = Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['09:00-12:00']]),
  );
  await using daemon = daemonOf({
    config: {
      hall: { id: 'suixian', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      schedules: { standard: { weekly: week } },
      employees: [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }],
      windows: [],
      clocks: [{ id: 'clock-1' }],
    },
  });
  await daemon.start();
  await daemon.record([
    { fact: 'punch', id: 'p1', at: `${date}T09:07:30+08:00`, credential: '1001', device: 'clock-1' },
  ]);
  const id = `late/e1/${date}/1`;
  const ask = (...more: readonly string[]) => run([id, '--config', daemon.configFile, ...more]);
  expect((await daemon.verdicts()).map((verdict) => verdict['id'])).toContain(id);
  const [live, structure] = [await ask('--lang', 'zh'), await ask('--json')];
  const unknown = await run([`absent/e1/${date}/1`, '--config', daemon.configFile]);
  expect(await daemon.stop()).toBe(0);
  const [still, later] = [await ask('--lang', 'zh'), await ask('--json')];
  expect(live).toMatchObject({ code: 0, err: '' });
  expect(live.out).toContain('徐敏（e1），第1场。\n  迟到 8 分钟：应于 09:00:00 到岗，到岗打卡为 09:07:30。');
  const withoutNow = (text: string) => text.replace(/本说明依据截至 \S+ \S+ 已/, '');
  expect(withoutNow(still.out)).toBe(withoutNow(live.out));
  expect({ ...JSON.parse(later.out), now: '' }).toEqual({ ...JSON.parse(structure.out), now: '' });
  expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`\n  ${id}\n`) });
});
