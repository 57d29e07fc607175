/** The demonstration as people run it: the real command, from its first line to the folder that it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoCommand } from '../../daemon/commands/demo.ts';
import { dayAnswer, workingDayUpTo } from '../../daemon/demo/working-day.ts';
import { dateOf, dayOfDate } from '../../rules/time.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));
const DAY = ['--day', '2026-03-02', '--speed', 'max'];
/** A day at full speed takes seconds, on a busy machine several times as many. */
const PLAY_MS = 180_000;

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly said: () => string;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** Where the demonstration keeps what it needs, and, beside it, what spares Node reading the program each time. */
let [folder, compiled] = ['', ''];
/** Runs that a broken test would leave behind. */
const running = new Set<ChildProcess>();

/** In memory where there is room: three days are four thousand flushes, and what a flush is worth is tested elsewhere. */
function scratch(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > 500_000_000 ? memory : tmpdir();
}

interface RunOptions {
  readonly input?: string;
  readonly lang?: string;
  /** Where programs are looked for. */
  readonly path?: string | undefined;
  /** In a process group of its own, as at a terminal. */
  readonly detached?: boolean;
}

function zaigang(args: readonly string[], options: RunOptions = {}): Run {
  const { input = '', lang = 'C.UTF-8', path = process.env['PATH'], detached = false } = options;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    cwd: folder,
    env: {
      PATH: path,
      LC_ALL: lang,
      TZ: 'Pacific/Chatham',
      TMPDIR: folder,
      NODE_COMPILE_CACHE: compiled,
    },
    stdio: 'pipe',
    detached,
  });
  running.add(child);
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, out: () => out, said: () => said, ended };
}

async function outputOf(args: readonly string[], input = ''): Promise<string> {
  const run = zaigang(args, { input });
  expect([await run.ended, run.said()]).toEqual([0, expect.any(String)]);
  return run.out();
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
type Line = Readonly<Record<string, unknown>>;
const parsed = (text: string): Line[] => linesOf(text).map((line) => JSON.parse(line) as Line);
const counted = <T>(items: readonly T[], wanted: (item: T) => boolean): number => items.filter(wanted).length;
/** The numbers of the first such line. */
function figures(text: string, line: RegExp): number[] {
  const found = linesOf(text).find((one) => line.test(one));
  if (found === undefined) throw new Error(`no line like ${line} in ${text}`);
  return (found.match(/\d+/g) ?? []).map(Number);
}

/** What is still running of the demonstrations: each names their folder in its environment. */
function left(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => (textOf(pid, 'environ').includes(`TMPDIR=${folder}`) ? [textOf(pid, 'cmdline')] : []));
}

function textOf(pid: string, what: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Gone in the meantime.
    return '';
  }
}

let chinese: Run;
/** Where no ffmpeg is found. */
let english: Run;
/** Plays the same as `chinese`, with its port taken, and stays up. */
let staying: Run;
let taken: Server;
let url = '';

beforeAll(async () => {
  folder = mkdtempSync(join(scratch(), 'zaigang-demo-test-'));
  compiled = mkdtempSync(join(tmpdir(), 'zaigang-compiled-'));
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  chinese = zaigang(['demo', '--once', ...DAY, '--lang', 'zh', '--port', '0']);
  staying = zaigang(['demo', ...DAY, '--port', String(address.port)], { lang: 'zh_CN.UTF-8' });
  await chinese.ended;
  english = zaigang(['demo', '--once', ...DAY, '--lang', 'en', '--port', '0', '--seed', '2'], { path: folder });
  await until(() => /export verdicts[\s\S]+docs\//.test(staying.said()), {
    timeoutMs: PLAY_MS,
    what: `the end of the day: ${staying.said()}`,
  });
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(staying.said())?.[0] ?? '';
  await english.ended;
}, 2 * PLAY_MS);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  taken.close();
  for (const path of [folder, compiled]) rmSync(path, { recursive: true, force: true });
});

