/** How figures went in the course of a period: by day, of a quarter by week, of a year by month. */
import { NO_PERSON_FIGURES, type PersonFigures, type Sum } from '../../rules/measures.ts';
import type { Day } from '../../rules/time.ts';
import { NO_WINDOW_FIGURES, type WindowFigures } from '../../rules/window-measures.ts';
import { type Period, type PeriodKind, periodOf } from './period.ts';

const STEP_OF: Readonly<Record<PeriodKind, PeriodKind>> = {
  day: 'day',
  week: 'day',
  month: 'day',
  quarter: 'week',
  year: 'month',
};

/** A step of the period, with what it adds up to. */
export interface Step {
  /** Within the period, both included. */
  readonly from: Day;
  readonly to: Day;
  readonly people: Sum<PersonFigures>;
  readonly windows: Sum<WindowFigures>;
}

export class Course {
  readonly #period: Period;
  readonly #steps = new Map<Day, Step>();

  constructor(period: Period) {
    this.#period = period;
  }

  /** Those that something was counted on, in order. */
  get steps(): readonly Step[] {
    return [...this.#steps.values()].sort((x, y) => x.from - y.from);
  }

  /** The step that a day belongs to. */
  at(day: Day): Step {
    const { kind, from, to } = this.#period;
    const step = periodOf(STEP_OF[kind], day);
    const first = Math.max(step.from, from);
    let known = this.#steps.get(first);
    if (known === undefined) {
      known = {
        from: first,
        to: Math.min(step.to, to),
        people: { ...NO_PERSON_FIGURES },
        windows: { ...NO_WINDOW_FIGURES },
      };
      this.#steps.set(first, known);
    }
    return known;
  }
}
