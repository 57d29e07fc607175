/** The day's figures of windows and departments, written again while the day changes. */
import type { Point } from '../../adapters/metrics.ts';
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import { attendanceDay } from '../../rules/measures.ts';
import { type Day, MINUTE, type Ms } from '../../rules/time.ts';
import { windowMinutes } from '../../rules/window-measures.ts';
import type { SeriesStore } from '../ledger/series.ts';
import type { Consequence } from '../live.ts';

/** A figure may be so old; late facts about old days are counted with the next writing. */
const EVERY_MS: Ms = MINUTE;

export class DayFigures implements Consequence {
  readonly #series: SeriesStore;
  readonly #engine: () => Engine;
  readonly #load: () => Readonly<Record<string, number>>;
  readonly #touched = new Set<Day>();
  #loadWritten = '';
  #nextAt: Ms = Number.NEGATIVE_INFINITY;

  /** `load`: how much waits in the daemon's queues, and how long it takes. */
  constructor(series: SeriesStore, engine: () => Engine, load: () => Readonly<Record<string, number>>) {
    this.#series = series;
    this.#engine = engine;
    this.#load = load;
  }

  get nextAt(): Ms {
    return this.#nextAt;
  }

  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void {
    const engine = this.#engine();
    for (const change of changes) this.#touched.add(change.verdict.day);
    for (const fact of facts) {
      if (fact.fact !== 'punch' && fact.fact !== 'presence') continue;
      const hall = engine.hallAt(fact.at);
      if (hall !== null) this.#touched.add(dayAt(hall, fact.at));
    }
    if (recordedAt < this.#nextAt) return;
    this.#nextAt = recordedAt + EVERY_MS;
    const hall = engine.hallAt(recordedAt);
    if (hall !== null) this.#touched.add(dayAt(hall, recordedAt));
    for (const day of this.#touched) this.#series.put(figuresOf(engine, day, recordedAt));
    this.#touched.clear();
    this.#writeLoad(recordedAt);
  }

  /** Queues are mostly empty: what has not changed is not written again. */
  #writeLoad(now: Ms): void {
    const fields = this.#load();
    const written = JSON.stringify(fields);
    if (written === this.#loadWritten) return;
    this.#loadWritten = written;
    this.#series.put([{ measurement: 'daemon', tags: {}, fields, at: now }]);
  }
}

function figuresOf(engine: Engine, day: Day, now: Ms): Point[] {
  const windows = engine.windowsOn(day, now).map((window) => ({
    measurement: 'window_minutes',
    tags: { window: window.window.id, department: window.window.department ?? '' },
    fields: { ...windowMinutes(window) },
    at: window.today.from,
  }));
  const people = engine.peopleOn(day, now);
  const departments = Map.groupBy(people, ({ attendance }) => attendance.employee.department ?? '');
  const attendances = [...departments].map(([department, theirs]) => ({
    measurement: 'attendance_day',
    tags: { department },
    fields: { ...attendanceDay(theirs) },
    at: theirs[0]?.attendance.today.from ?? now,
  }));
  return [...windows, ...attendances];
}
