/** The `replay` command as scripts use it: what it prints, where it writes, and the number it ends with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diceOf } from '../oracle/dice.ts';
import { type CommandOutcome, MAIN, zaigang } from '../support/daemon.ts';

const HALL = `
hall: { id: suixian, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } }
employees:
  - { id: e1, name: 徐敏, schedule: standard, credentials: ["1001"] }
  - { id: e2, name: 李岚, schedule: standard, credentials: ["1002"] }
windows:
  - { id: W1, schedule: standard, a: e1, b: e2 }
clocks: [{ id: clock-1 }]
`;

const at = (time: string): string => `2026-03-02T${time}+08:00`;
/** Monday: e1 is late, e2 does not come; Tuesday both do, and an old punch of e2 with them. */
const FACTS = [
  { fact: 'punch', id: 'p1', at: at('09:07:30'), employee: 'e1', device: 'clock-1' },
  { fact: 'presence', id: 'v1', at: at('09:08:00'), window: 'W1', state: 'occupied' },
  { fact: 'punch', id: 'p2', at: '2026-03-03T08:55:00+08:00', credential: '1001', device: 'clock-1', seq: 7 },
  { fact: 'punch', id: 'p3', at: '2026-03-03T00:56:00.500Z', employee: 'e2' },
  { fact: 'punch', id: 'p4', at: at('08:58:00'), employee: 'e2', recordedAt: '2026-03-03T09:30:00+08:00' },
  {
    fact: 'leave',
    id: 'l1',
    employee: 'e2',
    kind: '公休',
    from: '2026-03-04T09:00:00+08:00',
    to: '2026-03-04T12:00:00+08:00',
  },
];
const LINES = FACTS.map((fact) => JSON.stringify(fact));
const LATE_E1 = {
  rule: 'late',
  state: 'closed',
  hall: 'suixian',
  id: 'late/e1/2026-03-02/1',
  date: '2026-03-02',
  session: 1,
  side: null,
  employee: 'e1',
  window: null,
  department: null,
  from: at('09:00:00'),
  to: at('09:07:30'),
  minutes: 8,
  evidence: ['p1'],
  config: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
};

let folder: string;
/** The facts as they are, and no option more than needed. */
let plain: CommandOutcome;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-replay-'));
  writeFileSync(join(folder, 'hall.yaml'), HALL);
  writeFileSync(join(folder, 'facts.jsonl'), `${LINES.join('\n')}\n`);
  plain = await ofFile();
});
afterAll(() => rmSync(folder, { recursive: true }));

const ENV = () => ({ NODE_COMPILE_CACHE: join(folder, 'compiled') });
const replay = (
  args: readonly string[],
  input = '',
  env: Readonly<Record<string, string>> = {},
): Promise<CommandOutcome> => zaigang(['replay', ...args], input, folder, { ...ENV(), ...env });
const ofFile = (...more: readonly string[]): Promise<CommandOutcome> =>
  replay(['--config', 'hall.yaml', '--facts', 'facts.jsonl', ...more]);
