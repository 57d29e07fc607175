/**
 * A configuration that may be wrong anywhere, read as far as it goes: so that the checks of meaning run beside those of
 * form, and everything is said at once.
 */
import { type Day, dayOfDate } from '../rules/time.ts';
import type { Path } from './finding.ts';

export interface Draft {
  readonly path: Path;
  readonly value: unknown;
}

export function child(draft: Draft, ...keys: Path): Draft {
  let value = draft.value;
  for (const key of keys) {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    value = known ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  return { path: [...draft.path, ...keys], value };
}

/** Whether anything is written there. */
export const isWritten = (draft: Draft): boolean => draft.value !== undefined && draft.value !== null;

/** The items of a list, none if it is no list. */
export function items(draft: Draft, ...keys: Path): Draft[] {
  const list = child(draft, ...keys);
  return Array.isArray(list.value) ? list.value.map((value, i) => ({ path: [...list.path, i], value })) : [];
}

/** A text or a list of texts, as a list. */
export function oneOrMany(draft: Draft, key: string): Draft[] {
  const value = child(draft, key);
  return Array.isArray(value.value) ? items(draft, key) : isWritten(value) ? [value] : [];
}

/** The entries of a map, none if it is no map. */
export function entries(draft: Draft, ...keys: Path): (readonly [key: string, value: Draft])[] {
  const map = child(draft, ...keys);
  if (typeof map.value !== 'object' || map.value === null || Array.isArray(map.value)) return [];
  return Object.entries(map.value).map(([key, value]) => [key, { path: [...map.path, key], value }] as const);
}

/** A text. An id that YAML read as a number counts as one here: that it lacks its quotes is said elsewhere, once. */
export function textOf(draft: Draft, ...keys: Path): string | null {
  const { value } = child(draft, ...keys);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function dateAt(draft: Draft, ...keys: Path): Day | null {
  const text = textOf(draft, ...keys);
  return text === null ? null : dayOfDate(text);
}
