import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

/** The one message with which a thread answers. Rejects where it fails, or ends without: a promise that is never kept ends it silently. */
export async function answerOf<T>(worker: Worker): Promise<T> {
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`a thread ended without an answer (${code})`);
  });
  const [answer] = (await Promise.race([once(worker, 'message'), ended])) as [T];
  return answer;
}
