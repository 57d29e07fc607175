/** Accounts, tokens and screens for programs: instants as RFC 3339, and nothing that could sign anybody in. */
import type { Ms } from '../../rules/time.ts';
import type { Account } from './accounts.ts';
import type { Screen } from './screens.ts';
import type { Token } from './tokens.ts';

export const instantJson = (at: Ms | null): string | null => (at === null ? null : new Date(at).toISOString());

export function userJson({ disabledAt, madeAt, ...account }: Account & { readonly hasPassword?: boolean }): object {
  return { ...account, disabledAt: instantJson(disabledAt), madeAt: instantJson(madeAt) };
}

export function tokenJson({ madeAt, expiresAt, usedAt, revokedAt, ...token }: Token): object {
  const instants = { madeAt, expiresAt, usedAt, revokedAt };
  return { ...token, ...Object.fromEntries(Object.entries(instants).map(([key, at]) => [key, instantJson(at)])) };
}

export function screenJson({ madeAt, linkUntil, takenAt, seenAt, revokedAt, ...screen }: Screen): object {
  const instants = { madeAt, linkUntil, takenAt, seenAt, revokedAt };
  return { ...screen, ...Object.fromEntries(Object.entries(instants).map(([key, at]) => [key, instantJson(at)])) };
}
