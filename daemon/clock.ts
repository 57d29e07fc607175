/** The only place that asks what time it is. */
import { uptime } from 'node:os';
import { DAY_LENGTH, formatInstant, MINUTE, type Ms, SECOND, type Zone } from '../rules/time.ts';
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
  /** It began at a time that nobody believes: the trusted time stands still here, and the rest is a step, until somebody accepts it. */
  doubt(at: Ms): void;
  /** Where it stands still; null = it runs. */
  readonly standsAt: Ms | null;
  /** How many steps it has followed: what came due in between was heard by nobody. */
  readonly steps: number;
}

/** More than this between what the wall clock says and the time that has passed is a step. */
export const JUMP_LIMIT_MS: Ms = MINUTE;

/**
 * Trusts the wall clock as long as it moves with the time that really passes. Closed networks have no time server: a clock that is
 * suddenly a day ahead must not make a whole hall absent, nor date facts that can never be taken back. `asleep`: for how long the
 * machine was suspended, which `elapsed` does not count; it is asked only where that would explain a step.
 */
export function trustedClock(wall: () => Ms, elapsed: () => Ms, asleep: () => Ms = () => 0): Clock {
  let anchor = { wall: wall(), elapsed: elapsed() };
  let slept = asleep();
  let jump: ClockJump | null = null;
  let steps = 0;
  let standsAt: Ms | null = null;
  return {
    now() {
      const ran = elapsed();
      const said = wall();
      if (standsAt !== null) {
        jump = { noticedAt: standsAt, byMs: said - standsAt };
        return standsAt;
      }
      const expected = anchor.wall + Math.floor(ran - anchor.elapsed);
      const byMs = said - expected;
      if (Math.abs(byMs) > JUMP_LIMIT_MS) {
        const sleptBy = asleep();
        if (Math.abs(byMs - (sleptBy - slept)) > JUMP_LIMIT_MS) {
          jump = { noticedAt: jump?.noticedAt ?? expected, byMs };
          return expected;
        }
        slept = sleptBy;
        steps++;
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
      slept = asleep();
      jump = null;
      standsAt = null;
      steps++;
    },
    get steps() {
      return steps;
    },
    doubt(at) {
      standsAt = at;
      jump = { noticedAt: at, byMs: wall() - at };
    },
    get standsAt() {
      return standsAt;
    },
  };
}

/** The machine's own clock. */
export function systemClock(): Clock {
  return trustedClock(systemWall, systemElapsed, systemAsleep);
}

/** What the machine's clock says, right or wrong. */
export function systemWall(): Ms {
  return Date.now();
}

/** Linux counts both from the same start, and only one of them goes on in a suspended machine; elsewhere a step needs somebody's word. */
function systemAsleep(): Ms {
  return process.platform === 'linux' ? uptime() * SECOND - systemElapsed() : 0;
}

/** What people are told of a step, and what helps. */
export function jumpText({ byMs }: ClockJump, language: Language): string {
  const minutes = Math.round(Math.abs(byMs) / MINUTE);
  if (language === 'zh') {
    const how = byMs > 0 ? '拨快' : '拨慢';
    return `系统时钟被${how} ${minutes} 分钟，暂停判定；请核对服务器的时间，无误后由管理员运行 zaigang trust-clock`;
  }
  const how = byMs > 0 ? 'ahead' : 'back';
  return `the system clock was set ${how} by ${minutes} min and judging is suspended: check the server's time, then run zaigang trust-clock`;
}

/** What people are told where the ledger's last commit is yet to come by the clock. */
export function behindText(lastAt: Ms, zone: Zone, language: Language): string {
  const last = formatInstant(zone, lastAt);
  return language === 'zh'
    ? `服务器的时间比账本里最后的记录（${last}）还早，打卡照收，暂停判定；请校准服务器的时间`
    : `the server's time is earlier than the ledger's last record (${last}); punches are kept, judging is suspended: set the server's clock`;
}

/** What people are told where a start is later than anybody has seen the machine be off, and what helps. */
export function futureText({ noticedAt, byMs }: ClockJump, zone: Zone, language: Language): string {
  const [last, now] = [formatInstant(zone, noticedAt), formatInstant(zone, noticedAt + byMs)];
  const days = Math.round(byMs / DAY_LENGTH);
  return language === 'zh'
    ? `启动时服务器的时间（${now}）比账本里最后的记录（${last}）晚 ${days} 天，可能拨错了：打卡照收，暂停判定和通知；时间错了请校准，没错请由管理员运行 zaigang trust-clock`
    : `the server's time at the start (${now}) is ${days} days later than the ledger's last record (${last}) and may be wrong; punches are kept, nothing is judged or told: set the server's clock or, where it is right, run zaigang trust-clock`;
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
