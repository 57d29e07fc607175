/** Ends this process, as soon as it has used more processor time than it may: what loops for ever never says so itself. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { ANSWERS_TO, TIME_LIMIT, usedMs } from './limit.ts';
import type { Answer } from './trial.ts';

const told = new Float64Array(workerData as SharedArrayBuffer);

setInterval(() => {
  if (usedMs() <= (told[0] ?? 0)) return;
  const answer: Answer = { noticedBy: TIME_LIMIT, because: 'it does not end', begun: told[1] ?? 0, isLast: true };
  writeSync(ANSWERS_TO, `${JSON.stringify(answer)}\n`);
  process.kill(process.pid, 'SIGKILL');
}, 50);
