import type { Book } from './book.ts';
import type { Standing } from './changes.ts';
import { type ComponentDay, unverifiedIn } from './component-day.ts';
import { type Component, type DayPlan, planDay } from './day-plan.ts';
import type { Hall, Window } from './hall.ts';
import type { Deadline } from './heap.ts';
import { type Span, sameSpans } from './intervals.ts';
import { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import type { WindowDay } from './rule.ts';
import type { Day, Ms } from './time.ts';
import { type Verdict, verdictKey } from './verdict.ts';

/** What has been said to hold of a subject's day. */
export interface Said {
  holding: Standing;
}

/** A person's day. */
export interface PersonSaid extends Said {
  readonly employee: string;
}

/** A subject's day: what is recomputed as a whole, with the one instant at which it must be looked at again. */
export interface Job extends Deadline {
  readonly day: OpenedDay;
  /** `gone`: a window of which verdicts are held but that the configuration no longer knows. */
  readonly of: { readonly component: Component } | PersonSaid | { readonly gone: Said };
}

/** Windows that are judged together, for whoever shows them. */
export interface WindowGroup {
  /** Another object once they have been judged again: until then only time can have changed what they look like. */
  readonly judged: object;
  readonly today: HallDay;
  /** In the configuration's order. */
  readonly windows: readonly Window[];
  /** The windows through the day; their `moment` says until when they look like that. */
  look(): WindowDay[];
  /** What holds of one of them. */
  verdictsOf(window: string): readonly Verdict[];
}

interface PersonJob extends Job {
  readonly of: PersonSaid;
}

const NEVER: Ms = Number.POSITIVE_INFINITY;
const NOTHING: Standing = [];
const NO_SPANS: readonly Span[] = [];

/** A day that is being judged: its plan, its jobs, and what has been said of it. */
export class OpenedDay {
  readonly day: Day;
  /** How many of its jobs have a deadline: without any, nothing of it changes without new facts. */
  due = 0;
  readonly #componentJobs = new Map<Component, Job>();
  readonly #employeeJobs = new Map<string, PersonJob>();
  readonly #windows = new Map<string, Said>();
  readonly #unverified = new Map<string, readonly Span[]>();
  readonly #judged = new Map<Component, object>();
  #plan: DayPlan;

  constructor(hall: Hall, book: Book, day: Day, standing: Iterable<Verdict>) {
    this.day = day;
    this.#plan = planDay(hall, book, day);
    for (const verdict of standing) {
      const { window, employee } = verdict;
      const said = window === null ? this.jobOfEmployee(employee ?? '').of : this.saidOf(window);
      said.holding = [...said.holding, { key: verdictKey(hall.id, verdict), verdict }];
    }
    for (const window of this.#plan.componentOfWindow.keys()) {
      this.#unverified.set(window, unverifiedIn(this.verdictsOfWindow(window)));
    }
  }

  get plan(): DayPlan {
    return this.#plan;
  }

  /** Makes the plan anew and returns the jobs that no longer exist. */
  replan(hall: Hall, book: Book): Job[] {
    const obsolete = [...this.#componentJobs.values()];
    this.#plan = planDay(hall, book, this.day);
    this.#componentJobs.clear();
    this.#unverified.clear();
    this.#judged.clear();
    return obsolete;
  }

  /** The windows that are no longer in the plan. */
  orphans(): Said[] {
    return [...this.#windows].filter(([window]) => !this.#plan.componentOfWindow.has(window)).map(([, said]) => said);
  }

  /** What has been said to hold of a window. */
  saidOf(window: string): Said {
    let said = this.#windows.get(window);
    if (said === undefined) {
      said = { holding: NOTHING };
      this.#windows.set(window, said);
    }
    return said;
  }

  verdictsOfWindow(window: string): Verdict[] {
    return verdictsIn(this.#windows.get(window));
  }

  verdictsOfEmployee(employee: string): Verdict[] {
    return verdictsIn(this.#employeeJobs.get(employee)?.of);
  }

  /** All that has been said to hold. */
  verdicts(): Verdict[] {
    const said = [...this.#windows.values(), ...this.#employeeJobs.values().map(({ of }) => of)];
    return said.flatMap(verdictsIn);
  }

  /** Every job of the day: its windows' and its people's, those included whom only a former configuration knew. */
  allJobs(): Job[] {
    for (const component of this.#plan.components) this.jobOfComponent(component);
    for (const employee of this.#plan.today.hall.employees.keys()) this.jobOfEmployee(employee);
    return [...this.#componentJobs.values(), ...this.#employeeJobs.values()];
  }

  /** Its windows, to be looked at as of an instant. */
  groups(at: Ms, windowsOf: (component: Component) => ComponentDay): WindowGroup[] {
    const plan = this.#plan;
    return plan.components.map((component) => ({
      judged: this.#judgedOf(component),
      today: plan.today,
      windows: component.windows,
      look: () => windowsOf(component).look(new Moment(at)),
      verdictsOf: (window) => this.verdictsOfWindow(window),
    }));
  }

  #judgedOf(component: Component): object {
    const judged = this.#judged.get(component) ?? {};
    this.#judged.set(component, judged);
    return judged;
  }

  /** The windows of a component have been judged again. */
  noteJudged(component: Component): void {
    this.#judged.delete(component);
  }

  jobOfEmployee(employee: string): PersonJob {
    let job = this.#employeeJobs.get(employee);
    if (job === undefined) {
      job = { day: this, of: { employee, holding: NOTHING }, dueAt: NEVER, slot: -1 };
      this.#employeeJobs.set(employee, job);
    }
    return job;
  }

  jobOfComponent(component: Component): Job {
    let job = this.#componentJobs.get(component);
    if (job === undefined) {
      job = { day: this, of: { component }, dueAt: NEVER, slot: -1 };
      this.#componentJobs.set(component, job);
    }
    return job;
  }

  /** The stretches in which somebody unverified sat at a window, as last said. */
  unverifiedAt(window: string): readonly Span[] {
    return this.#unverified.get(window) ?? NO_SPANS;
  }

  /**
   * Notes them, and returns the people whose absence that makes more, or less, doubtful. Under a new plan nothing is noted yet: then
   * everybody of the window is looked at.
   */
  noteUnverified(window: string, spans: readonly Span[]): readonly string[] {
    const noted = this.#unverified.get(window);
    if (noted !== undefined && sameSpans(noted, spans)) return [];
    this.#unverified.set(window, spans);
    return this.#plan.ownersOfWindow.get(window) ?? [];
  }
}

function verdictsIn(said: Said | undefined): Verdict[] {
  return said?.holding.map(({ verdict }) => verdict) ?? [];
}
