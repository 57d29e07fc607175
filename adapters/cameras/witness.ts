/**
 * The contract of devices that say by themselves whether somebody is at a place: an analytics server, or a camera that
 * analyses its own picture. What they say becomes one more source of presence, beside what is seen in pictures.
 *
 * A witness is honest: of a zone it has not said anything about since it was last reached, nothing is known; that it is silent,
 * or away, says nothing of any zone, and never that one is empty.
 */
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';

/**
 * Why nothing is heard:
 * - `offline`: nobody answers, or not in time
 * - `ended`: the device closed the connection
 * - `silent`: connected, but neither word nor heartbeat for longer than allowed
 * - `wrong-login`: user name or password refused
 * - `locked-out`: refused whatever the password, as devices do after some wrong ones, or without the right to ask
 * - `not-found`: the device answers and has nothing of the kind
 * - `unfit`: something answers that is not what was asked for
 */
export type WitnessLossReason = 'offline' | 'ended' | 'silent' | 'wrong-login' | 'locked-out' | 'not-found' | 'unfit';

export interface WitnessLoss {
  readonly reason: WitnessLossReason;
  /** In plain words, without credentials; may be empty. */
  readonly detail: string;
}

/** Times are trusted ones, and of each zone in their order: what a device's own clock says is at most a hint. */
export interface WitnessListener {
  /** What a zone is from `at` on, until more is said of it or the witness is lost; told when it changes. */
  says(zone: string, state: PresenceState, at: Ms): void;
  /** From `at` on nothing is known of any zone. Told again when the reason changes. `retryMs`: until the next attempt. */
  lost(loss: WitnessLoss, at: Ms, retryMs: Ms): void;
  /** It is heard, for the first time or again; zones stay unknown until it says what they are. */
  back(at: Ms): void;
  /** Something came that cannot be understood, for the reason given in plain words; what was known stays known. */
  misheard(because: string): void;
}

export interface Witness {
  /** Begins to listen. A device that cannot be reached is no error: it is tried again for as long as it takes. */
  start(listener: WitnessListener): void;
  /** Resolves once nothing is open any more. Cannot be started again. */
  stop(): Promise<void>;
}
