import type { Book } from './book.ts';
import { ComponentDay } from './component-day.ts';
import type { Component, DayPlan } from './day-plan.ts';
import type { HallDay } from './plan.ts';
import { Attendances } from './punches.ts';
import type { SeatSighting } from './seat.ts';
import type { Day } from './time.ts';

/** Days of which anything is kept: today, and where late facts are about. */
const DAYS = 4;

/** What was found out of a day: who attended when, and what was seen of the windows. */
class KeptDay {
  readonly today: HallDay;
  readonly attendances: Attendances;
  readonly components = new Map<Component, ComponentDay>();

  constructor(today: HallDay, book: Book) {
    this.today = today;
    this.attendances = new Attendances(today, book);
  }
}

/** What of a day a fact has touched. */
export interface TouchedSubjects {
  readonly people: readonly string[];
  /** Windows of which more may have changed than what is seen of their seats. */
  readonly windows: readonly string[];
  /** What was seen, of windows of which only that has. */
  readonly seats: readonly SeatSighting[];
  /** Clocks of which only has changed whether they kept recording. */
  readonly clocks: readonly string[];
}

/** What was found out of days: it holds until time, or a fact, can have changed it. Time tells by itself; facts are told to `forget`. */
export class KeptDays {
  readonly #book: Book;
  readonly #see: (day: Day, windows: readonly string[]) => void;
  /** By the day of a plan, since under another plan nothing of it need hold; the one asked for last comes first. */
  readonly #days: KeptDay[] = [];

  /** `see`: sees to it that what was seen of windows is in the book. */
  constructor(book: Book, see: (day: Day, windows: readonly string[]) => void = () => {}) {
    this.#book = book;
    this.#see = see;
  }

  attendances(today: HallDay): Attendances {
    return this.#on(today).attendances;
  }

  windows(plan: DayPlan, component: Component): ComponentDay {
    const { attendances, components } = this.#on(plan.today);
    let kept = components.get(component);
    if (kept === undefined) {
      this.#see(
        plan.today.day,
        component.windows.map(({ id }) => id),
      );
      kept = new ComponentDay(plan, this.#book, component, attendances);
      components.set(component, kept);
    }
    return kept;
  }

  /** A fact has become known that touches something of a day; null = all of it. Nothing else is told of facts. */
  forget({ today, componentOfWindow, componentsOfPerson }: DayPlan, touched: TouchedSubjects | null): void {
    const place = this.#placeOf(today);
    const kept = this.#days[place];
    if (kept === undefined) return;
    if (touched === null) {
      this.#days.splice(place, 1);
      return;
    }
    for (const person of touched.people) {
      kept.attendances.forget(person);
      for (const component of componentsOfPerson.get(person) ?? [])
        kept.components.get(component)?.forgetPerson(person);
    }
    for (const window of touched.windows) {
      const component = componentOfWindow.get(window);
      if (component !== undefined) kept.components.delete(component);
    }
    for (const sighting of touched.seats) {
      const component = componentOfWindow.get(sighting.window);
      if (component !== undefined) kept.components.get(component)?.forgetSeat(sighting);
    }
    for (const clock of touched.clocks) {
      for (const component of kept.components.values()) component.forgetClock(clock);
    }
  }

  #placeOf(today: HallDay): number {
    if (this.#days[0]?.today === today) return 0;
    return this.#days.findIndex((kept) => kept.today === today);
  }

  #on(today: HallDay): KeptDay {
    const place = this.#placeOf(today);
    const kept = this.#days[place] ?? new KeptDay(today, this.#book);
    if (place === 0) return kept;
    if (place > 0) this.#days.splice(place, 1);
    this.#days.unshift(kept);
    if (this.#days.length > DAYS) this.#days.pop();
    return kept;
  }
}
