/** Facts that last for a stretch of time, by the subject they speak of, and by the days they touch: of a year of leaves a day knows few. */
import { drop, insert, listOf } from './fact-order.ts';
import type { AssignFact, CoverFact, DutyFact, LeaveFact, PauseFact } from './facts.ts';
import { overlaps, type Span } from './intervals.ts';
import { DAY_LENGTH, type Ms } from './time.ts';

/** What touches more UTC days than this is not noted for each of them. */
const MANY_DAYS = 100;

const NOTHING: readonly never[] = [];

export class Stretches<F extends AssignFact | CoverFact | DutyFact | LeaveFact | PauseFact> {
  readonly #facts = new Map<string, F[]>();
  /** What touches a UTC day, by subject, in `(from, id)` order. */
  readonly #onDay = new Map<number, Map<string, F[]>>();
  /** Subjects of something that touches too many days: all that is theirs is looked through. */
  readonly #lasting = new Set<string>();

  add(subject: string, fact: F): void {
    insert(listOf(this.#facts, subject), fact);
    const { first, last } = daysOf(fact.from, fact.to ?? Number.POSITIVE_INFINITY);
    if (last - first > MANY_DAYS) this.#lasting.add(subject);
    else for (let day = first; day <= last; day++) insert(listOf(this.#subjectsOn(day), subject), fact);
  }

  remove(subject: string, fact: F): void {
    drop(this.#facts.get(subject), fact);
    const { first, last } = daysOf(fact.from, fact.to ?? Number.POSITIVE_INFINITY);
    if (last - first > MANY_DAYS) return;
    for (let day = first; day <= last; day++) drop(this.#onDay.get(day)?.get(subject), fact);
  }

  /** All of a subject's, in `(from, id)` order. */
  of(subject: string): readonly F[] {
    return this.#facts.get(subject) ?? NOTHING;
  }

  /** Those of a subject that overlap a stretch of time, in the same order. */
  touching(subject: string, span: Span): readonly F[] {
    if (this.#facts.size === 0) return NOTHING;
    if (this.#lasting.has(subject)) return overlapping(this.of(subject), span);
    const { first, last } = daysOf(span.from, span.to);
    let found: readonly F[] = NOTHING;
    for (let day = first; day <= last; day++) {
      const onDay = this.#onDay.get(day)?.get(subject);
      if (onDay === undefined) continue;
      // What began on an earlier day has been found there.
      const fresh = day === first ? onDay : onDay.filter(({ from }) => day * DAY_LENGTH <= from);
      const touching = overlapping(fresh, span);
      found = found.length === 0 ? touching : [...found, ...touching];
    }
    return found;
  }

  /** Everybody's. */
  all(): F[] {
    return [...this.#facts.values()].flat();
  }

  #subjectsOn(day: number): Map<string, F[]> {
    let subjects = this.#onDay.get(day);
    if (subjects === undefined) {
      subjects = new Map();
      this.#onDay.set(day, subjects);
    }
    return subjects;
  }
}

/** The UTC days that a stretch of time touches. */
function daysOf(from: Ms, to: Ms): { readonly first: number; readonly last: number } {
  return { first: Math.floor(from / DAY_LENGTH), last: Math.floor((to - 1) / DAY_LENGTH) };
}

function overlapping<F extends { readonly from: Ms; readonly to: Ms | null }>(
  facts: readonly F[],
  span: Span,
): readonly F[] {
  const touches = ({ from, to }: F): boolean => overlaps({ from, to: to ?? Number.POSITIVE_INFINITY }, span);
  return facts.every(touches) ? facts : facts.filter(touches);
}
