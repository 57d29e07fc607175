import type { ConfigFact, EmployeeFact, Fact } from './facts.ts';
import { dayAt, FIRST_DAY, type Hall, startOfDay } from './hall.ts';
import { People, PeopledHall, type Since } from './people.ts';
import type { Day, Ms } from './time.ts';

interface Accepted {
  readonly hall: Hall;
  readonly fact: ConfigFact;
}

/** The accepted configurations, and the people of facts: a day is judged by what is effective on it. */
export class Configs {
  readonly #compile: (config: ConfigFact) => Hall;
  readonly #otherwise: Hall | null;
  /** In the order in which they take effect. */
  readonly #accepted: Accepted[] = [];
  readonly #people = new People();
  /** By the place of an accepted configuration, or by one that has not been. */
  readonly #peopled = new Map<number | Hall, PeopledHall>();

  /** `otherwise` is the configuration where no fact says which. */
  constructor(compile: (config: ConfigFact) => Hall, otherwise: Hall | null) {
    this.#compile = compile;
    this.#otherwise = otherwise;
  }

  add(fact: ConfigFact | EmployeeFact): void {
    this.#peopled.clear();
    if (fact.fact === 'employee') return this.#people.add(fact);
    if (this.#accepted.some((config) => config.fact.id === fact.id)) return;
    this.#accepted.push({ hall: this.#compile(fact), fact });
    this.#accepted.sort((a, b) => (precedes(a.fact, b.fact) ? -1 : 1));
  }

  /** Takes in what is here for it among all that is known; people that are cancelled count for nothing. */
  learn(facts: readonly Fact[]): void {
    const cancelled = new Set(facts.flatMap((fact) => (fact.fact === 'cancel' ? [fact.target] : [])));
    for (const fact of facts) {
      if (fact.fact === 'config' || (fact.fact === 'employee' && !cancelled.has(fact.id))) this.add(fact);
    }
  }

  /** Takes somebody out again, because a `cancel` names the fact. */
  remove(fact: EmployeeFact): void {
    this.#peopled.clear();
    this.#people.remove(fact);
  }

  /** The configuration by which a day is judged. Days before the first one are judged by it: there is no other. */
  on(day: Day): Hall | null {
    const place = this.#placeOn(day);
    const hall = this.#accepted[place]?.hall ?? this.#otherwise;
    return hall === null || this.#people.areAsConfigured ? hall : this.#peopledBy(place, hall).on(day);
  }

  /** The fact by which that configuration was accepted; null where it is the one without a fact. */
  factOn(day: Day): ConfigFact | null {
    return this.#accepted[this.#placeOn(day)]?.fact ?? null;
  }

  /** The configuration by whose days and zone an instant is placed. */
  at(at: Ms): Hall | null {
    const place = Math.max(
      0,
      this.#accepted.findLastIndex(({ fact }) => fact.effectiveFrom <= at),
    );
    const hall = this.#accepted[place]?.hall ?? this.#otherwise;
    return hall === null || this.#people.areAsConfigured ? hall : this.#peopledBy(place, hall).on(dayAt(hall, at));
  }

  /** A configuration, which need not be in force or accepted yet, with the people of an instant or, if that is later, of its first day. */
  withPeople(hall: Hall, at: Ms): Hall {
    if (this.#people.areAsConfigured) return hall;
    const day = dayAt(hall, at);
    const place = this.#accepted.findLastIndex(({ fact }) => fact.hash === hall.config);
    const accepted = this.#accepted[place];
    if (accepted !== undefined) return this.#peopledBy(place, accepted.hall).on(Math.max(day, firstDayOf(accepted)));
    let peopled = this.#peopled.get(hall);
    if (peopled === undefined) {
      peopled = new PeopledHall([...this.#inTurn(this.#accepted.length), { hall, from: day }], this.#people);
      this.#peopled.set(hall, peopled);
    }
    return peopled.on(day);
  }

  #placeOn(day: Day): number {
    const place = this.#accepted.findLastIndex(({ fact, hall }) => fact.effectiveFrom <= startOfDay(hall, day));
    return Math.max(0, place);
  }

  #peopledBy(place: number, hall: Hall): PeopledHall {
    let peopled = this.#peopled.get(place);
    if (peopled === undefined) {
      const accepted = this.#accepted[place];
      const from = accepted === undefined || place === 0 ? FIRST_DAY : firstDayOf(accepted);
      peopled = new PeopledHall([...this.#inTurn(place), { hall, from }], this.#people);
      this.#peopled.set(place, peopled);
    }
    return peopled;
  }

  /** The configurations before a place that any day is judged by. */
  #inTurn(before: number): Since[] {
    const from = (place: number): Day => (place === 0 ? FIRST_DAY : firstDayOf(this.#accepted[place] as Accepted));
    return this.#accepted.slice(0, before).flatMap(({ hall }, place) => {
      const isPassedOver = place + 1 < this.#accepted.length && from(place) === from(place + 1);
      return isPassedOver ? [] : [{ hall, from: from(place) }];
    });
  }

  /** Whether a configuration would be the first to take effect, and so judge every day before it. */
  wouldBeFirst(fact: ConfigFact): boolean {
    const first = this.#accepted[0];
    return first === undefined || precedes(fact, first.fact);
  }

  compile(fact: ConfigFact): Hall {
    return this.#compile(fact);
  }
}

/** The first day that begins under a configuration. */
function firstDayOf({ hall, fact }: Accepted): Day {
  return dayAt(hall, fact.effectiveFrom - 1) + 1;
}

function precedes(a: ConfigFact, b: ConfigFact): boolean {
  if (a.effectiveFrom !== b.effectiveFrom) return a.effectiveFrom < b.effectiveFrom;
  if (a.recordedAt !== b.recordedAt) return a.recordedAt < b.recordedAt;
  return a.id < b.id;
}
