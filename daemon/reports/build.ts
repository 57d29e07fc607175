/** From what a ledger knew to a report. */
import { DAEMON } from '../../rules/book.ts';
import { type DeviceFigures, NO_DEVICE_FIGURES } from '../../rules/device-measures.ts';
import { dayAt, FIRST_DAY, type Hall, startOfDay } from '../../rules/hall.ts';
import { type CountedDay, type DayMark, NO_PERSON_FIGURES, type PersonFigures, sumOf } from '../../rules/measures.ts';
import { type Day, dateOf, formatInstant } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { NO_WINDOW_FIGURES, type WindowFigures } from '../../rules/window-measures.ts';
import { VERSION } from '../version.ts';
import { Course } from './course.ts';
import { type DayResult, dayResults } from './day-results.ts';
import { handlingSheet } from './decision-sheets.ts';
import {
  type Counted,
  courseSheet,
  coverSheet,
  DEPARTMENT_KEY,
  deviceSheet,
  type MarkedPerson,
  matrixSheet,
  PERSON_KEY,
  personSheet,
  SERVICE_KEY,
  serviceCourseSheet,
  WINDOW_KEY,
  windowSheet,
} from './figure-sheets.ts';
import type { KeptDays } from './kept-days.ts';
import type { Known } from './known.ts';
import {
  changeSheet,
  finalSheet,
  leaveSheet,
  sessionRows,
  sessionSheet,
  verdictSheet,
  type Writing,
} from './list-sheets.ts';
import { Names } from './names.ts';
import type { Period } from './period.ts';
import { type Cell, NoReport, type Report, type ReportRequest, type Sheet, sealed } from './report.ts';

/** A matrix of more days than a month has is no sheet of paper. */
const MOST_MATRIX_DAYS = 31;

/** Told after each day that was looked at: how many of how many. */
export type DayProgress = (done: number, of: number) => void;

/** What a report is made of. */
export interface Source {
  readonly known: Known;
  /** Figures of days that need not be counted again; null = none. */
  readonly kept: KeptDays | null;
}

/** Makes a report; throws `NoReport` where there is nothing to report on. */
export function buildReport(source: Source, period: Period, request: ReportRequest, onDay: DayProgress): Report {
  const { known } = source;
  const { hall, now } = known;
  if (hall === null) throw new NoReport('unknown-then', new Date(now).toISOString());
  const today = dayAt(hall, now);
  if (period.from > today || startOfDay(hall, period.from) > now) throw new NoReport('future', dateOf(today));
  if (period.to < hall.judgeFrom) throw new NoReport('commissioning', dateOf(hall.judgeFrom));
  if (period.to < known.from) throw new NoReport('before-records', dateOf(known.from));
  return new Building(source, hall, period, request).report(onDay);
}

interface CountedPerson {
  readonly id: string;
  department: string | null;
  readonly figures: PersonFigures[];
  readonly marks: Map<Day, readonly DayMark[]>;
}

interface CountedPlace {
  readonly id: string;
  department: string | null;
  readonly figures: WindowFigures[];
}

/** Who or what was counted under a department, and how. */
interface CountedGroup<F> {
  readonly members: Set<string>;
  readonly figures: F[];
}

class Building {
  readonly #known: Known;
  readonly #hall: Hall;
  readonly #period: Period;
  readonly #request: ReportRequest;
  readonly #names: Names;
  readonly #kept: KeptDays | null;
  /** The days that are looked at: recorded, and begun. */
  readonly #first: Day;
  readonly #last: Day;
  #countedFrom: Day | null = null;
  readonly #configs: { readonly hash: string; readonly from: string }[] = [];
  readonly #people = new Map<string, CountedPerson>();
  readonly #windows = new Map<string, CountedPlace>();
  readonly #devices = new Map<string, DeviceFigures>();
  /** By the department that people and windows were of on each day. */
  readonly #ofDepartment = new Map<string | null, CountedGroup<PersonFigures>>();
  readonly #serviceOf = new Map<string | null, CountedGroup<WindowFigures>>();
  readonly #sessions: Cell[][] = [];
  readonly #course: Course;

  constructor({ known, kept }: Source, hall: Hall, period: Period, request: ReportRequest) {
    this.#known = known;
    this.#kept = kept;
    this.#hall = hall;
    this.#period = period;
    this.#request = request;
    this.#course = new Course(period);
    this.#names = new Names(request.maskNames);
    this.#first = Math.max(period.from, known.from);
    this.#last = Math.min(period.to, dayAt(hall, known.now));
  }

