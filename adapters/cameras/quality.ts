/** How well a camera has been seen of late, in one word. Pure: times are handed in. */
import { HOUR, type Ms } from '../../rules/time.ts';

/**
 * - `excellent`: a picture all the time, and no connection anew in the last hour
 * - `fair`: a picture for at least 99 % of it, and at most 3 connections anew
 * - `poor`: a picture for at least 80 % of it
 * - `unusable`: less than that, or no picture now, or a frozen one
 */
export type Quality = 'excellent' | 'fair' | 'poor' | 'unusable';

const SPAN_MS: Ms = HOUR;
const FAIR = { share: 0.99, reconnects: 3 };
const POOR_SHARE = 0.8;

interface Stretch {
  readonly from: Ms;
  readonly to: Ms;
}

/** What the last hour was like, since the reader began. */
export class QualityBook {
  readonly #beganAt: Ms;
  #seen: Stretch[] = [];
  #seenFrom: Ms | null = null;
  #reconnects: Ms[] = [];
  #stalls: Ms[] = [];

  constructor(beganAt: Ms) {
    this.#beganAt = beganAt;
  }

  /** The picture is there. */
  back(at: Ms): void {
    this.#seenFrom ??= at;
  }

  /** It has been gone since `at`, the arrival of the last frame. */
  lost(at: Ms): void {
    if (this.#seenFrom === null) return;
    this.#seen.push({ from: this.#seenFrom, to: Math.max(at, this.#seenFrom) });
    this.#seenFrom = null;
    this.#forget(at);
  }

  /** A connection was made that was not the first. */
  reconnect(at: Ms): void {
    this.#reconnects.push(at);
    this.#forget(at);
  }

  stall(at: Ms): void {
    this.#stalls.push(at);
  }

  /** Of the last hour, or of what there was of it. */
  lastHour(now: Ms): { readonly reconnects: number; readonly stalls: number; readonly seenShare: number } {
    const since = this.#forget(now);
    const stretches = this.#seenFrom === null ? this.#seen : [...this.#seen, { from: this.#seenFrom, to: now }];
    const seenMs = stretches.reduce((sum, { from, to }) => sum + to - Math.max(from, since), 0);
    const share = now > since ? seenMs / (now - since) : 0;
    return { reconnects: this.#reconnects.length, stalls: this.#stalls.length, seenShare: share };
  }

  word(now: Ms, isFrozen: boolean): Quality {
    const { reconnects, seenShare } = this.lastHour(now);
    if (this.#seenFrom === null || isFrozen) return 'unusable';
    // Of a camera that has only just begun, the wait for its first picture would be most of what there was.
    const share = now - this.#beganAt < SPAN_MS ? 1 - this.#goneMs(now) / SPAN_MS : seenShare;
    if (share < POOR_SHARE) return 'unusable';
    if (share < FAIR.share || reconnects > FAIR.reconnects) return 'poor';
    return reconnects > 0 ? 'fair' : 'excellent';
  }

  /** What is over for longer than an hour. The answer: since when things count. */
  #forget(now: Ms): Ms {
    const since = Math.max(now - SPAN_MS, this.#beganAt);
    this.#seen = this.#seen.filter(({ to }) => to > since);
    this.#reconnects = this.#reconnects.filter((at) => at > since);
    this.#stalls = this.#stalls.filter((at) => at > since);
    return since;
  }

  #goneMs(now: Ms): Ms {
    return (1 - this.lastHour(now).seenShare) * (now - this.#beganAt);
  }
}
