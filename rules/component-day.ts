/** Judging windows that share candidates through a day, together: one punch can change a window its owner can never hold. */
import type { Book } from './book.ts';
import { type Holding, WindowCover } from './cover.ts';
import type { Component, DayPlan } from './day-plan.ts';
import { Coverage } from './evidence.ts';
import type { Window } from './hall.ts';
import type { Span } from './intervals.ts';
import { Kept, type Moment } from './moment.ts';
import { type ServiceInterval, serviceIntervals } from './plan.ts';
import { isSameSeat, type SeatDay, seatDay } from './presence.ts';
import { Attendances, presentSpans } from './punches.ts';
import type { WindowDay } from './rule.ts';
import { ServedWindows, Situations } from './situations.ts';
import { RULES } from './table.ts';
import { unverifiedOccupant } from './unverified-occupant.ts';
import type { Verdict } from './verdict.ts';

const WINDOW_RULES = RULES.filter((rule) => rule.on === 'window');

/** What was found out about a window on a day. */
export interface WindowFinding {
  readonly window: Window;
  readonly day: WindowDay;
  readonly verdicts: readonly Verdict[];
  /** Runs of an uncovered but occupied seat; they make the A's absence doubtful. */
  readonly unverified: readonly Span[];
}

/** What was seen of a window, and who held it: besides the clocks, all that its verdicts rest on. */
interface Sight {
  readonly seat: SeatDay;
  readonly holdings: readonly Holding[];
}

interface KeptWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
  readonly seat: Kept<SeatDay>;
  readonly judged: Kept<WindowFinding>;
  /** What that was found out by. */
  judgedBy: Sight | null;
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
  readonly #plan: DayPlan;
  readonly #book: Book;
  readonly #component: Component;
  readonly #attendances: Attendances;
  readonly #windows: readonly KeptWindow[];
  readonly #served: ServedWindows;
  readonly #situations = new Kept<Situations>();

  constructor(plan: DayPlan, book: Book, component: Component, attendances = new Attendances(plan.today, book)) {
    this.#plan = plan;
    this.#book = book;
    this.#component = component;
    this.#attendances = attendances;
    this.#windows = component.windows.map((window) => ({
      window,
      service: serviceIntervals(plan.today, book, window),
      seat: new Kept(),
      judgedBy: null,
      judged: new Kept(),
    }));
    this.#served = new ServedWindows(plan.today, book, this.#windows);
  }

  /** The windows through the day up to a moment. */
  look(moment: Moment): WindowDay[] {
    return this.#see(moment).map((sight, i) => this.#dayOf(this.#windows[i] as KeptWindow, sight, moment));
  }

  /** Judges the windows as seen at a moment; of those left out, what was found when they were last judged still holds. */
  judge(moment: Moment): WindowFinding[] {
    const found: WindowFinding[] = [];
    for (const [i, sight] of this.#see(moment).entries()) {
      const kept = this.#windows[i] as KeptWindow;
      if (kept.judgedBy?.seat !== sight.seat || kept.judgedBy.holdings !== sight.holdings) kept.judged.forget();
      const isKept = kept.judged.holds(moment);
      const finding = kept.judged.at(moment, (own) => findingOf(this.#dayOf(kept, sight, own)));
      if (!isKept) found.push(finding);
      kept.judgedBy = sight;
    }
    return found;
  }

  /** Something has become known of what was seen at a window, and of nothing else. */
  forgetSeat(window: string): void {
    for (const kept of this.#windows) if (kept.window.id === window) kept.seat.forget();
  }

  /** It has become known whether a clock kept recording, and nothing else. */
  forgetClock(clock: string): void {
    for (const { window, judged } of this.#windows) {
      if (this.#plan.clocksOfWindow.get(window.id)?.has(clock)) judged.forget();
    }
  }

  /** Something has become known of one of the people, and of nothing else. */
  forgetPeople(): void {
    this.#situations.forget();
  }

  /** What is the same as at another time is the same object. */
  #see(moment: Moment): Sight[] {
    const { today } = this.#plan;
    const seats = this.#windows.map(({ window, seat }) =>
      seat.at(moment, (own, before) => {
        const found = seatDay(today, this.#book, window, own);
        return before !== null && isSameSeat(before, found) ? before : found;
      }),
    );
    const situations = this.#situations.at(moment, (own, before) => this.#situationsAt(own, before));
    const held = situations.holdings(seats);
    return seats.map((seat, i) => ({ seat, holdings: held[i] as readonly Holding[] }));
  }

  #situationsAt(moment: Moment, before: Situations | null): Situations {
    const { today } = this.#plan;
    const presentOf = new Map<string, Span[]>();
    for (const person of this.#component.people) {
      const employee = today.hall.employees.get(person);
      if (employee === undefined) continue;
      const spans = presentSpans(this.#attendances.of(employee, moment), this.#book, moment);
      if (spans.length > 0) presentOf.set(person, spans);
    }
    return new Situations(this.#served, presentOf, moment, before);
  }

  #dayOf({ window, service }: KeptWindow, { seat: seen, holdings }: Sight, moment: Moment): WindowDay {
    const { today, clocksOfWindow } = this.#plan;
    const clocks = clocksOfWindow.get(window.id) ?? [];
    const seat = seen.until(Math.min(moment.now, today.to));
    return {
      window,
      today,
      service,
      seat,
      cover: new WindowCover(holdings, seat),
      moment,
      coverage: new Coverage(clocks, window.thresholds.settle, this.#book, moment),
    };
  }
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
