/** Reports in threads of their own: whoever asks for one, or judges beside it, never waits for its figures. */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { DayProgress } from './build.ts';
import type { ReportFile } from './files.ts';
import { NoReport } from './report.ts';
import type { ReportAnswer, ReportOfFiles, ReportSaid, ReportTask } from './report-task.ts';

export interface ThreadOptions {
  /** Ends the thread; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onDay?: DayProgress;
}

/** A report as files; throws `NoReport` where there is none to be made. */
export async function reportFilesInThread(
  task: ReportTask,
  options: ThreadOptions = {},
): Promise<readonly ReportFile[]> {
  return (await reportInThread(task, options)).files;
}

/** A report as files, and in brief; throws `NoReport` where there is none to be made. */
export async function reportInThread(task: ReportTask, options: ThreadOptions = {}): Promise<ReportOfFiles> {
  const answer = await reportAnswer(task, options);
  if ('none' in answer) throw new NoReport(answer.none.reason, answer.none.about);
  return 'files' in answer ? answer : { files: [], brief: [] };
}

/** What the thread says, as it can be sent on. */
export async function reportAnswer(
  task: ReportTask,
  { signal, onDay = () => {} }: ThreadOptions = {},
): Promise<ReportAnswer> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./report-worker.ts', import.meta.url), { workerData: task });
  try {
    for await (const [said] of on(worker, 'message', {
      close: ['exit'],
      ...(signal === undefined ? {} : { signal }),
    })) {
      const message = said as ReportSaid;
      if (!('done' in message)) return message;
      onDay(message.done, message.of);
    }
    throw new Error('the thread of a report ended without an answer');
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await worker.terminate();
  }
}

/** What the thread says, a line of JSON each; whoever stops reading ends it. */
export function reportLines(task: ReportTask): ReadableStream<Uint8Array> {
  const ending = new AbortController();
  return new ReadableStream({
    async start(controller) {
      const say = (said: ReportSaid): void => controller.enqueue(Buffer.from(`${lineOf(said)}\n`));
      try {
        say(await reportAnswer(task, { signal: ending.signal, onDay: (done, of) => say({ done, of }) }));
        controller.close();
      } catch (error) {
        if (!ending.signal.aborted) controller.error(error);
      }
    },
    cancel: () => ending.abort(),
  });
}

function lineOf(said: ReportSaid): string {
  return 'report' in said ? `{"report":${said.report}}` : JSON.stringify(said);
}
