/**
 * The hall as it is judged. `Judging` is the judging part of an accepted configuration as plain JSON (it is hashed,
 * stored as a fact, and never changes); `Hall` is the same thing compiled for quick look-up.
 */
import { type Calendars, type NationalCalendar, NO_CALENDAR } from './calendar.ts';
import type { EmployeeFact } from './facts.ts';
import { resolveThresholds, type ThresholdSettings, type Thresholds } from './thresholds.ts';
import { civilDay, DAY_LENGTH, type Day, dayOfDate, HOUR, instantOf, MINUTE, type Ms, type Zone } from './time.ts';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Monday first, so that `WEEKDAYS[isoWeekday - 1]`. */
export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `session`: in and out each session; `day`: first in, last out; `in`: arrivals only. */
export type PunchPolicy = 'session' | 'day' | 'in';

/** The judging part of a configuration. Dates are `YYYY-MM-DD`, times of day `HH:MM`, lengths of time milliseconds. */
export interface Judging {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string; readonly dayStart: string };
  readonly judgeFrom: string | null;
  readonly calendar: {
    readonly country: string;
    readonly makeUpDayUses: Weekday;
    readonly days: Readonly<Record<string, 'rest' | 'work'>>;
  };
  readonly schedules: Readonly<Record<string, JudgingSchedule>>;
  readonly departments: readonly { readonly id: string; readonly name: string; readonly leaders: readonly string[] }[];
  readonly employees: readonly JudgingEmployee[];
  readonly windows: readonly JudgingWindow[];
  readonly rules: ThresholdSettings;
  readonly clocks: readonly JudgingClock[];
}

export interface JudgingSchedule {
  readonly punches: PunchPolicy;
  /** Ascending by `from`; null = has always held. Before the first version there are no sessions. */
  readonly versions: readonly {
    readonly from: string | null;
    /** `["09:00-12:00", …]` a weekday; a weekday left out is a day off. */
    readonly weekly: Readonly<Partial<Record<Weekday, readonly string[]>>>;
  }[];
  readonly rules: ThresholdSettings;
}

