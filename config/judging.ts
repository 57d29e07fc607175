/** The judging part of a configuration: normalised, written canonically, hashed, and compiled to the hall that rules judge. */
import { createHash } from 'node:crypto';
import { compileHall, type Hall, type Judging, type JudgingSchedule, type Weekday } from '../rules/hall.ts';
import type { ThresholdSettings } from '../rules/thresholds.ts';
import { nationalCalendar } from './calendars/national.ts';
import type { Config } from './schema.ts';
import { zoneTable } from './zone-table.ts';

/** What verdicts depend on, and nothing else: two files that judge alike give the same. */
export function judgingOf(config: Config): Judging {
  const { hall, calendar } = config;
  return {
    hall: { id: hall.id, name: hall.name ?? hall.id, timezone: hall.timezone, dayStart: hall.dayStart },
    judgeFrom: config.judgeFrom,
    calendar,
    schedules: Object.fromEntries(Object.entries(config.schedules).map(([id, schedule]) => [id, scheduleOf(schedule)])),
    departments: config.departments.map(({ id, name, leaders }) => ({ id, name: name ?? id, leaders })),
    employees: config.employees.map((employee) => ({
      id: employee.id,
      name: employee.name ?? employee.id,
      department: employee.department,
      schedule: employee.schedule,
      credentials: employee.credentials,
      from: employee.from,
      until: employee.until,
    })),
    windows: config.windows.map((window) => ({
      id: window.id,
      name: window.name ?? window.id,
      department: window.department,
      schedule: window.schedule,
      a: window.a,
      b: window.b,
      group: window.group,
      rules: settingsOf(window.rules),
      from: window.from,
      until: window.until,
    })),
    rules: settingsOf(config.rules),
    clocks: config.clocks.map(({ id, kind, serves }) => ({ id, kind, serves })),
  };
}

function scheduleOf(schedule: Config['schedules'][string]): JudgingSchedule {
  const { weekly, punches, rules } = schedule;
  const versions = schedule.versions ?? (weekly === null ? [] : [{ from: null, weekly }]);
  return {
    punches,
    versions: versions.map((version) => ({ from: version.from, weekly: withoutDaysOff(version.weekly) })),
    rules: settingsOf(rules),
  };
}

/** A weekday without sessions is one that is left out. */
function withoutDaysOff(weekly: Record<Weekday, string[]>): Partial<Record<Weekday, string[]>> {
  return Object.fromEntries(Object.entries(weekly).filter(([, sessions]) => sessions.length > 0));
}

/** Only what has been set: a default that changes with the program must not hide in an accepted configuration's past. */
function settingsOf(rules: Config['rules'] | null): ThresholdSettings {
  return Object.fromEntries(Object.entries(rules ?? {}).filter(([, value]) => value !== null && value !== undefined));
}

/** JSON with sorted keys and no white space (the order of UTF-16 code units, as RFC 8785 has it). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const table = value as Readonly<Record<string, unknown>>;
  const members = Object.keys(table)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(table[key])}`);
  return `{${members.join(',')}}`;
}

/** `sha256:…` of canonical JSON. */
export function hashOf(canonical: string): string {
  return `sha256:${createHash('sha256').update(canonical).digest('hex')}`;
}

/** The hall of a judging part that was accepted before, as it comes back from the ledger with its hash. */
export function hallOf(judging: Judging, hash: string): Hall {
  const national = nationalCalendar(judging.calendar.country);
  return compileHall(judging, { config: hash, zone: zoneTable(judging.hall.timezone), national });
}
