/**
 * `npm run bench:replay`: a year of a hall of 400 people and 104 windows, judged again from its facts. Beside it the simplest loop
 * over the same facts, so that the ratio says how much the judging costs on whatever machine this is. Nothing is printed
 * before the verdicts have been found to be those that were planted, whatever the order of the facts.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { formatInstant } from '../rules/time.ts';
import { WrongOutput } from './check.ts';
import { median } from './figures.ts';
import { SHANGHAI } from './hall.ts';
import type { JudgingReport } from './judging.ts';
import { checkVerdicts, type Replayed, replay } from './replay-command.ts';
import { NODE_FLAGS } from './shipped.ts';
import { writeYear, type YearFiles } from './year-files.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '250' },
    repetitions: { type: 'string', default: '3' },
  },
});

/** What is wanted: judging takes at most so many times as long as the simplest loop over the same facts. */
const WANTED = 100;

const run = promisify(execFile);
const JUDGING = new URL('judging.ts', import.meta.url).pathname;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

interface Round {
  readonly inMemory: JudgingReport;
  readonly command: Replayed;
}

async function judged({ config, sorted, year }: YearFiles): Promise<JudgingReport> {
  const { stdout } = await run(process.execPath, [...NODE_FLAGS, JUDGING, config, sorted, String(year.now)]);
  return JSON.parse(stdout) as JudgingReport;
}

function checkReport(report: JudgingReport, { year }: YearFiles, verdicts: number): void {
  const facts = year.counts.lines - year.counts.repeated;
  if (report.facts !== facts) throw new WrongOutput(`${facts} facts were written, ${report.facts} read`);
  const { attended } = year.counts;
  if (report.found.attended !== attended)
    throw new WrongOutput(`people came on ${attended} days, the loop found ${report.found.attended}`);
  if (report.verdicts !== verdicts)
    throw new WrongOutput(`the command gave ${verdicts} verdicts, judging in memory ${report.verdicts}`);
}

async function rounds(directory: string, files: YearFiles, repetitions: number): Promise<Round[]> {
  const now = formatInstant(SHANGHAI, files.year.now);
  const mixed = await replay(directory, files.config, files.shuffled, now);
  const found = checkVerdicts(mixed.verdicts, files.year.planted.verdicts);
  say(`shuffled: ${whole(mixed.wall)} ms, ${mixed.verdicts.length} verdicts as planted, ${load()}`);
  const done: Round[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const command = await replay(directory, files.config, files.sorted, now);
    if (command.sha256 !== mixed.sha256) throw new WrongOutput('the order of the facts changes the verdicts');
    const inMemory = await judged(files);
    checkReport(inMemory, files, command.verdicts.length);
    done.push({ inMemory, command });
    say(`${repetition}/${repetitions}: ${whole(inMemory.judging.wall)} and ${whole(command.wall)} ms, ${load()}`);
  }
  print(`  checked: ${[...found].map(([sort, count]) => `${whole(count)} ${sort}`).join(', ')}`);
  print(`  verdicts of the facts in order and shuffled: sha256:${mixed.sha256}`);
  return done;
}

function printTable(done: readonly Round[], facts: number): void {
  const column = (of: (round: Round) => number): number => median(done.map(of));
  const line = (what: string, wall: (r: Round) => number, cpu: (r: Round) => number, peak?: (r: Round) => number) => {
    const rss = peak === undefined ? '' : whole(column(peak) / 2 ** 20);
    print(
      `  ${what.padEnd(46)}${column(wall).toFixed(1).padStart(9)}${column(cpu).toFixed(1).padStart(9)}` +
        `${((facts / column(wall)) * 1000).toExponential(2).padStart(11)}${rss.padStart(10)}`,
    );
  };
  print(`\n${''.padEnd(48)}  wall ms   CPU ms    facts/s  peak MiB`);
  line(
    'raw: one loop over columns',
    ({ inMemory }) => inMemory.raw.wall,
    ({ inMemory }) => inMemory.raw.cpu,
  );
  line(
    'the same loop over the facts in memory',
    ({ inMemory }) => inMemory.overFacts.wall,
    ({ inMemory }) => inMemory.overFacts.cpu,
  );
  line(
    'judging: from facts in memory to verdicts',
    ({ inMemory }) => inMemory.judging.wall,
    ({ inMemory }) => inMemory.judging.cpu,
  );
  line(
    'the same, for the first time in a process',
    ({ inMemory }) => inMemory.judgingCold.wall,
    ({ inMemory }) => inMemory.judgingCold.cpu,
  );
  line(
    'zaigang replay: from file to file',
    ({ command }) => command.wall,
    ({ command }) => command.cpu,
    ({ command }) => command.peakRssBytes,
  );
  // By CPU time, which other people's work on the machine falsifies least.
  const judging = column(({ inMemory }) => inMemory.judging.cpu / inMemory.raw.cpu);
  const judgingWall = column(({ inMemory }) => inMemory.judging.wall / inMemory.raw.wall);
  const overFacts = column(({ inMemory }) => inMemory.judging.cpu / inMemory.overFacts.cpu);
  const command = column(({ inMemory, command }) => command.cpu / inMemory.raw.cpu);
  const commandWall = column(({ inMemory, command }) => command.wall / inMemory.raw.wall);
  const outcome = `wanted ${WANTED} at most: ${overFacts <= WANTED ? 'met' : 'missed'}`;
  print('\nRatios of CPU time, the median of those within each repetition');
  print(`  judging / loop over the same facts  ${overFacts.toFixed(1).padStart(7)}  (${outcome})`);
  print(`  judging / raw                       ${judging.toFixed(1).padStart(7)}  (wall ${judgingWall.toFixed(1)})`);
  print(`  zaigang replay / raw                ${command.toFixed(1).padStart(7)}  (wall ${commandWall.toFixed(1)})`);
}

async function main(): Promise<number> {
  print(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${load()} at the start`,
  );
  const directory = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    const files = writeYear(directory, Number(values.seed), Number(values.days));
    const { lines, repeated, punches, presence } = files.year.counts;
    print(
      `${values.days} working days, seed ${values.seed}: ${whole(lines)} lines (${whole(statSync(files.sorted).size / 2 ** 20)} MiB), ` +
        `${whole(punches)} punches, ${whole(presence)} changes of seats, ${whole(repeated)} lines repeated`,
    );
    printTable(await rounds(directory, files, Number(values.repetitions)), lines);
    return 0;
  } catch (error) {
    if (!(error instanceof WrongOutput)) throw error;
    say(`No figures: ${error.message}`);
    return 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
