/**
 * A hall of many people with a year behind it: a week of 400 people, judged as it came, stands for all 52 of it and many times beside
 * itself. What is kept of days is written as reports write it; the verdicts, their cases and the leaves are in the ledger.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { FactStore } from '../daemon/ledger/facts.ts';
import { Ledger } from '../daemon/ledger/ledger.ts';
import { readLedger } from '../daemon/ledger/read-only.ts';
import type { DayFigures } from '../daemon/reports/day-figures.ts';
import { Keeping } from '../daemon/reports/keeping.ts';
import { KeptDays } from '../daemon/reports/kept-days.ts';
import { Known } from '../daemon/reports/known.ts';
import { makeReport, type ReportSource } from '../daemon/reports/make.ts';
import type { LeaveFact } from '../rules/facts.ts';
import { DAY_LENGTH, type Day, dayOfDate, HOUR, type Ms, weekdayOf } from '../rules/time.ts';
import { type Verdict, verdictKey } from '../rules/verdict.ts';
import { CityYear } from './city-year.ts';
import { fillLedger } from './filled-ledger.ts';
import { clockIds, HALL, PEOPLE } from './hall.ts';
import { yearYaml } from './year-files.ts';

export const YEAR = '2025';
const FIRST = dayOfDate(`${YEAR}-01-01`) as Day;
const LAST = dayOfDate(`${YEAR}-12-31`) as Day;
const ALL = { asKnownAt: null, maskNames: false, employee: null, department: null } as const;

/** What is known of a week. */
interface Week {
  readonly from: Day;
  readonly days: readonly DayFigures[];
  readonly verdicts: readonly Verdict[];
  readonly cases: readonly CaseRow[];
  readonly leaves: readonly LeaveFact[];
}

interface CaseRow {
  readonly id: string;
  readonly alert: string;
  readonly family: string;
  readonly subject: string;
  readonly day: Day;
  readonly session: number | null;
  readonly from_at: Ms;
  readonly to_at: Ms | null;
}

/** The hall, and what was put into its ledger, to hold a report against. */
export interface ReportHall {
  readonly people: number;
  readonly config: string;
  readonly source: ReportSource;
  /** Verdicts by rule. */
  readonly said: ReadonlyMap<string, number>;
  readonly leaves: number;
}

/** One of the copies' own name of something. */
const copied = (id: string, copy: number): string => `${id}-${copy}`;
const renamed = <T extends string | null>(id: T, copy: number): T => (id === null ? id : copied(id, copy)) as T;

export interface ReportHallOptions {
  readonly seed: number;
  /** So many times 400 people. */
  readonly copies: number;
  readonly broker: string;
  /** The last instant of the ledger. */
  readonly until: Ms;
}

export async function reportHall(directory: string, options: ReportHallOptions): Promise<ReportHall> {
  const { seed, copies, broker, until } = options;
  const week = await judgedWeek(join(directory, 'week'), seed);
  const config = join(directory, 'hall.yaml');
  writeFileSync(config, manyYaml(join(directory, 'data'), broker, copies));
  const loaded = await loadConfig(config, { env: {}, lang: 'en', offline: true });
  fillLedger(loaded, [], until - HOUR, until);
  const ledger = Ledger.open({ directory: loaded.config.data, diskReserveBytes: 0 });
  // It is to be read, not to survive, and all of it is written at once.
  ledger.database.exec('pragma synchronous = off; pragma cache_size = -800000;');
  // It was there all the year.
  ledger.set('judged-from', String(FIRST));
  const said = new Map<string, number>();
  let leaves = 0;
  try {
    const facts = new FactStore(ledger.database, HALL);
    const from = { by: null, via: 'import', claimedAt: null };
    ledger.commit(() => {
      for (let day = FIRST; day <= LAST; day++) {
        for (const { rule } of sayAgain(ledger.database, week, day, copies)) said.set(rule, (said.get(rule) ?? 0) + 1);
        const filed = leavesOf(week, day, copies).map((fact) => ({ fact, from }));
        leaves += filed.length;
        facts.append(filed, until);
      }
    });
  } finally {
    ledger.close();
  }
  const source = sourceOf(loaded);
  keepDays(source, week, copies);
  return { people: copies * PEOPLE, config, source, said, leaves };
}

function sourceOf({ config, hall }: LoadedConfig): ReportSource {
  return { directory: config.data, hall: hall.id, countSimulated: false, appealDays: config.cases.appealDays };
}

/** A working week of 400 people from Monday to Sunday, from what they touch and where they sit to the figures that are kept of it. */
async function judgedWeek(directory: string, seed: number): Promise<Week> {
  mkdirSync(directory);
  const year = new CityYear(seed, 5);
  const config = join(directory, 'hall.yaml');
  writeFileSync(config, yearYaml(year, directory));
  const loaded = await loadConfig(config, { env: {}, lang: 'en', offline: true });
  fillLedger(loaded, year.lines(), year.from - DAY_LENGTH, year.now);
  const source = sourceOf(loaded);
  makeReport(source, { kind: 'week', period: '2026-W02', ...ALL });
  const from = dayOfDate('2026-01-05') as Day;
  using kept = KeptDays.open(source);
  const days = (kept?.daysBetween(from, from + 6) ?? []).map((one) => kept?.figuresOf(one) as DayFigures);
  if (days.length !== 7) throw new Error(`${days.length} days of the week are kept`);
  return readLedger(source.directory, (database) => {
    const rows = database.prepare('select verdict from standing where day between ? and ?').all(from, from + 6);
    const cases = database.prepare('select * from alert_case where day between ? and ?').all(from, from + 6);
    const facts = [...new FactStore(database, HALL).stretchesOf(['leave'])] as LeaveFact[];
    return {
      from,
      days,
      verdicts: rows.map((row) => JSON.parse(String(row['verdict'])) as Verdict),
      cases: cases as unknown as CaseRow[],
      leaves: facts.filter(({ from: since }) => since >= year.from && since < year.from + 7 * DAY_LENGTH),
    };
  });
}

