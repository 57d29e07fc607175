/**
 * The year of a hall of 10 000 people by month, in a thread as a daemon makes it, beside a bare scan of the same kept days; and how fast
 * a daemon takes in punches while it makes that report again and again.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { checksumOf, type Report, type ReportRequest, type Sheet } from '../daemon/reports/report.ts';
import { reportFilesInThread } from '../daemon/reports/report-thread.ts';
import { DAY_LENGTH, dateOf, HOUR } from '../rules/time.ts';
import { BenchBroker } from './broker.ts';
import { WrongOutput } from './check.ts';
import { Program, whenTrue } from './consumer.ts';
import { median } from './figures.ts';
import { HALL, type Punch, punchesBefore } from './hall.ts';
import { publishAll } from './publish.ts';
import { type ReportHall, reportHall, YEAR } from './report-hall.ts';
import { ZAIGANG } from './shipped.ts';

/** What is wanted: the report takes at most so many times as long as the scan, and intake keeps at least this part of its rate. */
const MOST_TIMES = 1.5;
const LEAST_RATE = 0.6;
const ROUNDS = 2;

const ALL = { asKnownAt: null, maskNames: false, employee: null, department: null } as const;
const REQUEST: ReportRequest = { kind: 'year', period: YEAR, ...ALL };
const run = promisify(execFile);
const USAGE = new URL('usage.ts', import.meta.url).href;

export interface YearOptions {
  readonly seed: number;
  readonly repetitions: number;
  /** So many times 400 people. */
  readonly copies: number;
  /** Taken in each time: enough for several reports. */
  readonly punches: number;

  readonly say: (text: string) => void;
  readonly print: (text: string) => void;
}

interface Took {
  readonly wall: number;
  readonly cpu: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly found: T; readonly took: Took }> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const found = await work();
  const { user, system } = process.cpuUsage(before);
  return { found, took: { wall: performance.now() - startedAt, cpu: (user + system) / 1000 } };
}

