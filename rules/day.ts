/**
 * Judging one day. Windows that share candidates are judged together, because one punch can change a window its owner
 * can never hold; people are judged one by one, with what was seen at their own windows.
 */
import type { Book } from './book.ts';
import { coverOf, type ServedWindow } from './cover.ts';
import { Coverage } from './evidence.ts';
import type { Hall, Window } from './hall.ts';
import type { Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import { candidatesOf, type HallDay, hallDay, serviceIntervals } from './plan.ts';
import { seatDay } from './presence.ts';
import { type Attendance, attend, presentSpans } from './punches.ts';
import type { EmployeeDay, WindowDay } from './rule.ts';
import { RULES } from './table.ts';
import type { Day } from './time.ts';
import { unverifiedOccupant } from './unverified-occupant.ts';
import type { Verdict } from './verdict.ts';

/** Windows connected through shared candidates on a day, in the configuration's order. */
export interface Component {
  readonly windows: readonly Window[];
  readonly people: readonly string[];
}

/** Who has to do with which window on a day. */
export interface DayPlan {
  readonly today: HallDay;
  readonly components: readonly Component[];
  readonly componentOfWindow: ReadonlyMap<string, Component>;
  readonly componentsOfPerson: ReadonlyMap<string, readonly Component[]>;
  /** Windows that a person is, or may be made, an A of on that day. */
  readonly ownWindows: ReadonlyMap<string, readonly Window[]>;
  /** The same the other way round. */
  readonly ownersOfWindow: ReadonlyMap<string, readonly string[]>;
  /** The clocks that could carry a punch of a candidate. */
  readonly clocksOfWindow: ReadonlyMap<string, ReadonlySet<string>>;
}

export function planDay(hall: Hall, book: Book, day: Day): DayPlan {
  const today = hallDay(hall, book, day);
  const candidates = new Map<string, ReadonlySet<string>>();
  const clocksOfWindow = new Map<string, ReadonlySet<string>>();
  const ownersOfWindow = new Map<string, readonly string[]>();
  const ownWindows = new Map<string, Window[]>();
  for (const window of hall.windows.values()) {
    const people = candidatesOf(today, book, window);
    candidates.set(window.id, people);
    clocksOfWindow.set(window.id, clocksOf(hall, people));
    const assigned = book.assignsOf(window.id).filter((assign) => assign.role === 'A');
    const owners = [...new Set([...window.a, ...assigned.flatMap((assign) => assign.employees)])];
    ownersOfWindow.set(window.id, owners);
    for (const person of owners) ownWindows.set(person, [...(ownWindows.get(person) ?? []), window]);
  }
  const components = connect([...hall.windows.values()], candidates);
  const componentOfWindow = new Map<string, Component>();
  const componentsOfPerson = new Map<string, Component[]>();
  for (const component of components) {
    for (const window of component.windows) componentOfWindow.set(window.id, component);
    for (const person of component.people) {
      componentsOfPerson.set(person, [...(componentsOfPerson.get(person) ?? []), component]);
    }
  }
  return {
    today,
    components,
    componentOfWindow,
    componentsOfPerson,
    ownWindows,
    ownersOfWindow,
    clocksOfWindow,
  };
}

function clocksOf(hall: Hall, people: Iterable<string>): Set<string> {
  const clocks = new Set<string>();
  for (const person of people) for (const clock of hall.employees.get(person)?.clocks ?? []) clocks.add(clock);
  return clocks;
}

function connect(windows: readonly Window[], candidates: ReadonlyMap<string, ReadonlySet<string>>): Component[] {
  const groups: { windows: Set<Window>; people: Set<string> }[] = [];
  for (const window of windows) {
    const people = new Set(candidates.get(window.id));
    const joined = { windows: new Set([window]), people };
    for (let i = groups.length - 1; i >= 0; i--) {
      const group = groups[i];
      if (group === undefined || ![...people].some((person) => group.people.has(person))) continue;
      for (const other of group.windows) joined.windows.add(other);
      for (const person of group.people) joined.people.add(person);
      groups.splice(i, 1);
    }
    groups.push(joined);
  }
  return groups.map((group) => ({
    windows: [...group.windows].sort((x, y) => x.order - y.order),
    people: [...group.people],
  }));
}

/** What was found out about a window on a day. */
export interface WindowFinding {
  readonly window: Window;
  readonly day: WindowDay;
  readonly verdicts: readonly Verdict[];
  /** Runs of an uncovered but occupied seat; they make the A's absence doubtful. */
  readonly unverified: readonly Span[];
}

/** Judges the windows of a component as seen at a moment. */
export function judgeWindows(plan: DayPlan, book: Book, component: Component, moment: Moment): WindowFinding[] {
  return lookAtWindows(plan, book, component, moment).map((day) => {
    const verdicts = RULES.flatMap((rule) => (rule.on === 'window' ? rule.judge(day) : []));
    const unverified = verdicts
      .filter(({ rule }) => rule === unverifiedOccupant.name)
      .map(({ from, to }) => ({ from, to: to ?? Number.POSITIVE_INFINITY }));
    return { window: day.window, day, verdicts, unverified };
  });
}

/** The windows of a component through the day up to a moment: who held them, and what was seen. */
export function lookAtWindows(plan: DayPlan, book: Book, component: Component, moment: Moment): WindowDay[] {
  const { today } = plan;
  const served: ServedWindow[] = component.windows.map((window) => ({
    window,
    service: serviceIntervals(today, book, window),
    seat: seatDay(today, book, window, moment),
  }));
  const presentOf = new Map<string, Span[]>();
  for (const person of component.people) {
    const employee = today.hall.employees.get(person);
    if (employee === undefined) continue;
    const spans = presentSpans(attend(today, book, employee, moment), book, moment);
    if (spans.length > 0) presentOf.set(person, spans);
  }
  const cover = coverOf(today, book, served, presentOf, moment);
  return served.map((one, i) => ({
    ...one,
    today,
    stretches: cover[i] ?? [],
    moment,
    coverage: new Coverage(plan.clocksOfWindow.get(one.window.id) ?? [], one.window.thresholds.settle, book, moment),
  }));
}

/** What was found out about a person on a day. */
export interface EmployeeFinding {
  readonly attendance: Attendance;
  readonly verdicts: readonly Verdict[];
}

/** Judges a person's day as seen at a moment; `unverifiedAt` answers what was seen at a window. */
export function judgeEmployee(
  plan: DayPlan,
  book: Book,
  employeeId: string,
  moment: Moment,
  unverifiedAt: (window: string) => readonly Span[],
): EmployeeFinding | null {
  const day = employeeDay(plan, book, employeeId, moment, unverifiedAt);
  return day === null ? null : { attendance: day, verdicts: verdictsOf(day) };
}

/** What the rules of attendance say of a person's day. */
export function verdictsOf(day: EmployeeDay): Verdict[] {
  return RULES.flatMap((rule) => (rule.on === 'employee' ? rule.judge(day) : []));
}

/** A person's day as the rules look at it; null of somebody whom the configuration does not know. */
export function employeeDay(
  plan: DayPlan,
  book: Book,
  employeeId: string,
  moment: Moment,
  unverifiedAt: (window: string) => readonly Span[],
): EmployeeDay | null {
  const employee = plan.today.hall.employees.get(employeeId);
  if (employee === undefined) return null;
  return {
    ...attend(plan.today, book, employee, moment),
    book,
    moment,
    coverage: new Coverage(employee.clocks, employee.thresholds.settle, book, moment),
    ownWindows: (plan.ownWindows.get(employeeId) ?? []).map((window) => ({
      window,
      unverified: unverifiedAt(window.id),
    })),
  };
}
