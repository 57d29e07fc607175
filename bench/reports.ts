/**
 * `npm run bench:reports`: the month of a hall of 400 people and 104 windows, by the shipped command, as data and as a workbook; and the
 * year of a hall of 10 000 people (`-- --only month`, `-- --only year`). Nothing is printed before the report has been found to say what was planted, and the workbook what the report says.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Workbook } from '@cj-tech-master/excelts';
import { loadConfig } from '../config/load.ts';
import type { ReportSource } from '../daemon/reports/make.ts';
import { checksumOf, type Report, type Sheet, type SheetId } from '../daemon/reports/report.ts';
import { reportFilesInThread } from '../daemon/reports/report-thread.ts';
import { sheetTitle } from '../daemon/reports/words.ts';
import { DAY_LENGTH, type Ms } from '../rules/time.ts';
import { WrongOutput } from './check.ts';
import { CityYear } from './city-year.ts';
import { median } from './figures.ts';
import { fillLedger } from './filled-ledger.ts';
import { PEOPLE } from './hall.ts';
import { checkVerdicts } from './replay-command.ts';
import { benchYear } from './reports-year.ts';
import { ZAIGANG } from './shipped.ts';
import { yearYaml } from './year-files.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    repetitions: { type: 'string', default: '5' },
    copies: { type: 'string', default: '25' },
    punches: { type: 'string', default: '60000' },
    only: { type: 'string' },
  },
});

/** The year begins on Monday, 5 January; all of these lie in that month. */
const MONTH = '2026-01';
const WORKDAYS = 20;

/** What is wanted, in milliseconds; of the first report, when nothing has been kept of any day yet, nothing is. */
const WANTED = {
  'first json': null,
  json: 1000,
  xlsx: 3000,
  'json of a daemon': 1000,
  'xlsx of a daemon': 3000,
} as const;
type Measured = keyof typeof WANTED;

const MEASURED = Object.keys(WANTED) as Measured[];

const run = promisify(execFile);
const USAGE = new URL('usage.ts', import.meta.url).href;
const ROOM = 256 * 1024 * 1024;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

interface Took {
  readonly wall: Ms;
  readonly cpu: Ms;
  readonly peakRssBytes: number;
}

async function command(
  directory: string,
  args: readonly string[],
): Promise<{ readonly took: Took; readonly out: string }> {
  const usage = join(directory, 'usage.json');
  const all = ['report', 'month', MONTH, '--config', join(directory, 'hall.yaml'), '--lang', 'en', ...args];
  const startedAt = performance.now();
  const { stdout } = await run(ZAIGANG, all, {
    maxBuffer: ROOM,
    env: { ...process.env, NODE_OPTIONS: `--import=${USAGE}`, ZAIGANG_BENCH_USAGE: usage },
  });
  const wall = performance.now() - startedAt;
  return { took: { wall, ...(JSON.parse(readFileSync(usage, 'utf8')) as Omit<Took, 'wall'>) }, out: stdout };
}

/** As a daemon makes it for whoever asks over HTTP: in a thread of its own, in a process that has long been running. */
async function inThread(source: ReportSource, format: 'json' | 'xlsx', expected: Uint8Array): Promise<Took> {
  const asked = { asKnownAt: null, maskNames: false, employee: null, department: null };
  const request = { kind: 'month', period: MONTH, ...asked } as const;
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const [file] = await reportFilesInThread({ source, request, files: { formats: [format], lang: 'en', sheet: null } });
  const { user, system } = process.cpuUsage(before);
  const took = { wall: performance.now() - startedAt, cpu: (user + system) / 1000, peakRssBytes: 0 };
  if (!isSame(file?.content ?? '', expected)) throw new WrongOutput(`a daemon would say something else as ${format}`);
  return took;
}

const isSame = (content: string | Uint8Array, expected: Uint8Array): boolean =>
  Buffer.from(content).toString('latin1').trim() === Buffer.from(expected).toString('latin1').trim();

const sheetOf = (report: Report, id: SheetId): Sheet => {
  const sheet = report.sheets.find((one) => one.id === id);
  if (sheet === undefined) throw new WrongOutput(`there is no sheet ${id}`);
  return sheet;
};

/** Every verdict that was planted and no other, everybody on every day, and a checksum that is right. */
function checkReport(report: Report, year: CityYear): void {
  if (checksumOf(report) !== report.checksum) throw new WrongOutput('the checksum is another');
  const { columns, rows } = sheetOf(report, 'verdicts');
  const place = (id: string): number => columns.findIndex((column) => column.id === id);
  const [rule, state, because] = [place('rule'), place('state'), place('because')];
  const lines = rows.map((row) => JSON.stringify({ rule: row[rule], state: row[state], because: row[because] }));
  checkVerdicts(lines, year.planted.verdicts);
  const people = sheetOf(report, 'people');
  const [sessions, ...parts] = ['sessions', 'excused', 'attended', 'missed', 'pending', 'ahead'].map((id) =>
    Number(people.totals?.[people.columns.findIndex((column) => column.id === id)]),
  );
  if (people.rows.length !== PEOPLE || sessions !== 2 * WORKDAYS * PEOPLE) {
    throw new WrongOutput(`${people.rows.length} people with ${sessions} sessions`);
  }
  const together = parts.reduce((sum, part) => sum + part, 0);
  if (together !== sessions) throw new WrongOutput(`${sessions} sessions, ${together} accounted for`);
}

