/** Where the `report` command gets a report from: the running daemon, or a thread of its own; with progress, and to be called off. */
import type { LoadedConfig } from '../../config/load.ts';
import { NoReport, type Report, type ReportRequest } from '../reports/report.ts';
import type { ReportSaid } from '../reports/report-task.ts';
import { reportAnswer, type ThreadOptions } from '../reports/report-thread.ts';
import { EXIT, Exit } from './io.ts';
import { ask } from './ledger.ts';

/** Makes a report; throws `NoReport` where there is none to be made, and the signal's reason when it is called off. */
export async function reportFromLedger(
  loaded: LoadedConfig,
  request: ReportRequest,
  options: Required<ThreadOptions>,
): Promise<Report> {
  const { data: directory, cases } = loaded.config;
  const source = { directory, hall: loaded.hall.id, countSimulated: false, appealDays: cases.appealDays };
  const told = await askDaemonFor(loaded, request, options);
  if (told !== null && 'report' in told) return told.report;
  const answer = told ?? (await reportAnswer({ source, request, files: null }, options));
  if ('none' in answer) throw new NoReport(answer.none.reason, answer.none.about);
  if ('report' in answer) return JSON.parse(answer.report) as Report;
  throw new Exit(EXIT.bug, 'files came where a report was asked for');
}

/** What the daemon tells, a line each; the report stands in its line as it is. */
type Told = Exclude<ReportSaid, { readonly report: string }> | { readonly report: Report };
type Answer = Exclude<Told, { readonly done: number }>;

/** The running daemon's answer, a line of JSON after those of its progress; null = none runs. */
async function askDaemonFor(
  loaded: LoadedConfig,
  request: ReportRequest,
  { signal, onDay }: Required<ThreadOptions>,
): Promise<Answer | null> {
  let answer: Answer | null = null;
  let pieces: string[] = [];
  const question = { path: '/report', method: 'POST', body: JSON.stringify(request), signal } as const;
  const asked = await ask(loaded, question, (piece) => {
    const [last = '', ...next] = piece.split('\n');
    pieces.push(last);
    for (const begun of next) {
      const said = JSON.parse(pieces.join('')) as Told;
      if ('done' in said) onDay(said.done, said.of);
      else answer = said;
      pieces = [begun];
    }
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
  if (asked && answer === null) throw new Exit(EXIT.unavailable, 'the daemon ended before the report was made');
  return answer;
}
