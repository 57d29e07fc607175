/**
 * The people of the hall: those of the configuration, and what `employee` facts say of them (docs/decisions/0017-people.md).
 * Of all that is said of a person, that holds on a day which is dated last by then.
 */
import { insert, laterRecorded, listOf } from './fact-order.ts';
import type { EmployeeFact } from './facts.ts';
import { clocksServing, type Employee, FIRST_DAY, type Hall, LAST_DAY } from './hall.ts';
import { civilDay, type Day, type Zone } from './time.ts';

/** A configuration, and the first day that is judged by it. */
export interface Since {
  readonly hall: Hall;
  readonly from: Day;
}

/** The first day of what a fact says: part of a day is no day of it. */
export function firstDayOf({ from }: EmployeeFact, zone: Zone): Day {
  return civilDay(zone, from - 1) + 1;
}

function lastDayOf({ to }: EmployeeFact, zone: Zone): Day {
  return to === null ? LAST_DAY : civilDay(zone, to) - 1;
}

/** The `employee` facts that are known. */
export class People {
  readonly #facts = new Map<string, EmployeeFact[]>();

  get areAsConfigured(): boolean {
    return this.#facts.size === 0;
  }

  add(fact: EmployeeFact): void {
    insert(listOf(this.#facts, fact.employee), fact);
  }

  remove({ employee, id }: EmployeeFact): void {
    const left = (this.#facts.get(employee) ?? []).filter((fact) => fact.id !== id);
    if (left.length === 0) this.#facts.delete(employee);
    else this.#facts.set(employee, left);
  }

  /** Who is spoken of, by id. */
  get ids(): readonly string[] {
    return [...this.#facts.keys()].sort();
  }

  of(id: string): readonly EmployeeFact[] {
    return this.#facts.get(id) ?? [];
  }
}

/** What is said of a person from a day on, until something else is. */
interface Entry {
  readonly from: Day;
  /** When somebody is there by this, both days included; a line of the configuration may be younger than what it says. */
  readonly there: { readonly from: Day; readonly until: Day };
  /** Null = the configuration says it. */
  readonly fact: EmployeeFact | null;
}

/** A configuration with the people that facts make of its own: another hall after each day on which one of them changes. */
export class PeopledHall {
  readonly #hall: Hall;
  readonly #said = new Map<string, readonly Entry[]>();
  /** Ascending. */
  readonly #changes: readonly Day[];
  readonly #halls = new Map<number, Hall>();

  /** The configuration is the last one; those before it tell since when it says what. */
  constructor(configs: readonly Since[], people: People) {
    this.#hall = (configs.at(-1) as Since).hall;
    const changes = new Set<Day>();
    for (const id of people.ids) {
      const written = this.#hall.employees.get(id);
      const entries = inForce([
        ...(written === undefined ? [] : [entryOfWritten(written, configs)]),
        ...people.of(id).map((fact) => entryOfFact(fact, this.#hall.zone)),
      ]);
      this.#said.set(id, entries);
      // Whoever is new is known all the time, and expected from the first day on.
      for (const { from } of written === undefined ? entries.slice(1) : entries) changes.add(from);
    }
    this.#changes = [...changes].sort((a, b) => a - b);
  }

  on(day: Day): Hall {
    const stretch = this.#changes.findLastIndex((change) => change <= day);
    let found = this.#halls.get(stretch);
    if (found === undefined) {
      found = this.#made(day);
      this.#halls.set(stretch, found);
    }
    return found;
  }

  #made(day: Day): Hall {
    const employees = new Map(this.#hall.employees);
    for (const [id, entries] of this.#said) {
      const written = employees.get(id);
      const holding = entries.findLastIndex(({ from }) => from <= day);
      const at = holding < 0 && written === undefined ? 0 : holding;
      const fact = entries[at]?.fact;
      if (fact != null) employees.set(id, this.#employee(fact, thereSince(entries, at), written));
    }
    return { ...this.#hall, employees };
  }

  #employee(fact: EmployeeFact, from: Day, written: Employee | undefined): Employee {
    const { zone, schedules, thresholds, clocks } = this.#hall;
    const { employee: id, name, department } = fact;
    const schedule = (fact.schedule === null ? undefined : schedules.get(fact.schedule)) ?? null;
    return {
      id,
      name,
      department,
      schedule,
      thresholds: schedule?.thresholds ?? thresholds,
      from,
      until: lastDayOf(fact, zone),
      clocks: clocksServing(clocks.values(), { id, department }),
      credentials: written?.credentials ?? [],
      fact,
    };
  }
}

function entryOfFact(fact: EmployeeFact, zone: Zone): Entry {
  const from = firstDayOf(fact, zone);
  return { from, there: { from, until: lastDayOf(fact, zone) }, fact };
}

/** A configuration that repeats a line of the one before has not said it anew. */
function entryOfWritten(written: Employee, configs: readonly Since[]): Entry {
  const other = configs.findLastIndex(({ hall }) => !isSame(hall.employees.get(written.id), written));
  const since = configs[other + 1]?.from ?? FIRST_DAY;
  return { from: Math.max(written.from, since), there: written, fact: null };
}

function isSame(one: Employee | undefined, other: Employee): boolean {
  if (one === undefined || one.schedule?.id !== other.schedule?.id) return false;
  return (['name', 'department', 'from', 'until'] as const).every((key) => one[key] === other[key]);
}

/** By their days; of those dated alike the one recorded last, and a fact before the configuration. */
function inForce(entries: readonly Entry[]): readonly Entry[] {
  const ordered = [...entries].sort((a, b) => {
    if (a.from !== b.from) return a.from - b.from;
    return a.fact === null || b.fact === null
      ? Number(a.fact !== null) - Number(b.fact !== null)
      : -laterRecorded(a.fact, b.fact);
  });
  return ordered.filter(({ from }, i) => from !== ordered[i + 1]?.from);
}

/** The first day of the time that somebody has been there without a gap. */
function thereSince(entries: readonly Entry[], at: number): Day {
  let since = entries[at]?.there.from ?? FIRST_DAY;
  for (const { there } of entries.slice(0, at).reverse()) {
    if (there.until < since - 1) break;
    since = Math.min(since, there.from);
  }
  return since;
}
