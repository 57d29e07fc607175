/** `report` by its real command: beside a running daemon and without one, in both languages, with its exit codes; and on schedule. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checksumOf, type Report } from '../../daemon/reports/report.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { type CommandOutcome, type Daemon, daemonOf, MAIN, zaigang } from '../support/daemon.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';

const noon = noonAt(Date.now());
/** A session of this morning that is over. */
const BEGAN = Math.floor(Date.now() / HOUR) * HOUR - 3 * HOUR;
const MONTH = noon.date.slice(0, 7);
const NEXT_YEAR = String(Number(noon.date.slice(0, 4)) + 1);

// A dozen programs are started one after the other; a busy machine takes seconds for each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let daemon: Daemon;
let out: string;
beforeAll(async () => {
  daemon = daemonOf({
    config: {
      hall: { id: 'suixian', name: '随县政务服务中心', timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { standard: { punches: 'in', weekly: everyDay(noon.session(BEGAN, BEGAN + HOUR)) } },
      employees: [
        { id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] },
        { id: 'e2', name: '周诚', schedule: 'standard' },
      ],
      windows: [{ id: 'W1', name: '出入境', schedule: 'standard', a: 'e1', b: ['e2'] }],
      clocks: [{ id: 'clock-1' }],
      reports: [{ make: 'day', at: '04:00', formats: ['json'], folder: './made' }],
    },
  });
  out = join(daemon.folder, 'out');
  await daemon.start();
  const punch = { fact: 'punch', id: 'p1', at: stamp(BEGAN + 8 * MINUTE), employee: 'e1', device: 'clock-1' };
  await daemon.import([punch]);
});
afterAll(() => daemon[Symbol.asyncDispose]());

const report = (...args: readonly string[]): Promise<CommandOutcome> =>
  zaigang(['report', ...args, '--config', daemon.configFile]);

function checkReport(said: Report): void {
  expect(said).toMatchObject({ kind: 'day', period: noon.date, countedFrom: noon.date, settled: false });
  expect(checksumOf(said)).toBe(said.checksum);
  const verdicts = said.sheets.find(({ id }) => id === 'verdicts')?.rows ?? [];
  expect(verdicts.map(([date, rule, state, , employee]) => [date, rule, state, employee])).toEqual([
    [noon.date, 'absent', 'closed', 'e2'],
    [noon.date, 'late', 'closed', 'e1'],
  ]);
}

test('what is on schedule is made when the daemon starts', async () => {
  expect(await daemon.logged('report was made')).toMatchObject({ kind: 'day', period: noon.date, files: 1 });
  const file = join(daemon.folder, 'made', `suixian-day-${noon.date}.json`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ period: noon.date });
  expect(readdirSync(join(daemon.folder, 'made'))).toHaveLength(1);
});

