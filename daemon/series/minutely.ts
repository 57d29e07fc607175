import type { DeviceClock } from '../../adapters/device-clock.ts';
import { MINUTE } from '../../rules/time.ts';

/** Calls back at every whole minute, so that what a daemon writes anew after a restart lies where it was; the answer ends it. */
export function minutely(clock: DeviceClock, write: () => void): () => void {
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(MINUTE - (clock.now() % MINUTE), () => {
      write();
      wait();
    });
  };
  wait();
  return () => cancel();
}
