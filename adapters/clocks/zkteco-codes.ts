/**
 * The codes by which ZKTeco devices say how somebody was recognised. Sources disagree, since generations of devices do: black and
 * white ones count password, finger, card (zk-protocol, "Verification type"), those with several ways of verifying count as the
 * vendor's SDK lists its verify styles. All agree on 1 finger, 15 face, 25 palm. What a device sent is kept beside the word.
 */

/** `classic`: 0 password, 1 finger, 2 card; `multi`: 1 finger, 3 password, 4 card. */
export type CodeSeries = 'classic' | 'multi';

export interface CodeOptions {
  readonly series: CodeSeries;
  /** This device's own, by its code. */
  readonly methods: Readonly<Record<string, string>> | null;
}

const AGREED: Readonly<Record<string, string>> = { 1: 'finger', 15: 'face', 25: 'palm' };
const OF_SERIES: Readonly<Record<CodeSeries, Readonly<Record<string, string>>>> = {
  classic: { 0: 'password', 2: 'card', 4: 'card' },
  multi: { 3: 'password', 4: 'card' },
};

/** Null for a code that has no word. */
export function methodOf({ series, methods }: CodeOptions, code: number | null): string | null {
  if (code === null) return null;
  for (const table of [methods ?? {}, AGREED, OF_SERIES[series]]) {
    if (Object.hasOwn(table, code)) return table[code] ?? null;
  }
  return null;
}
