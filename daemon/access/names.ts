/** Names of accounts: one spelling, however it was typed. */

/** Letters of any script, digits, and `. _ -` between them. */
const FORM = /^[\p{L}\p{N}](?:[\p{L}\p{N}._-]{0,30}[\p{L}\p{N}])?$/u;

/** The spelling that is kept; null where it cannot be the name of an account. */
export function accountName(typed: string): string | null {
  const name = typed.trim().normalize('NFKC').toLowerCase();
  return FORM.test(name) ? name : null;
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;

/** What people are called, as it is shown; null where it is nothing, too long, or holds what cannot be seen. */
export function displayName(typed: string): string | null {
  const name = typed.trim().normalize('NFC');
  return name === '' || [...name].length > 60 || INVISIBLE.test(name) ? null : name;
}
