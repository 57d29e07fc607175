/** Judging windows that share candidates through a day, together: one punch can change a window its owner can never hold. */
import type { Book } from './book.ts';
import type { Holding } from './cover.ts';
import type { Component, DayPlan } from './day-plan.ts';
import type { Employee, Window } from './hall.ts';
import { type Span, sameSpans } from './intervals.ts';
import { Kept, type Moment } from './moment.ts';
import { type ServiceInterval, serviceIntervals } from './plan.ts';
import type { SeatDay } from './presence.ts';
import { Attendances, presentSpans } from './punches.ts';
import type { WindowDay } from './rule.ts';
import { RunTrack } from './run-track.ts';
import { Seat, type SeatSighting } from './seat.ts';
import { type SeenAndHeld, SeenWindow, type WindowOfDay } from './seen-window.ts';
import { type Presence, ServedWindows, Situations } from './situations.ts';
import { RULES } from './table.ts';
import { unverifiedOccupant } from './unverified-occupant.ts';
import type { Verdict } from './verdict.ts';

const NO_SPANS: readonly Span[] = [];
const NOTHING: readonly never[] = [];
const NO_CLOCKS: ReadonlySet<string> = new Set();
const WINDOW_RULES = RULES.filter((rule) => rule.on === 'window');

/** What was found out about a window on a day. */
export interface WindowFinding {
  readonly window: Window;
  readonly day: WindowDay;
  readonly verdicts: readonly Verdict[];
  /** Runs of an uncovered but occupied seat; they make the A's absence doubtful. */
  readonly unverified: readonly Span[];
}

/** A window of the component: its seat, and what was last found out about it. */
class KeptWindow {
  readonly of: WindowOfDay;
  readonly seat: Seat;
  readonly #runs = new RunTrack();
  readonly #judged = new Kept<WindowFinding>();
  /** What that was found out by: besides the clocks, all that verdicts rest on. */
  #judgedBy: SeenAndHeld | null = null;

  constructor(of: WindowOfDay) {
    this.of = of;
    this.seat = new Seat(of.today, of.book, of.window);
  }

  get window(): Window {
    return this.of.window;
  }

  get service(): readonly ServiceInterval[] {
    return this.of.service;
  }

  /** What is found by its seat and who held it; null where what was found last still holds. */
  judge(seat: SeatDay, holdings: readonly Holding[], moment: Moment): WindowFinding | null {
    if (this.#judgedBy?.seat !== seat || this.#judgedBy.holdings !== holdings) {
      this.#judged.forget();
      this.#judgedBy = { seat, holdings };
    }
    const isKept = this.#judged.holds(moment);
    const finding = this.#judged.at(moment, this.#find);
    return isKept ? null : finding;
  }

  /** It has become known whether a clock kept recording. */
  forgetClock(clock: string): void {
    if (this.of.clocks.has(clock)) this.#judged.forget();
  }

