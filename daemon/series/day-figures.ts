/** The day's figures of windows and departments, written again while the day changes. */
import type { Point } from '../../adapters/metrics.ts';
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import { dayAt, type Employee } from '../../rules/hall.ts';
import type { JudgedPart } from '../../rules/judged-parts.ts';
import { attendanceDay } from '../../rules/measures.ts';
import { type Day, MINUTE, type Ms } from '../../rules/time.ts';
import { windowMinutes } from '../../rules/window-measures.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SeriesStore } from '../ledger/series.ts';
import type { Consequence } from '../live/live.ts';

/** A figure may be so old; late facts about old days are counted with the next writing. */
const EVERY_MS: Ms = MINUTE;

/** A commit looks at so many windows, or a few more, and deadlines wait meanwhile: it takes some two milliseconds. */
const WINDOWS_AT_ONCE = 48;
/** So many people take as long as a window. */
const PEOPLE_LIKE_A_WINDOW = 8;

/** The setting that holds the days of which not all that is known has been written: whoever goes on does so with these. */
const BEHIND = 'figures-behind';

const NOTHING: JudgedPart = { windows: new Set(), people: new Set() };

/** What is looked at together on a day: windows that are judged together, or a department's people. */
interface Part {
  readonly day: Day;
  readonly windows: readonly string[];
  readonly department: string | null;
  /** How long it takes, in windows. */
  readonly size: number;
}

/** A day that is to be written; `judged` = what of it is, null = all of it. */
interface DueDay {
  readonly day: Day;
  readonly judged: JudgedPart | null;
}

export interface DayFiguresOptions {
  readonly series: Pick<SeriesStore, 'put'>;
  readonly ledger: Pick<Ledger, 'setting' | 'set'>;
  readonly engine: () => Engine;
  /** How much waits in the daemon's queues, and how long it takes. */
  readonly load: () => Readonly<Record<string, number>>;
}

export class DayFigures implements Consequence {
  readonly #series: DayFiguresOptions['series'];
  readonly #ledger: DayFiguresOptions['ledger'];
  readonly #engine: () => Engine;
  readonly #load: () => Readonly<Record<string, number>>;
  /** Of which the rest was read: there is another one at the start, and after a commit that failed, which kept nothing of what it wrote. */
  #of: Engine | null = null;
  #touched = new Set<Day>();
  /** Of these, those that were not over, or of which it is not known what has been judged since they were written. */
  #whole = new Set<Day>();
  /** Of days that were over: what has been judged since they were written. */
  #judged = new Map<Day, JudgedPart>();
  /** What is to be written before it is begun anew: the rest of a day, and further days. */
  #waiting: Part[] = [];
  #days: DueDay[] = [];
  /** The day that was not over yet when figures were last written. */
  #today: Day | null = null;
  #loadWritten = '';
  #nextAt: Ms = Number.NEGATIVE_INFINITY;

  constructor({ series, ledger, engine, load }: DayFiguresOptions) {
    this.#series = series;
    this.#ledger = ledger;
    this.#engine = engine;
    this.#load = load;
  }

  get nextAt(): Ms {
    return this.#isWriting ? Number.NEGATIVE_INFINITY : this.#nextAt;
  }

