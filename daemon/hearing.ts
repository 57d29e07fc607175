/** What the daemon says of its own hearing, among what is offered to it. */
import { DAEMON } from '../rules/book.ts';
import type { Entry } from './ledger/facts.ts';

/** Whether it says that the daemon hears again: everything that was kept for it is in. */
export function saysWeHear({ fact, from }: Entry): boolean {
  return fact.fact === 'device' && fact.device === DAEMON && fact.state === 'online' && from.via === 'daemon';
}
