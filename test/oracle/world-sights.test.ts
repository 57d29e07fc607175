import { expect, test } from 'vitest';
import { isMoreThan, sum } from './fraction.ts';
import { type Known, knownFacts, type Leave } from './known.ts';
import { leaveDays } from './leave-slip.ts';
import { type OracleVerdict, oracle } from './oracle.ts';
import { calendarOf, employeeSessions, policyOf, type Session, scheduledSessions } from './plan.ts';
import {
  dayStartOf,
  isBetweenDates,
  isJudgedDate,
  type OracleConfig,
  type OracleEmployee,
  slipKindsOf,
  thresholdsOf,
} from './shape.ts';
import { addDays, CIVIL_DAY, civilDateOf, type HallDay, hallDay, hallDayOf, instantOf, overlaps } from './time.ts';
import { world } from './worlds.ts';

type Line = Record<string, unknown>;

/** A world after all has become known. */
interface View {
  config: OracleConfig;
  facts: readonly Line[];
  known: Known;
  /** Those with punches. */
  days: HallDay[];
  verdicts: OracleVerdict[];
}

function viewOf(seed: number): View {
  const { config, facts, instants } = world(seed);
  const end = instantOf(instants.at(-1) ?? '');
  const punched = facts
    .filter((line) => line['fact'] === 'punch')
    .map((line) => hallDayOf(config.hall.timezone, dayStartOf(config), instantOf(String(line['at']))).date);
  const days = [...new Set(punched)].map((date) => hallDay(config.hall.timezone, dayStartOf(config), date));
  return { config, facts, known: knownFacts(facts, end), days, verdicts: oracle(config, facts, end) };
}

function sessionsOf({ config, known }: View, employee: OracleEmployee, day: HallDay): Session[] {
  return employeeSessions(config, known, employee, day, thresholdsOf(config, employee.schedule).joinGap);
}

/** Every person's every day with sessions. */
function personDays(view: View): { employee: OracleEmployee; day: HallDay; sessions: Session[] }[] {
  return view.config.employees.flatMap((employee) =>
    view.days.map((day) => ({ employee, day, sessions: sessionsOf(view, employee, day) })),
  );
}

function ofKind({ facts }: View, kind: string): Line[] {
  return facts.filter((line) => line['fact'] === kind);
}

function isCancelled({ facts }: View, line: Line): boolean {
  return facts.some((other) => other['fact'] === 'cancel' && other['target'] === line['id']);
}

/** The leaves of the kinds that need a slip, each with its person. */
function slipLeaves({ config, known }: View): { leave: Leave; employee: OracleEmployee }[] {
  return known.leaves
    .filter((leave) => slipKindsOf(config).includes(leave.kind))
    .flatMap((leave) =>
      config.employees.filter((employee) => employee.id === leave.employee).map((employee) => ({ leave, employee })),
    );
}

function hasExactly(view: View, days: number): boolean {
  return slipLeaves(view).some(({ leave, employee }) => {
    const own = leaveDays(view.config, view.known, employee, leave, () => true);
    return own.over === BigInt(days) * own.under;
  });
}

/** The person's leaves starting in one month come to exactly so many days, once they are added up so far. */
function addUpTo(view: View, days: number): boolean {
  const { timezone } = view.config.hall;
  const monthOf = (leave: Leave) => civilDateOf(timezone, leave.from).slice(0, 7);
  return slipLeaves(view).some(({ leave, employee }) => {
    const before = slipLeaves(view)
      .map((one) => one.leave)
      .filter((one) => one.employee === leave.employee && monthOf(one) === monthOf(leave) && one.from <= leave.from);
    const own = before.map((one) =>
      leaveDays(view.config, view.known, employee, one, (date) => date.startsWith(monthOf(one))),
    );
    const total = sum(own);
    return total.over === BigInt(days) * total.under;
  });
}

function isJudgedStart({ config }: View, employee: OracleEmployee, leave: Leave): boolean {
  const date = civilDateOf(config.hall.timezone, leave.from);
  return isJudgedDate(config, date) && isBetweenDates(date, employee.from, employee.until);
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((one, index) => list.slice(index + 1).map((other): [T, T] => [one, other]));
}

/** Window and date of the days on which several sources look at one seat. */
function doublySeen(view: View): { sources: string[]; day: HallDay }[] {
  return view.config.windows
    .flatMap((window) =>
      view.days.map((day) => {
        const seen = view.known.presence.filter(
          (fact) => fact.window === window.id && day.from <= fact.at && fact.at < day.to,
        );
        return { day, sources: [...new Set(seen.map((fact) => fact.source))] };
      }),
    )
    .filter(({ sources }) => sources.length > 1);
}

