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
 * Slips are missing or they are not: that is closed from the start, and pending only on a date that is not published, of which
 * these worlds have none.
 */
const IMPOSSIBLE: ReadonlySet<string> = new Set(['leave-slip closed', 'leave-slip stayed pending']);

/** What the runs of many seeds have to show of the shipped rules. */
export function expectedSights(): string[] {
  const all = RULES.flatMap(({ name }) =>
    [...Object.values(SEEN), 'stayed pending'].map((sight) => `${name} ${sight}`),
  );
  return all.filter((sight) => !IMPOSSIBLE.has(sight));
}
