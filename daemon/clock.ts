/** The only place that asks what time it is. */
import type { Ms } from '../rules/time.ts';

/** A step of the wall clock that nobody has explained yet. */
export interface ClockJump {
  /** The time that was trusted when it was noticed. */
  readonly noticedAt: Ms;
  /** How far the wall clock is ahead of the time that passed; negative = it was set back. */
  readonly byMs: Ms;
}

export interface Clock {
  /** The trusted time. It follows the wall clock, but not over a step. */
  now(): Ms;
  /** The step that keeps judging suspended, or null. */
  readonly jump: ClockJump | null;
  /** Somebody says that the wall clock is right. */
  accept(): void;
}

/** More than this between what the wall clock says and the time that has passed is a step. */
export const JUMP_LIMIT_MS: Ms = 60_000;

/**
 * Trusts the wall clock as long as it moves with the time that really passes. Closed networks have no time server: a clock that is
 * suddenly a day ahead must not make a whole hall absent, nor date facts that can never be taken back.
 */
export function trustedClock(wall: () => Ms, elapsed: () => Ms): Clock {
  let anchor = { wall: wall(), elapsed: elapsed() };
  let jump: ClockJump | null = null;
  return {
    now() {
      const ran = elapsed();
      const said = wall();
      const expected = anchor.wall + Math.floor(ran - anchor.elapsed);
      const byMs = said - expected;
      if (Math.abs(byMs) > JUMP_LIMIT_MS) {
        jump = { noticedAt: jump?.noticedAt ?? expected, byMs };
        return expected;
      }
      jump = null;
      anchor = { wall: said, elapsed: ran };
      return said;
    },
    get jump() {
      return jump;
    },
    accept() {
      anchor = { wall: wall(), elapsed: elapsed() };
      jump = null;
    },
  };
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return trustedClock(() => Date.now(), systemElapsed);
}

/** Milliseconds of real time since the process started; it keeps running when somebody sets the clock. */
export function systemElapsed(): Ms {
  return performance.now();
}

/** Calls back once after so much real time; the answer cancels it. */
export function systemAfter(delayMs: Ms, wake: () => void): () => void {
  const timer = setTimeout(wake, delayMs);
  return () => clearTimeout(timer);
}
