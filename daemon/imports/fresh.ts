import type { Fact } from '../../rules/facts.ts';
import { FactPile } from './fact-pile.ts';

/** What is to be taken in: at hand, or on a pile. */
export type Fresh = { readonly count: number } & ({ readonly facts: readonly Fact[] } | { readonly pile: string });

export function* factsOf(fresh: Fresh): Iterable<Fact> {
  if ('facts' in fresh) return yield* fresh.facts;
  using pile = new FactPile(fresh.pile);
  yield* pile.rest();
}
