import type { Book } from './book.ts';
import type { HallDay } from './plan.ts';
import { Attendances, type FoundAttendance } from './punches.ts';
import type { Ms } from './time.ts';

/** Days of which it is kept: today, and where late facts are about. */
const DAYS = 4;

/** Who attended when: found out once, and kept until time or a fact can have changed it. */
export class Attended {
  readonly #book: Book;
  /** Those asked for last come last. */
  readonly #days = new Map<HallDay, Map<string, FoundAttendance>>();

  constructor(book: Book) {
    this.#book = book;
  }

  /** As seen at an instant. */
  on(today: HallDay, at: Ms): Attendances {
    return new Attendances(today, this.#book, at, this.#foundOn(today));
  }

  /** A fact has become known that touches some people of a day; without them, everybody. */
  forget(today: HallDay, people?: readonly string[]): void {
    if (people === undefined) this.#days.delete(today);
    else for (const person of people) this.#days.get(today)?.delete(person);
  }

  #foundOn(today: HallDay): Map<string, FoundAttendance> {
    const found = this.#days.get(today) ?? new Map<string, FoundAttendance>();
    this.#days.delete(today);
    this.#days.set(today, found);
    if (this.#days.size > DAYS) for (const [oldest] of this.#days.entries().take(1)) this.#days.delete(oldest);
    return found;
  }
}
