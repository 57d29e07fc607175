/** The thread in which a table that was sent is read: a small workbook may unfold into a large one. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Language } from '../alerts/words.ts';
import { readTable } from '../imports/read-table.ts';
import { sayIn, type Table, TableError } from '../imports/table.ts';

export interface SentTable {
  readonly bytes: Uint8Array;
  /** Of a workbook with several; null = the first with anything in it. */
  readonly sheet: string | null;
  readonly lang: Language;
}

/** The table, or why it is none, as a sentence for whoever sent it. */
export type TableRead = { readonly table: Table } | { readonly because: string };

async function read({ bytes, sheet, lang }: SentTable): Promise<TableRead> {
  try {
    return { table: await readTable(bytes, sheet, sayIn(lang)) };
  } catch (error) {
    if (error instanceof TableError) return { because: error.message };
    throw error;
  }
}

parentPort?.postMessage(await read(workerData as SentTable));
