/** The thread that asks a model whether somebody is at a seat. It keeps no picture, and knows of no camera. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type PersonFault, PersonModelError, type PersonSource, type SeatCut } from '../../adapters/person-model.ts';
import { personModel } from '../../adapters/persons/model.ts';

export interface PersonAsked {
  readonly number: number;
  readonly cut: SeatCut;
}

export type PersonAnswered =
  | { readonly answer: 'ready'; readonly name: string; readonly tookMs: number }
  | { readonly answer: 'scored'; readonly number: number; readonly score: number; readonly tookMs: number }
  /** It cannot be had, and will not be before somebody changes something. */
  | ({ readonly answer: 'refused' } & PersonTrouble);

/** Why there is no model; `failed` = it was there, or may be soon. */
export interface PersonTrouble {
  readonly fault: PersonFault | 'failed';
  readonly because: string;
  /** A line to type that may help. */
  readonly remedy: string | null;
}

async function serve(source: PersonSource, tell: (answered: PersonAnswered) => void): Promise<void> {
  const from = performance.now();
  const model = await personModel(source);
  tell({ answer: 'ready', name: model.name, tookMs: performance.now() - from });
  parentPort?.on('message', async ({ number, cut }: PersonAsked) => {
    const began = performance.now();
    const score = await model.score(cut);
    tell({ answer: 'scored', number, score, tookMs: performance.now() - began });
  });
}

if (!isMainThread) {
  const tell = (answered: PersonAnswered): void => parentPort?.postMessage(answered);
  serve(workerData as PersonSource, tell).catch((error: unknown) => {
    // Anything else ends the thread, and whoever owns it begins anew.
    if (!(error instanceof PersonModelError)) throw error;
    const { fault, message, remedy } = error;
    tell({ answer: 'refused', fault, because: message, remedy });
  });
}
