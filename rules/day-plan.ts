/** Who has to do with which window on a day: windows that share candidates are judged together. */
import type { Book } from './book.ts';
import { listOf } from './fact-order.ts';
import type { Hall, Window } from './hall.ts';
import { candidatesOf, type HallDay, hallDay } from './plan.ts';
import type { Day } from './time.ts';

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
      for (const met of other.windows) joined.windows.push(met);
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