test('beside a running daemon: data on standard output, or files', async () => {
  const { code, out: text, err } = await report('day', noon.date, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  checkReport(JSON.parse(text));
  const files = await report('month', MONTH, '--out', out, '--format', 'xlsx,docx,csv, html', '--lang', 'zh');
  expect(files).toMatchObject({ code: 0, err: '未定稿：期间未结束，或尚有待定、进行中的结论。\n' });
  const written = files.out.trim().split('\n');
  expect(written).toContain(join(out, `suixian-month-${MONTH}.xlsx`));
  expect(written).toContain(join(out, `suixian-month-${MONTH}.docx`));
  expect(written).toContain(join(out, `suixian-month-${MONTH}-people.csv`));
  expect(written.every((file) => existsSync(file))).toBe(true);
  expect(readFileSync(join(out, `suixian-month-${MONTH}.html`), 'utf8')).toContain('>徐敏<');
  const masked = await report('month', MONTH, '--out', out, '--format', 'html', '--mask-names');
  expect(masked).toMatchObject({ code: 0, err: expect.stringMatching(/^A draft: /) });
  expect(readFileSync(join(out, `suixian-month-${MONTH}.html`), 'utf8')).not.toContain('徐敏');
});

const WRONG: readonly (readonly [code: number, sentence: RegExp, ...args: string[]])[] = [
  [64, /^there is no month "2026-13": it is written like 2026-11\n$/, 'month', '2026-13'],
  [64, /Allowed choices are day, week/, 'decade', '2020'],
  [66, new RegExp(`^${NEXT_YEAR} 还没有开始：数据到 ${noon.date}\n$`), 'year', NEXT_YEAR, '--lang', 'zh'],
  [66, new RegExp(`^there are no data of 2020-Q1: records begin on ${noon.date}\n$`), 'quarter', '2020-Q1'],
  [66, /^there is no employee "e9" in /, 'day', noon.date, '--employee', 'e9'],
  [66, /^at 2020-01-01T00:00:00.000Z nothing was known yet/, 'day', noon.date, '--as-known-at', '2020-01-01T00:00:00Z'],
  [64, /^--as-known-at：应为 .* 这样的时间，给的是“昨天”/, 'day', noon.date, '--as-known-at', '昨天', '--lang', 'zh'],
  [64, /^--format: expected some of xlsx, docx, csv, html, json, pdf, got "doc"/, 'day', noon.date, '--format', 'doc'],
  [64, /^--json goes without --format and --out/, 'day', noon.date, '--json', '--out', '.'],
];

test('what is wrong is one sentence', async () => {
  const said = await Promise.all(WRONG.map(([, , ...args]) => report(...args)));
  for (const [i, [code, sentence]] of WRONG.entries()) {
    expect(said[i]).toMatchObject({ code, out: '', err: expect.stringMatching(sentence) });
    expect(said[i]?.err.trim().split('\n')).toHaveLength(1);
  }
});

test('pdf is printed by a Chromium that is there; without one it says what to do', async () => {
  const printed = await report('day', noon.date, '--out', out, '--format', 'pdf', '--lang', 'zh');
  expect(printed).toMatchObject({ code: 0, out: `${join(out, `suixian-day-${noon.date}.pdf`)}\n` });
  expect(
    readFileSync(join(out, `suixian-day-${noon.date}.pdf`))
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const args = ['report', 'day', noon.date, '--config', daemon.configFile, '--format', 'pdf', '--out', out];
  expect(await zaigang(args, '', out, { PATH: out })).toMatchObject({
    code: 69,
    err: expect.stringMatching(/^pdf needs a Chromium, Chrome or Edge on this machine; without one, use --format html/),
  });
});

/** The command on a terminal of its own; Ctrl-C, where told, once a first day is done. */
async function onTerminal(args: readonly string[], interrupt: boolean): Promise<{ code: number; said: string }> {
  const command = [process.execPath, MAIN, 'report', ...args, '--config', daemon.configFile].map((one) => `'${one}'`);
  const child = spawn('script', ['-qefc', `exec ${command.join(' ')}`, '/dev/null'], { stdio: 'pipe' });
  let said = '';
  let isPressed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (!interrupt || isPressed || !/ of \d+ days/.test(said)) return;
    isPressed = true;
    // What a terminal makes of Ctrl-C.
    child.stdin.write('\u0003');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

test('on a terminal it says how far it is; Ctrl-C ends it, and leaves no file and no half of one', async () => {
  const place = join(daemon.folder, 'called-off');
  const args = ['year', noon.date.slice(0, 4), '--out', place, '--lang', 'en'];
  // First, while no day is kept yet: afterwards it is done before anybody can press a key.
  const ended = await onTerminal([...args, '--format', 'xlsx'], true);
  expect(ended).toMatchObject({ code: 130, said: expect.stringContaining('Cancelled.') });
  expect(existsSync(place) ? readdirSync(place) : []).toEqual([]);
  const whole = await onTerminal([...args, '--format', 'json'], false);
  expect(whole).toMatchObject({ code: 0, said: expect.stringMatching(/\r.*1 of \d+ days/) });
  expect(readdirSync(place)).toEqual([`suixian-year-${noon.date.slice(0, 4)}.json`]);
});

test('without a daemon it reads the ledger itself', async () => {
  await daemon.stop();
  const { code, out: text } = await report('day', noon.date, '--json');
  expect(code).toBe(0);
  checkReport(JSON.parse(text));
  const place = join(daemon.folder, 'no-folder');
  writeFileSync(place, '');
  expect(await report('day', noon.date, '--out', place)).toMatchObject({
    code: 73,
    out: '',
    err: expect.stringMatching(/^cannot write .*suixian-day-.*\.xlsx: EEXIST/),
  });
  const config = join(daemon.folder, 'elsewhere.yaml');
  writeFileSync(config, readFileSync(daemon.configFile, 'utf8').replace(daemon.data, join(daemon.folder, 'nowhere')));
  expect(await zaigang(['report', 'day', noon.date, '--config', config])).toMatchObject({
    code: 66,
    err: expect.stringMatching(/^there is no ledger in .*nowhere\n$/),
  });
});
