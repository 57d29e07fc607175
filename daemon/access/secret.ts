/** What is shown once and never kept: cookies, tokens, links. 256 random bits need no salt and no slow hash. */
import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

export function newSecret(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** What is kept of a secret; null of what was never one of ours. */
export function digestOfSecret(secret: string): Uint8Array | null {
  return FORM.test(secret) ? createHash('sha256').update(secret).digest() : null;
}

/** A new secret with what is kept of it. */
export function mintSecret(): { readonly secret: string; readonly digest: Uint8Array } {
  const secret = newSecret();
  return { secret, digest: createHash('sha256').update(secret).digest() };
}
