import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Argument, type Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant } from '../../rules/time.ts';
import { requireClock } from '../imports/attlog.ts';
import type { ImportAnswer } from '../imports/import.ts';
import { isRefused, outcomeOf } from '../imports/outcome.ts';
import { readTable } from '../imports/read-table.ts';
import { sayIn, TABLE_KINDS, type Table, TableError, type TableKind } from '../imports/table.ts';
import { UnreadableLedger } from '../ledger/read-only.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { importFactFile, importTable } from './ledger.ts';
import { unreadable } from './lines.ts';
import { loadWithoutSecrets } from './load.ts';
import { counted } from './options.ts';

interface Options {
  readonly config: string;
  readonly partial?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly clock?: string;
  readonly sheet?: string;
}

type What = 'facts' | TableKind;

/** `import`: facts, rosters, leave, punches and enrolments into the ledger; nothing unless all is well, or `--partial`. */
export function importCommand(program: Command, io: Io): void {
  program
    .command('import')
    .addArgument(
      new Argument(
        '<what>',
        tell(
          io,
          '导入什么：roster 排班，leave 请假，punches 打卡，people 人员和考勤号，facts 事实',
          'what: a roster, leave, punches, people and their enrolment numbers, or facts',
        ),
      ).choices([...TABLE_KINDS, 'facts']),
    )
    .argument(
      '<file>',
      tell(
        io,
        'CSV 或 .xlsx；事实为 JSON Lines；- 为标准输入',
        'CSV or .xlsx; facts as JSON Lines; - for standard input',
      ),
    )
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--dry-run',
      tell(io, '只检查，并说明会改变什么，不导入', 'check only, and say what would change; imports nothing'),
    )
    .option('--partial', tell(io, '有错的行不导入，其余照导', 'take the good lines even where others are bad'))
    .option(
      '--clock <id>',
      tell(io, '打卡表里没有考勤机一列时，是哪台的', 'the clock of punches whose table names none'),
    )
    .option('--sheet <name>', tell(io, '读哪张工作表，默认第一张', 'the sheet to read; the first by default'))
    .option('--json', tell(io, '结果用 JSON 输出', 'the outcome as JSON'))
    .description(
      tell(
        io,
        '导入表格或事实：逐行检查，全部正确才导入',
        'tables or facts into the ledger: every line checked, all or nothing',
      ),
    )
    .action((what: What, file: string, options: Options) => importFile(what, file, options, io));
}

async function importFile(what: What, file: string, options: Options, io: Io): Promise<void> {
  for (const [name, isMeant] of [
    ['--clock', options.clock === undefined || what === 'punches' || what === 'people'],
    ['--sheet', options.sheet === undefined || what !== 'facts'],
  ] as const) {
    if (!isMeant) throw new Exit(EXIT.usage, tell(io, `${name} 不能用于 ${what}`, `${name} is not for ${what}`));
  }
  const loaded = await loadWithoutSecrets(options.config, io);
  const table = what === 'facts' ? null : await tableOf(file, options, io);
  const answer = await answered(loaded, { what, file, table, options }, io);
  tellOutcome(file, answer, options, loaded, table, io);
  if (isRefused(answer, { partial: options.partial === true })) throw new Exit(EXIT.badInput);
}

async function tableOf(file: string, options: Options, io: Io): Promise<Table> {
  const { clock = null, sheet = null } = options;
  try {
    const bytes = file === '-' ? await buffer(process.stdin) : await readFile(file);
    const table = await readTable(bytes, sheet, sayIn(io.lang));
    requireClock(table, clock, sayIn(io.lang));
    return table;
  } catch (error) {
    if (error instanceof TableError) throw new Exit(EXIT.badInput, `${file}: ${error.message}`);
    throw ofSystem(error, file, io);
  }
}

function requireReadable(file: string, io: Io): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw ofSystem(error, file, io);
  }
  if (statSync(file).isDirectory()) throw unreadable('EISDIR', tell(io, '是文件夹', 'it is a folder'), file, io);
}

/** Of an error of the system, what it means to the command. */
function ofSystem(error: unknown, file: string, io: Io): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? error : unreadable(code, message, file, io);
}

interface Given {
  readonly what: What;
  readonly file: string;
  /** Null where the file holds facts. */
  readonly table: Table | null;
  readonly options: Options;
}