/** hall.yaml of so many such halls in one, in which nobody owes anything: its days are already judged. */
function manyYaml(data: string, broker: string, count: number): string {
  const one = JSON.parse(yearYaml(new CityYear(1, 5), '')) as Record<string, Record<string, unknown>[]>;
  const copies = Array.from({ length: count }, (_, copy) => copy);
  const each = (list: string, of: (entry: Record<string, unknown>, copy: number) => object): object[] =>
    copies.flatMap((copy) => (one[list] ?? []).map((entry) => ({ ...entry, ...of(entry, copy) })));
  const own = (id: unknown, copy: number): string => copied(String(id), copy);
  return JSON.stringify({
    ...one,
    calendar: { country: 'none' },
    schedules: { standard: { punches: 'session', weekly: {} } },
    departments: each('departments', ({ id, name }, copy) => ({ id: own(id, copy), name: own(name, copy) })),
    employees: each('employees', ({ id, department, credentials }, copy) => ({
      id: own(id, copy),
      department: own(department, copy),
      credentials: (credentials as string[]).map((credential) => (copy === 0 ? credential : own(credential, copy))),
    })),
    windows: each('windows', ({ id, department, a, b }, copy) => ({
      ...{ id: own(id, copy), department: own(department, copy), a: own(a, copy) },
      b: (b as string[]).map((person) => own(person, copy)),
    })),
    clocks: clockIds.map((id) => ({ id })),
    mqtt: { url: broker },
    data,
  });
}

/** The day of the week that stands for a day. */
function modelOf({ from }: Week, day: Day): Day {
  return from + weekdayOf(day) - 1;
}

/** Everything that was said of the model of a day, of each copy, of the day. */
function* sayAgain(database: DatabaseSync, week: Week, day: Day, copies: number): Iterable<Verdict> {
  const model = modelOf(week, day);
  const later = (day - model) * DAY_LENGTH;
  const stand = database.prepare('insert into standing (hall, key, day, verdict) values (?, ?, ?, ?)');
  const open = database.prepare(
    'insert into alert_case (id, hall, alert, family, subject, day, session, from_at, to_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (let copy = 0; copy < copies; copy++) {
    const own = (id: string): string => `${id}-${day}-${copy}`;
    for (const one of week.cases.filter((row) => row.day === model)) {
      const { id, alert, family, subject, session, from_at, to_at } = one;
      const until = to_at === null ? null : to_at + later;
      open.run(own(id), HALL, own(alert), family, copied(subject, copy), day, session, from_at + later, until);
    }
    for (const one of week.verdicts.filter((verdict) => verdict.day === model)) {
      const { employee, window, department, from, to } = one;
      const said = {
        ...one,
        ...{ employee: renamed(employee, copy), window: renamed(window, copy), department: renamed(department, copy) },
        ...{ day, from: from + later, to: to === null ? null : to + later },
      };
      stand.run(HALL, verdictKey(HALL, said), day, JSON.stringify(said));
      yield said;
    }
  }
}

function leavesOf(week: Week, day: Day, copies: number): LeaveFact[] {
  const model = modelOf(week, day) * DAY_LENGTH;
  const later = day * DAY_LENGTH - model;
  const isOfDay = ({ from }: LeaveFact): boolean =>
    Math.floor((from + 8 * 3_600_000) / DAY_LENGTH) * DAY_LENGTH === model;
  return Array.from({ length: copies }, (_, copy) =>
    week.leaves.filter(isOfDay).map((leave) => ({
      ...leave,
      ...{ id: `${leave.id}-${day}-${copy}`, employee: copied(leave.employee, copy) },
      ...{ from: leave.from + later, to: leave.to + later },
    })),
  ).flat();
}

/** Keeps each day of the year as a report would have that had counted it. */
function keepDays(source: ReportSource, week: Week, copies: number): void {
  readLedger(source.directory, (database) => {
    const known = Known.in({ database, at: null, ...source });
    using kept = KeptDays.open(source);
    if (known === null || kept === null) throw new Error('nothing can be kept');
    const keeping = new Keeping(known, kept, FIRST, LAST);
    for (let day = FIRST; day <= LAST; day++) {
      const figures = week.days[modelOf(week, day) - week.from] as DayFigures;
      keeping.keep(day, Number.POSITIVE_INFINITY, manyTimes(figures, copies));
    }
    keeping.write();
  });
}

function manyTimes({ people, windows, devices }: DayFigures, count: number): DayFigures {
  const copies = Array.from({ length: count }, (_, copy) => copy);
  const of = <T extends { readonly id: string; readonly department: string | null }>(all: readonly T[]): T[] =>
    copies.flatMap((copy) =>
      all.map((one) => ({ ...one, id: copied(one.id, copy), department: renamed(one.department, copy) })),
    );
  return { people: of(people), windows: of(windows), devices };
}
