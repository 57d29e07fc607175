/** What differs between two texts, in lines as `diff -u` writes them. */

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

export interface Sides {
  /** Lines as they are compared, and as they are shown: what must not be seen is hidden in the latter. */
  readonly compared: readonly string[];
  readonly shown: readonly string[];
}

const CONTEXT = 3;

/** Empty where nothing differs. Lines of different content that are shown alike still stand there as changed. */
export function textDifference(before: Sides, after: Sides, name: string): string {
  const lines = linesOf(before, after);
  const hunks = hunksOf(lines);
  if (hunks.length === 0) return '';
  return [`--- ${name}`, `+++ ${name}`, ...hunks].join('\n');
}

/** What is the same at both ends is set aside; the rest is small, as an edit is, and its longest common part is looked for. */
function linesOf(before: Sides, after: Sides): Line[] {
  const [a, b] = [before.compared, after.compared];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (from: number, to: number): Line[] => before.shown.slice(from, to).map((text) => ({ sign: ' ', text }));
  const middle = between(
    { compared: a.slice(head, a.length - tail), shown: before.shown.slice(head, a.length - tail) },
    { compared: b.slice(head, b.length - tail), shown: after.shown.slice(head, b.length - tail) },
  );
  return [...same(0, head), ...middle, ...same(a.length - tail, a.length)];
}

/** Beyond this many pairs of lines, the one part is shown as replaced by the other. */
const MOST_PAIRS = 4_000_000;

function between(before: Sides, after: Sides): Line[] {
  const [a, b] = [before.compared, after.compared];
  const gone = (i: number): Line => ({ sign: '-', text: before.shown[i] ?? '' });
  const come = (j: number): Line => ({ sign: '+', text: after.shown[j] ?? '' });
  if (a.length * b.length > MOST_PAIRS) return [...a.map((_, i) => gone(i)), ...b.map((_, j) => come(j))];
  const width = b.length + 1;
  // The length of the longest common part of what follows, for every pair of places.
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: after.shown[j] ?? '' });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(gone(i++));
    else lines.push(come(j++));
  }
  return lines;
}

function hunksOf(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const stretches: { from: number; to: number }[] = [];
  for (const i of changed) {
    const [from, to] = [Math.max(0, i - CONTEXT), Math.min(lines.length, i + CONTEXT + 1)];
    const last = stretches.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else stretches.push({ from, to });
  }
  return stretches.map(({ from, to }) => {
    const part = lines.slice(from, to);
    const count = (signs: string, of: readonly Line[]): number => of.filter(({ sign }) => signs.includes(sign)).length;
    const head = lines.slice(0, from);
    const range = (signs: string): string => `${count(signs, head) + 1},${count(signs, part)}`;
    return [`@@ -${range(' -')} +${range(' +')} @@`, ...part.map(({ sign, text }) => `${sign}${text}`)].join('\n');
  });
}
