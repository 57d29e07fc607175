/** From what a ledger knew to a report. */
import { DAEMON } from '../../rules/book.ts';
import { type DeviceFigures, deviceFigures, NO_DEVICE_FIGURES } from '../../rules/device-measures.ts';
import { dayAt, FIRST_DAY, type Hall, startOfDay } from '../../rules/hall.ts';
import type { LookedDay } from '../../rules/looked-day.ts';
import {
  type CountedDay,
  type DayMark,
  marksOf,
  NO_PERSON_FIGURES,
  type PersonFigures,
  personFigures,
  sumOf,
} from '../../rules/measures.ts';
import { Moment } from '../../rules/moment.ts';
import { type Day, dateOf, formatInstant } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { NO_WINDOW_FIGURES, type WindowFigures, windowFigures } from '../../rules/window-measures.ts';
import { VERSION } from '../version.ts';
import {
  type Counted,
  coverSheet,
  DEPARTMENT_KEY,
  deviceSheet,
  type MarkedPerson,
  matrixSheet,
  PERSON_KEY,
  personSheet,
  SERVICE_KEY,
  WINDOW_KEY,
  windowSheet,
} from './figure-sheets.ts';
import type { Known } from './known.ts';
import { changeSheet, leaveSheet, sessionRows, sessionSheet, verdictSheet, type Writing } from './list-sheets.ts';
import { Names } from './names.ts';
import type { Period } from './period.ts';
import { type Cell, NoReport, type Report, type ReportRequest, type Sheet, sealed } from './report.ts';

/** A matrix of more days than a month has is no sheet of paper. */
const MOST_MATRIX_DAYS = 31;

/** Makes a report; throws `NoReport` where there is nothing to report on. */
export function buildReport(known: Known, period: Period, request: ReportRequest): Report {
  const { hall, now } = known;
  if (hall === null) throw new NoReport('unknown-then', new Date(now).toISOString());
  const today = dayAt(hall, now);
  if (period.from > today || startOfDay(hall, period.from) > now) throw new NoReport('future', dateOf(today));
  if (period.to < hall.judgeFrom) throw new NoReport('commissioning', dateOf(hall.judgeFrom));
  if (period.to < known.from) throw new NoReport('before-records', dateOf(known.from));
  return new Building(known, hall, period, request).report();
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

  constructor(known: Known, hall: Hall, period: Period, request: ReportRequest) {
    this.#known = known;
    this.#hall = hall;
    this.#period = period;
    this.#request = request;
    this.#names = new Names(request.maskNames);
    this.#first = Math.max(period.from, known.from);
    this.#last = Math.min(period.to, dayAt(hall, known.now));
  }

  report(): Report {
    const { employee, department } = this.#request;
    for (const { looked, book } of this.#known.days(this.#first, this.#last)) {
      const { hall, day } = looked.today;
      if (this.#configs.at(-1)?.hash !== hall.config) this.#configs.push({ hash: hall.config, from: dateOf(day) });
      this.#names.learn(hall);
      this.#countPeople(looked);
      if (day < hall.judgeFrom) continue;
      this.#countedFrom ??= day;
      if (employee === null) this.#countWindows(looked);
      if (employee !== null || department !== null) continue;
      for (const device of this.#devicesOf(hall)) {
        const figures = deviceFigures(device, looked.today, book, new Moment(this.#known.now));
        this.#devices.set(device, sumOf(NO_DEVICE_FIGURES, [this.#devices.get(device) ?? NO_DEVICE_FIGURES, figures]));
      }
    }
    this.#names.learn(this.#hall);
    if (employee !== null && !this.#names.knowsPerson(employee)) throw new NoReport('no-employee', employee);
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

  #countPeople({ today, people }: LookedDay): void {
    for (const counted of people) {
      const { employee } = counted.attendance;
      if (!this.#isAbout(employee.id, employee.department)) continue;
      const figures = personFigures(counted);
      const person = this.#person(employee.id);
      person.department = employee.department;
      person.figures.push(figures);
      person.marks.set(today.day, marksOf(counted));
      addTo(this.#ofDepartment, employee.department, employee.id, figures);
      this.#listSessions(counted);
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

  #listSessions(counted: CountedDay): void {
    if (this.#period.kind !== 'day' && this.#request.employee === null) return;
    this.#sessions.push(...sessionRows(counted, { hall: this.#hall, names: this.#names }));
  }

  #countWindows({ windows }: LookedDay): void {
    for (const counted of windows) {
      const { id, department } = counted.day.window;
      if (!this.#isAbout(null, department)) continue;
      const figures = windowFigures(counted);
      const window = this.#windows.get(id) ?? { id, department, figures: [] };
      this.#windows.set(id, window);
      window.department = department;
      window.figures.push(figures);
      addTo(this.#serviceOf, department, id, figures);
    }
  }

  /** The daemon, the configured clocks, and whatever else spoke of itself. */
  #devicesOf({ clocks }: Hall): ReadonlySet<string> {
    return new Set([DAEMON, ...clocks.keys(), ...this.#known.devices]);
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
    };
    const changes = this.#known
      .changesSince(this.#first, this.#last)
      .filter(({ verdict }) => this.#isAbout(verdict.employee, verdict.department));
    return [
      ...(employee === null ? [this.#departments()] : []),
      ...this.#attendance(),
      ...(this.#sessions.length > 0 ? [sessionSheet(this.#sessions)] : []),
      verdictSheet(verdicts, writing),
      this.#leave(writing),
      ...(employee === null ? this.#service() : []),
      ...(isOfAll ? [this.#deviceSheet()] : []),
      ...(this.#known.now < this.#known.latest ? [changeSheet(changes, writing)] : []),
    ];
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

  #service(): Sheet[] {
    const total = sumOf(
      NO_WINDOW_FIGURES,
      this.#windows.values().flatMap(({ figures }) => figures),
    );
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
