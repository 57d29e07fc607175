/** The thread in which a report is made: it reads the ledger by itself, so that nothing waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { filesOf } from './files.ts';
import { makeReport } from './make.ts';
import { NoReport } from './report.ts';
import type { ReportAnswer, ReportSaid, ReportTask } from './report-task.ts';

async function answer({ source, request, files }: ReportTask): Promise<ReportAnswer> {
  try {
    const report = makeReport(source, request, (done, of) => say({ done, of }));
    if (files === null) return { report };
    return { files: await filesOf(report, files.formats, files.lang, files.sheet) };
  } catch (error) {
    if (error instanceof NoReport) return { none: { reason: error.reason, about: error.about } };
    throw error;
  }
}

const say = (said: ReportSaid): void => parentPort?.postMessage(said);

say(await answer(workerData as ReportTask));
