/** Tells pages that it is worth asking for cases again. */
import type { Change } from '../../rules/changes.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Consequence } from '../live/live.ts';

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

/** Counts commits; what one that fails has counted harms nobody. */
export class CaseNews implements Consequence {
  readonly nextAt: Ms = Number.POSITIVE_INFINITY;
  #judged = 0;
  #said = 0;

  /** Differs from what it was before whenever something was said of a case, or by people. */
  get count(): number {
    return this.#judged + this.#said;
  }

  /** Differs from what it was before whenever people have said something. */
  get said(): number {
    return this.#said;
  }

  follow(changes: readonly Change[], facts: readonly Fact[]): void {
    if (facts.some(({ fact }) => SAID.has(fact))) this.#said++;
    else if (changes.length > 0) this.#judged++;
  }
}
