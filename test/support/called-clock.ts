/** Clocks that are called, as the room of the daemon does it. */
import type { ClockLoss, ConnectedClock } from '../../adapters/clock.ts';
import type { ClockEar } from './clock-ear.ts';

export interface Called {
  /** Why it ended, once it has. */
  readonly ended: Promise<ClockLoss | { readonly againAfterMs: number }>;
  stop(): Promise<void>;
}

/** Called once. */
export function callOnce(clock: ConnectedClock, { listener }: Pick<ClockEar, 'listener'>): Called {
  const stopping = new AbortController();
  const ended = clock.listen?.(listener, stopping.signal);
  if (ended === undefined) throw new Error('it is not called');
  return {
    ended,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Called again whenever it ends, as a new one each time. */
export function callAgain(call: () => Called): Pick<Called, 'stop'> {
  let isStopped = false;
  let current = call();
  const running = (async () => {
    for (; !isStopped; current = call()) await current.ended;
    await current.stop();
  })();
  return {
    stop: async () => {
      isStopped = true;
      await current.stop();
      await running;
    },
  };
}
