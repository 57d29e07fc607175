import type { TouchedSubjects } from './kept-days.ts';
import type { Job, OpenedDay } from './opened-day.ts';
import type { Ms } from './time.ts';

/** What is to be judged again, and the facts that are the reason; none = its deadline has come. */
export type Dirty = Map<Job, Set<string>>;

/** Where no fact is the reason. At a session's start a hundred thousand deadlines may come at once: they share it. */
const NO_FACTS = new Set<string>();

/** The facts that are the reason, and the instant at which something is judged. */
export interface Why {
  readonly causes: ReadonlySet<string>;
  readonly at: Ms;
}

/**
 * Reasons enough, the first in the order of application: a backlog may bring thousands of facts that touch the same subject.
 */
const MOST_CAUSES = 100;
/** Of those that touch everybody of a day or of a clock: what somebody's own fact did must not be left out for them. */
const MOST_OF_EVERYBODY = 50;

export function mark(job: Job, dirty: Dirty, cause: string | null, most = MOST_CAUSES): void {
  let causes = dirty.get(job) ?? NO_FACTS;
  if (cause !== null && causes === NO_FACTS) causes = new Set();
  dirty.set(job, causes);
  if (cause !== null && causes.size < most) causes.add(cause);
}

/** Marks everything of a day. */
export function markDay(opened: OpenedDay, causes: readonly string[], dirty: Dirty): void {
  const few = causes.slice(0, MOST_OF_EVERYBODY);
  for (const job of opened.allJobs()) for (const cause of few) mark(job, dirty, cause, MOST_OF_EVERYBODY);
}

/** Marks people and windows of a day, and whatever is judged together with them. */
export function markSubjects(
  opened: OpenedDay,
  { people, windows, seats, clocks }: TouchedSubjects,
  dirty: Dirty,
  cause: string,
): void {
  const markComponentOf = (window: string, most = MOST_CAUSES): void => {
    const component = opened.plan.componentOfWindow.get(window);
    if (component !== undefined) mark(opened.jobOfComponent(component), dirty, cause, most);
  };
  for (const person of people) {
    mark(opened.jobOfEmployee(person), dirty, cause);
    for (const component of opened.plan.componentsOfPerson.get(person) ?? []) {
      mark(opened.jobOfComponent(component), dirty, cause);
    }
  }
  for (const window of windows) markComponentOf(window);
  for (const { window } of seats) markComponentOf(window);
  for (const clock of clocks) {
    for (const { id, clocks: theirs } of opened.plan.today.hall.employees.values()) {
      if (theirs.includes(clock)) mark(opened.jobOfEmployee(id), dirty, cause, MOST_OF_EVERYBODY);
    }
    for (const [window, theirs] of opened.plan.clocksOfWindow)
      if (theirs.has(clock)) markComponentOf(window, MOST_OF_EVERYBODY);
  }
}
