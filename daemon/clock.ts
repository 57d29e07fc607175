/** The only place that asks what time it is. */
import { MINUTE, type Ms } from '../rules/time.ts';
import type { Language } from './alerts/words.ts';

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
export const JUMP_LIMIT_MS: Ms = MINUTE;

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

/** What people are told of a step, and what helps. */
export function jumpText({ byMs }: ClockJump, language: Language): string {
  const minutes = Math.round(Math.abs(byMs) / MINUTE);
  if (language === 'zh') {
    const how = byMs > 0 ? '拨快' : '拨慢';
    return `系统时钟被${how} ${minutes} 分钟，暂停判定；请核对服务器的时间，无误后重启程序`;
  }
  const how = byMs > 0 ? 'ahead' : 'back';
  return `the system clock was set ${how} by ${minutes} min and judging is suspended: check the server's time, then restart the daemon`;
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
