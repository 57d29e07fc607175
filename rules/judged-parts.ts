import type { Day } from './time.ts';

/** Whose days, and which windows, have been judged of a day. */
export interface JudgedPart {
  readonly windows: Set<string>;
  readonly people: Set<string>;
}

/** What has been judged of days that were over, since somebody asked: nothing else of them can look otherwise than before. */
export class JudgedParts {
  #days = new Map<Day, JudgedPart>();

  of(day: Day): JudgedPart {
    let part = this.#days.get(day);
    if (part === undefined) {
      part = { windows: new Set(), people: new Set() };
      this.#days.set(day, part);
    }
    return part;
  }

  /** What has been noted since the last time. */
  take(): ReadonlyMap<Day, JudgedPart> {
    const days = this.#days;
    if (days.size > 0) this.#days = new Map();
    return days;
  }
}
