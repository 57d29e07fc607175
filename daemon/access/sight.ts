/** What an actor may see of people. One place, without surroundings: whoever shows a name asks here. */
import { type Actor, hasRole } from './actor.ts';

/**
 * `everybody` · `nobody` · or some: the people and the matters of some departments, and themself · of a window's own PC that window,
 * and who holds it. What may not be seen is left out or masked; windows, states and figures without names are for whoever may ask
 * the route, but a window's PC is shown no other.
 */
export type Sight =
  | { readonly of: 'everybody' }
  | { readonly of: 'nobody' }
  | { readonly of: 'window'; readonly window: string }
  | { readonly of: 'some'; readonly departments: readonly string[]; readonly employee: string | null };

/** Somebody, as far as sight asks. */
export interface Person {
  readonly employee: string;
  /** Their own, and that of the window at which they sit: its chief has to know who covers there. */
  readonly departments: readonly (string | null)[];
}

/** Of nobody known, a screen or an installer: no names. Several roles see what any of them does. */
export function sightOf(actor: Actor | null): Sight {
  if (actor === null) return { of: 'nobody' };
  if (hasRole(actor, 'admin', 'supervisor', 'manager')) return { of: 'everybody' };
  if (actor.window !== undefined && hasRole(actor, 'desk')) return { of: 'window', window: actor.window };
  const departments = hasRole(actor, 'chief') ? [...new Set(actor.departments)].sort() : [];
  const employee = hasRole(actor, 'employee', 'chief') ? actor.employee : null;
  return departments.length === 0 && employee === null ? { of: 'nobody' } : { of: 'some', departments, employee };
}

export function seesPerson(sight: Sight, { employee, departments }: Person): boolean {
  if (sight.of !== 'some') return sight.of === 'everybody';
  return sight.employee === employee || departments.some((one) => one !== null && sight.departments.includes(one));
}

/** Whether all that concerns a department may be seen, names included. */
export function seesDepartment(sight: Sight, department: string | null): boolean {
  if (sight.of !== 'some') return sight.of === 'everybody';
  return department !== null && sight.departments.includes(department);
}

/** Equal for those who see the same: what is made for one may be sent to the other. */
export function sightKey(sight: Sight): string {
  if (sight.of === 'window') return `window ${sight.window}`;
  return sight.of === 'some' ? JSON.stringify([sight.departments, sight.employee]) : sight.of;
}