describe('the story', () => {
  test.each([
    ['is told in Chinese where asked', /^演示大厅「某县政务服务中心」 2026-03-02 星期一 · 24 个窗口，40 人，3 台/],
    ['a window with a camera', /^08:10 {2}· 画面 {2}A04 房产交易的座位由一路摄像机看：.+ffmpeg.+MQTT 报来$/m],
    ['leave that is known beforehand', /^08:11 {2}· 请假 {2}导入今日请假 3 条/m],
    ['a punch of each clock', /打卡 {2}\S+ 一楼考勤机 ✓[\s\S]+08:30/],
    ['how the hall opens', /^08:30 {2}▣ 开窗 {2}应开窗 24，已有人 \d+，没有人 1，尚无消息 \d+$/m],
    ['A on leave, B in time', /^08:30 {2}↔ 顶岗 {2}A07 采伐许可：刘琪（B岗）接岗，按时开窗 ✓$/m],
    ['touches that came twice', /⟳ 重复 {2}一楼考勤机把 6 次打卡又发了一遍/],
    ['a broken message', /✗ 拒收 {2}一楼考勤机发来半条报文/],
    ['an enrolment that is nobody’s', /\? 无主 {2}员工门禁有一次打卡，编号 8888/],
    ['a clock that is cut off', /^08:20 {2}✂ 断线 {2}二楼考勤机断线/m],
    [
      'whom it leaves in doubt, without a name',
      /^08:35 {2}\? 待定 {2}考勤机离线.*：\d+ 名窗口人员、.+窗口先不下结论，不点名，不通知$/m,
    ],
    ['how they heal', /^10:10 {2}↩ 补齐 {2}打卡到齐后，\d+ 名窗口人员、.+窗口的待定撤销/m],
    ['and who was late in earnest', /^10:15 {2}⚠ 告警 {2}雷梅 迟到：08:30—08:4\d，共 \d+ 分钟 → 值班室$/m],
    [
      'a late A and her closed window as one',
      /^08:36 {2}⚠ 告警 {2}A02 户政窗口 无人顶岗：.+，未按时开窗；廖强 迟到：.+（2 件合为 1 条） → 值班室$/m,
    ],
    ['their end as one', /^08:4\d {2}✓ 结束 {2}廖强 迟到：.+；A02 户政窗口 无人顶岗：.+（2 件合为 1 条） → 值班室$/m],
    [
      'lateness that becomes absence as one alert',
      /高倩 迟到：.+\n[\s\S]+^09:00 {2}⚠ 更新 {2}高倩 缺勤：08:30 起，已 31 分钟 → 值班室$/m,
    ],
    [
      'its withdrawal by leave that was recorded afterwards',
      /· 请假 {2}补录：高倩 病假.+\n.+↩ 撤销 {2}更正：2026-03-02 高倩 08:30 的“缺勤”已撤销 → 值班室$/m,
    ],
    ['a seat that cannot be seen', /^10:0\d {2}\? 座位 {2}A06 摄像机没有画面/m],
    [
      'a window without anybody',
      /^14:36 {2}⚠ 告警 {2}B07 取水许可窗口 无人顶岗：14:30 起，已 7 分钟，未按时开窗；刘丽 迟到/m,
    ],
    [
      'B who comes',
      /↔ 顶岗 {2}B07 取水许可：马涛（B岗）接岗，空档 \d+ 分\n[\s\S]*✓ 结束 {2}B07 取水许可窗口 无人顶岗：14:30—14:5\d/,
    ],
    ['a seat neither seen nor held: nobody is accused', /^15:05 {2}\? 待定 {2}看不清座位：B06 窗口先不下结论/m],
    ['a stand-in', /↔ 顶岗 {2}B06 特种设备：尹航（临时）接岗/],
    [
      'a seat seen to be empty',
      /^15:4\d {2}⚠ 告警 {2}A04 房产交易窗口 无人顶岗：15:39 起[\s\S]+↔ 顶岗 {2}A04 房产交易：何星（B岗）接岗[\s\S]+✓ 结束 {2}A04/m,
    ],
    ['the proof', /重算 {2}由 \d+ 条事实重新判定：结论 \d+ 条、变化 \d+ 次，与现场逐字节一致 ✓\n$/],
  ])('%s', (_, line) => expect(chinese.out()).toMatch(line));

  test('names nobody who is in doubt', () => {
    const doubts = linesOf(chinese.out()).filter((line) => /待定/.test(line) && /^\d\d:\d\d/.test(line));
    expect(doubts.length).toBeGreaterThan(2);
    expect(doubts.join()).not.toMatch(/王曼|雷梅|何勇|顾青|蒋蓉|邓凯|刘丽|郑磊|宋岩|田野|苏婷|秦露|唐果/);
  });

  test('goes forward in time', () => {
    const times = linesOf(chinese.out()).flatMap((line) => /^\d\d:\d\d(?= )/.exec(line)?.[0] ?? []);
    expect(times.length).toBeGreaterThan(30);
    expect(times).toEqual(times.toSorted());
  });

  test('is the same for the same seed, whatever the port, and in colours for nobody but people', async () => {
    expect(await chinese.ended).toBe(0);
    expect(staying.out()).toBe(chinese.out());
    expect(chinese.out()).not.toContain('\u001b');
  });

  test('is another for another seed', () => {
    const times = (text: string) => linesOf(text).map((line) => line.slice(0, 5));
    expect(times(english.out())).not.toEqual(times(chinese.out()));
    expect(figures(english.out(), /^ {2}punches/)[0]).not.toBe(figures(chinese.out(), /^ {2}打卡/)[0]);
  });

  test.each([
    /^Demonstration: County Service Centre, Monday 2026-03-02 · 24 windows, 40 people, 3 clocks/,
    /^08:30 {2}↔ cover {6}A07 Felling licences: 刘琪 \(B\) takes over, opened on time ✓$/m,
    /^08:36 {2}⚠ alert {6}window A02 Household registration not covered: .+; 廖强 late: .+ \(2 in one message\) → duty room$/m,
    /^08:35 {2}\? undecided {2}a clock is offline.+: no verdict on \d+ employees and .+ yet, nobody is named or told$/m,
    /↩ withdrawn {2}Correction: "absent" of 高倩, 2026-03-02 08:30, has been withdrawn → duty room$/m,
    /replay {4}\d+ facts judged again: \d+ verdicts and \d+ changes, the same byte for byte ✓\n$/,
  ])('is told in English as well: %s', async (line) => {
    expect(await english.ended).toBe(0);
    expect(english.out()).toMatch(line);
  });
});