  readonly #find = (moment: Moment): WindowFinding =>
    findingOf(new SeenWindow(this.of, this.#judgedBy as SeenAndHeld, moment, this.#runs));
}

/**
 * The windows of a component through a day. It may be asked again and again as time passes and facts become known: what neither can have
 * changed since it was found out is kept.
 *
 * - A seat rests on what was said of it, and on outages.
 * - The situations, which say who is there for the windows, rest on people's attendance, leave and cover.
 * - A window's verdicts rest on its seat, on who held it, and on the clocks.
 */
export class ComponentDay {
  readonly #windows: readonly KeptWindow[];
  readonly #served: ServedWindows;
  readonly #situations = new Kept<Situations>();
  readonly #people: ReadonlyMap<string, PersonThere>;
  /** Until when nothing of them need be judged again. */
  readonly #judged = new Kept<readonly WindowFinding[]>();
  /** What has become known since of what was seen of seats. */
  readonly #touched: { readonly seat: Seat; readonly seen: SeatSighting }[] = [];
  #presence: Presence = new Map();

  constructor(plan: DayPlan, book: Book, component: Component, attendances = new Attendances(plan.today, book)) {
    this.#windows = component.windows.map((window) => {
      const service = serviceIntervals(plan.today, book, window);
      const clocks = plan.clocksOfWindow.get(window.id) ?? NO_CLOCKS;
      return new KeptWindow({ window, today: plan.today, book, service, clocks });
    });
    this.#served = new ServedWindows(plan.today, book, this.#windows);
    this.#people = new Map(
      component.people.flatMap((person) => {
        const employee = plan.today.hall.employees.get(person);
        return employee === undefined ? [] : [[person, new PersonThere(employee, book, attendances)]];
      }),
    );
  }

  /** The windows through the day up to a moment. */
  look(moment: Moment): WindowDay[] {
    const seats = this.#seatsAt(moment);
    const held = this.#heldBy(seats, moment);
    return this.#windows.map(({ of }, i) => {
      const seen = { seat: seats[i] as SeatDay, holdings: held[i] as readonly Holding[] };
      return new SeenWindow(of, seen, moment);
    });
  }

  /** Judges the windows as seen at a moment; of those left out, what was found when they were last judged still holds. */
  judge(moment: Moment): readonly WindowFinding[] {
    const { now } = moment;
    if (
      this.#judged.holds(moment) &&
      this.#touched.every(({ seat, seen }) => seen.at >= now && seat.isAsBefore(seen))
    ) {
      // What is seen at this instant shows from the next one on, what is seen later from then on.
      for (const { seen } of this.#touched) moment.due(Math.max(seen.at, now + 1));
      this.#judged.at(moment, this.#judgeAnew);
      return NOTHING;
    }
    this.#touched.length = 0;
    this.#judged.forget();
    return this.#judged.at(moment, this.#judgeAnew);
  }

  readonly #judgeAnew = (moment: Moment): readonly WindowFinding[] => {
    const seats = this.#seatsAt(moment);
    const held = this.#heldBy(seats, moment);
    const found: WindowFinding[] = [];
    for (let i = 0; i < seats.length; i++) {
      const kept = this.#windows[i] as KeptWindow;
      const finding = kept.judge(seats[i] as SeatDay, held[i] as readonly Holding[], moment);
      if (finding !== null) found.push(finding);
    }
    return found;
  };

  /** Something has become known of what was seen at a window at an instant, and of nothing else. */
  forgetSeat(seen: SeatSighting): void {
    const seat = this.#windows.find(({ window }) => window.id === seen.window)?.seat;
    if (seat === undefined) return;
    seat.forget();
    this.#touched.push({ seat, seen });
  }

  /** It has become known whether a clock kept recording, and nothing else. */
  forgetClock(clock: string): void {
    for (const kept of this.#windows) kept.forgetClock(clock);
    this.#judged.forget();
  }

  /** Something has become known of one of the people, and of nothing else. */
  forgetPerson(person: string): void {
    this.#people.get(person)?.forget();
    this.#situations.forget();
    this.#judged.forget();
  }

  #seatsAt(moment: Moment): SeatDay[] {
    return this.#windows.map(({ seat }) => seat.at(moment));
  }

  /** Who held each of the windows; what is the same as at another time is the same object. */
  #heldBy(seats: readonly SeatDay[], moment: Moment): readonly (readonly Holding[])[] {
    return this.#situations.at(moment, this.#findSituations).holdings(seats);
  }

  readonly #findSituations = (moment: Moment, before: Situations | null): Situations =>
    Situations.at(this.#served, this.#presenceAt(moment), moment, before);

  #presenceAt(moment: Moment): Presence {
    let isSame = true;
    for (const person of this.#people.values()) if (!person.isAsBefore(moment)) isSame = false;
    if (!isSame) this.#presence = new Map(this.#people.entries().map(([id, person]) => [id, person.at(moment)]));
    return this.#presence;
  }
}

/** When one of the people is there, on the day of their attendance. */
class PersonThere {
  readonly #employee: Employee;
  readonly #book: Book;
  readonly #attendances: Attendances;
  readonly #kept = new Kept<readonly Span[]>();
  #told: readonly Span[] = NO_SPANS;

  constructor(employee: Employee, book: Book, attendances: Attendances) {
    this.#employee = employee;
    this.#book = book;
    this.#attendances = attendances;
  }

  /** Until when nobody knows yet, for ever; the same object as before where it is the same. */
  at(moment: Moment): readonly Span[] {
    return this.#kept.at(moment, this.#find);
  }

  /** Whether that is what it was when this was last asked. */
  isAsBefore(moment: Moment): boolean {
    const before = this.#told;
    this.#told = this.at(moment);
    return this.#told === before;
  }

  forget(): void {
    this.#kept.forget();
  }

  readonly #find = (moment: Moment, before: readonly Span[] | null): readonly Span[] => {
    const found = presentSpans(this.#attendances.of(this.#employee, moment), this.#book, moment);
    if (found.length === 0) return NO_SPANS;
    // An end that is known is looked at again from the next instant on: whoever is there up to now may stay.
    const spans = found.map(({ from, to }) => ({ from, to: to === moment.now ? Number.POSITIVE_INFINITY : to }));
    return before !== null && sameSpans(before, spans) ? before : spans;
  };
}

function findingOf(day: WindowDay): WindowFinding {
  const verdicts = WINDOW_RULES.flatMap((rule) => rule.judge(day));
  return { window: day.window, day, verdicts, unverified: unverifiedIn(verdicts) };
}

/** The stretches in which somebody unverified sat at a window, by what is said of it. */
export function unverifiedIn(verdicts: Iterable<Verdict>): Span[] {
  return [...verdicts]
    .filter(({ rule }) => rule === unverifiedOccupant.name)
    .map(({ from, to }) => ({ from, to: to ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.from - b.from);
}
