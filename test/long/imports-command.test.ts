/** `import roster|leave|punches|people` as people run it: beside a running daemon, and alone. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workbook } from '@cj-tech-master/excelts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zoneTable } from '../../config/zone-table.ts';
import { lockDirectory } from '../../daemon/ledger/lock.ts';
import { civilDay, DAY_LENGTH, dateOf } from '../../rules/time.ts';
import { type CommandOutcome, type Daemon, daemonOf, type Line, zaigang } from '../support/daemon.ts';
import { freePort } from '../support/ports.ts';
import { punchOf, SMALL_HALL } from '../support/small-hall.ts';

const zone = zoneTable('Asia/Shanghai');

/** Node keeps what it compiled for the next command. */
const compiled = mkdtempSync(join(tmpdir(), 'zaigang-imports-'));
afterAll(() => rmSync(compiled, { recursive: true }));
const ENV = { NODE_COMPILE_CACHE: compiled, ZAIGANG_LOG_LEVEL: 'warn' };

interface Outcome {
  readonly added: number;
  readonly known: number;
  readonly imported: boolean;
  readonly problems: readonly Line[];
  readonly notes: readonly string[];
  readonly preview: {
    readonly at: string;
    readonly changes: readonly { op: string; text: string; verdict: Line }[];
  } | null;
}

