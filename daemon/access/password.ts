/** Passwords: which are accepted, what is kept of them, and the slow comparison, off the main thread and a few at a time. */
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

/** How a password was hashed; kept with the hash, so that it can grow with the machines. */
type Recipe =
  | { readonly kind: 'argon2id'; readonly memoryKb: number; readonly passes: number; readonly lanes: number }
  | { readonly kind: 'scrypt'; readonly cost: number; readonly blocks: number; readonly lanes: number };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const LONGEST_CHARS = 128;
const SHORTEST_CHARS = 10;
const FEWEST_DISTINCT = 5;

/** Twice the least that OWASP's Password Storage Cheat Sheet names for either function. */
const ARGON2ID: Recipe = { kind: 'argon2id', memoryKb: 38_912, passes: 2, lanes: 1 };
const SCRYPT: Recipe = { kind: 'scrypt', cost: 2 ** 17, blocks: 8, lanes: 2 };
const RECIPE: Recipe = typeof crypto.argon2 === 'function' ? ARGON2ID : SCRYPT;

/** More at a time would take memory and the threads that files are read with. */
const AT_ONCE = 2;
const MOST_WAITING = 32;

/** So many people are signing in that this one was not looked at. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly retry = true;
}

export type WeakPassword = 'too-short' | 'too-long' | 'too-simple' | 'holds-the-name';

/** Rows of keys and counting up: what is typed by whoever is asked for ten characters. */
const RUNS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv',
];
const LONGEST_RUN = 8;

/** Why a password is not accepted, or null. Long is what counts; which kinds of characters is left to people. */
export function weaknessOf(password: string, account: string): WeakPassword | null {
  const text = normal(password);
  const chars = [...text];
  if (chars.length < SHORTEST_CHARS) return 'too-short';
  if (chars.length > LONGEST_CHARS) return 'too-long';
  const plain = text.toLowerCase();
  if (account.length >= 3 && plain.includes(account)) return 'holds-the-name';
  if (new Set(chars).size < FEWEST_DISTINCT || holdsRun(plain)) return 'too-simple';
  return null;
}

function holdsRun(text: string): boolean {
  for (let i = 0; i + LONGEST_RUN <= text.length; i++) {
    const piece = text.slice(i, i + LONGEST_RUN);
    if (RUNS.some((run) => run.includes(piece))) return true;
  }
  return false;
}

/** The same characters, however a keyboard puts them together (RFC 8265). */
function normal(password: string): string {
  return password.normalize('NFKC');
}

/** What is kept of a password: `$argon2id$m=…,t=…,p=…$salt$hash`, or `$scrypt$ln=…`; rejects with a `BusyError`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.randomBytes(SALT_BYTES);
  const hash = await inTurn(() => derive(password, salt, RECIPE));
  return ['', RECIPE.kind, parametersOf(RECIPE), salt.toString('base64'), hash.toString('base64')].join('$');
}

/** What is compared with where there is no such account, so that the answer takes as long. */
const NOBODY = ['', RECIPE.kind, parametersOf(RECIPE), 'A'.repeat(22).concat('=='), 'A'.repeat(43).concat('=')].join(
  '$',
);

/** Whether it is the password; `kept` null = there is none, and the answer is no, as slowly. Rejects with a `BusyError`. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, kind = '', parameters = '', salt = '', hash = ''] = (kept ?? NOBODY).split('$');
  const recipe = recipeOf(kind, parameters);
  const expected = Buffer.from(hash, 'base64');
  const found = await inTurn(() => derive(password, Buffer.from(salt, 'base64'), recipe));
  return found.length === expected.length && crypto.timingSafeEqual(found, expected) && kept !== null;
}

/** Whether a hash was made as new ones are. */
export function isCurrent(kept: string): boolean {
  return kept.startsWith(`$${RECIPE.kind}$${parametersOf(RECIPE)}$`);
}

function parametersOf(recipe: Recipe): string {
  if (recipe.kind === 'argon2id') return `m=${recipe.memoryKb},t=${recipe.passes},p=${recipe.lanes}`;
  return `n=${recipe.cost},r=${recipe.blocks},p=${recipe.lanes}`;
}

function recipeOf(kind: string, parameters: string): Recipe {
  const [first = 0, second = 0, third = 0] = parameters.split(',').map((part) => Number(part.slice(2)));
  if (kind === 'argon2id') return { kind, memoryKb: first, passes: second, lanes: third };
  if (kind === 'scrypt') return { kind, cost: first, blocks: second, lanes: third };
  throw new Error(`the ledger has a password of an unknown kind: ${kind}`);
}

async function derive(password: string, salt: Buffer, recipe: Recipe): Promise<Buffer> {
  const message = normal(password);
  if (recipe.kind === 'argon2id') {
    const { memoryKb: memory, passes, lanes: parallelism } = recipe;
    const options = { message, nonce: salt, parallelism, tagLength: HASH_BYTES, memory, passes };
    return await promisify(crypto.argon2)('argon2id', options);
  }
  const { cost, blocks, lanes } = recipe;
  const options = { N: cost, r: blocks, p: lanes, maxmem: 256 * cost * blocks };
  return await new Promise((resolve, reject) => {
    crypto.scrypt(message, salt, HASH_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new BusyError('too many people are signing in');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
