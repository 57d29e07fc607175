/** Facts that last for a stretch of time, by the subject they speak of, and by the days they touch: of a year of leaves a day knows few. */
import { drop, insert, listOf } from './fact-order.ts';
import type { AssignFact, CoverFact, DutyFact, LeaveFact, PauseFact } from './facts.ts';
import { overlaps, type Span } from './intervals.ts';
import { DAY_LENGTH } from './time.ts';

/** What touches more UTC days than this is not noted for each of them. */
const MANY_DAYS = 100;

const NOTHING: readonly never[] = [];

export class Stretches<F extends AssignFact | CoverFact | DutyFact | LeaveFact | PauseFact> {
  readonly #facts = new Map<string, F[]>();
  /** The subjects that something touches on a UTC day, or touched before it was taken out. */
  readonly #subjectsOn = new Map<number, Set<string>>();
  readonly #lasting = new Set<string>();

  add(subject: string, fact: F): void {
    insert(listOf(this.#facts, subject), fact);
    const first = Math.floor(fact.from / DAY_LENGTH);
    const last = fact.to === null ? Number.POSITIVE_INFINITY : Math.floor((fact.to - 1) / DAY_LENGTH);
    if (last - first > MANY_DAYS) this.#lasting.add(subject);
    else for (let day = first; day <= last; day++) this.#subjects(day).add(subject);
  }

  remove(subject: string, fact: F): void {
    drop(this.#facts.get(subject), fact);
  }

  /** All of a subject's, in `(from, id)` order. */
  of(subject: string): readonly F[] {
    return this.#facts.get(subject) ?? NOTHING;
  }

  /** Those of a subject that overlap a stretch of time, in the same order. */
  touching(subject: string, span: Span): readonly F[] {
    if (!this.#mayTouch(subject, span)) return NOTHING;
    return this.of(subject).filter(({ from, to }) => overlaps({ from, to: to ?? Number.POSITIVE_INFINITY }, span));
  }

  /** Everybody's. */
  all(): F[] {
    return [...this.#facts.values()].flat();
  }

  #mayTouch(subject: string, span: Span): boolean {
    if (this.#facts.size === 0) return false;
    if (this.#lasting.has(subject)) return true;
    const last = Math.floor((span.to - 1) / DAY_LENGTH);
    for (let day = Math.floor(span.from / DAY_LENGTH); day <= last; day++) {
      if (this.#subjectsOn.get(day)?.has(subject)) return true;
    }
    return false;
  }

  #subjects(day: number): Set<string> {
    let subjects = this.#subjectsOn.get(day);
    if (subjects === undefined) {
      subjects = new Set();
      this.#subjectsOn.set(day, subjects);
    }
    return subjects;
  }
}
