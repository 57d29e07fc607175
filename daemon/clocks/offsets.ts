/**
 * By how much a device's clock was off, and when: measured whenever the device says what time it shows just now. A touch is judged
 * by the time that the device stamped, less what it was off by then.
 */
import type { Ms } from '../../rules/time.ts';

/** So long its clock was off by so much, between two instants that the clock itself showed. */
export interface OffsetStretch {
  readonly from: Ms;
  readonly to: Ms;
  /** What its clock showed, less the true time. */
  readonly offsetMs: Ms;
}

export interface OffsetLimits {
  /** From so much on touches are corrected; smaller differences are in the way that messages take. */
  readonly correctFromMs: Ms;
  /** From so much on a difference between two measurements is no drift: somebody set the clock. */
  readonly steppedMs: Ms;
  /** A clock that is off by more has lost its time; what it stamps cannot be corrected. */
  readonly mostMs: Ms;
}

/** Measurements that differ by less are one. */
const SAME_MS: Ms = 5_000;
/** How many stretches are remembered: a clock that is set every day is known for a month. */
const MOST = 32;

export class ClockOffsets {
  readonly #limits: OffsetLimits;
  #stretches: readonly OffsetStretch[];

  constructor(limits: OffsetLimits, known: readonly OffsetStretch[] = []) {
    this.#limits = limits;
    this.#stretches = known;
  }

  /** Oldest measurement first. */
  get stretches(): readonly OffsetStretch[] {
    return this.#stretches;
  }

  /** By how much it was off when last measured; null before. */
  get newest(): Ms | null {
    return this.#stretches.at(-1)?.offsetMs ?? null;
  }

  /** The answer: whether it is off by another amount than when it was measured last. */
  measure(deviceAt: Ms, at: Ms): boolean {
    const offsetMs = Math.round(deviceAt - at);
    const last = this.#stretches.at(-1);
    if (last !== undefined && Math.abs(last.offsetMs - offsetMs) < SAME_MS && deviceAt >= last.from) {
      const longer = { ...last, to: Math.max(last.to, deviceAt) };
      this.#stretches = [...this.#stretches.slice(0, -1), longer];
      return false;
    }
    this.#stretches = [...this.#stretches, { from: deviceAt, to: deviceAt, offsetMs }].slice(-MOST);
    return last !== undefined;
  }

  /** What to take from a time that the clock stamped; null = it was set then, and nobody can tell whether before or after. */
  correctionAt(deviceAt: Ms): Ms | null {
    const { correctFromMs, mostMs } = this.#limits;
    const offset = this.#offsetAt(deviceAt);
    if (offset === null) return null;
    return Math.abs(offset) < correctFromMs || Math.abs(offset) > mostMs ? 0 : offset;
  }

  #offsetAt(deviceAt: Ms): Ms | null {
    if (this.#stretches.length === 0) return 0;
    const within = this.#stretches.filter(({ from, to }) => from <= deviceAt && deviceAt <= to);
    const before = this.#stretches.findLast(({ to }) => to < deviceAt);
    const after = this.#stretches.find(({ from }) => from > deviceAt);
    // What is stored anywhere between two measurements was stamped by a clock that was off by the one or the other.
    const possible = within.length > 0 ? within : [before, after].filter((stretch) => stretch !== undefined);
    const offsets = possible.map(({ offsetMs }) => offsetMs);
    if (Math.max(...offsets) - Math.min(...offsets) >= this.#limits.steppedMs) return null;
    return offsets[0] ?? 0;
  }
}
