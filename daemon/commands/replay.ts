import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { hallOf } from '../../config/judging.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall, Judging } from '../../rules/hall.ts';
import { historyUntil, type ReplayInput, verdictsAt } from '../../rules/replay.ts';
import { BEGINNING, type Ms } from '../../rules/time.ts';
import { verdictLine } from '../../rules/verdict.ts';
import { FactLineReader, type LineProblem } from '../lines/fact-lines.ts';
import { factProblemText } from '../lines/fact-words.ts';
import { historyLine } from '../lines/ledger-lines.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { linesTogether } from './lines.ts';
import { loadWithoutSecrets } from './load.ts';
import { counted, dateOption, instantOption } from './options.ts';
import { differenceLine, differencesOf, whatIfText } from './what-if.ts';

/** Which facts are judged, by which configuration, and as of when. */
export interface ReplayOptions {
  readonly config: string;
  readonly facts: string;
  readonly now?: string;
  readonly from?: string;
}

interface Options extends ReplayOptions {
  readonly out?: string;
  readonly history?: string;
  readonly rules?: string;
  readonly difference?: string;
}

/** `replay`: facts in, verdicts out. No network, no clock. */
export function replayCommand(program: Command, io: Io): void {
  program
    .command('replay')
    .requiredOption('--config <file>', tell(io, '配置文件', 'the configuration'))
    .requiredOption(
      '--facts <file>',
      tell(io, '事实（JSON Lines），- 为标准输入', 'facts as JSON Lines, - for standard input'),
    )
    .option('--now <time>', tell(io, '以这一刻的情况为准', 'as known at this time'))
    .option('--from <date>', tell(io, '从这一天起判定', 'the first day to judge'))
    .option('--out <file>', tell(io, '结论写入文件', 'write the verdicts here'))
    .option('--history <file>', tell(io, '另存每一次变化', 'write every change here'))
    .option(
      '--rules <file>',
      tell(
        io,
        '按另一份配置重算同样的事实，并说明差别',
        'the same facts under another configuration, and the difference',
      ),
    )
    .option(
      '--difference <file>',
      tell(io, '逐条差别写入文件（JSON Lines）', 'write each difference here (JSON Lines)'),
    )
    .description(tell(io, '重算：由事实得出结论，不联网，不看时钟', 'facts in, verdicts out: no network, no clock'))
    .action((options: Options) => replay(options, io));
}

/** What is judged from facts alone; null where nothing has happened. Ends the command where the facts are bad. */
export async function readReplay(options: ReplayOptions, io: Io): Promise<ReplayInput | null> {
  const { hall } = await loadWithoutSecrets(options.config, io);
  const facts = await readFacts(options.facts, hall, io);
  const now = options.now === undefined ? latestOf(facts) : instantOption('--now', options.now, io);
  const from = options.from === undefined ? null : dateOption('--from', options.from, io);
  if (now === null) return null;
  return {
    facts,
    hall,
    now,
    compile: (fact) => hallOf(fact.judging as Judging, fact.hash),
    ...(from === null ? {} : { from }),
  };
}

async function replay(options: Options, io: Io): Promise<void> {
  if (options.difference !== undefined && options.rules === undefined) {
    throw new Exit(EXIT.usage, tell(io, '--difference 要与 --rules 一起用', '--difference goes with --rules'));
  }
  const asItIs = await readReplay(options, io);
  if (asItIs === null) {
    for (const file of [options.history, options.difference]) if (file !== undefined) await write(file, [], io);
    return await write(options.out, [], io);
  }
  const input = options.rules === undefined ? asItIs : await underOtherRules(asItIs, options.rules, io);
  const { hall, now } = input;
  const judged = verdictsAt(input);
  const verdicts = judged.map((verdict) => JSON.stringify(verdictLine(hall, verdict, now)));
  if (options.rules !== undefined) {
    const is = verdictsAt(asItIs);
    const differences = differencesOf(hall, is, judged);
    io.say(whatIfText({ hall, now, is, would: judged, differences }, io.lang));
    if (options.difference !== undefined) {
      await write(
        options.difference,
        differences.map((difference) => differenceLine(hall, difference, now)),
        io,
      );
    }
  }
  if (options.history !== undefined) {
    await write(
      options.history,
      historyUntil(input).map((change) => historyLine(hall, change)),
      io,
    );
  }
  await write(options.out, verdicts, io);
}

/** All days by one other configuration, whatever configurations the facts hold. */
async function underOtherRules(input: ReplayInput, file: string, io: Io): Promise<ReplayInput> {
  const { hall } = await loadWithoutSecrets(file, io);
  if (hall.id !== input.hall.id) {
    throw new Exit(
      EXIT.config,
      tell(
        io,
        `${file}：是大厅 "${hall.id}" 的，不是 "${input.hall.id}" 的`,
        `${file}: is of hall "${hall.id}", not of "${input.hall.id}"`,
      ),
    );
  }
  return { ...input, hall, facts: input.facts.filter(({ fact }) => fact !== 'config') };
}

async function readFacts(file: string, hall: Hall, io: Io): Promise<readonly Fact[]> {
  const reader = new FactLineReader({ hall, find: () => null, setsAside: true });
  let number = 0;
  for await (const lines of linesTogether(file, io)) for (const line of lines) reader.read(line, ++number);
  const { facts, problems, setAside } = reader.finish();
  if (problems.length > 0) throw new Exit(EXIT.badInput, problemText(file, problems, io));
  if (setAside > 0) {
    io.say(
      tell(io, `${file}：别的大厅的 ${setAside} 行没有用`, `${file}: lines of other halls, left aside: ${setAside}`),
    );
  }
  return facts;
}

const MOST_SHOWN = 50;

/** Every bad line, a line each. */
export function problemText(file: string, problems: readonly LineProblem[], io: Io): string {
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map(
      ({ line, key, problem }) =>
        `${file}:${line}: ${key === null ? '' : `${key}: `}${factProblemText(problem, io.lang)}`,
    );
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(tell(io, `……另有 ${rest} 处`, `… and ${rest} more`));
  return [
    ...shown,
    tell(io, `共 ${problems.length} 处问题，没有输出。`, `${counted(problems.length)}; nothing was done.`),
  ].join('\n');
}

/** The latest instant at which anything happened or became known; null without any. */
function latestOf(facts: readonly Fact[]): Ms | null {
  let latest: Ms | null = null;
  for (const fact of facts) {
    const at = 'at' in fact ? (fact.at as Ms) : BEGINNING;
    const known = Math.max(at, fact.recordedAt);
    if (known > BEGINNING && (latest === null || known > latest)) latest = known;
  }
  return latest;
}

async function write(file: string | undefined, lines: readonly string[], io: Io): Promise<void> {
  const text = lines.map((line) => `${line}\n`).join('');
  if (file === undefined) return io.out(text);
  try {
    await writeFile(file, text);
  } catch (error) {
    const { message } = error as Error;
    throw new Exit(EXIT.cannotWrite, tell(io, `写不了 ${file}：${message}`, `cannot write ${file}: ${message}`));
  }
}
