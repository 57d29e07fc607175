/** Presence sources that publish the payload of contract.md section 5; keys that are not in it are ignored. */
import type { PresenceReading } from '../camera.ts';
import { optionalText, readPayload, requiredInstant, requiredWord } from '../payload.ts';

const STATES = ['occupied', 'empty', 'unknown'] as const;

/** What was seen at a window. Throws `DecodeError`. */
export function decodePresence(payload: Uint8Array): PresenceReading {
  const presence = readPayload(payload);
  return {
    state: requiredWord(presence['state'], 'state', STATES),
    at: requiredInstant(presence['at'], 'at'),
    source: optionalText(presence['source'], 'source'),
  };
}
