/**
 * Judging one day. Windows that share candidates are judged together, because one punch can change a window its owner
 * can never hold; people are judged one by one, with what was seen at their own windows.
 */
import type { Book } from './book.ts';
import { coverOf, type ServedWindow, type WindowCover } from './cover.ts';
import { Coverage } from './evidence.ts';
import { listOf } from './fact-order.ts';
import type { Hall, Window } from './hall.ts';
import type { Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import { candidatesOf, type HallDay, hallDay, serviceIntervals } from './plan.ts';
import { seatDay } from './presence.ts';
import { type Attendance, Attendances, presentSpans } from './punches.ts';
import type { EmployeeDay, WindowDay } from './rule.ts';
import { RULES } from './table.ts';
import type { Day } from './time.ts';
import { unverifiedOccupant } from './unverified-occupant.ts';
import type { Verdict } from './verdict.ts';

const WINDOW_RULES = RULES.filter((rule) => rule.on === 'window');
const NO_WINDOWS: readonly Window[] = [];
const EMPLOYEE_RULES = RULES.filter((rule) => rule.on === 'employee');

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

/** Most days are as the configuration says: then everything but the day itself is the same, and made once. */
const plainPlans = new WeakMap<Hall, Omit<DayPlan, 'today'>>();

export function planDay(hall: Hall, book: Book, day: Day): DayPlan {
  const today = hallDay(hall, book, day);
  const isPlain = ({ id }: Window): boolean =>
    book.assignsOf(id).length === 0 && book.coversTouching(id, today).length === 0;
  if (![...hall.windows.values()].every(isPlain)) return { today, ...planOf(today, book) };
  let plan = plainPlans.get(hall);
  if (plan === undefined) {
    plan = planOf(today, book);
    plainPlans.set(hall, plan);
  }
  return { today, ...plan };
}

function planOf(today: HallDay, book: Book): Omit<DayPlan, 'today'> {
  const { hall } = today;
  const candidates = new Map<Window, ReadonlySet<string>>();
  const clocksOfWindow = new Map<string, ReadonlySet<string>>();
  const ownersOfWindow = new Map<string, readonly string[]>();
  const ownWindows = new Map<string, Window[]>();
  for (const window of hall.windows.values()) {
    const people = candidatesOf(today, book, window);
    candidates.set(window, people);
    clocksOfWindow.set(window.id, clocksOf(hall, people));
    const assigned = book.assignsOf(window.id).filter((assign) => assign.role === 'A');
    const owners = [...new Set([...window.a, ...assigned.flatMap((assign) => assign.employees)])];
    ownersOfWindow.set(window.id, owners);
    for (const person of owners) listOf(ownWindows, person).push(window);
  }
  const components = connect(candidates);
  const componentOfWindow = new Map<string, Component>();
  const componentsOfPerson = new Map<string, Component[]>();
  for (const component of components) {
    for (const window of component.windows) componentOfWindow.set(window.id, component);
    for (const person of component.people) listOf(componentsOfPerson, person).push(component);
  }
  return { components, componentOfWindow, componentsOfPerson, ownWindows, ownersOfWindow, clocksOfWindow };
}

function clocksOf(hall: Hall, people: Iterable<string>): Set<string> {
  const clocks = new Set<string>();
  for (const person of people) for (const clock of hall.employees.get(person)?.clocks ?? []) clocks.add(clock);
  return clocks;
}

interface Group {
  readonly windows: Window[];
  readonly people: Set<string>;
}

function connect(candidates: ReadonlyMap<Window, ReadonlySet<string>>): Component[] {
  const groups = new Set<Group>();
  const groupOf = new Map<string, Group>();
  for (const [window, people] of candidates) {
    const joined: Group = { windows: [window], people: new Set(people) };
    for (const person of people) {
      const other = groupOf.get(person);
      if (other === undefined || !groups.delete(other)) continue;
      joined.windows.push(...other.windows);
      for (const met of other.people) joined.people.add(met);
    }
    groups.add(joined);
    for (const person of joined.people) groupOf.set(person, joined);
  }
  return [...groups].map(({ windows, people }) => ({
    windows: windows.sort((x, y) => x.order - y.order),
    people: [...people],
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
export function judgeWindows(
  plan: DayPlan,
  book: Book,
  component: Component,
  moment: Moment,
  attendances = new Attendances(plan.today, book, moment.now),
): WindowFinding[] {
  return lookAtWindows(plan, book, component, moment, attendances).map((day) => {
    const verdicts = WINDOW_RULES.flatMap((rule) => rule.judge(day));
    return { window: day.window, day, verdicts, unverified: unverifiedIn(verdicts) };
  });
}

/** The stretches in which somebody unverified sat at a window, by what is said of it. */
export function unverifiedIn(verdicts: Iterable<Verdict>): Span[] {
  return [...verdicts]
    .filter(({ rule }) => rule === unverifiedOccupant.name)
    .map(({ from, to }) => ({ from, to: to ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.from - b.from);
}

/** The windows of a component through the day up to a moment: who held them, and what was seen. */
export function lookAtWindows(
  plan: DayPlan,
  book: Book,
  component: Component,
  moment: Moment,
  attendances = new Attendances(plan.today, book, moment.now),
): WindowDay[] {
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
    const spans = presentSpans(attendances.of(employee, moment), book, moment);
    if (spans.length > 0) presentOf.set(person, spans);
  }
  const cover = coverOf(today, book, served, presentOf, moment);
  return served.map((one, i) => ({
    ...one,
    today,
    cover: cover[i] as WindowCover,
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
  attendances = new Attendances(plan.today, book, moment.now),
): EmployeeFinding | null {
  const day = employeeDay(plan, book, employeeId, moment, unverifiedAt, attendances);
  return day === null ? null : { attendance: day, verdicts: verdictsOf(day) };
}

/** What the rules of attendance say of a person's day. */
export function verdictsOf(day: EmployeeDay): Verdict[] {
  return EMPLOYEE_RULES.flatMap((rule) => rule.judge(day));
}

/** A person's day as the rules look at it; null of somebody whom the configuration does not know. */
export function employeeDay(
  plan: DayPlan,
  book: Book,
  employeeId: string,
  moment: Moment,
  unverifiedAt: (window: string) => readonly Span[],
  attendances = new Attendances(plan.today, book, moment.now),
): EmployeeDay | null {
  const employee = plan.today.hall.employees.get(employeeId);
  if (employee === undefined) return null;
  return {
    ...attendances.of(employee, moment),
    book,
    moment,
    coverage: new Coverage(employee.clocks, employee.thresholds.settle, book, moment),
    ownWindows: plan.ownWindows.get(employeeId) ?? NO_WINDOWS,
    unverifiedAt,
  };
}
