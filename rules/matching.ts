/**
 * Windows to people, one each (rules.md section 5, step 4): first as many windows as can be covered, earlier windows first; then, among
 * the assignments that cover them all, the one that gives the first window its earliest candidate, then the second.
 *
 * `candidates[i]` are the free people of window i in order. Returns each window's person, or null.
 */
export function assignInOrder(candidates: readonly (readonly string[])[]): (string | null)[] {
  const covered: number[] = [];
  const windowOf = new Map<string, number>();
  for (const i of candidates.keys()) if (augment(i, candidates, windowOf, new Set())) covered.push(i);
  // Fix one window after the other on the earliest candidate that leaves all the others coverable.
  const fixed = new Map<string, number>();
  const result: (string | null)[] = candidates.map(() => null);
  for (const [k, i] of covered.entries()) {
    for (const person of candidates[i] ?? []) {
      if (fixed.has(person)) continue;
      fixed.set(person, i);
      if (allCoverable(covered.slice(k + 1), candidates, fixed)) {
        result[i] = person;
        break;
      }
      fixed.delete(person);
    }
  }
  return result;
}

/** Kuhn's augmenting path: gives window `i` a person, moving others to another of theirs where needed. */
function augment(
  i: number,
  candidates: readonly (readonly string[])[],
  windowOf: Map<string, number>,
  tried: Set<string>,
): boolean {
  for (const person of candidates[i] ?? []) {
    if (tried.has(person)) continue;
    tried.add(person);
    const holder = windowOf.get(person);
    if (holder === undefined || augment(holder, candidates, windowOf, tried)) {
      windowOf.set(person, i);
      return true;
    }
  }
  return false;
}

function allCoverable(
  windows: readonly number[],
  candidates: readonly (readonly string[])[],
  fixed: ReadonlyMap<string, number>,
): boolean {
  const windowOf = new Map<string, number>();
  const taken = [...fixed.keys()];
  return windows.every((i) => augment(i, candidates, windowOf, new Set(taken)));
}
