/**
 * Clocks that publish the payloads of contract.md section 5. Keys that are not in it are ignored, since devices add
 * their own; a key that is in it must be right. Where a key is optional, null says the same as leaving it out.
 */
import type { PunchReading, StatusReading } from '../clock.ts';
import {
  optionalCount,
  optionalInstant,
  optionalText,
  readPayload,
  requiredCredential,
  requiredInstant,
  requiredWord,
} from '../payload.ts';

const STATES = ['online', 'offline'] as const;

/** A touch of the clock. Throws `DecodeError`. */
export function decodePunch(payload: Uint8Array): PunchReading {
  const punch = readPayload(payload);
  return {
    credential: requiredCredential(punch['credential'], 'credential'),
    deviceAt: requiredInstant(punch['at'], 'at'),
    seq: optionalCount(punch['seq'], 'seq'),
    method: optionalText(punch['method'], 'method'),
  };
}

/** The clock's own word, or its last will, on whether it is there. Throws `DecodeError`. */
export function decodeStatus(payload: Uint8Array): StatusReading {
  const status = readPayload(payload);
  return {
    state: requiredWord(status['state'], 'state', STATES),
    at: optionalInstant(status['at'], 'at'),
    count: optionalCount(status['count'], 'count'),
  };
}
