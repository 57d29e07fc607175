import type { ConfigFact } from './facts.ts';
import { type Hall, startOfDay } from './hall.ts';
import type { Day, Ms } from './time.ts';

interface Accepted {
  readonly hall: Hall;
  readonly fact: ConfigFact;
}

/** The accepted configurations: a day is judged by the one that is effective on it. */
export class Configs {
  readonly #compile: (config: ConfigFact) => Hall;
  readonly #otherwise: Hall | null;
  /** In the order in which they take effect. */
  readonly #accepted: Accepted[] = [];

  /** `otherwise` is the configuration where no fact says which. */
  constructor(compile: (config: ConfigFact) => Hall, otherwise: Hall | null) {
    this.#compile = compile;
    this.#otherwise = otherwise;
  }

  add(fact: ConfigFact): void {
    if (this.#accepted.some((config) => config.fact.id === fact.id)) return;
    this.#accepted.push({ hall: this.#compile(fact), fact });
    this.#accepted.sort((a, b) => (precedes(a.fact, b.fact) ? -1 : 1));
  }

  /** The configuration by which a day is judged. Days before the first one are judged by it: there is no other. */
  on(day: Day): Hall | null {
    const effective = this.#accepted.findLast(({ fact, hall }) => fact.effectiveFrom <= startOfDay(hall, day));
    return (effective ?? this.#accepted[0])?.hall ?? this.#otherwise;
  }

  /** The fact by which that configuration was accepted; null where it is the one without a fact. */
  factOn(day: Day): ConfigFact | null {
    const effective = this.#accepted.findLast(({ fact, hall }) => fact.effectiveFrom <= startOfDay(hall, day));
    return (effective ?? this.#accepted[0])?.fact ?? null;
  }

  /** The configuration by whose days and zone an instant is placed. */
  at(at: Ms): Hall | null {
    const inForce = this.#accepted.findLast(({ fact }) => fact.effectiveFrom <= at);
    return (inForce ?? this.#accepted[0])?.hall ?? this.#otherwise;
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

function precedes(a: ConfigFact, b: ConfigFact): boolean {
  if (a.effectiveFrom !== b.effectiveFrom) return a.effectiveFrom < b.effectiveFrom;
  if (a.recordedAt !== b.recordedAt) return a.recordedAt < b.recordedAt;
  return a.id < b.id;
}
