/** Long lists compared line by line: a failure shows the first place where they part, and not a thousand lines. */
import { expect } from 'vitest';

/** Fails unless both lists, written as JSON, are the same lines. */
export function expectSame(got: readonly unknown[], wanted: readonly unknown[], where = ''): void {
  expect(firstDifference(got, wanted), where).toBeNull();
}

function firstDifference(got: readonly unknown[], wanted: readonly unknown[]): object | null {
  const length = Math.max(got.length, wanted.length);
  for (let i = 0; i < length; i++) {
    const [mine, theirs] = [JSON.stringify(got[i]), JSON.stringify(wanted[i])];
    if (mine !== theirs) return { line: i, got: mine ?? 'nothing', wanted: theirs ?? 'nothing' };
  }
  return null;
}
