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

/** A verdict that is said to hold. */
export interface Held {
  readonly key: string;
  readonly verdict: Verdict;
}

/** The verdicts of one subject and day that hold: mostly none or one. */
export type Standing = readonly Held[];

/** What holds now, and the changes that lead there. Nothing is dropped: what no longer holds is retracted. */
export function diffVerdicts(
  hallId: string,
  held: Standing,
  verdicts: readonly Verdict[],
  { at, cause }: { readonly at: Ms; readonly cause: Cause },
): { readonly holding: Standing; readonly changes: Change[] } {
  const holding = verdicts.map((verdict) => ({ key: verdictKey(hallId, verdict), verdict }));
  const changes: Change[] = [];
  // Mostly the same ones hold in the same order: they are looked for only where not.
  let same = 0;
  while (same < holding.length && holding[same]?.key === held[same]?.key) same++;
  const others = same < held.length ? new Map(held.slice(same).map((one) => [one.key, one.verdict])) : null;
  for (const [place, { key, verdict }] of holding.entries()) {
    const before = place < same ? held[place]?.verdict : others?.get(key);
    others?.delete(key);
    if (before === undefined) changes.push({ at, cause, op: 'open', key, verdict });
    else if (!sameVerdict(before, verdict)) {
      const closes = verdict.state === 'closed' && before.state !== 'closed';
      const { from, employee } = before;
      const was = from === verdict.from && employee === verdict.employee ? {} : { was: { from, employee } };
      changes.push({ at, cause, op: closes ? 'close' : 'revise', key, verdict, ...was });
    }
  }
  for (const [key, verdict] of others ?? []) changes.push({ at, cause, op: 'retract', key, verdict });
  return { holding, changes };
}

/** The order of changes that are said at one instant. */
export function compareChanges(a: Change, b: Change): number {
  return compareVerdicts(a.verdict, b.verdict) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
