import type { Book } from './book.ts';
import type { HallDay } from './plan.ts';
import { Attendances } from './punches.ts';
import type { Ms } from './time.ts';

/** Who attended when, as seen at one instant; kept for whoever asks next, until something else becomes known. */
export class Attended {
  readonly #book: Book;
  readonly #days = new Map<HallDay, Attendances>();
  #at: Ms | null = null;
  #changes = 0;

  constructor(book: Book) {
    this.#book = book;
  }

  on(today: HallDay, at: Ms): Attendances {
    if (at !== this.#at || this.#book.changes !== this.#changes) this.#days.clear();
    this.#at = at;
    this.#changes = this.#book.changes;
    let attendances = this.#days.get(today);
    if (attendances === undefined) {
      attendances = new Attendances(today, this.#book, at);
      this.#days.set(today, attendances);
    }
    return attendances;
  }
}
