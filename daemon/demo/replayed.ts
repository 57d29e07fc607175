/** The proof at the end: the ledger's facts alone lead to the same verdicts, and to the same history, byte for byte. */
import { hallOf } from '../../config/judging.ts';
import type { Judging } from '../../rules/hall.ts';
import { historyUntil, type ReplayInput, verdictsAt } from '../../rules/replay.ts';
import { verdictLine } from '../../rules/verdict.ts';
import type { HallCore } from '../hall-core.ts';
import { readFactLines } from '../lines/fact-lines.ts';
import { exportLines, historyLine } from '../lines/ledger-lines.ts';

export interface ReplayOutcome {
  readonly facts: number;
  readonly verdicts: number;
  readonly changes: number;
  /** The first line that came out otherwise; null = none did. */
  readonly difference: { readonly exported: string; readonly replayed: string } | null;
}

/** Exports the facts, reads them again as an import would, judges them without any clock, and compares. */
export function replayLedger(core: HallCore): ReplayOutcome {
  const { hall } = core;
  const { facts, problems } = readFactLines([...exportLines(core, 'facts', null)], { hall, find: () => null });
  if (problems.length > 0) throw new Error(`exported facts cannot be read: ${JSON.stringify(problems[0])}`);
  const { now } = core.engine;
  const input: ReplayInput = {
    facts,
    hall,
    now,
    compile: (fact) => hallOf(fact.judging as Judging, fact.hash),
  };
  const verdicts = verdictsAt(input).map((verdict) => JSON.stringify(verdictLine(hall, verdict, now)));
  const history = historyUntil(input).map((change) => historyLine(hall, change));
  const difference =
    firstDifference([...exportLines(core, 'verdicts', null)], verdicts) ??
    firstDifference([...exportLines(core, 'history', null)], history);
  return { facts: facts.length, verdicts: verdicts.length, changes: history.length, difference };
}

function firstDifference(exported: readonly string[], replayed: readonly string[]): ReplayOutcome['difference'] {
  for (let i = 0; i < Math.max(exported.length, replayed.length); i++) {
    if (exported[i] !== replayed[i]) return { exported: exported[i] ?? '', replayed: replayed[i] ?? '' };
  }
  return null;
}