export interface JudgingEmployee {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
  readonly schedule: string | null;
  /** `device` null = every clock; `from`/`to` are inclusive dates, null = unbounded. */
  readonly credentials: readonly {
    readonly id: string;
    readonly device: string | null;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** Inclusive dates. */
  readonly from: string | null;
  readonly until: string | null;
}

export interface JudgingWindow {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
  readonly schedule: string;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly group: string | null;
  readonly rules: ThresholdSettings;
  readonly from: string | null;
  readonly until: string | null;
}

export interface JudgingClock {
  readonly id: string;
  readonly kind: 'attendance' | 'door';
  /** Departments or employees; null = everybody. */
  readonly serves: readonly string[] | null;
}

/** A session of a weekday, as milliseconds after local midnight; `to` exceeds a day's length where it passes midnight. */
export interface WeeklySession {
  readonly from: Ms;
  readonly to: Ms;
}

export interface Schedule {
  readonly id: string;
  readonly punches: PunchPolicy;
  readonly versions: readonly { readonly from: Day; readonly weekly: readonly (readonly WeeklySession[])[] }[];
  readonly thresholds: Thresholds;
}

export interface Employee {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
  readonly schedule: Schedule | null;
  readonly thresholds: Thresholds;
  readonly from: Day;
  readonly until: Day;
  /** The clocks that could carry this person's punch; `daemon` is not among them, it counts for everybody. */
  readonly clocks: readonly string[];
  /** Enrolment numbers that the configuration knows this person by, on whatever device and date; each once. */
  readonly credentials: readonly string[];
  /** What says so, where it is not the configuration. */
  readonly fact?: EmployeeFact;
}

export interface Window {
  readonly id: string;
  /** Position in the configuration: the order in which cover is decided. */
  readonly order: number;
  readonly name: string;
  readonly department: string | null;
  readonly schedule: Schedule;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly thresholds: Thresholds;
  readonly from: Day;
  readonly until: Day;
}

export interface CredentialMapping {
  readonly employee: string;
  readonly from: Day;
  readonly until: Day;
}

export interface LevelSettings {
  readonly hall: ThresholdSettings;
  readonly schedules: ReadonlyMap<string, ThresholdSettings>;
  readonly windows: ReadonlyMap<string, ThresholdSettings>;
}

export interface Hall extends Calendars {
  readonly id: string;
  readonly name: string;
  /** `sha256:…` of the canonical JSON of the judging part. */
  readonly config: string;
  readonly zone: Zone;
  readonly dayStart: Ms;
  readonly judgeFrom: Day;
  readonly thresholds: Thresholds;
  /** What each level of the configuration sets, as it was written: where a threshold in force comes from. */
  readonly settings: LevelSettings;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly departments: ReadonlyMap<string, string>;
  readonly employees: ReadonlyMap<string, Employee>;
  readonly windows: ReadonlyMap<string, Window>;
  readonly clocks: ReadonlyMap<string, JudgingClock>;
  /** Keys made by `credentialKey`. */
  readonly credentials: ReadonlyMap<string, readonly CredentialMapping[]>;
}

/** Key of a credential on one device, or on every device (`null`). */
export function credentialKey(device: string | null, credential: string): string {
  return device === null ? `*\u0000${credential}` : `${device}\u0000${credential}`;
}

/** What holds from `FIRST_DAY` to `LAST_DAY` has always held and always will. */
export const FIRST_DAY: Day = -100_000_000;
export const LAST_DAY: Day = 100_000_000;

/** What a configuration's hash and data tables add to its judging part. */
export interface HallData {
  readonly config: string;
  readonly zone: Zone;
  readonly national: NationalCalendar | null;
}

/** Compiles a checked judging part; references that do not resolve are a programming error here. */
export function compileHall(judging: Judging, data: HallData): Hall {
  const schedules = new Map<string, Schedule>();
  for (const [id, schedule] of Object.entries(judging.schedules)) {
    schedules.set(id, {
      id,
      punches: schedule.punches,
      versions: schedule.versions.map((version) => ({
        from: dayOr(version.from, FIRST_DAY),
        weekly: WEEKDAYS.map((weekday) => (version.weekly[weekday] ?? []).map(readSession)),
      })),
      thresholds: resolveThresholds(judging.rules, schedule.rules),
    });
  }
  const thresholds = resolveThresholds(judging.rules);
  const credentials = new Map<string, CredentialMapping[]>();
  const employees = new Map<string, Employee>();
  for (const employee of judging.employees) {
    const schedule = employee.schedule === null ? null : found(schedules, employee.schedule);
    employees.set(employee.id, {
      id: employee.id,
      name: employee.name,
      department: employee.department,
      schedule,
      thresholds: schedule?.thresholds ?? thresholds,
      from: dayOr(employee.from, FIRST_DAY),
      until: dayOr(employee.until, LAST_DAY),
      clocks: clocksServing(judging.clocks, employee),
      credentials: [...new Set(employee.credentials.map((credential) => credential.id))],
    });
    for (const credential of employee.credentials) {
      const key = credentialKey(credential.device, credential.id);
      const mapping = {
        employee: employee.id,
        from: dayOr(credential.from, FIRST_DAY),
        until: dayOr(credential.to, LAST_DAY),
      };
      credentials.set(key, [...(credentials.get(key) ?? []), mapping]);
    }
  }
  const windows = new Map<string, Window>();
  for (const [order, window] of judging.windows.entries()) {
    const schedule = found(schedules, window.schedule);
    windows.set(window.id, {
      id: window.id,
      order,
      name: window.name,
      department: window.department,
      schedule,
      a: window.a,
      b: window.b,
      thresholds: resolveThresholds(judging.rules, judging.schedules[window.schedule]?.rules, window.rules),
      from: dayOr(window.from, FIRST_DAY),
      until: dayOr(window.until, LAST_DAY),
    });
  }
  return {
    id: judging.hall.id,
    name: judging.hall.name,
    config: data.config,
    zone: data.zone,
    dayStart: readTimeOfDay(judging.hall.dayStart),
    judgeFrom: dayOr(judging.judgeFrom, FIRST_DAY),
    national: data.national ?? NO_CALENDAR,
    makeUpDayUses: WEEKDAYS.indexOf(judging.calendar.makeUpDayUses) + 1,
    days: new Map(Object.entries(judging.calendar.days).map(([date, kind]) => [dayOr(date, 0), kind])),
    thresholds,
    settings: {
      hall: judging.rules,
      schedules: new Map(Object.entries(judging.schedules).map(([id, schedule]) => [id, schedule.rules])),
      windows: new Map(judging.windows.map((window) => [window.id, window.rules])),
    },
    schedules,
    departments: new Map(judging.departments.map((department) => [department.id, department.name])),
    employees,
    windows,
    clocks: new Map(judging.clocks.map((clock) => [clock.id, clock])),
    credentials,
  };
}

function found<T>(table: ReadonlyMap<string, T>, id: string): T {
  const value = table.get(id);
  if (value === undefined) throw new Error(`unchecked configuration: nothing is called ${id}`);
  return value;
}

function dayOr(date: string | null, otherwise: Day): Day {
  if (date === null) return otherwise;
  const day = dayOfDate(date);
  if (day === null) throw new Error(`unchecked configuration: ${date} is no date`);
  return day;
}

/** The clocks that could carry somebody's punch. */
export function clocksServing(
  clocks: Iterable<JudgingClock>,
  { id, department }: Pick<JudgingEmployee, 'id' | 'department'>,
): string[] {
  const serves = (whom: readonly string[] | null): boolean =>
    whom === null || whom.some((one) => one === id || one === department);
  return [...clocks].filter((clock) => serves(clock.serves)).map((clock) => clock.id);
}

/** Milliseconds after midnight of `HH:MM`. */
export function readTimeOfDay(text: string): Ms {
  const [hour = '', minute = ''] = text.split(':');
  return Number(hour) * HOUR + Number(minute) * MINUTE;
}

/** `22:00-06:00` ends on the next day. */
export function readSession(text: string): WeeklySession {
  const [start = '', end = ''] = text.split('-');
  const from = readTimeOfDay(start);
  const to = readTimeOfDay(end);
  return { from, to: to <= from ? to + DAY_LENGTH : to };
}

/** Whether anything is judged on a day of a person or a window: it is neither before commissioning nor outside their dates. */
export function isJudged(hall: Hall, day: Day, of: { readonly from: Day; readonly until: Day }): boolean {
  return day >= hall.judgeFrom && day >= of.from && day <= of.until;
}

/** Everybody of a hall, less those whom facts let come after a day only. */
export function peopleOf(hall: Hall, day: Day): Employee[] {
  return [...hall.employees.values()].filter(({ fact, from }) => fact === undefined || from <= day);
}

/** The instant at which a day of the hall begins. */
export function startOfDay(hall: Hall, day: Day): Ms {
  return instantOf(hall.zone, day, hall.dayStart);
}

/**
 * When a day is judged for the first time: at its civil midnight, hours before it starts. A leave has the date on which it
 * begins, and may begin in the night.
 */
export function judgedFrom(hall: Hall, day: Day): Ms {
  return instantOf(hall.zone, day, 0);
}

/** The last day that is judged at an instant. */
export function lastJudged(hall: Hall, at: Ms): Day {
  return civilDay(hall.zone, at);
}

/** The day that was last asked for in each hall, with its bounds: facts come in runs of one day. */
const lastDays = new WeakMap<Hall, { readonly day: Day; readonly from: Ms; readonly to: Ms }>();

/** The day of the hall that an instant belongs to. */
export function dayAt(hall: Hall, at: Ms): Day {
  const last = lastDays.get(hall);
  if (last !== undefined && last.from <= at && at < last.to) return last.day;
  const civil = civilDay(hall.zone, at);
  // A day starts hours after midnight, and zones shift by an hour or so: only the neighbours can hold the instant.
  const day = at < startOfDay(hall, civil) ? civil - 1 : at < startOfDay(hall, civil + 1) ? civil : civil + 1;
  lastDays.set(hall, { day, from: startOfDay(hall, day), to: startOfDay(hall, day + 1) });
  return day;
}
