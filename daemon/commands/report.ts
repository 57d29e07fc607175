import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Argument, type Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { makeFolder } from '../files/folders.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { DayProgress } from '../reports/build.ts';
import {
  fileName,
  filesOf,
  REPORT_FORMATS,
  type ReportFile,
  type ReportFormat,
  textOfReport,
} from '../reports/files.ts';
import { noReportText } from '../reports/no-report.ts';
import { PdfError, pdfOf } from '../reports/pdf.ts';
import { PERIOD_EXAMPLES, PERIOD_KINDS, type PeriodKind } from '../reports/period.ts';
import { NoReport, type NoReportReason, type Report, type ReportRequest } from '../reports/report.ts';
import { callable } from './calling-off.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadWithoutSecrets } from './load.ts';
import { instantOption } from './options.ts';
import { reportFromLedger } from './report-source.ts';

interface Options {
  readonly config: string;
  readonly format?: string;
  readonly out?: string;
  readonly asKnownAt?: string;
  readonly maskNames?: boolean;
  readonly employee?: string;
  readonly department?: string;
  readonly json?: boolean;
}

/** What can be asked for: PDF is printed from the page. */
type Wanted = ReportFormat | 'pdf';

/** `report day|week|month|quarter|year PERIOD`: attendance and service of a period, from the ledger. */
export function reportCommand(program: Command, io: Io): void {
  const examples = PERIOD_KINDS.map((kind) => PERIOD_EXAMPLES[kind]).join(', ');
  program
    .command('report')
    .addArgument(new Argument('<kind>', tell(io, '哪一种', 'which')).choices(PERIOD_KINDS))
    .argument('<period>', tell(io, `期间，依次如 ${examples}`, `the period: ${examples}, in this order`))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--format <list>',
      tell(
        io,
        'xlsx、docx、csv、html、json、pdf，用逗号隔开（默认 xlsx）',
        'xlsx, docx, csv, html, json, pdf, with commas (default: xlsx)',
      ),
    )
    .option('--out <dir>', tell(io, '写入哪个文件夹（默认当前文件夹）', 'the folder to write to (default: this one)'))
    .option(
      '--as-known-at <time>',
      tell(io, '以账本当时所知为准，并列出此后的变化', 'as the ledger had it then, and what changed since'),
    )
    .option('--mask-names', tell(io, '姓名脱敏', 'mask names'))
    .option('--employee <id>', tell(io, '只要一个人的', 'of one person'))
    .option('--department <id>', tell(io, '只要一个部门的', 'of one department'))
    .option('--json', tell(io, '在标准输出给出结构化数据，不写文件', 'print the data, write no file'))
    .description(tell(io, '报表：日、周、月、季、年', 'reports of a day, week, month, quarter or year'))
    .action((kind: PeriodKind, period: string, options: Options) => report(kind, period, options, io));
}

async function report(kind: PeriodKind, period: string, options: Options, io: Io): Promise<void> {
  const formats = formatsOf(options, io);
  const request: ReportRequest = {
    kind,
    period,
    asKnownAt: options.asKnownAt === undefined ? null : instantOption('--as-known-at', options.asKnownAt, io),
    maskNames: options.maskNames === true,
    employee: options.employee ?? null,
    department: options.department ?? null,
  };
  const loaded = await loadWithoutSecrets(options.config, io);
  await callable((signal) => make(loaded, request, { formats, ...options, signal }, io), io);
}

interface Making extends Options {
  readonly formats: readonly Wanted[];
  readonly signal: AbortSignal;
}

async function make(loaded: LoadedConfig, request: ReportRequest, making: Making, io: Io): Promise<void> {
  const { formats, signal, json, out = '.' } = making;
  const made = await reportFromLedger(loaded, request, { signal, onDay: progressOn(io) })
    .catch((error: unknown) => {
      if (!(error instanceof NoReport)) throw error;
      throw new Exit(CODES[error.reason] ?? EXIT.noInput, noReportText(error, request, io.lang));
    })
    .finally(() => io.overwrite?.(''));
  if (json === true) return io.out(textOfReport(made, 'json', io.lang));
  const files = await filesOf(
    made,
    formats.filter((format) => format !== 'pdf'),
    io.lang,
  );
  if (formats.includes('pdf')) files.push(await printed(made, signal, io));
  await writeFiles(files, out, signal, io);
  if (!made.settled)
    io.say(
      tell(
        io,
        '未定稿：期间未结束，或尚有待定、进行中的结论。',
        'A draft: the period is not over, or something is pending or open.',
      ),
    );
}

const CODES: Readonly<Partial<Record<NoReportReason, number>>> = {
  'no-period': EXIT.usage,
  unreadable: EXIT.notPermitted,
  damaged: EXIT.badInput,
};

function progressOn(io: Io): DayProgress {
  return (done, of) => io.overwrite?.(tell(io, `已看 ${done} / ${of} 天`, `${done} of ${of} days`));
}

function formatsOf({ format, json, out }: Options, io: Io): Wanted[] {
  if (json === true && (format !== undefined || out !== undefined)) {
    throw new Exit(EXIT.usage, tell(io, '--json 不与 --format、--out 同用', '--json goes without --format and --out'));
  }
  return (format ?? 'xlsx').split(',').map((text) => {
    const wanted = [...REPORT_FORMATS, 'pdf' as const].find((one) => one === text.trim());
    if (wanted !== undefined) return wanted;
    const known = [...REPORT_FORMATS, 'pdf'].join(', ');
    throw new Exit(
      EXIT.usage,
      tell(io, `--format：没有“${text}”，有 ${known}`, `--format: expected some of ${known}, got "${text}"`),
    );
  });
}

async function printed(made: Report, signal: AbortSignal, io: Io): Promise<ReportFile> {
  try {
    const content = await pdfOf(textOfReport(made, 'html', io.lang), io.env['PATH'] ?? '', signal);
    return { name: fileName(made, 'pdf'), content };
  } catch (error) {
    if (!(error instanceof PdfError)) throw error;
    const said = {
      'no-chromium': tell(
        io,
        '输出 pdf 需要本机有 Chromium、Chrome 或 Edge；没有的话，用 --format html，在浏览器里打印',
        'pdf needs a Chromium, Chrome or Edge on this machine; without one, use --format html and print the page',
      ),
      'not-printed': tell(io, `没有打印成 pdf：${error.message}`, `the pdf was not printed: ${error.message}`),
    };
    throw new Exit(EXIT.unavailable, said[error.reason]);
  }
}

/** Prints the path of each file that was written; each is there as a whole, or not at all. */
async function writeFiles(files: readonly ReportFile[], folder: string, signal: AbortSignal, io: Io): Promise<void> {
  for (const { name, content } of files) {
    const path = join(folder, name);
    // A word that came while a file was made is heard before the next is written.
    await setImmediate();
    signal.throwIfAborted();
    try {
      makeFolder(folder);
      await writeWhole(path, Buffer.from(content), 0o666 & ~process.umask());
    } catch (error) {
      throw new Exit(
        EXIT.cannotWrite,
        tell(io, `写不了 ${path}：${(error as Error).message}`, `cannot write ${path}: ${(error as Error).message}`),
      );
    }
    io.out(`${path}\n`);
  }
}