const ofText = (text: string, ...more: readonly string[]): Promise<CommandOutcome> =>
  replay(['--config', 'hall.yaml', '--facts', '-', ...more], text);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const linesOf = (text: string): unknown[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

describe.concurrent('replay', () => {
  test('prints the verdicts that hold, and nothing else', () => {
    expect(plain).toMatchObject({ code: 0, err: '' });
    expect(linesOf(plain.out)).toEqual([LATE_E1]);
    expect(plain.out.endsWith('\n')).toBe(true);
    expect(Object.keys(JSON.parse(plain.out))).toEqual(Object.keys(LATE_E1));
  });

  test('judges as of the latest instant in the facts, unless told another', async () => {
    // The latest is p4's recordedAt, 09:30 on Tuesday; before it, e2 is missing on Monday.
    const [told, before] = await Promise.all([
      ofFile('--now', '2026-03-03T01:30:00Z'),
      ofFile('--now', '2026-03-03T09:29:59.999+08:00'),
    ]);
    expect(told).toEqual(plain);
    expect(linesOf(before.out)).toMatchObject([{ rule: 'absent', employee: 'e2', minutes: 180 }, LATE_E1]);
  });

  test('judges from the first date that any fact names, unless told another', async () => {
    const run = await ofFile('--from', '2026-03-03');
    expect(run).toEqual({ code: 0, out: '', err: '' });
  });

  test('reads standard input', async () => {
    expect(await ofText(read('facts.jsonl'))).toEqual(plain);
  });

  test('prints the same bytes for any order of the lines', async () => {
    const dice = diceOf(1);
    const orders = [LINES, [...LINES].reverse(), dice.shuffled(LINES)];
    const runs = await Promise.all(orders.map((lines, i) => ofText(lines.join('\n'), '--history', `history-${i}`)));
    for (const [i, run] of runs.entries()) {
      expect(run).toEqual(plain);
      expect(read(`history-${i}`)).toBe(read('history-0'));
    }
    expect(linesOf(read('history-0'))).toContainEqual(
      expect.objectContaining({
        op: 'retract',
        at: '2026-03-03T09:30:00+08:00',
        cause: { facts: ['p4'] },
        employee: 'e2',
      }),
    );
  });

  test('reads a byte order mark, blank lines, carriage returns, and a line that is there twice', async () => {
    const odd = await ofText(`\uFEFF${LINES.join('\r\n')}\r\n\r\n  \n${LINES[0]}\n\n${LINES[3]}`);
    expect(odd).toEqual(plain);
  });

  test('sets lines of other halls aside, and says how many there are', async () => {
    const here = FACTS.map((fact) => JSON.stringify({ ...fact, hall: 'suixian' }));
    const there = FACTS.map((fact) => JSON.stringify({ ...fact, hall: 'guangshui' }).replaceAll(/"e(\d)"/g, '"x$1"'));
    const both = await ofText([...there, ...here].join('\n'));
    expect(both).toEqual({ ...plain, err: '-: lines of other halls, left aside: 6\n' });
  });

  test('knows no zone and no language of the machine', async () => {
    // Elsewhere it is Tuesday when it is Monday here, and no Chinese is spoken.
    const places = [
      { TZ: 'Pacific/Apia', LC_ALL: 'C' },
      { TZ: 'Asia/Shanghai', LC_ALL: 'zh_CN.UTF-8' },
    ];
    const args = ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--history'];
    const runs = await Promise.all(places.map((env) => replay([...args, `in-${env.LC_ALL}`], '', env)));
    expect(runs).toEqual([plain, plain]);
    expect(read('in-C')).toBe(read('in-zh_CN.UTF-8'));
    expect(read('in-C')).toContain('+08:00');
  });

  test('writes where it is told, and then prints nothing', async () => {
    const written = await ofFile('--out', 'verdicts.jsonl', '--history', 'changes.jsonl');
    expect(written).toEqual({ code: 0, out: '', err: '' });
    expect(read('verdicts.jsonl')).toBe(plain.out);
    expect(linesOf(read('changes.jsonl'))[0]).toMatchObject({
      op: 'open',
      at: at('09:05:00.001'),
      cause: { deadline: true },
    });
  });

  test('has nothing to say of no facts', async () => {
    expect(await ofText('', '--history', 'nothing.jsonl')).toEqual({ code: 0, out: '', err: '' });
    expect(read('nothing.jsonl')).toBe('');
  });

  test('does not miss secrets that are not set, nor ask whether anything is there', async () => {
    const secrets = `${HALL}mqtt: { url: "mqtts://broker.invalid:8883", username: zaigang, password: "\${NO_SUCH_PASSWORD}" }\n`;
    writeFileSync(join(folder, 'secrets.yaml'), secrets);
    expect(await replay(['--config', 'secrets.yaml', '--facts', 'facts.jsonl'])).toEqual(plain);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });
});

describe.concurrent('bad facts', () => {
  const punch = (more: object): string => JSON.stringify({ ...FACTS[0], id: 'x', ...more });
  const BAD: readonly [line: string, said: RegExp][] = [
    ['{"fact":"punch",', /not JSON/],
    ['[]', /JSON object/],
    [punch({ fact: 'punched' }), /fact: unknown fact "punched"/],
    [punch({ color: 'red' }), /color: unknown key/],
    [punch({ constructor: 1 }), /constructor: unknown key/],
    [punch({ at: '2026-03-02T09:07:30' }), /at: expected a time/],
    [punch({ id: 'x1', employee: 'e3' }), /employee: unknown employee "e3"/],
    [punch({ id: 'x2', hall: 'elsewhere' }), /hall: unknown hall "elsewhere"/],
    [JSON.stringify({ ...FACTS[1], id: 'x3', window: 'W9' }), /window: unknown window "W9"/],
    [JSON.stringify({ ...FACTS[0], employee: 'e2' }), /id: "p1" was on line 1 already, with other content/],
    [JSON.stringify({ fact: 'cancel', id: 'x4', at: at('10:00:00'), target: 'p9' }), /target: there is no fact "p9"/],
    [JSON.stringify({ fact: 'slip', id: 'x5', at: at('10:00:00'), leave: 'p1' }), /leave: "p1" is no leave/],
    [
      JSON.stringify({
        fact: 'config',
        id: 'x6',
        at: at('08:00:00'),
        hash: 'sha256:0',
        effectiveFrom: at('08:00:00'),
        judging: {},
      }),
      /hash: is not that/,
    ],
  ];

  test('are all named, by line, and nothing is printed or written', async () => {
    const text = [...LINES, '', ...BAD.map(([line]) => line)].join('\n');
    const run = await ofText(text, '--out', 'never.jsonl', '--history', 'never-history.jsonl');
    expect(run).toMatchObject({ code: 65, out: '' });
    expect(existsSync(join(folder, 'never.jsonl'))).toBe(false);
    expect(existsSync(join(folder, 'never-history.jsonl'))).toBe(false);
    const said = run.err.trimEnd().split('\n');
    expect(said.length).toBe(BAD.length + 1);
    for (const [i, [, wanted]] of BAD.entries()) {
      expect(said[i]).toMatch(new RegExp(`^-:${LINES.length + 2 + i}: `));
      expect(said[i]).toMatch(wanted);
    }
    expect(said.at(-1)).toBe(`${BAD.length} problems; nothing was done.`);
  });

  test('are named in the user’s language, at most fifty of them', async () => {
    const text = Array.from({ length: 60 }, () => '{').join('\n');
    const { code, err } = await ofText(text, '--lang', 'zh');
    expect(code).toBe(65);
    expect(err.trimEnd().split('\n').slice(-2)).toEqual(['……另有 10 处', '共 60 处问题，没有输出。']);
  });

  test('that are no UTF-8 are not guessed', async () => {
    const bytes = Buffer.from(LINES[5] ?? '', 'utf8');
    // 公休 as a spreadsheet of another age would write it (GBK).
    const line = Buffer.concat([
      bytes.subarray(0, bytes.indexOf('公休')),
      Buffer.from([0xb9, 0xab, 0xd0, 0xdd]),
      bytes.subarray(bytes.indexOf('公休') + 6),
    ]);
    writeFileSync(join(folder, 'gbk.jsonl'), Buffer.concat([Buffer.from(`${LINES[0]}\n`), line]));
    const run = await replay(['--config', 'hall.yaml', '--facts', 'gbk.jsonl']);
    expect(run).toMatchObject({ code: 65, out: '' });
    expect(run.err).toMatch(/UTF-8/);
  });
});

describe.concurrent('it ends with', () => {
  const outcomes: readonly [what: string, code: number, args: readonly string[]][] = [
    ['64 without facts', 64, ['--config', 'hall.yaml']],
    ['64 without a configuration', 64, ['--facts', 'facts.jsonl']],
    [
      '64 for an option that it does not know',
      64,
      ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--when', 'now'],
    ],
    [
      '64 for a time that is none',
      64,
      ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--now', '2026-03-02 18:00'],
    ],
    [
      '64 for a language that it does not speak',
      64,
      ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--lang', 'fr'],
    ],
    ['64 for a date that is none', 64, ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--from', '2026-02-30']],
    ['65 where the facts are a folder', 65, ['--config', 'hall.yaml', '--facts', 'folder']],
    ['66 where there are no such facts', 66, ['--config', 'hall.yaml', '--facts', 'none.jsonl']],
    ['66 where there is no such configuration', 66, ['--config', 'none.yaml', '--facts', 'facts.jsonl']],
    [
      '73 where it cannot write',
      73,
      ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--out', 'no/such/folder.jsonl'],
    ],
    [
      '73 where it cannot write the history',
      73,
      ['--config', 'hall.yaml', '--facts', 'facts.jsonl', '--history', 'folder'],
    ],
    ['78 for a configuration that is wrong', 78, ['--config', 'wrong.yaml', '--facts', 'facts.jsonl']],
  ];

  beforeAll(() => {
    writeFileSync(join(folder, 'wrong.yaml'), HALL.replace('a: e1', 'a: e7'));
    mkdirSync(join(folder, 'folder'));
  });

  test('0, and not a word, where nobody reads on', async () => {
    const child = spawn(process.execPath, [MAIN, 'replay', '--config', 'hall.yaml', '--facts', 'facts.jsonl'], {
      cwd: folder,
      env: { ...process.env, ...ENV() },
    });
    child.stdout.destroy();
    const said: Buffer[] = [];
    child.stderr.on('data', (bytes: Buffer) => void said.push(bytes));
    const [code] = await once(child, 'close');
    expect({ code, said: Buffer.concat(said).toString() }).toEqual({ code: 0, said: '' });
  });

  test.each(outcomes)('%s', async (_, code, args) => {
    const run = await replay(args);
    expect(run).toMatchObject({ code, out: '' });
    expect(run.err).not.toBe('');
    expect(run.err).not.toMatch(/^\s+at /m);
  });
});
