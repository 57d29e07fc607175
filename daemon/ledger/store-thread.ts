/** The thread of `StoreHand`: a transaction for each message, and an answer when it is durable. */
import { workerData } from 'node:worker_threads';
import { FactStore } from './facts.ts';
import { Ledger, LedgerError } from './ledger.ts';
import type { FactRow } from './link.ts';
import type { Stored, StoreThreadData, Wanted } from './store-hand.ts';

const { port, answers, hall, ...options } = workerData as StoreThreadData;
const ledger = Ledger.again(options);
const facts = new FactStore(ledger.database, hall);

port.on('message', (wanted: Wanted) => {
  port.postMessage(wanted === null ? closed() : stored(wanted));
  Atomics.add(answers, 0, 1);
  Atomics.notify(answers, 0);
});

function stored(wanted: NonNullable<Wanted>): Stored {
  try {
    return ledger.commit(() => facts.appendRows([...rowsOf(wanted)]));
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return { because: error.message, retry: error.retry };
  }
}

function closed(): Stored {
  ledger.close();
  return [];
}

const COLUMNS = 8;

function* rowsOf({ recordedAt, cells }: NonNullable<Wanted>): Iterable<FactRow> {
  for (let i = 0; i < cells.length; i += COLUMNS) {
    const [id, kind, at, person, via, claimed_at, body, original] = cells.slice(i, i + COLUMNS);
    yield { id, kind, at, recorded_at: recordedAt, person, via, claimed_at, body, original } as FactRow;
  }
}
