/** Facts that lie at one instant, in buckets by UTC day, so that a cold day can be dropped and read again. */
import { insert } from './fact-order.ts';
import type { PunchFact } from './facts.ts';
import { overlaps, type Span } from './intervals.ts';
import { SeatLog } from './sightings.ts';
import { DAY_LENGTH, type Ms } from './time.ts';

/** A UTC day's facts by the subject they speak of, each list in `(at, id)` order. */
export interface Bucket {
  readonly punchesOfEmployee: Map<string, PunchFact[]>;
  readonly punchesOfCredential: Map<string, PunchFact[]>;
  readonly punchesOfDevice: Map<string, PunchFact[]>;
  readonly presenceOfWindow: Map<string, SeatLog>;
}

export class Buckets {
  readonly #buckets = new Map<number, Bucket>();

  /** The bucket of an instant. */
  at(at: Ms): Bucket {
    const index = Math.floor(at / DAY_LENGTH);
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = {
        punchesOfEmployee: new Map(),
        punchesOfCredential: new Map(),
        punchesOfDevice: new Map(),
        presenceOfWindow: new Map(),
      };
      this.#buckets.set(index, bucket);
    }
    return bucket;
  }

  /** The bucket of an instant, if there is anything in it. */
  known(at: Ms): Bucket | undefined {
    return this.#buckets.get(Math.floor(at / DAY_LENGTH));
  }

  /** The buckets that a stretch of time touches, in order. */
  in(span: Span): Bucket[] {
    const buckets: Bucket[] = [];
    const last = Math.floor((span.to - 1) / DAY_LENGTH);
    for (let index = Math.floor(span.from / DAY_LENGTH); index <= last; index++) {
      const bucket = this.#buckets.get(index);
      if (bucket !== undefined) buckets.push(bucket);
    }
    return buckets;
  }

  /** Drops the days before `at` that no stretch in `kept` touches. */
  forgetBefore(at: Ms, kept: readonly Span[]): void {
    const limit = Math.floor(at / DAY_LENGTH);
    for (const index of this.#buckets.keys()) {
      const bucket = { from: index * DAY_LENGTH, to: (index + 1) * DAY_LENGTH };
      if (index < limit && !kept.some((span) => overlaps(span, bucket))) this.#buckets.delete(index);
    }
  }
}

/** What was said of a window's seat; empty if that is nothing. */
export function seatLogOf({ presenceOfWindow }: Bucket, window: string): SeatLog {
  let log = presenceOfWindow.get(window);
  if (log === undefined) {
    log = new SeatLog();
    presenceOfWindow.set(window, log);
  }
  return log;
}

/** Enters a punch, which is nearly always later than the others. */
export function append(punches: PunchFact[], punch: PunchFact): void {
  const last = punches.at(-1);
  if (last === undefined || last.at < punch.at) punches.push(punch);
  else insert(punches, punch);
}

/** The facts of a list, in order, that lie in a stretch of time: the list itself, where all of them do. */
export function partIn<F extends { readonly at: Ms }>(list: readonly F[] | undefined, span: Span): readonly F[] {
  const first = list?.[0];
  const last = list?.at(-1);
  if (list === undefined || first === undefined || last === undefined) return [];
  if (last.at < span.from || span.to <= first.at) return [];
  return inside(first, span) && inside(last, span) ? list : list.filter((fact) => inside(fact, span));
}

export function inside(fact: { readonly at: Ms }, span: Span): boolean {
  return span.from <= fact.at && fact.at < span.to;
}
