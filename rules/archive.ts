/** What the engine asks of whoever keeps the facts, when a day that is not in memory is looked at. */
import type { Fact } from './facts.ts';
import type { Span } from './intervals.ts';
import type { Day, Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

/** What the shell keeps and the engine asks for when an old day, or a cancelled fact, is touched. */
export interface Archive {
  find(id: string): Fact | null;
  /** The punches and presence that lie in a stretch of time (`liesIn`), as far as they are sought. */
  between(span: Span, sought?: Sought): Iterable<Fact>;
  /** The verdicts that held when the day was last judged. */
  standing(day: Day): Iterable<Verdict>;
}

/** What is asked for of a stretch of time. */
export interface Sought {
  readonly punches: boolean;
  /** The windows whose presence is; null = all. */
  readonly windows: readonly string[] | null;
}

export const EVERYTHING: Sought = { punches: true, windows: null };
export const PUNCHES: Sought = { punches: true, windows: [] };

export function isSought(fact: Fact, { punches, windows }: Sought): boolean {
  return fact.fact === 'presence' ? windows === null || windows.includes(fact.window) : punches;
}

/** Whether a fact happened in a stretch of time, or the clock that it came from said that it did. */
export function liesIn(fact: Fact, { from, to }: Span): boolean {
  const isIn = (at: Ms): boolean => from <= at && at < to;
  if (fact.fact === 'punch') return isIn(fact.at) || (fact.deviceAt !== undefined && isIn(fact.deviceAt));
  return fact.fact === 'presence' && isIn(fact.at);
}

/**
 * The punches and presence that it takes to judge a stretch of time, as far as they are sought. A touch may have been delivered more than
 * once, with other corrections of its time: only the earliest counts, and it may lie on another day.
 */
export function* factsToJudge(
  archive: Pick<Archive, 'between'>,
  span: Span,
  sought: Sought = EVERYTHING,
): Iterable<Fact> {
  const seen = new Set<string>();
  const elsewhere = new Set<Ms>();
  for (const fact of archive.between(span, sought)) {
    yield fact;
    const saidAt = fact.fact === 'punch' ? fact.deviceAt : undefined;
    if (saidAt === undefined || (span.from <= saidAt && saidAt < span.to)) continue;
    seen.add(fact.id);
    elsewhere.add(saidAt);
  }
  for (const at of elsewhere) {
    for (const fact of archive.between({ from: at, to: at + 1 }, sought)) if (!seen.has(fact.id)) yield fact;
  }
}
