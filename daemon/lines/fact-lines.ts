/** Facts from JSON Lines, read strictly: every problem names its line, and nothing is guessed. */
import { isDeepStrictEqual } from 'node:util';
import { id as idText } from '../../config/fields.ts';
import { canonicalJson, hallOf, hashOf } from '../../config/judging.ts';
import { type ConfigFact, type Fact, type FactKind, factContent, readFact, referencesOf } from '../../rules/facts.ts';
import type { Judging } from '../../rules/hall.ts';
import { keyGivenTwice } from './given-twice.ts';

/** What a hall has that lines refer to. */
const TABLES = ['employees', 'windows', 'departments', 'schedules'] as const;

/** What a line may refer to. */
export interface Known {
  readonly hall: { readonly id: string } & Readonly<Record<(typeof TABLES)[number], { has(id: string): boolean }>>;
  /** Why a fact is not taken from whoever sends the lines; all are, if left out. */
  readonly refusalOf?: (fact: Fact) => string | null;
  /** A fact that is known from elsewhere, such as the ledger an import goes into; null = there is none. */
  find(id: string): Fact | null;
  /** Where every line says its hall, well-formed ones of others are set aside and counted; otherwise each is a problem. */
  readonly setsAside?: boolean;
}

export interface LineProblem {
  /** From 1. */
  readonly line: number;
  readonly key: string | null;
  readonly problem: string;
}

export interface ReadFacts {
  readonly facts: readonly Fact[];
  /** The line of each fact, from 1. */
  readonly lines: readonly number[];
  readonly problems: readonly LineProblem[];
  /** How many lines are of other halls. */
  readonly setAside: number;
}

/** Kinds whose ids others refer to, by the key that does. */
const TARGETS: Readonly<Partial<Record<FactKind, { readonly key: string; readonly kind: FactKind | null }>>> = {
  cancel: { key: 'target', kind: null },
  slip: { key: 'leave', kind: 'leave' },
  'rating-closed': { key: 'rating', kind: 'rating' },
  witness: { key: 'note', kind: 'note' },
  'silence-end': { key: 'silence', kind: 'silence' },
};

/** Reads lines in any order; a line that is repeated to the letter is the same fact and counts once. */
export function readFactLines(lines: Iterable<string>, known: Known): ReadFacts {
  const reader = new FactLineReader(known);
  let number = 0;
  for (const line of lines) reader.read(line, ++number);
  return reader.finish();
}

/** Where facts are kept while the rest of their file is read. */
export interface KeptFacts {
  /** What was kept by an id; null = nothing. */
  find(id: string): KeptFact | null;
  add(fact: Fact, line: number): void;
  /** The same fact again, known earlier. */
  replace(kept: KeptFact, fact: Fact): void;
  /** In the order of their lines. */
  all(): Iterable<KeptFact>;
}

export interface KeptFact {
  readonly fact: Fact;
  readonly line: number;
}

/** Reads lines of facts and keeps what they say in memory. */
export class FactLineReader {
  readonly #facts: Fact[] = [];
  readonly #lines: number[] = [];
  readonly #placeOfId = new Map<string, number>();
  readonly #checker: FactLineChecker;

  constructor(known: Known) {
    this.#checker = new FactLineChecker(known, {
      find: (id) => this.#find(id),
      add: (fact, line) => this.#add(fact, line),
      replace: (kept, fact) => {
        this.#facts[this.#placeOfId.get(kept.fact.id) ?? -1] = fact;
      },
      all: () => this.#facts.keys().map((i) => this.#at(i)),
    });
  }

  /** Reads one line; blank ones are passed over. */
  read(text: string, line: number): void {
    this.#checker.read(text, line);
  }

  /** Checks what only the whole can say, and gives everything back. */
  finish(): ReadFacts {
    const problems = this.#checker.finish();
    return { facts: this.#facts, lines: this.#lines, problems, setAside: this.#checker.setAside };
  }

  #find(id: string): KeptFact | null {
    const place = this.#placeOfId.get(id);
    return place === undefined ? null : this.#at(place);
  }

  #at(place: number): KeptFact {
    return { fact: this.#facts[place] as Fact, line: this.#lines[place] ?? 0 };
  }

  #add(fact: Fact, line: number): void {
    this.#placeOfId.set(fact.id, this.#facts.length);
    this.#facts.push(fact);
    this.#lines.push(line);
  }
}

/** Checks lines of facts, wherever they are kept. */
export class FactLineChecker {
  readonly #known: Known;
  readonly #kept: KeptFacts;
  readonly #problems: LineProblem[] = [];
  readonly #foreign: { readonly line: number; readonly hall: string }[] = [];
  /** What the lines themselves make known. */
  readonly #learned = { employees: new Set(), windows: new Set(), departments: new Set(), schedules: new Set() };

  constructor(known: Known, kept: KeptFacts) {
    this.#known = known;
    this.#kept = kept;
  }

  /** How many lines are of other halls. */
  get setAside(): number {
    return this.#foreign.length;
  }

