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

/** A subject's day: what is recomputed as a whole, with the one instant at which it must be looked at again. */
export interface Job extends Deadline {
  readonly day: OpenedDay;
  /** `gone`: a subject of which verdicts are held but that the configuration no longer knows. */
  readonly of: { readonly component: Component } | { readonly employee: string } | { readonly gone: string };
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
  verdictsOf(window: string): Iterable<Verdict>;
}

const NEVER: Ms = Number.POSITIVE_INFINITY;
const NO_SPANS: readonly Span[] = [];

/** A day that is being judged: its plan, its jobs, and what has been said of it. */
export class OpenedDay {
  readonly day: Day;
  /** Verdicts said to hold, by subject. */
  readonly standing = new Map<string, Standing>();
  readonly #componentJobs = new Map<Component, Job>();
  readonly #employeeJobs = new Map<string, Job>();
  readonly #unverified = new Map<string, readonly Span[]>();
  readonly #judged = new Map<Component, object>();
  #plan: DayPlan;

  constructor(hall: Hall, book: Book, day: Day, standing: Iterable<Verdict>) {
    this.day = day;
    this.#plan = planDay(hall, book, day);
    const held = new Map<string, Map<string, Verdict>>();
    for (const verdict of standing) {
      const subject =
        verdict.window === null ? subjectOfEmployee(verdict.employee ?? '') : subjectOfWindow(verdict.window);
      const verdicts = held.get(subject) ?? new Map<string, Verdict>();
      held.set(subject, verdicts.set(verdictKey(hall.id, verdict), verdict));
      if (verdict.window === null) this.jobOfEmployee(verdict.employee ?? '');
    }
    for (const [subject, verdicts] of held) this.standing.set(subject, verdicts);
    for (const window of this.#plan.componentOfWindow.keys()) {
      this.#unverified.set(window, unverifiedIn(held.get(subjectOfWindow(window))?.values() ?? []));
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

  /** The windows that have verdicts but are no longer in the plan. */
  orphans(): string[] {
    return [...this.standing.keys()].filter(
      (subject) => subject.startsWith('w|') && !this.#plan.componentOfWindow.has(subject.slice(2)),
    );
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
      verdictsOf: (window) => this.standing.get(subjectOfWindow(window))?.values() ?? [],
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

  jobOfEmployee(employee: string): Job {
    return this.#job(this.#employeeJobs, employee, { employee });
  }

  jobOfComponent(component: Component): Job {
    return this.#job(this.#componentJobs, component, { component });
  }

  #job<K>(jobs: Map<K, Job>, key: K, of: Job['of']): Job {
    let job = jobs.get(key);
    if (job === undefined) {
      job = { day: this, of, dueAt: NEVER, slot: -1 };
      jobs.set(key, job);
    }
    return job;
  }

  /** Whether something of this day changes without new facts. */
  hasDeadline(): boolean {
    for (const job of this.#componentJobs.values()) if (job.slot >= 0) return true;
    for (const job of this.#employeeJobs.values()) if (job.slot >= 0) return true;
    return false;
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

export function subjectOfEmployee(employee: string): string {
  return `e|${employee}`;
}

export function subjectOfWindow(window: string): string {
  return `w|${window}`;
}
