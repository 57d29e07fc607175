/** The contract of presence sources: cameras, seat sensors, other programs that watch a window. */
import type { PresenceState } from '../rules/facts.ts';
import type { Ms } from '../rules/time.ts';

export interface PresenceReading {
  readonly state: PresenceState;
  readonly at: Ms;
  /** The witness within the window; null = the window's only one. */
  readonly source: string | null;
}
