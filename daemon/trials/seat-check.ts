/**
 * A person shows on the spot that a seat is seen rightly: they sit, leave for ten seconds, and come back. What is to be done next,
 * and when each of it was seen. Nothing here knows what time it is.
 */
import type { SeatVerdict } from '../../adapters/vision/occupancy.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';

/** `sit`: somebody is to sit down · `leave`: to leave, for ten seconds · `return`: to come back. */
export type CheckStep = 'sit' | 'leave' | 'return';

export interface CheckReading {
  readonly state: CheckStep | 'passed' | 'failed';
  readonly beganAt: Ms;
  /** Of each step that was asked for: when, and when it was seen. */
  readonly steps: readonly { readonly step: CheckStep; readonly askedAt: Ms; readonly seenAt: Ms | null }[];
  /** Where it failed: what the seat was said to be last, and why. */
  readonly last: Pick<SeatVerdict, 'state' | 'reason'> | null;
}

/** What a step waits to see. */
const WANTED = { sit: 'occupied', leave: 'empty', return: 'occupied' } as const;
/** In which somebody has walked to the seat or away from it. */
const PATIENCE_MS: Ms = MINUTE;
/** How long the seat is to stay empty: longer than it takes to be seen, shorter than anybody minds. */
const AWAY_MS: Ms = 10 * SECOND;

export class SeatCheck {
  readonly #beganAt: Ms;
  #steps: readonly { readonly step: CheckStep; readonly askedAt: Ms; readonly seenAt: Ms | null }[];
  #end: 'passed' | 'failed' | null = null;
  #last: Pick<SeatVerdict, 'state' | 'reason'> | null = null;

  constructor(beganAt: Ms) {
    this.#beganAt = beganAt;
    this.#steps = [{ step: 'sit', askedAt: beganAt, seenAt: null }];
  }

  /** What is said of the seat. */
  see(at: Ms, { state, reason }: Pick<SeatVerdict, 'state' | 'reason'>): void {
    const now = this.#steps.at(-1);
    if (this.#end !== null || now === undefined) return;
    this.#last = { state, reason };
    if (now.seenAt === null && state === WANTED[now.step]) this.#steps = this.#steps.with(-1, { ...now, seenAt: at });
    this.wait(at);
  }

  /** Time has passed, whether or not anything was seen. */
  wait(at: Ms): void {
    const now = this.#steps.at(-1);
    if (this.#end !== null || now === undefined) return;
    if (now.seenAt === null) {
      if (at - now.askedAt > PATIENCE_MS) this.#end = 'failed';
    } else if (now.step === 'sit') this.#ask('leave', at);
    else if (now.step === 'return') this.#end = 'passed';
    // Whoever came back sooner shows less: it is asked for only after the ten seconds.
    else if (at - now.askedAt >= AWAY_MS) this.#ask('return', at);
  }

  #ask(step: CheckStep, at: Ms): void {
    this.#steps = [...this.#steps, { step, askedAt: at, seenAt: null }];
  }

  reading(): CheckReading {
    const state = this.#end ?? this.#steps.at(-1)?.step ?? 'sit';
    return { state, beganAt: this.#beganAt, steps: this.#steps, last: this.#last };
  }
}
