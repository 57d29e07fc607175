/** `${VARIABLES}` and secret files. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Keys whose values are never printed; each may be replaced by `<key>_file`. */
export const SECRET_KEYS: readonly string[] = ['password', 'token', 'secret'];

/** A secret file holds one line; anything as large as this is another file. */
const LARGEST_SECRET_BYTES = 65_536;

export interface Expansion {
  readonly value: string;
  /** Names of variables that are neither set nor have a default. */
  readonly missing: readonly string[];
  /** A `${` that is not followed by a name and `}`. */
  readonly malformed: boolean;
}

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Replaces `${NAME}` and `${NAME:-otherwise}`; `$${` stands for `${` itself. An empty variable counts as not set; `instead`
 * stands for those that are, unless it is null.
 */
export function expand(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  instead: string | null = null,
): Expansion {
  const missing: string[] = [];
  let malformed = false;
  const value = text.replace(REFERENCE, (all: string, name: string | undefined, otherwise: string | undefined) => {
    if (all === '$${') return '${';
    if (name === undefined) {
      malformed = true;
      return all;
    }
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (found !== undefined && found !== '') return found;
    const standIn = otherwise ?? instead;
    if (standIn === null) missing.push(name);
    return standIn ?? '';
  });
  return { value, missing, malformed };
}

export type SecretFile = { readonly value: string } | { readonly because: string };

/** What a secret file holds, without the line break that editors end it with; or the system's code for why it cannot be read. */
export function readSecretFile(folder: string, path: string): SecretFile {
  const file = resolve(folder, path);
  const because = unreadable(file);
  if (because !== null) return { because };
  if (statSync(file).size > LARGEST_SECRET_BYTES) return { because: 'EFBIG' };
  const value = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  return value === '' ? { because: 'EMPTY' } : { value };
}

/** The system's code for why a file cannot be read, or null if it can. */
export function unreadable(file: string): string | null {
  try {
    if (statSync(file).isDirectory()) return 'EISDIR';
    readFileSync(file);
    return null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
