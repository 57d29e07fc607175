/** What lies in a data folder, and what of it a backup holds. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_LINK_FILE } from '../access/hall-access.ts';
import { REFERENCE_FOLDER } from '../cameras/reference-store.ts';
import { ACCEPTED_FILE } from '../config-file/config-standing.ts';
import { EVIDENCE_FOLDER } from '../evidence/evidence-folder.ts';
import { DAY_RESULTS_FILE } from '../reports/kept-days.ts';

export const LEDGER_FILE = 'ledger.db';
/** Written beside the ledger by SQLite, and of no use without it. */
const LEDGER_LOGS = ['ledger.db-wal', 'ledger.db-shm'] as const;
/** A copy of the configuration's file, for whoever has lost that as well; nothing reads it. */
export const CONFIG_COPY = 'hall.yaml';

/** Of a backup beside the ledger. */
const KEPT = [ACCEPTED_FILE, REFERENCE_FOLDER, EVIDENCE_FOLDER] as const;
/** Can be made again, or opens a door to whoever reads it. */
export const LEFT_OUT = [DAY_RESULTS_FILE, FIRST_LINK_FILE] as const;

/** What of a data folder belongs to its ledger, the ledger last: what is put in another's place goes together. */
export const BELONGINGS: readonly string[] = [
  ...KEPT,
  ...LEFT_OUT.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
  ...LEDGER_LOGS,
  LEDGER_FILE,
];

export interface DataFile {
  readonly name: string;
  readonly bytes: number;
}

/** The files beside the ledger that a backup holds, with their places in the data folder. */
export function keptFiles(data: string): DataFile[] {
  return KEPT.filter((name) => existsSync(join(data, name))).flatMap((name) => filesIn(data, name));
}

function filesIn(data: string, name: string): DataFile[] {
  const found = statSync(join(data, name), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return name.endsWith('.part') ? [] : [{ name, bytes: found.size }];
  return readdirSync(join(data, name))
    .sort()
    .flatMap((inside) => filesIn(data, `${name}/${inside}`));
}

/** Whether a file of an archive has a place in a data folder; anything else is none of a backup's. */
export function hasPlace(name: string): boolean {
  const [first = '', ...inside] = name.split('/');
  const isPlain = inside.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (inside.length === 0) return name === LEDGER_FILE || name === ACCEPTED_FILE || name === CONFIG_COPY;
  return isPlain && (first === REFERENCE_FOLDER || first === EVIDENCE_FOLDER);
}
