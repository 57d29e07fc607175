/** Reports beside a running daemon, each in a thread of its own: the one that judges never waits for a report. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ReportFile } from './files.ts';
import { NoReport } from './report.ts';
import type { ReportAnswer, ReportTask } from './report-task.ts';

/** A report as files; throws `NoReport` where there is none to be made. */
export async function reportFilesInThread(task: ReportTask): Promise<readonly ReportFile[]> {
  const answer = await reportAnswer(task);
  if ('none' in answer) throw new NoReport(answer.none.reason, answer.none.about);
  return 'files' in answer ? answer.files : [];
}

/** What the thread says, as it can be sent on. */
export async function reportAnswer(task: ReportTask): Promise<ReportAnswer> {
  const worker = new Worker(new URL('./report-worker.ts', import.meta.url), { workerData: task });
  try {
    const [answer] = (await once(worker, 'message')) as [ReportAnswer];
    return answer;
  } finally {
    await worker.terminate();
  }
}