async function answered(loaded: LoadedConfig, { what, file, table, options }: Given, io: Io): Promise<ImportAnswer> {
  const asked = { partial: options.partial === true, dryRun: options.dryRun === true };
  try {
    if (what === 'facts' || table === null) {
      if (file !== '-') requireReadable(file, io);
      return await importFactFile(loaded, file, asked, io);
    }
    const question = { kind: what, rows: table.rows, clock: options.clock ?? null, lang: io.lang };
    return await importTable(loaded, { question, ...asked }, io);
  } catch (error) {
    if (!(error instanceof UnreadableLedger) || error.reason !== 'old') throw error;
    const { data } = loaded.config;
    const said = tell(
      io,
      `${data} 的账本是旧版本的，先启动一次守护程序`,
      `the ledger in ${data} is of an earlier release: start the daemon once first`,
    );
    throw new Exit(EXIT.noInput, said);
  }
}

function tellOutcome(
  file: string,
  answer: ImportAnswer,
  { dryRun, json, partial }: Options,
  { hall }: LoadedConfig,
  table: Table | null,
  io: Io,
): void {
  const { added, known, problems, rows } = answer;
  const how = { dryRun: dryRun === true, partial: partial === true };
  const refused = isRefused(answer, how);
  const format = table?.format ?? answer.format;
  const notes = [...otherSheets(table, io), ...answer.notes];
  if (json === true) {
    io.out(`${JSON.stringify({ file, ...outcomeOf({ ...answer, format, notes }, how, hall.zone) })}\n`);
    return;
  }
  if (problems.length > 0) io.say(problemsText(file, answer, refused, io));
  if (table !== null) io.say(tell(io, `${file}：${format}，${rows} 行`, `${file}: ${format}, ${rows} rows`));
  for (const note of notes) io.say(tell(io, `注意：${note}`, `note: ${note}`));
  if (refused) return;
  if (dryRun !== true) {
    io.say(tell(io, `新增 ${added} 条，已有 ${known} 条。`, `${added} added, ${known} known already.`));
    return;
  }
  io.say(
    tell(
      io,
      `会新增 ${added} 条，已有 ${known} 条；没有导入。`,
      `${added} would be added, ${known} known already; nothing was imported.`,
    ),
  );
  io.say(previewText(answer, hall, io));
}

function otherSheets(table: Table | null, io: Io): string[] {
  if (table === null || table.otherSheets.length === 0) return [];
  return [
    tell(
      io,
      `没有读的工作表：${table.otherSheets.join('、')}（要读用 --sheet）`,
      `sheets not read: ${table.otherSheets.join(', ')} (choose with --sheet)`,
    ),
  ];
}

const MOST_SHOWN = 50;

/** Every bad line, a line each. */
function problemsText(file: string, { problems }: ImportAnswer, refused: boolean, io: Io): string {
  const shown = problems.slice(0, MOST_SHOWN).map(({ line, cell, column, problem }) => {
    const where = [cell, column].filter((one) => one !== null).join(' ');
    return `${file}:${line}: ${where === '' ? '' : `${where}: `}${problem}`;
  });
  const rest = problems.length - shown.length;
  if (rest > 0) shown.push(tell(io, `……另有 ${rest} 处（--json 列出全部）`, `… and ${rest} more (--json lists all)`));
  const [zh, en] = refused
    ? ['没有导入。', 'nothing was imported.']
    : ['有问题的行不导入。', 'their lines are left out.'];
  shown.push(tell(io, `共 ${problems.length} 处问题，${zh}`, `${counted(problems.length)}; ${en}`));
  return shown.join('\n');
}

/** Which verdicts would be other than they are. */
function previewText({ preview, added }: ImportAnswer, { zone }: LoadedConfig['hall'], io: Io): string {
  if (preview === null) {
    return added === 0
      ? tell(io, '结论不变。', 'No verdict would change.')
      : tell(io, '账本里还没有判定过什么。', 'Nothing has been judged in this ledger yet.');
  }
  const count = (op: string): number => preview.changes.filter((change) => change.op === op).length;
  const at = formatInstant(zone, preview.at);
  const [opened, revised, retracted] = [count('open'), count('revise') + count('close'), count('retract')];
  const shown = preview.changes.slice(0, MOST_SHOWN).map(({ op, text }) => `${MARKS[op]} ${text}`);
  const rest = preview.changes.length - shown.length;
  return [
    tell(
      io,
      `按截至 ${at} 的数据，结论会新增 ${opened} 条、更改 ${revised} 条、撤销 ${retracted} 条。`,
      `By the data up to ${at}, ${opened} verdicts would be opened, ${revised} revised, ${retracted} withdrawn.`,
    ),
    ...shown,
    ...(rest > 0 ? [tell(io, `……另有 ${rest} 条（--json 列出全部）`, `… and ${rest} more (--json lists all)`)] : []),
  ].join('\n');
}

const MARKS: Readonly<Record<string, string>> = { open: '+', revise: '~', close: '~', retract: '-' };
