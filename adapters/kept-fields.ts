/** What is kept of a record, and what is shown of one that was refused: by lists of keys, never more than is on them. */
import type { Payload } from './payload.ts';

const LONGEST = 64;
const MOST_KEYS = 100;

/** The values under these keys as the device wrote them; longer texts are none of the kind that is meant. */
export function keptFields(fields: Payload, keys: readonly string[]): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'number' || typeof value === 'boolean') kept[key] = value;
    else if (typeof value === 'string' && value !== '' && value.length <= LONGEST) kept[key] = value;
  }
  return kept;
}

/** All keys, and the values of those on the list: enough to see how a record is built, and nothing of a person's body or name. */
export function shownFields(fields: Payload, keys: readonly string[]): Uint8Array {
  const isPlain = (value: unknown): boolean =>
    typeof value === 'string' ? /^[ -~]{0,64}$/.test(value) : typeof value !== 'object' || value === null;
  const shown = Object.entries(fields)
    .slice(0, MOST_KEYS)
    .map(([key, value]) => [masked(key.slice(0, LONGEST)), keys.includes(key) && isPlain(value) ? value : '…']);
  return Buffer.from(JSON.stringify(Object.fromEntries(shown)));
}

/** Without what is not ASCII: names often are not, and nothing is that says how a message is built. */
export const masked = (text: string): string => text.replaceAll(/[^\n\r -~]+/g, '…');
