/** What a test's questions to a camera's web server need: time that passes as it does, and a gate of their own. */
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { DeviceFault } from '../../adapters/device-fault.ts';
import type { HttpSurroundings } from '../../adapters/device-http.ts';
import { LoginGate } from '../../adapters/login-gate.ts';

export function cameraAround(): HttpSurroundings {
  const clock: DeviceClock = {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    after(delayMs, wake) {
      const timer = setTimeout(wake, delayMs);
      return () => clearTimeout(timer);
    },
  };
  return { clock, gate: new LoginGate(clock) };
}

/** The fault with which a question ended. */
export async function faultOf(question: Promise<unknown>): Promise<DeviceFault> {
  const outcome = await question.then(
    (answer) => ({ answer }),
    (error: unknown) => error,
  );
  if (outcome instanceof DeviceFault) return outcome;
  throw new Error('the question did not end with a fault', { cause: outcome });
}
