/** Whose role lets them do what with a case. That nobody decides on themself is asked after that (rules/case-life.ts). */
import type { Deed } from '../../rules/case-life.ts';
import { type Actor, hasRole, type Role } from '../access/actor.ts';

/** Who may look at cases at all; each sees those that their sight lets them see. */
export const READERS = ['admin', 'supervisor', 'manager', 'chief', 'employee'] as const satisfies readonly Role[];

/** Who may have kept what the cameras still remember for a case that they see; an employee for their own. */
export const FREEZERS = ['supervisor', 'manager', 'chief', 'employee'] as const satisfies readonly Role[];

const SUPERVISION = ['supervisor'] as const;

/** An employee appeals for themself, and has been told when they say so; a chief does either for somebody of their department. */
export const DOERS = {
  acknowledge: ['supervisor', 'chief'],
  clear: SUPERVISION,
  confirm: SUPERVISION,
  excuse: SUPERVISION,
  'false-alarm': SUPERVISION,
  deliver: ['supervisor', 'chief', 'employee'],
  appeal: ['chief', 'employee'],
  uphold: ['supervisor', 'manager'],
  overturn: ['supervisor', 'manager'],
} as const satisfies Readonly<Record<Deed, readonly Role[]>>;

/** Whether somebody's role lets them do something with a case that they see, and that speaks against `judged`. */
export function mayDo(actor: Actor, deed: Deed, judged: readonly string[]): boolean {
  const roles: readonly Role[] = DOERS[deed];
  if (hasRole(actor, ...roles.filter((role) => role !== 'employee'))) return true;
  return (
    roles.includes('employee') &&
    hasRole(actor, 'employee') &&
    actor.employee !== null &&
    judged.includes(actor.employee)
  );
}
