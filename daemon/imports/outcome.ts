import { formatInstant, type Zone } from '../../rules/time.ts';
import type { ImportAnswer, ImportRequest } from './import.ts';
import type { PreviewedChange } from './preview.ts';
import type { CellProblem } from './row.ts';

/** What became of an import, for programs. */
export interface ImportOutcome {
  /** How the file was read. */
  readonly format: string;
  readonly rows: number;
  readonly dryRun: boolean;
  readonly imported: boolean;
  readonly added: number;
  readonly known: number;
  readonly problems: readonly CellProblem[];
  readonly notes: readonly string[];
  /** Of a dry run, as of the ledger's last instant; null where nothing has been judged yet. */
  readonly preview: { readonly at: string; readonly changes: readonly PreviewedChange[] } | null;
}

/** Nothing was taken in, or nothing would be, since something is wrong. */
export function isRefused({ problems }: ImportAnswer, { partial }: Pick<ImportRequest, 'partial'>): boolean {
  return problems.length > 0 && !partial;
}

export function outcomeOf(
  answer: ImportAnswer,
  how: Pick<ImportRequest, 'partial' | 'dryRun'>,
  zone: Zone,
): ImportOutcome {
  const { format, rows, added, known, problems, notes, preview } = answer;
  const { dryRun } = how;
  const imported = !dryRun && !isRefused(answer, how);
  const judged = preview === null ? null : { at: formatInstant(zone, preview.at), changes: preview.changes };
  return { format, rows, dryRun, imported, added, known, problems, notes, preview: judged };
}
