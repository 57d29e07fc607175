/** What was seen of each rule in a run, and what has to be seen of it over many. */
import type { HallCore } from '../../daemon/hall-core.ts';
import { RULES } from '../../rules/table.ts';

const SEEN = { open: 'opened', revise: 'revised', close: 'closed', retract: 'retracted' } as const;

/** `late opened`, `absent retracted`, and at the end `left-post stayed pending`. */
export function sightsOf(core: HallCore): Set<string> {
  const sights = new Set<string>();
  for (const { op, verdict } of core.history.changes()) sights.add(`${verdict.rule} ${SEEN[op]}`);
  for (const { rule, state } of core.history.standingSince(Number.MIN_SAFE_INTEGER)) {
    if (state === 'pending') sights.add(`${rule} stayed pending`);
  }
  return sights;
}

/**
 * What the runs of many seeds have to show of the shipped rules: all of it, for the rules make none of it impossible. Rules that are
 * about what is over (early-leave, missing-punch, left-post-total, leave-slip) are closed where they were in doubt before: by a clock
 * that has handed in everything, or a date of which somebody has said what it is.
 */
export function expectedSights(): string[] {
  return RULES.flatMap(({ name }) => [...Object.values(SEEN), 'stayed pending'].map((sight) => `${name} ${sight}`));
}
