/** The thread in which a daemon checks what is to be imported: it reads the ledger by itself, so that nothing waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkImport, type ImportTask } from './check.ts';

parentPort?.postMessage(await checkImport(workerData as ImportTask));
