/** Who asks: a person signed in, a machine with a token, a screen on the wall. */

export const ROLES = ['admin', 'supervisor', 'manager', 'chief', 'installer', 'employee', 'screen', 'desk'] as const;

/**
 * `admin` accounts and settings · `supervisor` 督查: cases of the whole hall · `manager` leads the hall: reads everything ·
 * `chief` 首席代表: the departments named in the account · `installer` devices and what could not be understood ·
 * `employee` only themself · `screen` on a wall: no names · `desk` a window's own PC: that window.
 */
export type Role = (typeof ROLES)[number];

export interface Actor {
  /** `user:NAME`, `token:NUMBER` or `screen:NUMBER`: what facts and the access log keep in `by`. */
  readonly id: string;
  /** What people call them. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Who in the hall's plan they are; null = nobody there. */
  readonly employee: string | null;
  /** The departments a chief answers for. */
  readonly departments: readonly string[];
  /** The window whose PC it is; of a desk only. */
  readonly window?: string;
}

export function hasRole(actor: Actor | null, ...roles: readonly Role[]): boolean {
  return actor?.roles.some((role) => roles.includes(role)) ?? false;
}

/** Roles that belong to a device, and that no person or machine is given. */
export const DEVICE_ROLES: readonly Role[] = ['screen', 'desk'];

/** A request that has been through the guard (a Hono context with the variables of `HttpEnv`). */
interface Asked {
  get(key: 'actor'): Actor | null | undefined;
}

/** Who asks, or null where nobody is signed in. */
export function visitorOf(c: Asked): Actor | null {
  return c.get('actor') ?? null;
}

/** Who asks, on a route that lets in nobody unknown (routes.ts); an error anywhere else. */
export function actorOf(c: Asked): Actor {
  const actor = visitorOf(c);
  if (actor === null) throw new Error('the route lets in people who are not signed in; use visitorOf');
  return actor;
}