describe('where there is no ffmpeg', () => {
  test('it is said in a sentence, and the day goes on without pictures', async () => {
    expect(await english.ended).toBe(0);
    const said = 'Without a working ffmpeg the seat of A04 is reported over MQTT like the others (No working ffmpeg';
    expect(english.said()).toContain(said);
    expect(english.out()).not.toContain('watched by a camera');
    expect(english.out()).toMatch(/^15:4\d {2}⚠ alert {6}window A04 Property sales not covered: since 15:/m);
  });
});

describe('while it stays up', () => {
  test('what its camera saw is in the ledger, by the camera, dated by its pictures', async () => {
    const config = /--config (\S+)/.exec(staying.said())?.[1] ?? '';
    const facts = parsed(await outputOf(['export', 'facts', '--config', config]));
    const seen = facts.filter((line) => line['fact'] === 'presence' && line['window'] === 'A04');
    expect(seen.filter((line) => line['via'] !== 'camera' || line['source'] !== 'cam-a04')).toEqual([]);
    const others = facts.filter((line) => line['fact'] === 'presence' && line['window'] !== 'A04');
    expect(others.filter((line) => line['via'] !== 'mqtt')).toEqual([]);
    const times = seen.map((line) => `${String(line['at']).slice(11, 19)} ${line['state']}`);
    expect(times.filter((time) => !/^\d\d:\d\d:\d0 /.test(time))).toEqual([]);
    // The empty seat of the afternoon, within half a minute of its leaving; and the lunch, of which nothing is known.
    expect(times).toContainEqual(expect.stringMatching(/^15:39:[1-4]0 empty$/));
    expect(times).toContain('12:05:10 unknown');
    expect(seen.length).toBeGreaterThan(6);
  });

  test('the commands that it names judge the day again, and agree with the summary', async () => {
    const named = linesOf(staying.said()).filter((line) => line.startsWith('  ./zaigang export'));
    const [first = '', second = ''] = named.map((line) => line.trim().replaceAll('./zaigang ', ''));
    const [exporting = '', replaying = ''] = second.split(' | ');
    const [verdicts, facts] = await Promise.all([outputOf(first.split(' ')), outputOf(exporting.split(' '))]);
    const historyFile = join(compiled, 'history.jsonl');
    expect(await outputOf([...replaying.split(' '), '--history', historyFile], facts)).toBe(verdicts);

    const history = readFileSync(historyFile, 'utf8');
    const [factLines, verdictLines, changes] = [facts, verdicts, history].map(parsed) as [Line[], Line[], Line[]];
    const kind = (fact: string) => counted(factLines, (line) => line['fact'] === fact);
    const text = staying.out();
    expect(figures(text, /^ {2}打卡/)).toEqual([kind('punch'), 1, 6, 1]);
    const ops = ['open', 'revise', 'close', 'retract'].map((op) => counted(changes, (line) => line['op'] === op));
    expect(figures(text, /^ {8}变化/)).toEqual([changes.length, ...ops]);
    expect(figures(text, /^ {2}重算/)).toEqual([factLines.length, verdictLines.length, changes.length]);
    expect(figures(text, /^ {2}座位/).at(-1)).toBe(kind('presence'));
    const RULES = { 迟到: 'late', 缺勤: 'absent', 无人顶岗: 'missing-cover' };
    for (const [zh, name] of Object.entries(RULES)) {
      const count = counted(verdictLines, (line) => line['rule'] === name);
      expect(count).toBeGreaterThan(0);
      expect(text).toMatch(new RegExp(`结论 {2}.*${zh} ${count}（`));
    }
  });

  test('the board shows its hall, at another port than the one in use', async () => {
    expect(staying.said()).toContain('已被占用，另选一个');
    expect((await fetch(`${url}/`)).status).toBe(200);
    const board = (await (await fetch(`${url}/api/v1/windows`)).json()) as { date: string; windows: unknown[] };
    expect([board.date, board.windows.length]).toEqual(['2026-03-02', 24]);
  });

  test('until it is interrupted; then nothing is left', async () => {
    staying.child.kill('SIGINT');
    expect(await staying.ended).toBe(0);
    await english.ended;
    expect(readdirSync(folder)).toEqual([]);
    expect(left()).toEqual([]);
  });
});

