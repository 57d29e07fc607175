import type { DayMark, PersonFigures } from '../../rules/measures.ts';
import type { Figures, Summed } from './sums.ts';

export interface PersonDay extends Summed<PersonFigures> {
  readonly marks: readonly DayMark[];
}

/** The figures of everybody, every window and every device on a day. */
export interface DayFigures extends Figures {
  readonly people: readonly PersonDay[];
}
