/** Waiting no longer than a device waits. */
import type { Ms } from '../rules/time.ts';
import type { DeviceClock } from './device-clock.ts';

/** Whether it was done within the time. What is not goes on; that it fails later is not this caller's to hear. */
export async function within(clock: Pick<DeviceClock, 'after'>, limitMs: Ms, done: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => {};
  const late = new Promise<false>((resolve) => {
    cancel = clock.after(limitMs, () => resolve(false));
  });
  try {
    return await Promise.race([done.then(() => true as const), late]);
  } finally {
    cancel();
  }
}
