/** What the engine asks of whoever keeps the facts, when a day that is not in memory is looked at. */
import type { Fact } from './facts.ts';
import type { Span } from './intervals.ts';
import type { Day, Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

/** What the shell keeps and the engine asks for when an old day, or a cancelled fact, is touched. */
export interface Archive {
  find(id: string): Fact | null;
  /** The punches and presence that lie in a stretch of time (`liesIn`). */
  between(span: Span): Iterable<Fact>;
  /** The verdicts that held when the day was last judged. */
  standing(day: Day): Iterable<Verdict>;
}

/** Whether a fact happened in a stretch of time, or the clock that it came from said that it did. */
export function liesIn(fact: Fact, { from, to }: Span): boolean {
  const isIn = (at: Ms): boolean => from <= at && at < to;
  if (fact.fact === 'punch') return isIn(fact.at) || (fact.deviceAt !== undefined && isIn(fact.deviceAt));
  return fact.fact === 'presence' && isIn(fact.at);
}

/**
 * The punches and presence that it takes to judge a stretch of time. A touch may have been delivered more than once, with other
 * corrections of its time: only the earliest counts, and it may lie on another day.
 */
export function* factsToJudge(archive: Pick<Archive, 'between'>, span: Span): Iterable<Fact> {
  const seen = new Set<string>();
  const elsewhere = new Set<Ms>();
  for (const fact of archive.between(span)) {
    yield fact;
    const saidAt = fact.fact === 'punch' ? fact.deviceAt : undefined;
    if (saidAt === undefined || (span.from <= saidAt && saidAt < span.to)) continue;
    seen.add(fact.id);
    elsewhere.add(saidAt);
  }
  for (const at of elsewhere) {
    for (const fact of archive.between({ from: at, to: at + 1 })) if (!seen.has(fact.id)) yield fact;
  }
}