  report(onDay: DayProgress): Report {
    const { employee, department } = this.#request;
    const asLooked = this.#listsSessions;
    for (const result of dayResults(this.#known, this.#first, this.#last, { kept: this.#kept, asLooked })) {
      const { hall, day } = result;
      onDay(day - this.#first + 1, this.#last - this.#first + 1);
      if (this.#configs.at(-1)?.hash !== hall.config) this.#configs.push({ hash: hall.config, from: dateOf(day) });
      this.#names.learn(hall);
      this.#countPeople(result);
      if (day < hall.judgeFrom) continue;
      this.#countedFrom ??= day;
      if (employee === null) this.#countWindows(result);
      if (employee !== null || department !== null) continue;
      for (const [device, figures] of result.devices) {
        this.#devices.set(device, sumOf(NO_DEVICE_FIGURES, [this.#devices.get(device) ?? NO_DEVICE_FIGURES, figures]));
      }
    }
    this.#names.learn(this.#hall);
    if (employee !== null && !this.#names.knowsPerson(employee)) throw new NoReport('no-employee', employee);
    if (employee !== null && department !== null && this.#people.size === 0)
      throw new NoReport('no-employee', employee);
    if (department !== null && !this.#names.knowsDepartment(department))
      throw new NoReport('no-department', department);
    return this.#sealed();
  }

  #sealed(): Report {
    const { zone, id, name, judgeFrom } = this.#hall;
    const { kind, name: period, from, to } = this.#period;
    const verdicts = this.#verdicts();
    const isOver = startOfDay(this.#hall, to + 1) <= this.#known.now;
    return sealed({
      hall: { id, name, timezone: zone.id },
      ...{ kind, period, from: dateOf(from), to: dateOf(to) },
      knownAt: formatInstant(zone, this.#known.now),
      countedFrom: this.#countedFrom === null ? null : dateOf(this.#countedFrom),
      countedTo: this.#countedFrom === null ? null : dateOf(this.#last),
      judgeFrom: judgeFrom === FIRST_DAY ? null : dateOf(judgeFrom),
      employee: this.#request.employee,
      department: this.#request.department,
      masked: this.#request.maskNames,
      settled: isOver && verdicts.every(({ state }) => state === 'closed'),
      configs: this.#configs,
      rules: `zaigang ${VERSION}`,
      sheets: this.#sheets(verdicts),
    });
  }

  // ---- counting ------------------------------------------------------------------------------------------------

  #isAbout(employee: string | null, department: string | null): boolean {
    const wanted = this.#request;
    return (
      (wanted.employee === null || wanted.employee === employee) &&
      (wanted.department === null || wanted.department === department)
    );
  }

  #countPeople({ day, hall, people, looked }: DayResult): void {
    for (const [i, { id, department, figures, marks }] of people.entries()) {
      if (!this.#isAbout(id, department)) continue;
      const person = this.#person(id);
      person.department = department;
      person.figures.push(figures);
      person.marks.set(day, marks);
      addTo(this.#ofDepartment, department, id, figures);
      if (day >= hall.judgeFrom) this.#course.addPerson(day, figures);
      const counted = looked?.people[i];
      if (counted !== undefined && this.#listsSessions) this.#listSessions(counted);
    }
  }

  #person(id: string): CountedPerson {
    let person = this.#people.get(id);
    if (person === undefined) {
      person = { id, department: null, figures: [], marks: new Map() };
      this.#people.set(id, person);
    }
    return person;
  }

  get #listsSessions(): boolean {
    return this.#period.kind === 'day' || this.#request.employee !== null;
  }

  #listSessions(counted: CountedDay): void {
    this.#sessions.push(...sessionRows(counted, { hall: this.#hall, names: this.#names }));
  }

  #countWindows({ day, windows }: DayResult): void {
    for (const { id, department, figures } of windows) {
      if (!this.#isAbout(null, department)) continue;
      const window = this.#windows.get(id) ?? { id, department, figures: [] };
      this.#windows.set(id, window);
      window.department = department;
      window.figures.push(figures);
      addTo(this.#serviceOf, department, id, figures);
      this.#course.addWindow(day, figures);
    }
  }

  // ---- sheets --------------------------------------------------------------------------------------------------

  #sheets(verdicts: readonly Verdict[]): Sheet[] {
    const { employee, department } = this.#request;
    const isOfAll = employee === null && department === null;
    const writing: Writing = {
      hall: this.#hall,
      names: this.#names,
      now: this.#known.now,
      isTheirOwn: employee !== null,
      decisions: this.#known.decisions(this.#first, this.#last),
    };
    const { steps } = this.#course;
    return [
      ...(employee === null ? [this.#departments()] : []),
      ...this.#attendance(),
      ...(this.#period.kind === 'day' ? [] : [courseSheet(steps, this.#total())]),
      ...(this.#sessions.length > 0 ? [sessionSheet(this.#sessions)] : []),
      verdictSheet(verdicts, writing),
      handlingSheet(verdicts, writing),
      finalSheet(verdicts, writing),
      this.#leave(writing),
      ...(employee === null ? this.#service() : []),
      ...(employee === null && this.#period.kind !== 'day' ? [serviceCourseSheet(steps, this.#served())] : []),
      ...(isOfAll ? [this.#deviceSheet()] : []),
      ...(this.#known.now < this.#known.latest ? [this.#changes(writing)] : []),
    ];
  }

  #changes(writing: Writing): Sheet {
    const [from, to] = [this.#first, this.#last];
    const isAbout = ({ verdict }: { readonly verdict: Verdict }): boolean =>
      this.#isAbout(verdict.employee, verdict.department);
    const changes = this.#known.changesSince(from, to).filter(isAbout);
    return changeSheet(changes, this.#known.deedsSince(from, to).filter(isAbout), writing);
  }

  #verdicts(): Verdict[] {
    return this.#known
      .verdicts(this.#first, this.#last)
      .filter(({ employee, department, day }) => this.#isAbout(employee, department) && this.#isCounted(day));
  }

  #isCounted(day: Day): boolean {
    return this.#countedFrom !== null && day >= this.#countedFrom;
  }

  #ranked<T extends { readonly department: string | null }>(rows: Iterable<T>): T[] {
    const rank = (one: T): number => this.#names.rankOf(one.department);
    return [...rows].sort((x, y) => rank(x) - rank(y));
  }

  #departments(): Sheet {
    const groups = this.#ranked([...this.#ofDepartment].map(([department, group]) => ({ department, ...group })));
    const rows = groups.map(({ department, members, figures }) => ({
      key: [department, this.#names.department(department), members.size],
      figures: sumOf(NO_PERSON_FIGURES, figures),
    }));
    return personSheet('departments', DEPARTMENT_KEY, rows, this.#total());
  }

  #total(): PersonFigures {
    return sumOf(
      NO_PERSON_FIGURES,
      this.#people.values().flatMap(({ figures }) => figures),
    );
  }

  #attendance(): Sheet[] {
    const people: MarkedPerson[] = this.#ranked(this.#people.values()).map(({ id, department, figures, marks }) => ({
      key: [id, this.#names.person(id), this.#names.department(department)],
      figures: sumOf(NO_PERSON_FIGURES, figures),
      marks,
    }));
    const { from, to } = this.#period;
    const days = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const table = personSheet('people', PERSON_KEY, people, this.#total());
    return days.length > MOST_MATRIX_DAYS ? [table] : [matrixSheet(days, people, this.#total()), table];
  }

  #leave(writing: Writing): Sheet {
    const from = this.#countedFrom ?? this.#last + 1;
    const of = (employee: string, department: string | null): boolean => this.#isAbout(employee, department);
    return leaveSheet(this.#known.lastingBook(), { from, to: this.#last, of }, writing);
  }

  #served(): WindowFigures {
    return sumOf(
      NO_WINDOW_FIGURES,
      this.#windows.values().flatMap(({ figures }) => figures),
    );
  }

  #service(): Sheet[] {
    const total = this.#served();
    const groups = this.#ranked([...this.#serviceOf].map(([department, group]) => ({ department, ...group })));
    const departments: Counted<WindowFigures>[] = groups.map(({ department, members, figures }) => ({
      key: [department, this.#names.department(department), members.size],
      figures: sumOf(NO_WINDOW_FIGURES, figures),
    }));
    const windows: Counted<WindowFigures>[] = this.#ranked(this.#windows.values()).map((window) => ({
      key: [window.id, this.#names.window(window.id), this.#names.department(window.department)],
      figures: sumOf(NO_WINDOW_FIGURES, window.figures),
    }));
    return [
      windowSheet('service', SERVICE_KEY, departments, total),
      windowSheet('windows', WINDOW_KEY, windows, total),
      coverSheet(windows, total),
    ];
  }

  #deviceSheet(): Sheet {
    const kindOf = (device: string): string =>
      device === DAEMON ? 'daemon' : (this.#hall.clocks.get(device)?.kind ?? 'presence');
    return deviceSheet([...this.#devices].map(([id, figures]) => ({ key: [id, kindOf(id)], figures })));
  }
}

function addTo<F>(
  groups: Map<string | null, CountedGroup<F>>,
  department: string | null,
  id: string,
  figures: F,
): void {
  const group = groups.get(department) ?? { members: new Set(), figures: [] };
  groups.set(department, group);
  group.members.add(id);
  group.figures.push(figures);
}