async function checkWorkbook(file: string, report: Report): Promise<void> {
  const workbook = new Workbook();
  await workbook.xlsx.readFile(file);
  for (const { id, rows, columns, totals } of report.sheets) {
    const page = workbook.getWorksheet(sheetTitle(id, 'en'));
    const below = (totals === null ? 0 : 1) + (id === 'matrix' ? 1 : 0);
    const above = id === 'matrix' ? 4 : 3;
    if (page?.rowCount !== above + rows.length + below) throw new WrongOutput(`${id} has ${page?.rowCount} rows`);
    for (const [i, row] of rows.entries()) {
      for (const [k, cell] of row.entries()) {
        if (typeof cell !== 'number' || page.getCell(above + 1 + i, k + 1).value === cell) continue;
        throw new WrongOutput(`${id}, row ${i + 1}: ${columns[k]?.id} is not ${cell}`);
      }
    }
  }
}

function printLine(what: Measured, times: readonly Took[]): void {
  const column = (of: (took: Took) => number): number => median(times.map(of));
  const wall = column((took) => took.wall);
  const wanted = WANTED[what];
  const outcome = wanted === null ? '' : ` (wanted ${wanted} at most: ${wall <= wanted ? 'met' : 'missed'})`;
  const rss = column((took) => took.peakRssBytes);
  const memory = rss === 0 ? '' : `, ${Math.round(rss / 2 ** 20)} MiB`;
  const cpu = column((took) => took.cpu);
  print(`  ${what.padEnd(17)}${wall.toFixed(0).padStart(7)} ms, CPU ${cpu.toFixed(0)} ms${memory}${outcome}`);
}

async function benchMonth(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    const year = new CityYear(Number(values.seed), WORKDAYS);
    const config = join(directory, 'hall.yaml');
    writeFileSync(config, yearYaml(year, directory));
    const loaded = await loadConfig(config, { env: {}, lang: 'en', offline: true });
    // Before the day of its first fact, so that no day was begun without anybody there to see it.
    fillLedger(loaded, year.lines(), year.from - DAY_LENGTH, year.now);
    say(
      `filled: ${year.counts.lines} lines, ${Math.round(statSync(join(directory, 'data/ledger.db')).size / 2 ** 20)} MiB`,
    );
    const done = Object.fromEntries(MEASURED.map((what) => [what, [] as Took[]])) as Record<Measured, Took[]>;
    const { cases, data } = loaded.config;
    const source = { directory: data, hall: loaded.hall.id, countSimulated: false, appealDays: cases.appealDays };
    for (let repetition = 1; repetition <= Number(values.repetitions); repetition++) {
      rmSync(join(directory, 'data/day-results.db'), { force: true });
      const first = await command(directory, ['--json']);
      const json = await command(directory, ['--json']);
      const report = JSON.parse(json.out) as Report;
      checkReport(report, year);
      if (first.out !== json.out) throw new WrongOutput('what was kept of days says something else');
      const daemonJson = await inThread(source, 'json', Buffer.from(json.out));
      const folder = join(directory, `out-${repetition}`);
      const xlsx = await command(directory, ['--format', 'xlsx', '--out', folder]);
      const [file = ''] = readdirSync(folder);
      await checkWorkbook(join(folder, file), report);
      const took = {
        'first json': first.took,
        json: json.took,
        xlsx: xlsx.took,
        'json of a daemon': daemonJson,
        'xlsx of a daemon': await inThread(source, 'xlsx', readFileSync(join(folder, file))),
      };
      for (const what of MEASURED) done[what].push(took[what]);
      say(`${repetition}: ${MEASURED.map((what) => `${what} ${took[what].wall.toFixed(0)} ms`).join(', ')}, ${load()}`);
    }
    print(
      `${MONTH}, ${PEOPLE} people, ${year.counts.punches} punches, ${year.counts.presence} changes of seats; from start to end:`,
    );
    for (const what of MEASURED) printLine(what, done[what]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  print(`Node ${process.version}, ${cpus().length} × ${processor}, ${load()} at the start`);
  const { only } = values;
  const seed = Number(values.seed);
  const repetitions = Number(values.repetitions);
  const copies = Number(values.copies);
  const punches = Number(values.punches);
  try {
    if (only !== 'year') await benchMonth();
    if (only !== 'month') await benchYear({ seed, repetitions, copies, punches, say, print });
    return 0;
  } catch (error) {
    if (!(error instanceof WrongOutput)) throw error;
    say(`No figures: ${error.message}`);
    return 1;
  }
}

process.exitCode = await main();
