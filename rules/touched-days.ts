import type { Day } from './time.ts';

/** Days from one to another, both included. */
export interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

/** The days on which something has become known since somebody asked. */
export class TouchedDays {
  #spans: DaySpan[] = [];
  readonly #noted = new Set<string>();
  #last: DaySpan | null = null;

  note(from: Day, to: Day): void {
    // Facts come in runs of one day.
    if (this.#last !== null && this.#last.from === from && this.#last.to === to) return;
    this.#last = { from, to };
    const key = `${from} ${to}`;
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#spans.push(this.#last);
  }

  /** What has been noted since the last time, each once. */
  take(): readonly DaySpan[] {
    const spans = this.#spans;
    this.#spans = [];
    this.#noted.clear();
    this.#last = null;
    return spans;
  }
}
