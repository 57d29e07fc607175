/** An engine that is driven as the daemon drives it, over an archive in memory, and that can be stopped and built anew. */
import { EVERYTHING, isSought, liesIn } from '../../rules/archive.ts';
import type { Change } from '../../rules/changes.ts';
import { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { civilDay, type Day, dayOfDate, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';

/** Facts and the verdicts that hold, kept and found again as the ledger does it. */
class MemoryArchive {
  readonly #facts = new Map<string, Fact>();
  readonly #standing = new Map<string, Verdict>();
  /** How often punches and presence were read again. */
  reads = 0;

  keepFacts(facts: readonly Fact[]): void {
    for (const fact of facts) this.#facts.set(fact.id, fact);
  }

  keepChanges(changes: readonly Change[]): void {
    for (const { op, key, verdict } of changes) {
      if (op === 'retract') this.#standing.delete(key);
      else this.#standing.set(key, verdict);
    }
  }

  find(id: string): Fact | null {
    return this.#facts.get(id) ?? null;
  }

  between(span: Span, sought = EVERYTHING): Fact[] {
    this.reads++;
    return [...this.#facts.values()].filter((fact) => liesIn(fact, span) && isSought(fact, sought));
  }

  standing(day: Day): Verdict[] {
    return [...this.#standing.values()].filter((verdict) => verdict.day === day);
  }

  stretches(): Fact[] {
    return [...this.#facts.values()].filter((fact) => !isMoment(fact));
  }
}

function isMoment(fact: Fact): fact is Extract<Fact, { fact: 'punch' | 'presence' }> {
  return fact.fact === 'punch' || fact.fact === 'presence';
}

export interface DriveOptions {
  readonly hall: Hall;
  readonly from: Day;
  /** Without it everything stays in memory, and there is no restart. */
  readonly hotDays?: number;
}

export class Drive {
  readonly changes: Change[] = [];
  readonly archive = new MemoryArchive();
  readonly #options: DriveOptions;
  #engine: Engine;

  constructor(options: DriveOptions) {
    this.#options = options;
    this.#engine = this.#build();
  }

  #build(): Engine {
    const { hall, from, hotDays } = this.#options;
    const { archive } = this;
    return new Engine({ compile: () => hall, hall, from, archive, ...(hotDays === undefined ? {} : { hotDays }) });
  }

  get engine(): Engine {
    return this.#engine;
  }

  record(facts: readonly Fact[], at: Ms): void {
    this.advance(at);
    this.archive.keepFacts(facts);
    this.#keep(this.#engine.record(facts, at));
  }

  advance(to: Ms): void {
    this.#keep(this.#engine.advance(to));
  }

  #keep(changes: readonly Change[]): void {
    this.archive.keepChanges(changes);
    this.changes.push(...changes);
  }

  /** A new engine from what was kept, as after the end of a process; answers what it would have said differently. */
  restart(): Change[] {
    const { now, from, earliestDue } = this.#engine;
    this.#engine = this.#build();
    return now === Number.NEGATIVE_INFINITY
      ? []
      : this.#engine.restore(this.archive.stretches(), now, from, earliestDue ?? 0);
  }
}

/** Facts in the groups in which they became known, oldest first. */
export function groupsOf(facts: readonly Fact[]): [Ms, Fact[]][] {
  const groups = Map.groupBy(facts, (fact) => fact.recordedAt);
  return [...groups].sort(([a], [b]) => a - b);
}

/** The first day that facts name: the first that a replay of them judges. */
export function firstDayOf(facts: readonly Fact[], hall: Hall): Day {
  const days = facts
    .filter(({ fact }) => fact !== 'employee')
    .map((fact) =>
      fact.fact === 'day'
        ? (dayOfDate(fact.date) ?? 0)
        : civilDay(hall.zone, Number('from' in fact ? fact.from : fact.at)),
    );
  return Math.min(...days);
}
