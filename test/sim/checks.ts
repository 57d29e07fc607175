/** What has to hold of every run that has come to its end. */
import { hallOf } from '../../config/judging.ts';
import { exportLines } from '../../daemon/lines/ledger-lines.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import type { Judging } from '../../rules/hall.ts';
import { type FactLine, factOf } from '../support/core-hall.ts';
import { auditProblems } from './check-audit.ts';
import { intakeProblems } from './check-intake.ts';
import { judgingProblems } from './check-judging.ts';
import { seriesProblems, seriesRemarks } from './check-series.ts';
import { tellingProblems, tellingRemarks } from './check-telling.ts';
import type { Script } from './script.ts';
import type { Stage } from './stage.ts';

/** A run at its end: what was meant to happen, and what is in the ledger. */
export interface Ended {
  readonly script: Script;
  readonly stage: Stage;
  /** The ledger's facts, as they are exported, and as they are read again. */
  readonly lines: readonly FactLine[];
  readonly facts: readonly Fact[];
}

export const compiled = (fact: ConfigFact) => hallOf(fact.judging as Judging, fact.hash);

/** Only these are to be said of a full disk: everything else that needs somebody is a fault of ours. */
const EXPECTED_ALARMS = ['taking in was suspended', 'configuration was not accepted'];

/** What was found of a run, in words. */
export interface Findings {
  /** What has to hold, and does not. */
  readonly problems: readonly string[];
  /** What should hold. */
  readonly remarks: readonly string[];
}

/** Looks at everything that a run has left behind. */
export function findingsOf(script: Script, stage: Stage): Findings {
  const unfinished = stage.unfinished();
  if (unfinished !== null) return { problems: [`not finished: ${unfinished}`], remarks: [] };
  const { core } = stage;
  core.live.settle();
  const lines = [...exportLines(core, 'facts', null)].map((line) => JSON.parse(line) as FactLine);
  const ended: Ended = { script, stage, lines, facts: lines.map(factOf) };
  const alarms = stage.alarms
    .filter((alarm) => !EXPECTED_ALARMS.some((expected) => alarm.startsWith(expected)))
    .map((alarm) => `alarm: ${alarm}`);
  const checks = [intakeProblems, judgingProblems, tellingProblems, seriesProblems, auditProblems];
  const problems = checks.flatMap((check) => check(ended));
  return { problems: [...alarms, ...problems], remarks: [...seriesRemarks(ended), ...tellingRemarks(ended)] };
}

/** The first place where two lists part. */
export function parting(what: string, got: readonly string[], wanted: readonly string[]): string[] {
  const length = Math.max(got.length, wanted.length);
  for (let i = 0; i < length; i++) {
    if (got[i] === wanted[i]) continue;
    return [`${what}, line ${i}:\n  got    ${got[i] ?? 'nothing'}\n  wanted ${wanted[i] ?? 'nothing'}`];
  }
  return [];
}

/** What only one of two lists has, whatever their order. */
export function unlike(what: string, got: Iterable<string>, wanted: Iterable<string>): string[] {
  const [mine, theirs] = [new Set(got), new Set(wanted)];
  const extra = [...mine.difference(theirs)].map((line) => `  got    ${line}`);
  const missing = [...theirs.difference(mine)].map((line) => `  wanted ${line}`);
  return extra.length + missing.length === 0 ? [] : [[`${what}:`, ...extra, ...missing].join('\n')];
}