function slipTimes(view: View): { at: number; leave: number }[] {
  return ofKind(view, 'slip').map((slip) => {
    const leave = view.facts.find((line) => line['id'] === slip['leave']);
    return { at: instantOf(String(slip['at'])), leave: instantOf(String(leave?.['from'])) };
  });
}

/** Section 4 counts minutes and section 2 days: what would go wrong here if a day had 24 h, a leave one day, and so on. */
const SIGHTS: Record<string, (view: View) => boolean> = {
  'a day of 23 or 25 hours': ({ days }) => days.some((day) => day.to - day.from !== CIVIL_DAY),
  'another start of the day': ({ config }) => dayStartOf(config) !== '04:00',
  'two sources of presence': (view) => doublySeen(view).length > 0,
  'one of two sources offline meanwhile': (view) =>
    doublySeen(view).some(({ sources, day }) =>
      view.known.devices.some(
        (fact) => fact.state === 'offline' && sources.includes(fact.device) && day.from <= fact.at && fact.at < day.to,
      ),
    ),
  'the daemon down': (view) => ofKind(view, 'device').some((line) => line['device'] === 'daemon'),
  'a new version of a schedule in the middle': ({ config, days }) =>
    Object.values(config.schedules ?? {}).some((schedule) =>
      schedule.versions?.some(
        ({ from }) => days.some((day) => day.date < from) && days.some((day) => from <= day.date),
      ),
    ),
  'a schedule that has not begun': ({ config, days }) =>
    Object.values(config.schedules ?? {}).some(
      ({ versions }) =>
        versions !== undefined && days.some((day) => versions.every((version) => day.date < version.from)),
    ),
  ...Object.fromEntries(
    (['session', 'day', 'in'] as const).map((policy) => [
      `policy ${policy}`,
      (view: View) =>
        personDays(view).some((one) => one.sessions.length > 1 && policyOf(view.config, one.employee) === policy),
    ]),
  ),
  'a session over midnight': (view) =>
    personDays(view).some(({ sessions }) =>
      sessions.some(
        ({ from, to }) =>
          civilDateOf(view.config.hall.timezone, from) !== civilDateOf(view.config.hall.timezone, to - 1),
      ),
    ),
  'a duty joined to a session': (view) =>
    personDays(view).some(({ employee, day, sessions }) => {
      const planned = scheduledSessions(view.config, view.known, employee.schedule, day.date);
      const duties = view.known.duties.filter((duty) => duty.employee === employee.id);
      return sessions.some(
        (session) =>
          planned.some((one) => overlaps(one, session)) &&
          duties.some((duty) => overlaps(duty, session) && planned.every((one) => !overlaps(one, duty))),
      );
    }),
  'a duty on a day off': (view) =>
    personDays(view).some(
      ({ employee, day, sessions }) =>
        sessions.length > 0 && scheduledSessions(view.config, view.known, employee.schedule, day.date).length === 0,
    ),
  'a date without confirmation': ({ config, known, days }) =>
    days.some((day) => calendarOf(config, known, day.date).unconfirmed),
  'a day declared twice': (view) =>
    pairs(ofKind(view, 'day')).some(([one, other]) => one['date'] === other['date'] && one['kind'] !== other['kind']),
  'a credential handed on': (view) => ofKind(view, 'punch').some((line) => line['credential'] === '77'),
  'a clock of some only': ({ config }) => (config.clocks ?? []).some((clock) => clock.serves !== undefined),
  'a door': ({ config }) => (config.clocks ?? []).some((clock) => clock.kind === 'door'),
  'facts lost with a ledger': (view) => ofKind(view, 'device').some((line) => line['lostUntil'] !== undefined),
  'a clock proved complete': (view) => ofKind(view, 'device').some((line) => line['state'] === 'complete'),
  'corrections and sign-ins': (view) =>
    ['correction', 'manual'].every((method) => ofKind(view, 'punch').some((line) => line['method'] === method)),
  'a pause of the hall': ({ known }) => known.pauses.some((pause) => pause.window === null),
  'a pause of a window': ({ known }) => known.pauses.some((pause) => pause.window !== null),
  'a cover fact with a duty': ({ known }) =>
    known.covers.some((cover) =>
      known.duties.some((duty) => duty.employee === cover.employee && overlaps(duty, cover)),
    ),
  'several assignments of one role': ({ known }) =>
    pairs(known.assigns).some(
      ([one, other]) => one.window === other.window && one.role === other.role && overlaps(one, other),
    ),
  'thresholds of a schedule': ({ config }) =>
    Object.values(config.schedules ?? {}).some(({ rules }) => Object.keys(rules ?? {}).length > 0),
  'thresholds of a window': ({ config }) => config.windows.some(({ rules }) => Object.keys(rules ?? {}).length > 0),
  'a start of judging in the middle': ({ config, days }) =>
    days.some((day) => !isJudgedDate(config, day.date)) && days.some((day) => isJudgedDate(config, day.date)),
  'a person for some of the days': ({ config, days }) =>
    config.employees.some(({ from, until }) => days.some((day) => !isBetweenDates(day.date, from, until))),
  'a window for some of the days': ({ config, days }) =>
    config.windows.some(({ from, until }) => days.some((day) => !isBetweenDates(day.date, from, until))),
  'a fact taken back': (view) => ofKind(view, 'cancel').length > 0,

  'a leave of part of a session': (view) =>
    personDays(view).some(({ employee, sessions }) =>
      view.known.leaves.some(
        (leave) =>
          leave.employee === employee.id &&
          sessions.some((session) => overlaps(session, leave) && (session.from < leave.from || leave.to < session.to)),
      ),
    ),
  'leaves of one person that overlap': ({ known }) =>
    pairs(known.leaves).some(([one, other]) => one.employee === other.employee && overlaps(one, other)),
  'leaves of one person with one start': ({ known }) =>
    pairs(known.leaves).some(([one, other]) => one.employee === other.employee && one.from === other.from),
  'a leave across months': ({ config, known }) =>
    known.leaves.some(
      ({ from, to }) =>
        civilDateOf(config.hall.timezone, from).slice(0, 7) !== civilDateOf(config.hall.timezone, to - 1).slice(0, 7),
    ),
  'a leave across days off': (view) =>
    slipLeaves(view).some(({ leave, employee }) => {
      const { timezone } = view.config.hall;
      const last = civilDateOf(timezone, leave.to);
      const isWorking: boolean[] = [];
      for (let date = civilDateOf(timezone, leave.from); date <= last; date = addDays(date, 1)) {
        isWorking.push(sessionsOf(view, employee, hallDay(timezone, dayStartOf(view.config), date)).length > 0);
      }
      return isWorking.slice(isWorking.indexOf(true), isWorking.lastIndexOf(true)).includes(false);
    }),
  'a leave of exactly one day': (view) => hasExactly(view, 1),
  'leaves of exactly three days in a month': (view) => addUpTo(view, 3),
  'a leave of no day at all': (view) => hasExactly(view, 0),
  'a leave longer than a day of a kind without slip': (view) =>
    view.known.leaves.some(
      (leave) =>
        !slipKindsOf(view.config).includes(leave.kind) &&
        view.config.employees.some(
          (employee) =>
            employee.id === leave.employee &&
            isMoreThan(
              leaveDays(view.config, view.known, employee, leave, () => true),
              1,
            ),
        ),
    ),
  'other kinds that need a slip': ({ config }) => config.rules?.['slipKinds'] !== undefined,
  'a leave not judged, for its start': (view) =>
    slipLeaves(view).some(({ leave, employee }) => !isJudgedStart(view, employee, leave)),
  'a leave known only later': (view) =>
    ofKind(view, 'leave').some(
      (line) =>
        line['recordedAt'] !== undefined && instantOf(String(line['recordedAt'])) > instantOf(String(line['from'])),
    ),
  'a leave taken back': (view) => ofKind(view, 'leave').some((line) => isCancelled(view, line)),
  'a slip taken back': (view) => ofKind(view, 'slip').some((line) => isCancelled(view, line)),
  'a slip before its leave': (view) => slipTimes(view).some(({ at, leave }) => at < leave),
  'a slip after its leave has begun': (view) => slipTimes(view).some(({ at, leave }) => at > leave),
  'a leave that says it has its slip': ({ facts }) => facts.some((line) => line['slip'] === true),
  'a slip missing for one long leave': ({ verdicts }) =>
    verdicts.some((verdict) => verdict.rule === 'leave-slip' && verdict.evidence.length === 1),
  'a slip missing for a month of short ones': ({ verdicts }) =>
    verdicts.some((verdict) => verdict.rule === 'leave-slip' && verdict.evidence.length > 1),
};

test('150 worlds show everything that rules are easily wrong about', () => {
  const seen = new Map(Object.keys(SIGHTS).map((sight) => [sight, 0]));
  for (let seed = 0; seed < 150; seed += 1) {
    const view = viewOf(seed);
    for (const [sight, isThere] of Object.entries(SIGHTS)) {
      if (isThere(view)) seen.set(sight, (seen.get(sight) ?? 0) + 1);
    }
  }
  const rare = [...seen].filter(([, count]) => count < 5);
  expect(rare, JSON.stringify(Object.fromEntries(seen))).toEqual([]);
}, 60_000);
