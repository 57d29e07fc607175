/**
 * What the clock of a device that pushes shows. It never says; but a touch that has just been recorded does. Whether one has, or was
 * kept for a while, nothing tells either, so that it is measured only by what cannot be otherwise: of a device that has talked
 * steadily, a touch that comes alone, and is at most some seconds old, or ahead of us, which nothing kept can be; or several over
 * minutes that are all late by the same, as nothing kept would be.
 */
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { DeviceClock } from '../device-clock.ts';

/** Talking for so long without a pause or a refusal, a device keeps nothing. */
const STEADY_MS: Ms = MINUTE;
/** Some of its polls left out. */
const PAUSE_MS: Ms = 40 * SECOND;
/** On the way. */
const FRESH_MS: Ms = 10 * SECOND;
/** Further off, it was recorded while the clock showed something else altogether. */
const MOST_OFF_MS: Ms = 26 * HOUR;
const SAME_MS: Ms = 5 * SECOND;
/** So many late by the same, over so long. */
const LATE_TOUCHES = 3;
const LATE_OVER_MS: Ms = 5 * MINUTE;

interface Lateness {
  readonly aheadMs: Ms;
  readonly elapsed: Ms;
  readonly touches: number;
}

export class LiveClock {
  readonly #clock: DeviceClock;
  #heardElapsed: Ms = Number.NEGATIVE_INFINITY;
  #steadyFrom: Ms = Number.NEGATIVE_INFINITY;
  #late: Lateness | null = null;

  constructor(clock: DeviceClock) {
    this.#clock = clock;
  }

  /** The device asks something; the answer: for how long it had not. */
  hear(): Ms {
    const elapsed = this.#clock.elapsed();
    const silentMs = elapsed - this.#heardElapsed;
    this.#heardElapsed = elapsed;
    if (silentMs > PAUSE_MS) this.interrupt();
    return silentMs;
  }

  /** It was refused something, or has started anew: it may keep touches from now on. */
  interrupt(): void {
    this.#steadyFrom = this.#clock.elapsed();
    this.#late = null;
  }

  /** Of a touch that came alone, what the clock showed when it came; null = that cannot be told. */
  shown(deviceAt: Ms): Ms | null {
    const elapsed = this.#clock.elapsed();
    const aheadMs = deviceAt - this.#clock.now();
    if (elapsed - this.#steadyFrom < STEADY_MS || Math.abs(aheadMs) > MOST_OFF_MS) return null;
    if (aheadMs < -FRESH_MS) return this.#isLateAsBefore(aheadMs, elapsed) ? deviceAt : null;
    this.#late = null;
    return deviceAt;
  }

  #isLateAsBefore(aheadMs: Ms, elapsed: Ms): boolean {
    const before = this.#late;
    const isSame = before !== null && Math.abs(before.aheadMs - aheadMs) <= SAME_MS;
    this.#late = isSame ? { ...before, touches: before.touches + 1 } : { aheadMs, elapsed, touches: 1 };
    return this.#late.touches >= LATE_TOUCHES && elapsed - this.#late.elapsed >= LATE_OVER_MS;
  }
}
