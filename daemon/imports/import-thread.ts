/** Imports beside a running daemon: tables are checked in a thread of their own, so that the one that judges never waits for them. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { HallCore } from '../hall-core.ts';
import type { Checked, ImportTask } from './check.ts';
import { type ImportAnswer, type ImportRequest, isToBeWritten, takeIn, unwritten, written } from './import.ts';

/** What the running daemon does with what is to be imported. */
export async function importBeside(core: HallCore, request: ImportRequest): Promise<ImportAnswer> {
  // What is queued is in the ledger before another thread reads it.
  core.live.settle();
  const { hall, ledger, countsSimulated } = core;
  const checked = await checkedInThread({
    question: request.question,
    ground: { directory: ledger.directory, hall, countSimulated: countsSimulated, now: systemClock().now() },
    options: { preview: request.dryRun, partial: request.partial },
  });
  if (!isToBeWritten(checked, request)) return unwritten(checked, request);
  return written(checked, await takeIn(core, checked.fresh));
}

async function checkedInThread(task: ImportTask): Promise<Checked> {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { workerData: task });
  try {
    const [checked] = (await once(worker, 'message')) as [Checked];
    return checked;
  } finally {
    await worker.terminate();
  }
}