  get #isWriting(): boolean {
    return this.#waiting.length > 0 || this.#days.length > 0;
  }

  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void {
    const engine = this.#engine();
    if (engine !== this.#of) this.#goOn(engine);
    this.#noteJudged(engine);
    const hallNow = engine.hallAt(recordedAt);
    const today = hallNow === null ? Number.NEGATIVE_INFINITY : dayAt(hallNow, recordedAt);
    for (const change of changes) this.#touch(change.verdict.day, today);
    for (const fact of facts) {
      if (fact.fact !== 'punch' && fact.fact !== 'presence') continue;
      const hall = engine.hallAt(fact.at);
      if (hall !== null) this.#touch(dayAt(hall, fact.at), today);
    }
    if (!this.#isWriting && recordedAt >= this.#nextAt) this.#begin(engine, recordedAt);
    this.#writeNext(engine, recordedAt);
    this.#noteBehind();
  }

  /** Days of which some of what was stored is judged otherwise by an engine that was built anew: it writes them once it goes on. */
  rejudged(days: Iterable<Day>): void {
    this.#ledger.set(BEHIND, JSON.stringify([...new Set([...this.#behind(), ...days])]));
  }

  #behind(): Day[] {
    return JSON.parse(this.#ledger.setting(BEHIND) ?? '[]') as Day[];
  }

  #touch(day: Day, today: Day): void {
    this.#touched.add(day);
    if (day >= today) this.#whole.add(day);
  }

  #noteJudged(engine: Engine): void {
    for (const [day, { windows, people }] of engine.takeJudged()) {
      this.#touched.add(day);
      const known = this.#judged.get(day);
      if (known === undefined) this.#judged.set(day, { windows, people });
      else {
        for (const window of windows) known.windows.add(window);
        for (const person of people) known.people.add(person);
      }
    }
  }

  #goOn(engine: Engine): void {
    this.#of = engine;
    this.#touched = new Set(this.#behind());
    this.#whole = new Set(this.#touched);
    this.#judged.clear();
    this.#waiting = [];
    this.#days = [];
    this.#nextAt = Number.NEGATIVE_INFINITY;
  }

  #noteBehind(): void {
    const behind = [...[...this.#waiting, ...this.#days].map(({ day }) => day), ...this.#touched];
    this.#ledger.set(BEHIND, JSON.stringify([...new Set(behind)]));
  }

  #begin(engine: Engine, now: Ms): void {
    this.#nextAt = now + EVERY_MS;
    const hall = engine.hallAt(now);
    if (hall !== null) {
      const today = dayAt(hall, now);
      // Its last minute has passed since.
      if (this.#today !== null && this.#today < today) this.#touch(this.#today, this.#today);
      this.#touch(today, today);
      this.#today = today;
    }
    this.#days = [...this.#touched].map((day) => {
      return { day, judged: this.#whole.has(day) ? null : (this.#judged.get(day) ?? NOTHING) };
    });
    this.#touched.clear();
    this.#whole.clear();
    this.#judged.clear();
    this.#writeLoad(now);
  }

  #writeNext(engine: Engine, now: Ms): void {
    const parts: Part[] = [];
    for (let size = 0; size < WINDOWS_AT_ONCE; ) {
      const part = this.#next(engine, now);
      if (part === undefined) break;
      parts.push(part);
      size += part.size;
    }
    for (const [day, ofDay] of Map.groupBy(parts, (part) => part.day)) {
      this.#series.put([...windowPoints(engine, day, ofDay, now), ...departmentPoints(engine, day, ofDay, now)]);
    }
  }

  /** A day is asked for when its turn has come: an old one is read from the ledger for it. */
  #next(engine: Engine, now: Ms): Part | undefined {
    while (this.#waiting.length === 0) {
      const due = this.#days.shift();
      if (due === undefined) return undefined;
      for (const part of partsOf(engine, due, now)) this.#waiting.push(part);
    }
    return this.#waiting.shift();
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

function partsOf(engine: Engine, { day, judged }: DueDay, now: Ms): Part[] {
  const windows = engine.groupsOn(day, now).map((group) => group.windows.map(({ id }) => id));
  const departments = [...Map.groupBy(engine.hallOn(day)?.employees.values() ?? [], departmentOf)];
  return [
    ...windows
      .filter((ids) => judged === null || ids.some((id) => judged.windows.has(id)))
      .map((ids) => ({ day, windows: ids, department: null, size: ids.length })),
    ...departments
      .filter(([, people]) => judged === null || people.some(({ id }) => judged.people.has(id)))
      .map(([department, people]) => {
        return { day, windows: [], department, size: people.length / PEOPLE_LIKE_A_WINDOW };
      }),
  ];
}

/** Of the windows as they are grouped now: a fact may have connected them otherwise since. */
function windowPoints(engine: Engine, day: Day, parts: readonly Part[], now: Ms): Point[] {
  const asked = new Set(parts.flatMap(({ windows }) => windows));
  if (asked.size === 0) return [];
  const groups = engine.groupsOn(day, now).filter(({ windows }) => windows.some(({ id }) => asked.has(id)));
  return groups
    .flatMap((group) => group.look())
    .map((window) => ({
      measurement: 'window_minutes',
      tags: { window: window.window.id, department: window.window.department ?? '' },
      fields: { ...windowMinutes(window) },
      at: window.today.from,
    }));
}

function departmentPoints(engine: Engine, day: Day, parts: readonly Part[], now: Ms): Point[] {
  const asked = new Set(parts.flatMap(({ department }) => department ?? []));
  if (asked.size === 0) return [];
  const people = engine.peopleOn(day, now, (employee) => asked.has(departmentOf(employee)));
  return [...Map.groupBy(people, ({ attendance }) => departmentOf(attendance.employee))].map(
    ([department, theirs]) => ({
      measurement: 'attendance_day',
      tags: { department },
      fields: { ...attendanceDay(theirs) },
      at: theirs[0]?.attendance.today.from ?? now,
    }),
  );
}

function departmentOf({ department }: Employee): string {
  return department ?? '';
}
