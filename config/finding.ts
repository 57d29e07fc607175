import type { Told } from './terms.ts';
import type { Words } from './words-zh.ts';

/** Keys and list positions from the top of the file. */
export type Path = readonly (string | number)[];

/** Where a finding points: at a key, at a value, at a word inside a value, or at a stretch of the text itself. */
export type Place =
  | { readonly path: Path; readonly part: 'key' | 'value' | 'start'; readonly inside?: string }
  | { readonly from: number; readonly to: number };

export type Severity = 'error' | 'warning';

/** Something wrong with a configuration, in no language yet. */
export interface Finding {
  readonly place: Place;
  readonly severity: Severity;
  /** It says that something is nowhere in the file, which nobody can know of a file whose YAML is broken. */
  readonly needsWholeFile: boolean;
  /** `shown` is what stands at the place, quoted; never a secret. */
  readonly tell: (words: Words, shown: string) => Told;
}

type Options = { readonly severity?: Severity; readonly needsWholeFile?: boolean };

export function finding(place: Place, tell: Finding['tell'], options: Options = {}): Finding {
  return { place, tell, severity: options.severity ?? 'error', needsWholeFile: options.needsWholeFile ?? false };
}

export const atKey = (path: Path): Place => ({ path, part: 'key' });
export const atValue = (path: Path): Place => ({ path, part: 'value' });
/** Something is missing in the map or list at this path. */
export const atStart = (path: Path): Place => ({ path, part: 'start' });
