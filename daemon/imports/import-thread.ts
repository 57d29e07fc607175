/** Imports beside a running daemon: what is to be imported is checked in a thread of its own, so that the one that judges never waits. */
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Language } from '../alerts/words.ts';
import { systemClock } from '../clock.ts';
import type { HallCore } from '../hall-core.ts';
import { answerOf } from '../thread-answer.ts';
import type { Checked, ImportQuestion, ImportTask } from './check.ts';
import { BY_COMMAND, carriedOut, type ImportAnswer, type Importer, type ImportRequest, takeIn } from './import.ts';
import type { TableKind } from './table.ts';
import { Workroom } from './workroom.ts';

/** What the running daemon does with what is to be imported. */
export async function importBeside(
  core: HallCore,
  request: ImportRequest,
  importer = BY_COMMAND,
): Promise<ImportAnswer> {
  // What is queued is in the ledger before another thread reads it.
  core.live.settle();
  const { hall, ledger, countsSimulated } = core;
  const checked = await checkedInThread({
    question: request.question,
    ground: { directory: ledger.directory, hall, countSimulated: countsSimulated, now: systemClock().now() },
    options: { preview: request.dryRun, partial: request.partial },
  });
  return await carriedOut(request, checked, (fresh) => takeIn(core, fresh, importer));
}

/** A file that is sent. */
export interface SentFile {
  readonly bytes: Readable | ReadableStream;
  readonly kind: TableKind | 'facts';
  readonly sheet: string | null;
  readonly clock: string | null;
  readonly lang: Language;
}

/** The same with a file, however large: it is put aside on the disk until it is known to be good. */
export async function importSent(
  core: HallCore,
  { bytes, kind, sheet, clock, lang }: SentFile,
  how: Pick<ImportRequest, 'partial' | 'dryRun'>,
  importer: Importer = BY_COMMAND,
): Promise<ImportAnswer> {
  using room = new Workroom(core.ledger.directory);
  const file = await room.keep(bytes);
  const question: ImportQuestion =
    kind === 'facts'
      ? { kind, file, pile: room.pile, lang, sender: importer.sender }
      : { kind, file, sheet, clock, lang };
  return await importBeside(core, { question, ...how }, importer);
}

async function checkedInThread(task: ImportTask): Promise<Checked> {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { workerData: task });
  try {
    return await answerOf<Checked>(worker);
  } finally {
    await worker.terminate();
  }
}
