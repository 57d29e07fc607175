/** The contract of attendance clocks: what every make of clock is decoded to. */
import type { Ms } from '../rules/time.ts';

/** One touch of a clock. */
export interface PunchReading {
  readonly credential: string;
  /** What the device's own clock said; never changed. */
  readonly deviceAt: Ms;
  readonly seq: number | null;
  /** finger, face, card …; null where the device does not say. */
  readonly method: string | null;
}

/** A device said that it is there, or its last will said that it is not. */
export interface StatusReading {
  readonly state: 'online' | 'offline';
  /** null = the payload carried no time (a last will often cannot). */
  readonly at: Ms | null;
  /** How many punches the device says it has recorded. */
  readonly count: number | null;
}

/** A payload that cannot be understood; the message is a sentence for the installer that names the key at fault. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
