/** Through which doors people speak for themselves, which facts are worth nothing without that, and which nobody sends. */
import { DAEMON } from '../../rules/book.ts';
import type { Fact, FactKind } from '../../rules/facts.ts';

/** `via` of what somebody did who was asked who they are and whether they may. */
export type OwnDoor = 'web' | 'token';

const OWN_DOORS: ReadonlySet<unknown> = new Set<OwnDoor>(['web', 'token']);

export const ownDoorOf = (by: string): OwnDoor => (by.startsWith('token:') ? 'token' : 'web');

/** What a person says and nobody else can say for them. */
export const WORDS_OF_PEOPLE: readonly FactKind[] = ['action', 'sign-off', 'remark'];

/**
 * What is not to be sent by an account: who sends it is not who said it, it has limits that its own page keeps (nobody sees for
 * themself, no silence lasts for ever), and a configuration is what `hall.yaml` says.
 */
const NOT_TO_SEND: ReadonlySet<FactKind> = new Set([
  ...WORDS_OF_PEOPLE,
  ...(['witness', 'silence', 'silence-end', 'config'] as const),
]);

/** Who sends lines of facts. `operator`: whoever runs the daemon, and may move a ledger's lines · or an account or a token. */
export type Sender = 'operator' | 'administrator' | 'account';

/**
 * Why somebody may not send a fact; null = they may. Whether devices, and we ourselves, could hear decides whom verdicts name:
 * that is theirs to say, and a `cancel` takes it back. `find` gives what a `cancel` names.
 */
export function refusalOf(fact: Fact, sender: Sender, find: (id: string) => Fact | null): string | null {
  if (sender === 'operator') return null;
  if (NOT_TO_SEND.has(fact.fact))
    return 'people decide on the pages themselves, and a configuration comes from hall.yaml';
  const said = fact.fact === 'cancel' ? find(fact.target) : fact;
  if (said?.fact !== 'device') return null;
  if (said.device === DAEMON) return 'the daemon itself says when it was there';
  return sender === 'administrator' ? null : 'whether a device was there is said by itself, or sent by administrators';
}

/** Whether somebody said it here themself. An imported line names no one who could be asked whether they may: it is kept, and counts for nothing. */
export function isSaidInPerson({ by, via }: Pick<Fact, 'by' | 'via'>): boolean {
  return by !== undefined && OWN_DOORS.has(via);
}
