/**
 * A day read again from what is kept, to be asked about: the same book, plan and rules as those that judged it, and besides them
 * everything that the book leaves out, such as what has been cancelled or is not known yet.
 */
import { type Archive, factsToJudge } from './archive.ts';
import { Book } from './book.ts';
import { ComponentDay, type WindowFinding } from './component-day.ts';
import { Configs } from './configs.ts';
import { type Component, type DayPlan, planDay } from './day-plan.ts';
import { lastDutyDay } from './duty-days.ts';
import { employeeDay, verdictsOf } from './employee-day.ts';
import { laterRecorded } from './fact-order.ts';
import type { CancelFact, ConfigFact, Fact, PresenceFact, PunchFact } from './facts.ts';
import { type Hall, startOfDay } from './hall.ts';
import type { Span } from './intervals.ts';
import { Moment } from './moment.ts';
import type { EmployeeDay } from './rule.ts';
import type { Day, Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

/** Where facts are kept. */
export interface Records extends Pick<Archive, 'find' | 'between'> {
  /** Everything that is no punch and no presence. */
  stretches(): Iterable<Fact>;
}

export interface ReopenOptions {
  readonly records: Records;
  /** Compiles an accepted configuration. */
  readonly compile: (config: ConfigFact) => Hall;
  /** The configuration where no `config` fact says otherwise. */
  readonly hall: Hall | null;
  readonly now: Ms;
  readonly countSimulated?: boolean;
}

export class ReopenedDay {
  readonly now: Ms;
  readonly hall: Hall;
  readonly plan: DayPlan;
  readonly book: Book;
  /** The fact by which the configuration of the day was accepted; null where it is the one without a fact. */
  readonly accepted: ConfigFact | null;
  readonly countsSimulated: boolean;
  /** Every fact that is no punch and no presence, also what is cancelled or not known yet. */
  readonly stretches: readonly Fact[];
  /** The same of punches and presence, of the day and what it takes to judge it. */
  readonly instants: readonly (PunchFact | PresenceFact)[];
  readonly #cancels: ReadonlyMap<string, CancelFact>;
  readonly #windows: JudgedWindows;
  /** Those of the days into which a duty may last. */
  readonly #after: readonly JudgedWindows[];

  private constructor(day: Day, hall: Hall, configs: Configs, stretches: readonly Fact[], options: ReopenOptions) {
    const { now, records, countSimulated = false } = options;
    this.now = now;
    this.hall = hall;
    this.accepted = configs.factOn(day);
    this.countsSimulated = countSimulated;
    this.stretches = stretches;
    this.book = new Book({ countSimulated });
    this.#cancels = cancelsOf(stretches, now);
    // What is cancelled counts for nothing: what cancels it has to be known first.
    for (const fact of [...this.#cancels.values(), ...stretches]) if (this.knows(fact)) this.book.add(fact);
    const last = lastDutyDay({ hall, to: startOfDay(hall, day + 1) }, this.book);
    const days = { from: startOfDay(hall, day), to: startOfDay(hall, last + 1) };
    this.instants = [...factsToJudge(records, reachOf(days, this.book))].filter(isInstant);
    for (const fact of this.instants) if (this.knows(fact)) this.book.add(fact);
    this.plan = planDay(hall, this.book, day);
    this.#windows = new JudgedWindows(this.plan, this.book, this.moment);
    this.#after = Array.from({ length: last - day }, (_, i) => day + 1 + i).flatMap((next) => {
      const then = configs.on(next);
      return then === null ? [] : new JudgedWindows(planDay(then, this.book, next), this.book, this.moment);
    });
  }

  /** Null where nothing is known that it could be judged by. */
  static open(day: Day, options: ReopenOptions): ReopenedDay | null {
    const stretches = [...options.records.stretches()];
    const configs = new Configs(options.compile, options.hall);
    configs.learn(stretches.filter((fact) => fact.recordedAt <= options.now));
    const hall = configs.on(day);
    return hall === null ? null : new ReopenedDay(day, hall, configs, stretches, options);
  }

  get moment(): Moment {
    return new Moment(this.now);
  }

  /** Whether a fact had become known by now. */
  knows(fact: Fact): boolean {
    return fact.recordedAt <= this.now;
  }

  /** The fact that takes another one back; null = none does. */
  cancelOf(fact: Fact): CancelFact | null {
    return this.#cancels.get(fact.id) ?? null;
  }

  /** The windows of the day that are judged together with one, itself included; none where it is unknown. */
  windowsWith(window: string): readonly WindowFinding[] {
    return this.#windows.with(window);
  }

  /** A person's day and the verdicts of it; null of somebody whom the configuration of the day does not know. */
  person(employee: string): { readonly day: EmployeeDay; readonly verdicts: readonly Verdict[] } | null {
    const day = employeeDay(this.plan, this.book, employee, this.moment, (window) => this.#unverifiedAt(window));
    return day === null ? null : { day, verdicts: verdictsOf(day) };
  }

  /** A duty may last into other days, and so may what was seen at a window during it. */
  #unverifiedAt(window: string): Span[] {
    return [this.#windows, ...this.#after]
      .flatMap((day) => day.with(window))
      .flatMap((one) => (one.window.id === window ? one.unverified : []));
  }
}

/** The windows of a day, judged when they are asked for. */
class JudgedWindows {
  readonly #plan: DayPlan;
  readonly #book: Book;
  readonly #moment: Moment;
  readonly #found = new Map<Component, readonly WindowFinding[]>();

  constructor(plan: DayPlan, book: Book, moment: Moment) {
    this.#plan = plan;
    this.#book = book;
    this.#moment = moment;
  }

  /** Those that are judged together with one, itself included; none where it is unknown. */
  with(window: string): readonly WindowFinding[] {
    const component = this.#plan.componentOfWindow.get(window);
    if (component === undefined) return [];
    let found = this.#found.get(component);
    if (found === undefined) {
      found = new ComponentDay(this.#plan, this.#book, component).judge(this.#moment);
      this.#found.set(component, found);
    }
    return found;
  }
}

/** What takes which fact back, by then; of several the first. */
function cancelsOf(facts: readonly Fact[], now: Ms): Map<string, CancelFact> {
  const cancels = facts.filter((fact) => fact.fact === 'cancel').filter(({ recordedAt }) => recordedAt <= now);
  // The first comes last, and stays.
  return new Map(cancels.sort(laterRecorded).map((cancel) => [cancel.target, cancel]));
}

/** A day, and as far as an outage that touches it reaches: its proof may lie on another day. */
function reachOf(today: Span, book: Book): Span {
  return book
    .outagesTouching(today)
    .reduce((span, outage) => ({ from: Math.min(span.from, outage.from), to: Math.max(span.to, outage.to) }), today);
}

function isInstant(fact: Fact): fact is PunchFact | PresenceFact {
  return fact.fact === 'punch' || fact.fact === 'presence';
}
