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

/** The list of a key; an empty one is entered where there is none. */
export function listOf<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

/** Inserts in order, once; facts nearly always arrive in order, so it looks at the end first. */
export function insert<F extends Fact>(list: F[], fact: F): void {
  let at = list.length;
  if (at > 0 && inOrder(list[at - 1] as F, fact) > 0) {
    for (let low = 0; low < at; ) {
      const middle = (low + at) >> 1;
      if (inOrder(list[middle] as F, fact) > 0) at = middle;
      else low = middle + 1;
    }
  }
  if (at > 0 && list[at - 1]?.id === fact.id) return;
  if (at === list.length) list.push(fact);
  else list.splice(at, 0, fact);
}

/** Takes out the fact with the same id. */
export function drop<F extends Fact>(list: F[] | undefined, fact: F): void {
  const at = list?.findIndex((other) => other.id === fact.id) ?? -1;
  if (list !== undefined && at >= 0) list.splice(at, 1);
}
