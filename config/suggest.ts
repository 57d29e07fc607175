/** No list of candidates is searched further than this: a suggestion must never be what makes a check slow. */
const MOST_CANDIDATES = 2000;

/** The candidate that a misspelt word most likely meant, or null if none is near (at most a third of it differs). */
export function suggest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let tried = 0;
  for (const candidate of candidates) {
    if (++tried > MOST_CANDIDATES) break;
    const other = candidate.toLowerCase();
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue;
    // Two words of one letter each have nothing in common once that letter differs.
    if (other !== wanted && Math.min(other.length, wanted.length) < 2) continue;
    const apart = distance(wanted, other);
    if (apart < bestDistance) [best, bestDistance] = [candidate, apart];
  }
  return best;
}

/** Damerau–Levenshtein (optimal string alignment): inserted, deleted, changed and swapped neighbouring letters. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(change, (above[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length] as number;
}