describe('broken off', () => {
  test.each(['SIGTERM', 'Ctrl-C', 'a reader that goes away'])('by %s it leaves nothing behind', async (how) => {
    const run = zaigang(['demo', '--day', '2026-03-02', '--port', '0'], { detached: how === 'Ctrl-C' });
    await until(() => run.out().includes('08:11'), { timeoutMs: PLAY_MS, what: 'the first line' });
    expect(left().filter((command) => command.includes('libx264')).length).toBe(1);
    // At a terminal Ctrl-C goes to everything that was started there.
    if (how === 'Ctrl-C') process.kill(-(run.child.pid ?? 0), 'SIGINT');
    else if (how === 'SIGTERM') run.child.kill('SIGTERM');
    else run.child.stdout?.destroy();
    expect([await run.ended, run.said()]).toEqual([0, expect.not.stringMatching(/Error|ffmpeg/)]);
    expect(readdirSync(folder)).toEqual([]);
    expect(left()).toEqual([]);
  });
});

describe('what cannot be played is refused in words', () => {
  test('by the command, in the language of the locale', async () => {
    const run = zaigang(['demo', '--day', '2026-05-01'], { lang: 'zh_CN.UTF-8' });
    const said = '2026-05-01 是休息日，大厅不开门，没有可演示的。可用工作日：--day 2026-04-30\n';
    expect([await run.ended, run.out(), run.said()]).toEqual([64, '', said]);
  });

  test.each([
    ['--day', '2031-03-03', 'the holidays around 2031-03-03 are not published'],
    ['--day', '2026-02-30', '--day: expected a date'],
    ['--speed', 'fast', '--speed: expected a number'],
    ['--speed', '-1', '--speed: expected a number'],
    ['--port', '70000', '--port: expected a whole number'],
    ['--seed', '1.5', '--seed: expected a whole number'],
  ])('%s %s', async (option, value, said) => {
    const program = new Command().exitOverride();
    const silent = { out: () => {}, say: () => {}, env: {}, lang: 'en' as const };
    demoCommand(program, silent);
    const refused = expect(program.parseAsync(['demo', option, value], { from: 'user' })).rejects;
    await refused.toMatchObject({ code: 64, message: expect.stringContaining(said) });
  });

  test.each([
    ['2026-03-02', 'work'],
    ['2026-03-01', 'rest'],
    ['2026-02-14', 'work'],
    ['2026-10-01', 'rest'],
    ['2031-03-03', 'unconfirmed'],
  ] as const)('%s is %s', (date, answer) => expect(dayAnswer(dayOfDate(date) ?? 0)).toBe(answer));

  test.each([
    ['2026-03-01', '2026-02-28'],
    ['2026-10-07', '2026-09-30'],
    ['2031-03-03', '2026-12-31'],
  ])('the last working day up to %s is %s', (date, last) => {
    expect(dateOf(workingDayUpTo(dayOfDate(date) ?? 0))).toBe(last);
  });
});
