/** How many messages a channel takes: some at once, and then one after the other. */
import { MINUTE, type Ms } from '../../rules/time.ts';

export interface Bucket {
  /** How many may be sent, as of `at`; not whole. */
  readonly tokens: number;
  readonly at: Ms;
}

/** At most so many at once; with what flows in during a minute that is a third more than the rate, and never twice. */
const burstOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / 3));

/** What is in it now; a new one is full. */
export function filled(bucket: Bucket | null, perMinute: number, now: Ms): Bucket {
  const burst = burstOf(perMinute);
  if (bucket === null) return { tokens: burst, at: now };
  // A clock that was set back adds nothing.
  const passed = Math.max(0, now - bucket.at);
  return { tokens: Math.min(burst, bucket.tokens + (passed * perMinute) / MINUTE), at: now };
}

export const taken = ({ tokens, at }: Bucket): Bucket => ({ tokens: tokens - 1, at });

/** When the next message may be sent. */
export function nextTokenAt({ tokens, at }: Bucket, perMinute: number): Ms {
  return tokens >= 1 ? at : at + Math.ceil(((1 - tokens) * MINUTE) / perMinute);
}
