/** What `watch` says to people: how long each seat was what, and why nothing is known. */
import type { Doubt, SeatVerdict } from '../../adapters/vision/occupancy.ts';
import type { PictureFault } from '../../adapters/vision/picture-health.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { type Io, tell } from './io.ts';

/** Also without a reason of the detector's: nothing was seen yet, or any more. */
export type UnknownReason = PictureFault | Doubt;

const STATES: Readonly<Record<PresenceState, readonly [zh: string, en: string]>> = {
  occupied: ['有人', 'occupied'],
  empty: ['无人', 'empty'],
  unknown: ['无法判定', 'unknown'],
};

const REASONS: Readonly<Record<UnknownReason, readonly [zh: string, en: string]>> = {
  lost: ['没有画面', 'no pictures'],
  frozen: ['画面静止不变', 'the picture is frozen'],
  dark: ['太暗', 'too dark'],
  covered: ['镜头被遮挡', 'the camera is covered'],
  blurred: ['画面模糊', 'the picture is blurred'],
  moved: ['摄像机被转动', 'the camera was turned'],
  nudged: ['摄像机被碰歪', 'the camera was nudged'],
  starting: ['刚开始', 'just started'],
  'no-reference': ['没有动静，也没有空座画面可比', 'nothing moves, and no picture of the empty seat is known'],
  still: ['有东西，但不动', 'something is there and does not move'],
  unlike: ['与空座不完全一样', 'not quite like the empty seat'],
  moving: ['像空座，但有动静', 'like the empty seat, but something moves'],
  settling: ['尚未稳定', 'not yet for long enough'],
  conflict: ['证据矛盾', 'contradictory evidence'],
};

/** How long a seat was what. */
export class SeatTimes {
  readonly #stateMs: Record<PresenceState, Ms> = { occupied: 0, empty: 0, unknown: 0 };
  readonly #reasonMs = new Map<UnknownReason, Ms>();

  add({ state, reason }: Pick<SeatVerdict, 'state' | 'reason'>, lengthMs: Ms): void {
    this.#stateMs[state] += lengthMs;
    if (reason !== null) this.#reasonMs.set(reason, (this.#reasonMs.get(reason) ?? 0) + lengthMs);
  }

  /** `seat-1: occupied 80 s, empty 12 s, unknown 5 s (too dark 5 s)`. */
  line(window: string, io: Io): string {
    const states = (['occupied', 'empty', 'unknown'] as const).map(
      (state) => `${tell(io, ...STATES[state])} ${seconds(this.#stateMs[state], io)}`,
    );
    const reasons = [...this.#reasonMs]
      .sort(([a, aMs], [b, bMs]) => bMs - aMs || (a < b ? -1 : 1))
      .map(([reason, ms]) => `${tell(io, ...REASONS[reason])} ${seconds(ms, io)}`);
    const why = reasons.length === 0 ? '' : tell(io, `（${reasons.join('，')}）`, ` (${reasons.join('; ')})`);
    return `${window}${tell(io, '：', ': ')}${states.join(tell(io, '，', ', '))}${why}`;
  }
}

export const seconds = (ms: Ms, io: Io): string => {
  const text = (ms / SECOND).toFixed(1).replace(/\.0$/, '');
  return tell(io, `${text} 秒`, `${text} s`);
};