  /** Reads one line; blank ones are passed over. */
  read(text: string, line: number): void {
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text);
    } catch (error) {
      this.#problem(line, null, `not JSON: ${(error as Error).message}`);
      return;
    }
    const twice = keyGivenTwice(text, value);
    if (twice !== null) this.#problem(line, shown(twice), 'is given twice');
    const fact = readFact(value);
    if (!('fact' in fact)) {
      for (const { key, problem } of fact) this.#problem(line, key && shown(key), problem);
      return;
    }
    const why = this.#known.refusalOf?.(fact) ?? null;
    if (why !== null) this.#problem(line, 'fact', `"${fact.fact}" is not taken in here: ${why}`);
    else if (this.#known.setsAside === true && this.#isForeign(fact))
      this.#foreign.push({ line, hall: fact.hall ?? '' });
    else this.#keep(fact, line);
  }

  /** Checks what only the whole can say, and names everything that is wrong; `also` looks at each fact that was kept. */
  finish(also: (kept: KeptFact) => Omit<LineProblem, 'line'> | null = () => null): LineProblem[] {
    let areAllNamed = true;
    for (const kept of this.#kept.all()) {
      const { fact, line } = kept;
      areAllNamed &&= fact.hall !== undefined;
      this.#checkReferences(fact, line);
      this.#checkTarget(fact, line);
      const problem = also(kept);
      if (problem !== null) this.#problems.push({ line, ...problem });
    }
    if (!areAllNamed)
      for (const { line, hall } of this.#foreign)
        this.#problem(line, 'hall', `unknown hall "${hall}", and not every line says its own`);
    return this.#problems.sort((a, b) => a.line - b.line);
  }

  #problem(line: number, key: string | null, problem: string): void {
    this.#problems.push({ line, key, problem });
  }

  #isForeign({ hall }: Fact): boolean {
    return hall !== undefined && hall !== this.#known.hall.id;
  }

  #checkReferences(fact: Fact, line: number): void {
    if (this.#isForeign(fact)) this.#problem(line, 'hall', `unknown hall "${fact.hall}"`);
    const { employees, window } = referencesOf(fact);
    for (const id of employees) this.#check(line, 'employee', id);
    this.#check(line, 'window', window);
    if (fact.fact !== 'employee') return;
    if (!idText.safeParse(fact.employee).success) {
      this.#problem(line, 'employee', 'is no id: at most 64 characters, without blanks and / + #');
    }
    this.#check(line, 'department', fact.department);
    this.#check(line, 'schedule', fact.schedule);
  }

  #check(line: number, key: 'employee' | 'window' | 'department' | 'schedule', id: string | null): void {
    const table = `${key}s` as const;
    if (id === null || this.#known.hall[table].has(id) || this.#learned[table].has(id)) return;
    this.#problem(line, key, `unknown ${key} "${id}"`);
  }

  #keep(fact: Fact, line: number): void {
    const same = this.#kept.find(fact.id);
    if (same === null) {
      if (fact.fact === 'config') this.#learn(fact, line);
      if (fact.fact === 'employee') this.#learned.employees.add(fact.employee);
      this.#kept.add(fact, line);
    } else if (!saysTheSame(same.fact, fact)) {
      this.#problem(line, 'id', `"${fact.id}" was on line ${same.line} already, with other content`);
    } else if (fact.recordedAt < same.fact.recordedAt) {
      this.#kept.replace(same, fact);
    }
  }

  /** An accepted configuration among the facts makes known what it has. */
  #learn({ judging, hash }: ConfigFact, line: number): void {
    if (hash !== hashOf(canonicalJson(judging))) {
      this.#problem(line, 'hash', 'is not that of "judging"');
      return;
    }
    try {
      const hall = hallOf(judging as Judging, hash);
      for (const table of TABLES) for (const id of hall[table].keys()) this.#learned[table].add(id);
    } catch (error) {
      this.#problem(line, 'judging', `is no configuration to judge by: ${(error as Error).message}`);
    }
  }

  #checkTarget(fact: Fact, line: number): void {
    const wanted = TARGETS[fact.fact];
    if (wanted === undefined) return;
    const id = String((fact as unknown as Record<string, unknown>)[wanted.key]);
    const target = this.#kept.find(id)?.fact ?? this.#known.find(id);
    if (target === null) this.#problem(line, wanted.key, `there is no fact "${id}"`);
    else if (target.fact === 'cancel') this.#problem(line, wanted.key, 'a cancel cannot itself be cancelled');
    else if (wanted.kind !== null && target.fact !== wanted.kind) {
      this.#problem(line, wanted.key, `"${id}" is no ${wanted.kind}`);
    }
  }
}

const LONGEST_KEY = 60;
const shown = (key: string): string => key.slice(0, LONGEST_KEY);

/** Whether two facts are the same, whenever and however they became known. */
export function saysTheSame(one: Fact, other: Fact): boolean {
  return isDeepStrictEqual(factContent(one), factContent(other));
}
