/** Facts from JSON Lines, read strictly: every problem names its line, and nothing is guessed. */
import { isDeepStrictEqual } from 'node:util';
import { canonicalJson, hallOf, hashOf } from '../config/judging.ts';
import { type ConfigFact, type Fact, type FactKind, factContent, readFact, referencesOf } from '../rules/facts.ts';
import type { Hall, Judging } from '../rules/hall.ts';

/** What a line may refer to. */
export interface Known {
  readonly hall: string;
  hasEmployee(id: string): boolean;
  hasWindow(id: string): boolean;
  /** A fact that is known from elsewhere, such as the ledger an import goes into; null = there is none. */
  find(id: string): Fact | null;
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
}

/** Kinds whose ids others refer to, by the key that does. */
const TARGETS: Readonly<Partial<Record<FactKind, { readonly key: string; readonly kind: FactKind | null }>>> = {
  cancel: { key: 'target', kind: null },
  slip: { key: 'leave', kind: 'leave' },
  'rating-closed': { key: 'rating', kind: 'rating' },
};

/** Reads lines in any order; a line that is repeated to the letter is the same fact and counts once. */
export function readFactLines(lines: Iterable<string>, known: Known): ReadFacts {
  const reader = new FactLineReader(known);
  let number = 0;
  for (const line of lines) reader.read(line, ++number);
  return reader.finish();
}

export interface CheckedLines {
  /** The facts of lines without a problem. */
  readonly good: readonly Fact[];
  readonly problems: readonly LineProblem[];
}

/** Checks lines that are to go into a ledger: also against what it has by the same ids. */
export function checkFactLines(text: string, hall: Hall, find: Known['find']): CheckedLines {
  const read = readFactLines(text.split('\n'), {
    hall: hall.id,
    hasEmployee: (id) => hall.employees.has(id),
    hasWindow: (id) => hall.windows.has(id),
    find,
  });
  const problems = [...read.problems];
  for (const [i, fact] of read.facts.entries()) {
    const known = find(fact.id);
    if (known !== null && !isDeepStrictEqual(factContent(known), factContent(fact))) {
      problems.push({ line: read.lines[i] ?? 0, key: 'id', problem: `the ledger has "${fact.id}" with other content` });
    }
  }
  const bad = new Set(problems.map((problem) => problem.line));
  return { good: read.facts.filter((_, i) => !bad.has(read.lines[i] ?? 0)), problems };
}

export class FactLineReader {
  readonly #known: Known;
  readonly #facts: Fact[] = [];
  readonly #lines: number[] = [];
  readonly #placeOfId = new Map<string, number>();
  readonly #problems: LineProblem[] = [];
  readonly #people = new Set<string>();
  readonly #windows = new Set<string>();

  constructor(known: Known) {
    this.#known = known;
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
    const fact = readFact(value);
    if (!('fact' in fact)) for (const { key, problem } of fact) this.#problem(line, key, problem);
    else this.#keep(fact, line);
  }

  /** Checks what only the whole can say, and gives everything back. */
  finish(): ReadFacts {
    for (const [i, fact] of this.#facts.entries()) {
      const line = this.#lines[i] ?? 0;
      this.#checkReferences(fact, line);
      this.#checkTarget(fact, line);
    }
    const problems = this.#problems.sort((a, b) => a.line - b.line);
    return { facts: this.#facts, lines: this.#lines, problems };
  }

  #problem(line: number, key: string | null, problem: string): void {
    this.#problems.push({ line, key, problem });
  }

  #checkReferences(fact: Fact, line: number): void {
    const known = this.#known;
    if (fact.hall !== undefined && fact.hall !== known.hall) this.#problem(line, 'hall', `unknown hall "${fact.hall}"`);
    const { employees, window } = referencesOf(fact);
    for (const id of employees) {
      if (!known.hasEmployee(id) && !this.#people.has(id)) this.#problem(line, 'employee', `unknown employee "${id}"`);
    }
    if (window !== null && !known.hasWindow(window) && !this.#windows.has(window)) {
      this.#problem(line, 'window', `unknown window "${window}"`);
    }
  }

  #keep(fact: Fact, line: number): void {
    const place = this.#placeOfId.get(fact.id);
    const same = place === undefined ? null : (this.#facts[place] as Fact);
    if (place === undefined || same === null) {
      if (fact.fact === 'config') this.#learn(fact, line);
      this.#placeOfId.set(fact.id, this.#facts.length);
      this.#facts.push(fact);
      this.#lines.push(line);
      return;
    }
    if (!isDeepStrictEqual(factContent(same), factContent(fact))) {
      this.#problem(line, 'id', `"${fact.id}" was on line ${this.#lines[place]} already, with other content`);
    } else if (fact.recordedAt < same.recordedAt) {
      this.#facts[place] = fact;
    }
  }

  /** An accepted configuration among the facts makes its people and windows known. */
  #learn({ judging, hash }: ConfigFact, line: number): void {
    if (hash !== hashOf(canonicalJson(judging))) {
      this.#problem(line, 'hash', 'is not that of "judging"');
      return;
    }
    try {
      const hall = hallOf(judging as Judging, hash);
      for (const id of hall.employees.keys()) this.#people.add(id);
      for (const id of hall.windows.keys()) this.#windows.add(id);
    } catch (error) {
      this.#problem(line, 'judging', `is no configuration to judge by: ${(error as Error).message}`);
    }
  }

  #checkTarget(fact: Fact, line: number): void {
    const wanted = TARGETS[fact.fact];
    if (wanted === undefined) return;
    const id = String((fact as unknown as Record<string, unknown>)[wanted.key]);
    const place = this.#placeOfId.get(id);
    const target = place === undefined ? this.#known.find(id) : (this.#facts[place] ?? null);
    if (target === null) this.#problem(line, wanted.key, `there is no fact "${id}"`);
    else if (target.fact === 'cancel') this.#problem(line, wanted.key, 'a cancel cannot itself be cancelled');
    else if (wanted.kind !== null && target.fact !== wanted.kind) {
      this.#problem(line, wanted.key, `"${id}" is no ${wanted.kind}`);
    }
  }
}
