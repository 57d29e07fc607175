/** The thread in which a report is made: it reads the ledger by itself, so that nothing waits for it. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { briefOf } from './brief.ts';
import { filesOf } from './files.ts';
import { makeReport } from './make.ts';
import { NoReport } from './report.ts';
import type { ReportAnswer, ReportSaid, ReportTask } from './report-task.ts';

async function answer({ source, request, files }: ReportTask): Promise<ReportAnswer> {
  try {
    const report = makeReport(source, request, (done, of) => say({ done, of }));
    if (files === null) return { report: JSON.stringify(report) };
    const { formats, lang, sheet } = files;
    return { files: await filesOf(report, formats, lang, sheet), brief: briefOf(report, lang) };
  } catch (error) {
    if (error instanceof NoReport) return { none: { reason: error.reason, about: error.about } };
    throw error;
  }
}

const say = (said: ReportSaid): void => parentPort?.postMessage(said);

/** Who judges has three times as much of a busy machine; any less, and a report would never come to its end there. */
const NICENESS = 5;

// On Linux a thread has a priority of its own; elsewhere this would be the whole daemon's.
if (process.platform === 'linux') setPriority(NICENESS);

say(await answer(workerData as ReportTask));
