/** What the readers of all kinds of tables share. */
import type { Fact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { Knowledge } from './knowledge.ts';
import type { Row } from './row.ts';
import type { Subjects } from './subjects.ts';
import type { Say } from './table.ts';

export interface Reading {
  readonly knowledge: Knowledge;
  readonly subjects: Subjects;
  /** What happens later than this has not happened. */
  readonly now: Ms;
  /** The clock of rows that name none. */
  readonly clock: string | null;
  readonly say: Say;
  /** What people should know of a row although nothing is wrong with it, by what it is: the rows are counted. */
  note(row: Row, about: string): void;
}

/** What a row says. */
export interface SaidFact {
  readonly row: Row;
  readonly fact: Fact;
}

/** Reads rows of one kind, noting on each what is wrong with it. */
export type TableReader = (rows: readonly Row[], reading: Reading) => readonly SaidFact[];
