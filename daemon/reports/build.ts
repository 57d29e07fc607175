/** From what a ledger knew to a report. */
import { Book, DAEMON } from '../../rules/book.ts';
import { dayAt, FIRST_DAY, type Hall, startOfDay } from '../../rules/hall.ts';
import {
  addTo,
  type CountedDay,
  type DayMark,
  NO_PERSON_FIGURES,
  type PersonFigures,
  type Sum,
  sumOf,
} from '../../rules/measures.ts';
import { type Day, dateOf, formatInstant } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { NO_WINDOW_FIGURES, type WindowFigures } from '../../rules/window-measures.ts';
import { VERSION } from '../version.ts';
import { Course } from './course.ts';
import { type DayResult, devicesOf } from './day-results.ts';
import {
  type Counted,
  courseSheet,
  coverSheet,
  DEPARTMENT_KEY,
  deviceSheet,
  matrixSheet,
  monthsSheet,
  PERSON_KEY,
  personSheet,
  SERVICE_KEY,
  serviceCourseSheet,
  WINDOW_KEY,
  windowSheet,
} from './figure-sheets.ts';
import type { HallOfDay } from './keeping.ts';
import type { KeptDays } from './kept-days.ts';
import type { Known } from './known.ts';
import { changeSheet, leaveSheet, sessionRows, sessionSheet, type Writing } from './list-sheets.ts';
import { Names } from './names.ts';
import { type Part, partsOf } from './parts.ts';
import { type Period, periodOf } from './period.ts';
import { type Cell, NoReport, type Report, type ReportRequest, type Sheet, sealed } from './report.ts';
import { type Summed, Sums } from './sums.ts';
import { MOST_LISTED, type Said, saidIn } from './verdict-sheets.ts';

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
  readonly #sums = new Sums();
  /** Of each person, the marks of days for the matrix, and of a year what its months add up to. */
  readonly #marks = new Map<string, Map<Day, readonly DayMark[]>>();
  readonly #months = new Map<string, Map<string, Sum<PersonFigures>>>();
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
    const [from, to] = [this.#first, this.#last];
    const parts = partsOf(
      this.#known,
      { kind: this.#period.kind, from, to },
      { kept: this.#kept, asLooked: this.#listsSessions, onDay: (day) => onDay(day - from + 1, to - from + 1) },
    );
    for (const part of parts) this.#count(part);
    this.#names.learn(this.#hall);
    if (employee !== null && !this.#names.knowsPerson(employee)) throw new NoReport('no-employee', employee);
    if (employee !== null && department !== null && this.#sums.figures.people.length === 0)
      throw new NoReport('no-employee', employee);
    if (department !== null && !this.#names.knowsDepartment(department))
      throw new NoReport('no-department', department);
    return this.#sealed();
  }

  #sealed(): Report {
    const { zone, id, name, judgeFrom } = this.#hall;
    const { kind, name: period, from, to } = this.#period;
    const { sheets, areClosed, leftOut } = this.#sheets();
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
      settled: isOver && areClosed,
      configs: this.#configs,
      leftOut,
      rules: `zaigang ${VERSION}`,
      sheets,
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

  #count({ days, day, people, windows, devices }: Part): void {
    const { employee, department } = this.#request;
    for (const { day, hall } of days) {
      if (this.#configs.at(-1)?.hash !== hall.config) this.#configs.push({ hash: hall.config, from: dateOf(day) });
      this.#names.learn(hall);
    }
    const of = { people: people.filter((one) => this.#isAbout(one.id, one.department)) };
    const counted = days.find(({ day, hall }) => day >= hall.judgeFrom)?.day ?? null;
    const isOfAll = employee === null && department === null;
    const ofWindows = employee === null && counted !== null ? windows : [];
    const figures = {
      people: of.people,
      windows: ofWindows.filter((one) => this.#isAbout(null, one.department)),
      devices: isOfAll && counted !== null ? devices : [],
    };
    this.#sums.add(figures);
    if (day !== null) this.#countDay(day);
    if (this.#period.kind === 'year') this.#addToMonth(days, figures.people);
    if (counted === null) return;
    this.#countedFrom ??= counted;
    const step = this.#course.at(counted);
    for (const one of figures.people) addTo(step.people, one.figures);
    for (const one of figures.windows) addTo(step.windows, one.figures);
  }

  #countDay({ day, people, looked }: DayResult): void {
    for (const [i, { id, department, marks }] of people.entries()) {
      if (!this.#isAbout(id, department)) continue;
      const counted = looked?.people[i];
      if (counted !== undefined && this.#listsSessions) this.#listSessions(counted);
      if (!this.#hasMatrix) continue;
      const of = this.#marks.get(id) ?? new Map();
      this.#marks.set(id, of.set(day, marks));
    }
  }

  #addToMonth([first]: readonly HallOfDay[], people: readonly Summed<PersonFigures>[]): void {
    if (first === undefined) return;
    const { name } = periodOf('month', first.day);
    for (const { id, figures } of people) {
      let months = this.#months.get(id);
      if (months === undefined) {
        months = new Map();
        this.#months.set(id, months);
      }
      const sum = months.get(name);
      if (sum === undefined) months.set(name, { ...figures });
      else addTo(sum, figures);
    }
  }

  get #hasMatrix(): boolean {
    return this.#period.to - this.#period.from < MOST_MATRIX_DAYS;
  }

  get #listsSessions(): boolean {
    return this.#period.kind === 'day' || this.#request.employee !== null;
  }

  #listSessions(counted: CountedDay): void {
    for (const row of sessionRows(counted, { hall: this.#hall, names: this.#names })) this.#sessions.push(row);
  }

  // ---- sheets --------------------------------------------------------------------------------------------------

  #sheets(): Pick<Report, 'sheets' | 'leftOut'> & Pick<Said, 'areClosed'> {
    const { employee } = this.#request;
    const writing = { hall: this.#hall, names: this.#names, now: this.#known.now, isTheirOwn: employee !== null };
    const isAbout = (verdict: Verdict): boolean => this.#isAbout(verdict.employee, verdict.department);
    const span = { from: this.#countedFrom ?? this.#last + 1, to: this.#last };
    const said = saidIn({ known: this.#known, ...span, isAbout: this.#isOfAll ? null : isAbout, writing });
    const leave = this.#leave(span, writing);
    const { steps } = this.#course;
    const people = this.#people();
    const total = sumOf(
      NO_PERSON_FIGURES,
      people.map(({ figures }) => figures),
    );
    const service = employee === null ? this.#service() : null;
    const sheets = [
      ...(employee === null ? [this.#departments(total)] : []),
      ...this.#attendance(people, total),
      ...(this.#period.kind === 'day' ? [] : [courseSheet(steps, total)]),
      ...(this.#sessions.length > 0 ? [sessionSheet(this.#sessions)] : []),
      ...said.sheets,
      ...leave.sheets,
      ...(service === null ? [] : service.sheets),
      ...(service !== null && this.#period.kind !== 'day' ? [serviceCourseSheet(steps, service.total)] : []),
      ...(this.#isOfAll ? [this.#deviceSheet()] : []),
      ...(this.#known.now < this.#known.latest ? [this.#changes(isAbout, writing)] : []),
    ];
    return { sheets, areClosed: said.areClosed, leftOut: [...said.leftOut, ...leave.leftOut] };
  }

  get #isOfAll(): boolean {
    return this.#request.employee === null && this.#request.department === null;
  }

  #changes(isAbout: (verdict: Verdict) => boolean, writing: Omit<Writing, 'decisions'>): Sheet {
    const [from, to] = [this.#first, this.#last];
    const known = this.#known;
    const changes = known.changesSince(from, to).filter(({ verdict }) => isAbout(verdict));
    const deeds = known.deedsSince(from, to).filter(({ verdict }) => isAbout(verdict));
    return changeSheet(changes, deeds, { ...writing, decisions: known.decisions(from, to) });
  }

  /** Departments in the configuration's order, with what is theirs. */
  #ranked<T extends { readonly department: string | null }>(rows: Iterable<T>): T[] {
    const rank = (one: T): number => this.#names.rankOf(one.department);
    return [...rows].sort((x, y) => rank(x) - rank(y));
  }

  /** By the department that they were of on each day. */
  #byDepartment<F>(all: readonly Summed<F>[]): { readonly key: readonly Cell[]; readonly figures: readonly F[] }[] {
    const groups = [...Map.groupBy(all, ({ department }) => department)].map(([department, of]) => ({
      department,
      of,
    }));
    return this.#ranked(groups).map(({ department, of }) => ({
      key: [department, this.#names.department(department), of.length],
      figures: of.map(({ figures }) => figures),
    }));
  }

  #departments(total: PersonFigures): Sheet {
    const rows = this.#byDepartment(this.#sums.figures.people).map(({ key, figures }) => ({
      key,
      figures: sumOf(NO_PERSON_FIGURES, figures),
    }));
    return personSheet('departments', DEPARTMENT_KEY, rows, total);
  }

  /** Everybody, under the department that they were of last. */
  #people(): PersonRow[] {
    const all = [...Map.groupBy(this.#sums.figures.people, ({ id }) => id)].map(([id, of]) => ({
      id,
      department: of.at(-1)?.department ?? null,
      figures: sumOf(
        NO_PERSON_FIGURES,
        of.map(({ figures }) => figures),
      ),
    }));
    return this.#ranked(all).map(({ id, department, figures }) => ({
      id,
      key: [id, this.#names.person(id), this.#names.department(department)],
      figures,
    }));
  }

  #attendance(people: readonly PersonRow[], total: PersonFigures): Sheet[] {
    const { kind, from, to } = this.#period;
    const table = personSheet('people', PERSON_KEY, people, total);
    if (this.#hasMatrix) {
      const days = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const rows = people.map((one) => ({ ...one, marks: this.#marks.get(one.id) ?? new Map() }));
      return [matrixSheet(days, rows, total), table];
    }
    if (kind !== 'year') return [table];
    const rows = people.map((one) => ({ ...one, months: this.#months.get(one.id) ?? new Map() }));
    return [monthsSheet(monthsOf(from, to), rows, total), table];
  }

  #leave({ from, to }: DaySpan, writing: Omit<Writing, 'decisions'>): Pick<Report, 'sheets' | 'leftOut'> {
    if (from > to) return { sheets: [leaveSheet(new Book(), { from, to, of: () => false }, writing)], leftOut: [] };
    const within = { from: startOfDay(this.#hall, from), to: startOfDay(this.#hall, to + 1) };
    const rows = this.#isOfAll ? this.#known.countOfLeaves(within) : 0;
    if (rows > MOST_LISTED) return { sheets: [], leftOut: [{ sheet: 'leave', rows }] };
    const of = (employee: string, department: string | null): boolean => this.#isAbout(employee, department);
    return { sheets: [leaveSheet(this.#known.lastingBook(), { from, to, of }, writing)], leftOut: [] };
  }

  #service(): { readonly sheets: readonly Sheet[]; readonly total: WindowFigures } {
    const all = this.#sums.figures.windows;
    const places = [...Map.groupBy(all, ({ id }) => id)].map(([id, of]) => ({
      id,
      department: of.at(-1)?.department ?? null,
      figures: sumOf(
        NO_WINDOW_FIGURES,
        of.map(({ figures }) => figures),
      ),
    }));
    const windows: Counted<WindowFigures>[] = this.#ranked(places).map(({ id, department, figures }) => ({
      key: [id, this.#names.window(id), this.#names.department(department)],
      figures,
    }));
    const departments: Counted<WindowFigures>[] = this.#byDepartment(all).map(({ key, figures }) => ({
      key,
      figures: sumOf(NO_WINDOW_FIGURES, figures),
    }));
    const total = sumOf(
      NO_WINDOW_FIGURES,
      windows.map(({ figures }) => figures),
    );
    return {
      sheets: [
        windowSheet('service', SERVICE_KEY, departments, total),
        windowSheet('windows', WINDOW_KEY, windows, total),
        coverSheet(windows, total),
      ],
      total,
    };
  }

  /** The daemon, the clocks in the configuration's order, and whatever else ever spoke of itself. */
  #deviceSheet(): Sheet {
    const { clocks } = this.#hall;
    const kindOf = (device: string): string =>
      device === DAEMON ? 'daemon' : (clocks.get(device)?.kind ?? 'presence');
    const order = [...devicesOf(this.#known, this.#hall)];
    const rank = (device: string): number => (order.includes(device) ? order.indexOf(device) : order.length);
    const rows = [...this.#sums.figures.devices].sort(([x], [y]) => rank(x) - rank(y) || (x < y ? -1 : 1));
    return deviceSheet(rows.map(([id, figures]) => ({ key: [id, kindOf(id)], figures })));
  }
}

interface PersonRow extends Counted<PersonFigures> {
  readonly id: string;
}

interface DaySpan {
  readonly from: Day;
  readonly to: Day;
}

/** Months by name. */
function monthsOf(from: Day, to: Day): string[] {
  const names: string[] = [];
  for (let day = from; day <= to; ) {
    const month = periodOf('month', day);
    names.push(month.name);
    day = month.to + 1;
  }
  return names;
}
