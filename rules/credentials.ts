/** Whose credential it is by the configuration. */
import { type CredentialMapping, credentialKey, dayAt, FIRST_DAY, type Hall, LAST_DAY } from './hall.ts';
import type { Day, Ms } from './time.ts';

/** Whom a credential is mapped to at an instant; which day that is matters only where a mapping begins or ends. */
export function mappedBy(hall: Hall, mappings: readonly CredentialMapping[], at: Ms): string | null {
  let day: Day | null = null;
  for (const { employee, from, until } of mappings) {
    if (from === FIRST_DAY && until === LAST_DAY) return employee;
    day ??= dayAt(hall, at);
    if (from <= day && day <= until) return employee;
  }
  return null;
}

const owners = new WeakMap<Hall, ReadonlyMap<string, string | null>>();

/** Whom the configuration maps a credential to on every clock and every day; null where one of them may be somebody else's. */
export function lastingOwners(hall: Hall): ReadonlyMap<string, string | null> {
  const known = owners.get(hall);
  if (known !== undefined) return known;
  const found = new Map<string, string | null>();
  for (const { id, credentials } of hall.employees.values()) {
    for (const credential of credentials) {
      const [mapping, ...more] = hall.credentials.get(credentialKey(null, credential)) ?? [];
      const lasts = more.length === 0 && mapping?.from === FIRST_DAY && mapping.until === LAST_DAY;
      found.set(credential, lasts && !found.has(credential) ? id : null);
    }
  }
  owners.set(hall, found);
  return found;
}
