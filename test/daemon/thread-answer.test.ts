/** What is asked of a thread is answered or refused, and never waited for in vain. */
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { answerOf } from '../../daemon/thread-answer.ts';

const threadOf = (code: string): Worker => new Worker(code, { eval: true });

test('its message is the answer', async () => {
  expect(await answerOf(threadOf(`require('node:worker_threads').parentPort.postMessage({ rows: 3 })`))).toEqual({
    rows: 3,
  });
});

test('what it throws is thrown', async () => {
  await expect(answerOf(threadOf(`throw new RangeError('too much')`))).rejects.toThrow('too much');
});

test('one that ends without a word has failed', async () => {
  await expect(answerOf(threadOf(`new Promise(() => {})`))).rejects.toThrow('ended without an answer (0)');
});
