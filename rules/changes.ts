/** How verdicts change: what was said before, against what holds now. */
import type { Ms } from './time.ts';
import { compareVerdicts, sameVerdict, type Verdict, verdictKey } from './verdict.ts';

export type Op = 'open' | 'revise' | 'close' | 'retract';

/**
 * Why a verdict changed: facts that had been recorded, the passing of time, or a release that judges what was known already
 * otherwise than the one before it.
 */
export type Cause = { readonly facts: readonly string[] } | { readonly deadline: true } | { readonly upgrade: true };

/** One change of one verdict. A retraction carries what no longer holds. */
export interface Change {
  readonly at: Ms;
  readonly op: Op;
  readonly key: string;
  readonly cause: Cause;
  readonly verdict: Verdict;
  /** Where a revision changed the verdict's `from`, or whom it is about: what they were. */
  readonly was?: Pick<Verdict, 'from' | 'employee'>;
}

/** The verdicts of one subject and day that hold, by key. */
export type Standing = ReadonlyMap<string, Verdict>;

/** What holds now, and the changes that lead there. Nothing is dropped: what no longer holds is retracted. */
export function diffVerdicts(
  hallId: string,
  held: Standing | undefined,
  verdicts: readonly Verdict[],
  { at, cause }: { readonly at: Ms; readonly cause: Cause },
): { readonly holding: Standing; readonly changes: Change[] } {
  const holding = new Map<string, Verdict>();
  const changes: Change[] = [];
  for (const verdict of verdicts) {
    const key = verdictKey(hallId, verdict);
    holding.set(key, verdict);
    const before = held?.get(key);
    if (before === undefined) changes.push({ at, cause, op: 'open', key, verdict });
    else if (!sameVerdict(before, verdict)) {
      const closes = verdict.state === 'closed' && before.state !== 'closed';
      const { from, employee } = before;
      const was = from === verdict.from && employee === verdict.employee ? {} : { was: { from, employee } };
      changes.push({ at, cause, op: closes ? 'close' : 'revise', key, verdict, ...was });
    }
  }
  for (const [key, verdict] of held ?? []) {
    if (!holding.has(key)) changes.push({ at, cause, op: 'retract', key, verdict });
  }
  return { holding, changes };
}

/** The order of changes that are said at one instant. */
export function compareChanges(a: Change, b: Change): number {
  return compareVerdicts(a.verdict, b.verdict) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
