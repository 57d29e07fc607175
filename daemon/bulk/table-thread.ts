/** Reading a table that was sent, beside the thread that judges. */
import { Worker } from 'node:worker_threads';
import { sayIn } from '../imports/table.ts';
import { answerOf } from '../thread-answer.ts';
import type { SentTable, TableRead } from './table-worker.ts';

/** Of a table of cameras nothing comes near it; what does is no such table. */
const MOST_HEAP_MB = 256;

export async function tableInThread(sent: SentTable): Promise<TableRead> {
  const worker = new Worker(new URL('./table-worker.ts', import.meta.url), {
    workerData: sent,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  try {
    return await answerOf<TableRead>(worker);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
    const say = sayIn(sent.lang);
    return { because: say('展开后太大，不像是摄像头的表', 'it unfolds into too much to be a table of cameras') };
  } finally {
    await worker.terminate();
  }
}