describe('alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-imports-'));
  beforeAll(() => {
    writeFileSync(join(folder, 'hall.yaml'), SMALL_HALL);
    writeFileSync(
      join(folder, 'leave.csv'),
      '\uFEFF工号,姓名,日期,类型\ne1,徐敏,2026-10-12,事假\ne2,李岚,2026-10-12,病假\n',
    );
    writeFileSync(join(folder, 'bad.csv'), '工号,姓名,日期,类型\ne1,徐敏,2026-10-13,事假\ne2,李兰,2026-10-13,病假\n');
    // 工号,窗口,日期 and a row, as Excel for Windows writes them in China.
    const gbk = 'uaS6xSy0sL/aLMjVxtoNCmUyLFcxLDIwMjYtMTAtMTINCg==';
    writeFileSync(join(folder, 'roster.csv'), Buffer.from(gbk, 'base64'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: readonly string[], input = ''): Promise<CommandOutcome> => zaigang(args, input, folder, ENV);
  const facts = async (kind: string): Promise<Line[]> => {
    const { out } = await run(['export', 'facts']);
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
      .filter(({ fact }) => fact === kind);
  };

  test('imports nothing into a ledger that somebody else has', async () => {
    mkdirSync(join(folder, 'data'));
    const lock = lockDirectory(join(folder, 'data'));
    try {
      const punch = JSON.stringify(punchOf('p9', 'e1', '10:00:00'));
      const [table, lines] = await Promise.all([
        run(['import', 'leave', 'leave.csv']),
        run(['import', 'facts', '-'], punch),
      ]);
      for (const refused of [table, lines]) {
        expect(refused).toMatchObject({ code: 69, err: expect.stringMatching(/another process/) });
      }
      expect(existsSync(join(folder, 'data', 'ledger.db'))).toBe(false);
    } finally {
      lock.release();
      rmSync(join(folder, 'data'), { recursive: true });
    }
  });

  test('checks without making a ledger, imports once, and says so', async () => {
    const tried = await run(['import', 'leave', 'leave.csv', '--dry-run']);
    expect(tried).toMatchObject({ code: 0, out: '' });
    expect(tried.err.split('\n')).toEqual([
      'leave.csv: CSV, UTF-8, ",", 2 rows',
      '2 would be added, 0 known already; nothing was imported.',
      'Nothing has been judged in this ledger yet.',
      '',
    ]);
    expect(existsSync(join(folder, 'data'))).toBe(false);

    const done = await run(['import', 'leave', 'leave.csv', '--lang', 'zh']);
    expect(done).toEqual({ code: 0, out: '', err: 'leave.csv：CSV, UTF-8, ","，2 行\n新增 2 条，已有 0 条。\n' });
    const again = await run(['import', 'leave', '-', '--json'], '工号,日期,类型\ne1,2026/10/12,事假\n');
    expect(JSON.parse(again.out)).toMatchObject({ file: '-', imported: true, added: 0, known: 1, problems: [] });
    expect(await facts('leave')).toMatchObject([
      { employee: 'e1', from: '2026-10-12T00:00:00+08:00', to: '2026-10-13T00:00:00+08:00', via: 'import' },
      { employee: 'e2' },
    ]);
    const same = await run(['import', 'leave', 'leave.csv', '--dry-run']);
    expect(same.err).toMatch(/0 would be added, 2 known already; nothing was imported\.\nNo verdict would change\.\n$/);
  }, 120_000);

  test('takes nothing where a row is bad, or the others with --partial', async () => {
    const refused = await run(['import', 'leave', 'bad.csv']);
    expect(refused).toMatchObject({ code: 65, out: '' });
    expect(refused.err).toBe(
      'bad.csv:3: B3 姓名: e2 is 李岚, not 李兰; correct one of them\n1 problem; nothing was imported.\nbad.csv: CSV, UTF-8, ",", 2 rows\n',
    );
    expect(await facts('leave')).toHaveLength(2);
    const tried = await run(['import', 'leave', 'bad.csv', '--dry-run', '--json']);
    expect(tried.code).toBe(65);
    expect(JSON.parse(tried.out)).toMatchObject({
      imported: false,
      added: 0,
      problems: [{ line: 3, cell: 'B3', column: '姓名' }],
    });
    const partly = await run(['import', 'leave', 'bad.csv', '--partial']);
    expect(partly.code).toBe(0);
    expect(partly.err).toMatch(
      /^bad\.csv:3: .*\n1 problem; their lines are left out\.\n.*\n1 added, 0 known already\.\n$/,
    );
    expect(await facts('leave')).toHaveLength(3);
  }, 120_000);

  test('reads what Excel writes in China', async () => {
    const done = await run(['import', 'roster', 'roster.csv']);
    expect(done).toMatchObject({ code: 0, err: 'roster.csv: CSV, GBK, ",", 1 rows\n1 added, 0 known already.\n' });
    expect(await facts('cover')).toMatchObject([{ window: 'W1', employee: 'e2', from: '2026-10-12T00:00:00+08:00' }]);
  }, 120_000);

  test('ends with a number that says what happened', async () => {
    const codes = [
      [['import', 'leave', 'none.csv'], 66],
      [['import', 'leave', 'leave.csv', '--config', 'none.yaml'], 66],
      [['import', 'leave', 'leave.csv', '--sheet', 'x'], 65],
      [['import', 'leave', 'leave.csv', '--clock', 'clock-1'], 64],
      [['import', 'facts', '-', '--sheet', 'x'], 64],
      [['import', 'windows', 'leave.csv'], 64],
      [['import', 'facts', '.'], 65],
    ] as const;
    const outcomes = await Promise.all(codes.map(([args]) => run(args)));
    expect(outcomes.map(({ code }) => code)).toEqual(codes.map(([, code]) => code));
    for (const { out, err } of outcomes) {
      expect(out).toBe('');
      expect(err).not.toMatch(/^\s+at /m);
    }
  }, 120_000);

  test('imports 40 000 rows of a workbook in little memory', async () => {
    const made = new Workbook();
    const sheet = made.addWorksheet('打卡');
    sheet.addRow(['考勤号码', '日期时间', '机器号']);
    const start = Date.parse(`${dateOf(civilDay(zone, Date.now()) - 30)}T06:00:00Z`);
    for (let i = 0; i < 40_000; i++) {
      const at = new Date(start + Math.floor(i / 1600) * DAY_LENGTH + (i % 1600) * 40_000);
      sheet.addRow([1001 + (i % 3), at, 'clock-1']);
    }
    writeFileSync(join(folder, 'punches.xlsx'), await made.xlsx.writeBuffer({ validate: false }));
    const env = { ...ENV, NODE_OPTIONS: '--max-old-space-size=192' };
    const done = await zaigang(['import', 'punches', 'punches.xlsx', '--json', '--dry-run'], '', folder, env);
    expect({ ...done, out: done.out.slice(0, 600) }).toEqual({ err: '', code: 0, out: expect.any(String) });
    expect(JSON.parse(done.out)).toMatchObject({ format: 'XLSX, 打卡', rows: 40_000, added: 40_000, problems: [] });
  }, 120_000);
});

describe('beside a running daemon', () => {
  /** Two days ago: a day that is over, whatever time it is. */
  const date = dateOf(civilDay(zone, Date.now()) - 2);
  const EVERY_DAY = Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['09:00-12:00']]),
  );
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = daemonOf({
      config: {
        hall: { id: 'imports', timezone: 'Asia/Shanghai' },
        calendar: { country: 'none' },
        schedules: { all: { punches: 'in', weekly: EVERY_DAY } },
        employees: [
          { id: 'e1', name: '徐敏', schedule: 'all', credentials: ['1001'] },
          { id: 'e2', name: '李岚', schedule: 'all' },
        ],
        windows: [{ id: 'W1', name: '出入境', schedule: 'all', a: 'e1', b: ['e2'] }],
        clocks: [{ id: 'clock-1', password: `\${CLOCK_1}` }],
        mqtt: { embedded: { listen: `127.0.0.1:${await freePort()}` } },
      },
      env: { CLOCK_1: 'first' },
    });
    await daemon.startHearing();
  });
  afterAll(() => daemon?.[Symbol.asyncDispose]());
  const asked = async (kind: string, table: string, ...args: readonly string[]): Promise<Outcome> => {
    const run = await zaigang(
      ['import', kind, '-', '--json', '--config', daemon.configFile, ...args],
      table,
      daemon.folder,
      ENV,
    );
    expect({ err: run.err, code: run.code }).toEqual({ err: '', code: 0 });
    return JSON.parse(run.out) as Outcome;
  };
  const standing = async (): Promise<string[]> =>
    (await daemon.verdicts())
      .filter((one) => one['date'] === date)
      .map(({ rule, employee, window }) => `${rule} ${employee ?? window}`);

  test('does what it said that it would', async () => {
    const punches = `卡号,时间,考勤机\n1001,${date} 09:20:00,clock-1\n`;
    expect(await asked('punches', punches)).toMatchObject({ added: 1, imported: true });
    expect(await standing()).toEqual(['absent e2', 'late e1', 'missing-cover W1']);
    const before = await daemon.facts();

    const leave = `姓名,日期,时段,类型,请假条\n李岚,${date},上午,事假,有\n徐敏,${date},09:00-09:30,公休,\n`;
    const tried = await asked('leave', leave, '--dry-run');
    expect(tried).toMatchObject({ added: 2, known: 0, imported: false, problems: [] });
    const changes = tried.preview?.changes ?? [];
    expect(
      changes.map(({ op, verdict }) => `${op} ${verdict['rule']} ${verdict['employee'] ?? verdict['window']}`),
    ).toEqual(['retract absent e2', 'retract late e1', 'revise missing-cover W1']);
    expect(changes[0]?.text).toContain(date);
    expect(await daemon.facts()).toHaveLength(before.length);
    expect(await standing()).toEqual(['absent e2', 'late e1', 'missing-cover W1']);

    expect(await asked('leave', leave)).toMatchObject({ added: 2, preview: null });
    const history = (await daemon.history()).slice(-3);
    expect(history.map(({ op, rule, employee, window }) => `${op} ${rule} ${employee ?? window}`)).toEqual([
      'retract absent e2',
      'retract late e1',
      'revise missing-cover W1',
    ]);
    expect(await standing()).toEqual(['missing-cover W1']);
    expect(await asked('leave', leave)).toMatchObject({ added: 0, known: 2 });
  }, 120_000);

  test('says the same to people', async () => {
    const cover = `window,employee,date,hours\nW1,e1,${date},09:00-10:00\n`;
    const run = await zaigang(
      ['import', 'roster', '-', '--dry-run', '--lang', 'zh', '--config', daemon.configFile],
      cover,
      daemon.folder,
      ENV,
    );
    expect(run).toMatchObject({ code: 0, out: '' });
    expect(run.err).toMatch(
      /^-：CSV, UTF-8, ","，1 行\n会新增 1 条，已有 0 条；没有导入。\n按截至 .* 的数据，结论会新增 0 条、更改 \d 条、撤销 0 条。\n/,
    );
  }, 120_000);

  test('shows what facts would change, and a person’s punches that waited', async () => {
    expect(await asked('punches', `卡号,时间,考勤机\n77,${date} 08:50,clock-1\n`)).toMatchObject({
      added: 1,
      notes: [expect.stringMatching(/nobody’s yet/)],
    });
    const enrolment = await asked('people', `工号,卡号,开始\ne2,77,${date}\n`);
    expect(enrolment).toMatchObject({ added: 1 });
    const [punch] = (await daemon.facts()).filter(({ credential, fact }) => fact === 'punch' && credential === '77');
    const cancel = JSON.stringify({ fact: 'cancel', id: 'q1', at: `${date}T20:00:00+08:00`, target: punch?.['id'] });
    const tried = await asked('facts', cancel, '--dry-run');
    expect(tried).toMatchObject({ added: 1, imported: false });
    expect(tried.preview).not.toBeNull();
    expect((await daemon.facts()).some(({ fact }) => fact === 'cancel')).toBe(false);
  }, 120_000);

  test('notes the days that would be judged as well', async () => {
    const earlier = dateOf(civilDay(zone, Date.now()) - 4);
    const tried = await asked('punches', `卡号,时间\n1001,${earlier} 08:50\n`, '--dry-run');
    expect(tried.notes).toEqual([
      expect.stringMatching(new RegExp(`^before ${date}, the first day judged so far.*\\(1 row: 2\\)$`)),
    ]);
    expect(tried.preview?.changes.some(({ verdict }) => verdict['date'] === earlier)).toBe(true);
  }, 120_000);
});
