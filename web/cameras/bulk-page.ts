/** What the pages on which many cameras are added share. */
import type { BulkApi } from './bulk-api.ts';
import type { BulkWords } from './bulk-strings.ts';
import type { Page } from './camera-list.ts';
import { troubleText } from './camera-words.ts';

export interface BulkPage extends Page {
  readonly bulk: BulkWords;
  readonly bulkApi: BulkApi;
}

/** Why something was not done, for people. */
export function bulkTrouble(
  { bulk, words }: BulkPage,
  { code, detail }: { readonly code: string; readonly detail: string },
): string {
  const own = bulk.troubles[code];
  // Of a table the daemon says in the reader's language what is wrong with it.
  return own === undefined ? troubleText(words, { code, detail }) : code === 'bad-table' ? `${own}${detail}` : own;
}