export async function benchYear(options: YearOptions): Promise<void> {
  const { seed, repetitions, copies, say, print } = options;
  const directory = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    await using broker = await BenchBroker.start();
    const until = Math.floor(Date.now() / DAY_LENGTH) * DAY_LENGTH - HOUR;
    const { found: hall, took } = await timed(() => reportHall(directory, { seed, copies, broker: broker.url, until }));
    const { directory: data } = hall.source;
    const [ledger, days] = ['ledger.db', 'day-results.db'].map((file) => statSync(join(data, file)).size / 2 ** 20);
    say(`filled in ${(took.wall / 1000).toFixed(0)} s: ledger ${ledger?.toFixed(0)} MiB, days ${days?.toFixed(0)} MiB`);

    const scans: Took[] = [];
    const reports: Took[] = [];
    let text = '';
    const first = await timed(() => yearReport(hall));
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      const scanned = await timed(() => scan(data));
      const made = await timed(() => yearReport(hall));
      check(JSON.parse(made.found) as Report, scanned.found, hall);
      if (made.found !== first.found) throw new WrongOutput('what was kept of months says something else');
      text = made.found;
      scans.push(scanned.took);
      reports.push(made.took);
      say(`${repetition}: scan ${scanned.took.wall.toFixed(0)} ms, report ${made.took.wall.toFixed(0)} ms`);
    }
    const alone = await commandAlone(directory, hall, text);
    print(
      `\nThe year of ${hall.people} people by month, ${[...hall.said.values()].reduce((a, b) => a + b, 0)} verdicts:`,
    );
    const line = (what: string, all: readonly Took[], more = ''): void => {
      const [wall, cpu] = [median(all.map((one) => one.wall)), median(all.map((one) => one.cpu))];
      print(`  ${what.padEnd(28)}${wall.toFixed(0).padStart(7)} ms, CPU ${cpu.toFixed(0)} ms${more}`);
    };
    line('bare scan of the kept days', scans);
    const ratio = median(reports.map((one, i) => one.wall / (scans[i] as Took).wall));
    line(
      'report',
      reports,
      outcome(`, ${ratio.toFixed(2)} times the scan`, ratio <= MOST_TIMES, `${MOST_TIMES} at most`),
    );
    line('report, months not kept yet', [first.took]);
    print(`  the command by itself, from start to end: ${alone.wall.toFixed(0)} ms, ${alone.rss} MiB at most`);
    await benchIntake(hall, broker, text, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const outcome = (what: string, isMet: boolean, wanted: string): string =>
  `${what} (wanted ${wanted}: ${isMet ? 'met' : 'missed'})`;

async function yearReport({ source }: ReportHall): Promise<string> {
  const files = { formats: ['json'], lang: 'en', sheet: null } as const;
  const [file] = await reportFilesInThread({ source, request: REQUEST, files });
  return String(file?.content);
}

// ---- the scan ------------------------------------------------------------------------------------------------------

type Sums = ReadonlyMap<string, readonly Float64Array[]>;
type PersonDay = readonly [id: string, department: string | null, numbers: readonly number[], marks: readonly number[]];

/** Reads every kept day of the year and adds up every figure of everybody by month: no less can be done with them. */
function scan(data: string): Sums {
  const database = new DatabaseSync(join(data, 'day-results.db'), { readOnly: true });
  try {
    const rows = database.prepare('select day, figures from day_result where hall = ? order by day');
    const sums = new Map<string, Float64Array[]>();
    for (const { day, figures } of rows.iterate(HALL)) {
      const month = Number(dateOf(Number(day)).slice(5, 7)) - 1;
      const { people } = JSON.parse(String(figures)) as { people: readonly PersonDay[] };
      for (const [id, , numbers] of people) {
        let months = sums.get(id);
        if (months === undefined) {
          months = Array.from({ length: 12 }, () => new Float64Array(numbers.length));
          sums.set(id, months);
        }
        const sum = months[month] as Float64Array;
        for (let i = 0; i < numbers.length; i++) sum[i] = (sum[i] as number) + (numbers[i] as number);
      }
    }
    return sums;
  } finally {
    database.close();
  }
}

// ---- checked -------------------------------------------------------------------------------------------------------

/** Where a figure stands among those that are kept of a person. */
const PLACES = { sessions: 0, attended: 5, missed: 6, late: 8, absent: 10, early: 12, missing: 14 } as const;

function check(report: Report, sums: Sums, hall: ReportHall): void {
  if (checksumOf(report) !== report.checksum) throw new WrongOutput('the checksum is another');
  const people = sheetOf(report, 'people');
  if (people.rows.length !== sums.size || sums.size !== hall.people) {
    throw new WrongOutput(`${people.rows.length} people in the report, ${sums.size} in the scan`);
  }
  const place = (sheet: Sheet, id: string): number => sheet.columns.findIndex((column) => column.id === id);
  for (const row of people.rows) {
    const months = sums.get(String(row[0])) ?? [];
    for (const [id, at] of Object.entries(PLACES)) {
      const sum = months.reduce((all, month) => all + (month[at] ?? 0), 0);
      if (row[place(people, id)] !== sum)
        throw new WrongOutput(`${row[0]}: ${id} is ${row[place(people, id)]}, not ${sum}`);
    }
  }
  const byMonth = sheetOf(report, 'months');
  for (const row of byMonth.rows) {
    for (let month = 0; month < 12; month++) {
      const late = sums.get(String(row[0]))?.[month]?.[PLACES.late] ?? 0;
      const cell = String(row[place(byMonth, `${YEAR}-${String(month + 1).padStart(2, '0')}`)]);
      const said = Number(/\blate:(\d+)/.exec(cell)?.[1] ?? 0);
      if (said !== late) throw new WrongOutput(`${row[0]}, month ${month + 1}: late ${said} times, not ${late}`);
    }
  }
  const handling = sheetOf(report, 'handling');
  for (const [rule, count] of hall.said) {
    const row = handling.rows.find((one) => one[0] === rule);
    if (rule !== 'unverified-occupant' && row?.[1] !== count)
      throw new WrongOutput(`${row?.[1]} ${rule}, not ${count}`);
  }
}

function sheetOf(report: Report, id: string): Sheet {
  const sheet = report.sheets.find((one) => one.id === id);
  if (sheet === undefined) throw new WrongOutput(`there is no sheet ${id}`);
  return sheet;
}

/** The shipped command without a daemon, for what it needs of memory. */
async function commandAlone(directory: string, hall: ReportHall, expected: string) {
  const usage = join(directory, 'usage.json');
  const startedAt = performance.now();
  const { stdout } = await run(ZAIGANG, ['report', 'year', YEAR, '--config', hall.config, '--lang', 'en', '--json'], {
    maxBuffer: 2 ** 29,
    env: { ...process.env, NODE_OPTIONS: `--import=${USAGE}`, ZAIGANG_BENCH_USAGE: usage },
  });
  const wall = performance.now() - startedAt;
  if (stdout.trim() !== expected.trim()) throw new WrongOutput('the command says something else');
  const { peakRssBytes } = JSON.parse(readFileSync(usage, 'utf8')) as { peakRssBytes: number };
  return { wall, rss: Math.round(peakRssBytes / 2 ** 20) };
}

// ---- intake meanwhile ----------------------------------------------------------------------------------------------

async function benchIntake(
  hall: ReportHall,
  broker: BenchBroker,
  expected: string,
  { punches: each, say, print }: YearOptions,
): Promise<void> {
  const punches = punchesBefore(Math.floor(Date.now() / DAY_LENGTH) - 1, 2 * ROUNDS * each);
  const program = new Program('zaigang', ZAIGANG, ['run', '--config', hall.config], join(hall.source.directory, '..'));
  try {
    await broker.subscribed(`zaigang-${HALL}`);
    using ledger = new DatabaseSync(join(hall.source.directory, 'ledger.db'), { readOnly: true, timeout: 5000 });
    const last = (): number => Number(ledger.prepare('select max(seq) as seq from fact').get()?.['seq']);
    const taken = (): number =>
      Number(ledger.prepare(`select count(*) as n from fact where kind = 'punch'`).get()?.['n']);
    const rate = async (round: number): Promise<number> => {
      const [startedAt, before] = [performance.now(), last()];
      await publishAll(broker.url, punches.slice(round * each, (round + 1) * each) as Punch[]);
      const doneAt = await whenTrue(() => last() >= before + each, program);
      if (taken() !== (round + 1) * each) throw new WrongOutput(`${taken()} punches were taken in`);
      return (each * 1000) / (doneAt - startedAt);
    };
    const ratios: number[] = [];
    let [alone, beside, reports] = [0, 0, 0];
    const before = peakOf(program);
    for (let round = 0; round < ROUNDS; round++) {
      alone = await rate(2 * round);
      const calling = new AbortController();
      const reporting = again(hall, expected, calling.signal);
      beside = await rate(2 * round + 1);
      calling.abort();
      reports += await reporting;
      ratios.push(beside / alone);
      say(`${round + 1}: ${alone.toFixed(0)} punches a second, ${beside.toFixed(0)} beside reports`);
    }
    const kept = median(ratios);
    print(`\nIntake of ${each} punches while that report is made again and again (${reports} times):`);
    print(
      `  ${alone.toFixed(0)} a second alone, ${beside.toFixed(0)} beside it${outcome(`, ${kept.toFixed(2)} of its rate`, kept >= LEAST_RATE, `${LEAST_RATE} at least`)}`,
    );
    print(`  the daemon: ${before} MiB at most before, ${peakOf(program)} MiB with the reports`);
  } finally {
    await program.stop();
  }
}

/** Asks the running daemon for the report until told to stop; how many it made. */
async function again(hall: ReportHall, expected: string, signal: AbortSignal): Promise<number> {
  for (let made = 0; ; made++) {
    if (signal.aborted) return made;
    const args = ['report', 'year', YEAR, '--config', hall.config, '--lang', 'en', '--json'];
    const { stdout } = await run(ZAIGANG, args, { maxBuffer: 2 ** 29 });
    const [was, is] = [expected, stdout].map((text) => JSON.stringify((JSON.parse(text) as Report).sheets.slice(0, 3)));
    if (was !== is) throw new WrongOutput('the daemon says something else');
  }
}

/** The most memory that a process ever had, in mebibytes. */
function peakOf({ child }: Program): number {
  const [, kib = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}
