/** Takes what was checked into a ledger, and answers what became of it. */
import type { Fact } from '../../rules/facts.ts';
import type { HallCore } from '../hall-core.ts';
import type { Checked, ImportQuestion } from './check.ts';

export interface ImportRequest {
  readonly question: ImportQuestion;
  readonly partial: boolean;
  /** Nothing is written: what would change is found out. */
  readonly dryRun: boolean;
}

export interface ImportAnswer extends Pick<Checked, 'rows' | 'known' | 'problems' | 'notes' | 'preview'> {
  /** Facts that were added, or would be. */
  readonly added: number;
}

/** Whether anything of what was checked is to be written. */
export function isToBeWritten({ problems, fresh }: Checked, { partial, dryRun }: ImportRequest): boolean {
  return !dryRun && fresh.length > 0 && (partial || problems.length === 0);
}

/** As many share a transaction, and are judged together, whatever is done. */
const FEW = 500;

/** Resolves when the facts are durable and judged, with how many were new. */
export async function takeIn({ live }: HallCore, facts: readonly Fact[]): Promise<number> {
  // A part of a month's punches would accuse everybody of the days whose punches come after it.
  if (facts.length > FEW) live.beginBacklog();
  try {
    const outcomes = await live.record(facts, { by: null, via: 'import', claimedAt: null });
    return outcomes.filter((outcome) => outcome === 'new').length;
  } finally {
    if (facts.length > FEW) live.endBacklog();
  }
}

/** What became of it, where nothing was written. */
export function unwritten(checked: Checked, { partial }: ImportRequest): ImportAnswer {
  const { rows, known, problems, notes, preview, fresh } = checked;
  const isRefused = problems.length > 0 && !partial;
  return { rows, known: isRefused ? 0 : known, problems, notes, preview, added: isRefused ? 0 : fresh.length };
}

/** What became of it, where `added` facts of it were new. */
export function written(checked: Checked, added: number): ImportAnswer {
  const { rows, known, problems, notes, fresh } = checked;
  return { rows, known: known + fresh.length - added, problems, notes, preview: null, added };
}
