/**
 * What was said of a seat, by source. Instants and states lie in columns of their own: judging goes through millions of them, and
 * facts lie all over the memory.
 */
import { inOrder, insert } from './fact-order.ts';
import type { PresenceFact, PresenceState } from './facts.ts';
import type { Span } from './intervals.ts';
import type { Ms } from './time.ts';

/** What one source said of a seat, in `(at, id)` order: at `at[i]` it became `states[i]`. */
export interface Sightings {
  /** Empty = it was not named. */
  readonly source: string;
  readonly at: readonly Ms[];
  readonly states: readonly PresenceState[];
}

interface Column extends Sightings {
  readonly at: Ms[];
  readonly states: PresenceState[];
  readonly facts: PresenceFact[];
}

/** What was said of one seat on a UTC day. */
export class SeatLog {
  readonly #columns: Column[] = [];

  add(fact: PresenceFact): void {
    const { at, states, facts } = this.#columnOf(fact.source ?? '');
    const last = at.at(-1);
    if (last === undefined || last < fact.at) {
      at.push(fact.at);
      states.push(fact.state);
      facts.push(fact);
      return;
    }
    const known = facts.length;
    insert(facts, fact);
    if (facts.length === known) return;
    const place = facts.lastIndexOf(fact);
    at.splice(place, 0, fact.at);
    states.splice(place, 0, fact.state);
  }

  remove(fact: PresenceFact): void {
    const { at, states, facts } = this.#columnOf(fact.source ?? '');
    const place = facts.findIndex(({ id }) => id === fact.id);
    if (place < 0) return;
    for (const column of [at, states, facts]) column.splice(place, 1);
  }

  /** The facts themselves in a stretch of time, in `(at, id)` order. */
  factsIn(span: Span): PresenceFact[] {
    return this.#columns
      .flatMap(({ facts }) => facts.filter(({ at }) => span.from <= at && at < span.to))
      .sort(inOrder);
  }

  /** What each source said in a stretch of time; those that said nothing are left out. */
  in(span: Span): Sightings[] {
    return this.#columns.map((column) => partIn(column, span)).filter(({ at }) => at.length > 0);
  }

  #columnOf(source: string): Column {
    let column = this.#columns.find((one) => one.source === source);
    if (column === undefined) {
      column = { source, at: [], states: [], facts: [] };
      this.#columns.push(column);
    }
    return column;
  }
}

function partIn(column: Sightings, { from, to }: Span): Sightings {
  const { source, at, states } = column;
  const last = at.length - 1;
  if (from <= (at[0] as Ms) && (at[last] as Ms) < to) return column;
  const first = (at[last] as Ms) < from ? at.length : at.findIndex((when) => from <= when);
  const end = at.findLastIndex((when) => when < to) + 1;
  return { source, at: at.slice(first, end), states: states.slice(first, end) };
}

/** What was said in two stretches of time, the second of which is later. */
export function continued(before: readonly Sightings[], after: readonly Sightings[]): readonly Sightings[] {
  if (before.length === 0 || after.length === 0) return before.length === 0 ? after : before;
  return [...Map.groupBy([...before, ...after], ({ source }) => source)].map(([source, parts]) => ({
    source,
    at: parts.flatMap(({ at }) => at),
    states: parts.flatMap(({ states }) => states),
  }));
}
