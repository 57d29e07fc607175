/** The orders in which facts are looked at. */
import type { Fact } from './facts.ts';
import type { Ms } from './time.ts';

/** `at` of facts at an instant, `from` of those over a stretch; `day` facts have neither. */
function timeOf(fact: Fact): Ms {
  if ('at' in fact) return fact.at;
  return 'from' in fact ? fact.from : 0;
}

/** By time, then id: the order in which facts of one kind are looked at. */
export function inOrder(a: Fact, b: Fact): number {
  return timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Facts that became known together are applied in `(fact, at, id)` order, so that history has one form. */
export function inApplicationOrder(facts: readonly Fact[]): Fact[] {
  return [...facts].sort((a, b) => (a.fact < b.fact ? -1 : a.fact > b.fact ? 1 : inOrder(a, b)));
}

/** The latest recorded first, then the latest `from`, then the greater id. */
export function laterRecorded(a: Fact, b: Fact): number {
  return b.recordedAt - a.recordedAt || timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
