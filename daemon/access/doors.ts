/** Through which doors people speak for themselves, and which facts are worth nothing without that. */
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
export const NOT_TO_SEND: ReadonlySet<FactKind> = new Set([
  ...WORDS_OF_PEOPLE,
  ...(['witness', 'silence', 'silence-end', 'config'] as const),
]);

/** Whether somebody said it here themself. An imported line names no one who could be asked whether they may: it is kept, and counts for nothing. */
export function isSaidInPerson({ by, via }: Pick<Fact, 'by' | 'via'>): boolean {
  return by !== undefined && OWN_DOORS.has(via);
}
