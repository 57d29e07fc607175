/** What the daemon says of its own hearing, among what is offered to it and what is known. */
import { DAEMON } from '../../rules/book.ts';
import type { DeviceFact, Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Entry } from '../ledger/facts.ts';

/** Whom what the daemon itself records comes from. */
export const OURSELVES = { by: null, via: 'daemon', claimedAt: null } as const;

/** Whether it says that the daemon hears again: everything that was kept for it is in. */
export function saysWeHear({ fact, from }: Entry): boolean {
  return isOwnWord(fact) && fact.state === 'online' && from.via === 'daemon';
}

export function isOwnWord(fact: Fact): fact is DeviceFact {
  return fact.fact === 'device' && fact.device === DAEMON;
}

/** Since when we have not heard, by our own words in order of time; null while we do. */
export function deafSince(said: readonly DeviceFact[]): Ms | null {
  // After a standstill the loss of the broker is said as well: we were away from the first of these words on.
  const sinceWeHeard = said.slice(said.findLastIndex(({ state }) => state === 'online') + 1);
  return sinceWeHeard.find(({ state }) => state === 'offline')?.at ?? null;
}
