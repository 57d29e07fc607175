/** Tells pages that it is worth asking for cases again. */
import type { Change } from '../../rules/changes.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Consequence } from '../live.ts';

/** Facts by which people say something that pages show. */
const SAID: ReadonlySet<Fact['fact']> = new Set([
  'action',
  'note',
  'witness',
  'silence',
  'silence-end',
  'cover',
  'cancel',
]);

/** Counts the commits in which something was said of a case, or by people; what a commit that fails has counted harms nobody. */
export class CaseNews implements Consequence {
  readonly nextAt: Ms = Number.POSITIVE_INFINITY;
  #count = 0;

  /** Differs from what it was before whenever there is news. */
  get count(): number {
    return this.#count;
  }

  follow(changes: readonly Change[], facts: readonly Fact[]): void {
    if (changes.length > 0 || facts.some(({ fact }) => SAID.has(fact))) this.#count++;
  }
}
