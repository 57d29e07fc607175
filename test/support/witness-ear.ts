/** A witness as a test hears it: what it said, in order, with a clock that can be jumped. */

import type { Witness } from '../../adapters/cameras/witness.ts';
import type { WitnessSurroundings } from '../../adapters/cameras/witness-life.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { type JumpingClock, jumpingClock } from './rtsp-hall.ts';
import { until } from './until.ts';

export interface Ear extends AsyncDisposable {
  readonly clock: JumpingClock;
  /** `W01 occupied`, `back`, `lost offline`, `misheard`, in the order they came. */
  readonly story: readonly string[];
  /** When each line of the story was true, as it was told. */
  readonly at: readonly number[];
  readonly details: readonly string[];
  readonly retries: readonly number[];
  /** Waits until the story ends with this. */
  happened(end: readonly string[], timeoutMs?: number): Promise<void>;
}

export function surroundings(
  clock: JumpingClock = jumpingClock(),
): WitnessSurroundings & { readonly clock: JumpingClock } {
  return { clock, random: () => 0.5, gate: new LoginGate(clock) };
}

/** Begins to listen; dispose of it to stop the witness. */
export function hear(open: (around: WitnessSurroundings) => Witness, around = surroundings()): Ear {
  const story: string[] = [];
  const at: number[] = [];
  const details: string[] = [];
  const retries: number[] = [];
  const note = (line: string, when: number): void => {
    story.push(line);
    at.push(when);
  };
  const witness = open(around);
  witness.start({
    says: (zone, state, when) => note(`${zone} ${state}`, when),
    lost: (loss, when, retryMs) => {
      note(`lost ${loss.reason}`, when);
      details.push(loss.detail);
      retries.push(retryMs);
    },
    back: (when) => note('back', when),
    misheard: (because) => {
      note('misheard', around.clock.now());
      details.push(because);
    },
  });
  return {
    clock: around.clock,
    story,
    at,
    details,
    retries,
    async happened(end, timeoutMs = 8000) {
      const ended = (): boolean => JSON.stringify(story.slice(-end.length)) === JSON.stringify(end);
      await until(ended, { timeoutMs, what: end.join(', ') }).catch((cause: unknown) => {
        throw new Error(`waited for ${end.join(', ')}; it was ${story.join(', ')} (${details.join('; ')})`, { cause });
      });
    },
    [Symbol.asyncDispose]: () => witness.stop(),
  };
}
