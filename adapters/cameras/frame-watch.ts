/** Whether pictures come, and change. Pure: times are handed in. */
import { hash } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import type { Decoding } from './ffmpeg-command.ts';
import type { CutFrame } from './frame-graph.ts';
import type { LossReason } from './loss.ts';
import type { ReaderLimits } from './reader-limits.ts';

/** The last arrivals from which the time between keyframes is told. */
const REMEMBERED = 9;
/** Fewer frames of a stream tell nothing about the time between keyframes. */
const TELLING = 3;

/**
 * Judges one connection by the frames that arrive, because nothing else tells: ffmpeg neither ends nor says a word when a
 * camera goes on answering without sending pictures, and what a stream says of its keyframes need not be what is decoded.
 */
export class FrameWatch {
  readonly #startedAt: Ms;
  readonly #decoding: Decoding;
  readonly #limits: ReaderLimits;
  #firstAt: Ms | null = null;
  #arrivals: Ms[] = [];
  #frames = 0;
  #isEnough: boolean;

  constructor(startedAt: Ms, decoding: Decoding, limits: ReaderLimits) {
    this.#startedAt = startedAt;
    this.#decoding = decoding;
    this.#limits = limits;
    this.#isEnough = decoding !== 'keyframes';
  }

  frame(at: Ms): void {
    this.#firstAt ??= at;
    this.#frames++;
    this.#arrivals = [...this.#arrivals.slice(1 - REMEMBERED), at];
  }

  get frames(): number {
    return this.#frames;
  }

  /** From the first frame to the last one; 0 without. */
  get deliveredMs(): Ms {
    return this.#firstAt === null ? 0 : (this.#arrivals.at(-1) as Ms) - this.#firstAt;
  }

  /** The usual time between the last frames, their median: a single pause is not usual. Null where too few came. */
  get intervalMs(): Ms | null {
    const between = this.#arrivals.slice(1).map((at, i) => at - (this.#arrivals[i] as Ms));
    return between.sort((x, y) => x - y)[Math.floor(between.length / 2)] ?? null;
  }

  /** When it has to be asked again if nothing arrives. */
  dueAt(): Ms {
    const { firstFrameMs, firstSampleMs } = this.#limits;
    if (this.#firstAt === null) return this.#startedAt + (this.#decoding === 'sampled' ? firstSampleMs : firstFrameMs);
    const gapEndsAt = (this.#arrivals.at(-1) as Ms) + this.#gapMs();
    return this.#isEnough ? gapEndsAt : Math.min(gapEndsAt, this.#firstAt + this.#limits.probeMs);
  }

  /** Why this connection must be given up; null = it is fine so far. */
  check(now: Ms): LossReason | null {
    if (now < this.dueAt()) return null;
    if (this.#firstAt === null) return 'no-picture';
    if (now >= (this.#arrivals.at(-1) as Ms) + this.#gapMs()) {
      // Too few frames to know what is usual: rather than a silence, it may be the way to the next keyframe.
      return this.#decoding === 'keyframes' && this.#frames < TELLING ? 'few-keyframes' : 'stalled';
    }
    if ((this.intervalMs ?? Number.POSITIVE_INFINITY) > this.#limits.keyframesApartMs) return 'few-keyframes';
    this.#isEnough = true;
    return null;
  }

  #gapMs(): Ms {
    const { gapMs, gapKeyframes } = this.#limits;
    return Math.max(gapMs, this.#frames < TELLING ? 0 : gapKeyframes * (this.intervalMs ?? 0));
  }
}

/** What a frame was, beside those before it. */
export type Stillness = 'changed' | 'same' | 'frozen' | 'moving-again';

/** Counts pictures that are the same to the last bit, which no camera's sensor makes. */
export class StillWatch {
  readonly #frozenFrames: number;
  /** Not the picture itself: whoever it is handed on to may give its pixels away. */
  #last: string | null = null;
  #same = 1;

  constructor(frozenFrames: number) {
    this.#frozenFrames = frozenFrames;
  }

  /** `frozen` and `moving-again` are answered once, when it begins and when it ends. */
  frame(frame: CutFrame): Stillness {
    const digest = digestOf(frame);
    const isSame = this.#last === digest;
    this.#last = digest;
    const before = this.#same;
    this.#same = isSame ? before + 1 : 1;
    if (!isSame) return before >= this.#frozenFrames ? 'moving-again' : 'changed';
    return this.#same === this.#frozenFrames ? 'frozen' : 'same';
  }

  /** Of the last frame's pictures. */
  get digest(): string {
    return this.#last ?? '';
  }

  /** How many pictures in a row were the same; 1 = the last one differed. */
  get same(): number {
    return this.#same;
  }
}

/** Of the small pictures of a frame. */
export function digestOf({ whole, seats }: CutFrame): string {
  return hash('sha256', Buffer.concat([whole.pixels, ...seats.map(({ pixels }) => pixels)]), 'base64');
}
