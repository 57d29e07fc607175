/** What is offered to the one door in, and what became of it. */
import type { Fact, OtherFact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Entry } from '../ledger/facts.ts';
import type { Reject } from '../ledger/rejects.ts';

/** What became of something that was offered. */
export type Outcome = 'new' | 'known' | 'conflict' | 'rejected';

/** Something that came in: a fact, or what could not be understood as one. */
export interface Offer {
  readonly what: Entry | { readonly reject: Reject };
  /** Called once it is durable; never, if it could not be kept. */
  readonly kept: (outcome: Outcome) => void;
}

/** The facts among what was offered that were not known before, as they were recorded: by whom and through which door the ledger says. */
export function newFacts(offers: readonly Offer[], outcomes: readonly Outcome[], recordedAt: Ms): Fact[] {
  return offers.flatMap(({ what }, i) =>
    outcomes[i] === 'new' && 'fact' in what ? [recordedFact(what, recordedAt)] : [],
  );
}

function recordedFact({ fact, from: { by, via } }: Entry, recordedAt: Ms): Fact {
  // Of what devices see there are millions, and nobody asks who said it.
  if (fact.fact === 'punch' || fact.fact === 'presence') return { ...fact, recordedAt };
  const { by: _claimed, ...said } = fact as OtherFact;
  return { ...said, ...(by !== null && { by }), via, recordedAt } as Fact;
}
