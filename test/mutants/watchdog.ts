/** Ends this process, as soon as it has used more processor time than it may: what loops for ever never says so itself. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ANSWERS_TO, TIME_LIMIT, usedMs } from './limit.ts';

const limit = new Float64Array(workerData as SharedArrayBuffer);

setInterval(() => {
  if (usedMs() <= (limit[0] ?? 0)) return;
  writeSync(ANSWERS_TO, `${JSON.stringify({ noticedBy: TIME_LIMIT, because: 'it does not end' })}\n`);
  process.kill(process.pid, 'SIGKILL');
}, 50);
