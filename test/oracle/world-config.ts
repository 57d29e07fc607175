import type { Dice } from './dice.ts';
import type {
  OracleClock,
  OracleConfig,
  OracleEmployee,
  OracleSchedule,
  OracleWindow,
  Rules,
  Weekly,
} from './shape.ts';
import { addDays, minutesOfDay } from './time.ts';

/** Where and when a world plays: the dates are consecutive. */
export interface Stage {
  zone: string;
  hasSavingTime: boolean;
  dayStart: string;
  dates: string[];
}

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** First dates near weekends and near the nights on which clocks change. */
const PLACES = [
  { zone: 'Asia/Shanghai', hasSavingTime: false, firsts: ['2026-03-02', '2026-03-05', '2026-02-27', '2026-04-30'] },
  { zone: 'Asia/Kathmandu', hasSavingTime: false, firsts: ['2026-03-02', '2026-03-06', '2025-12-30'] },
  {
    zone: 'America/New_York',
    hasSavingTime: true,
    firsts: ['2026-03-06', '2026-03-07', '2026-03-08', '2026-10-30', '2026-10-31', '2026-11-01'],
  },
  {
    zone: 'Australia/Lord_Howe',
    hasSavingTime: true,
    firsts: ['2026-04-03', '2026-04-04', '2026-04-05', '2026-10-02', '2026-10-03', '2026-10-04'],
  },
] as const;

const DAYS: readonly string[][] = [
  ['09:00-12:00', '14:00-17:00'],
  ['09:00-12:00', '14:00-17:00'],
  ['08:30-11:30', '12:00-16:30'],
  ['09:00-12:00', '12:20-16:00'],
  ['09:00-12:00', '12:29-16:00'],
  ['09:00-17:00'],
  ['09:00-09:20'],
  ['08:00-10:00', '10:40-12:00', '14:00-16:00'],
  ['09:00-10:00', '10:01-10:30', '13:00-15:00'],
  ['22:00-06:00'],
  ['14:00-18:00', '22:00-02:00'],
  ['20:00-23:59'],
  ['00:30-01:30', '03:30-08:00'],
  ['01:30-05:00'],
  ['02:30-06:00'],
  ['02:10-09:00'],
  ['00:15-02:15'],
];

const CHOICES: Record<string, readonly string[]> = {
  dedupe: ['10s', '60s', '5m'],
  lateGrace: ['0s', '30s', '5m', '10m'],
  earlyGrace: ['0s', '1m', '5m', '15m', '2h'],
  absentAfter: ['10m', '15m', '30m', '1h'],
  outWindow: ['10m', '60m', '120m', '5h'],
  settle: ['1m', '5m', '30m'],
  joinGap: ['1m', '10m', '30m', '60m'],
  minBreak: ['5m', '15m', '30m'],
  lunchNear: ['5m', '20m', '60m'],
  coverGrace: ['1m', '5m', '10m'],
  leftPostAfter: ['3m', '15m'],
  minAway: ['30s', '2m'],
  leftPostTotal: ['5m', '5m', '10m'],
  bridge: ['30s', '60s', '2m'],
  minReturn: ['10s', '20s', '90s'],
};

export function stageOf(dice: Dice): Stage {
  const place = dice.pick(PLACES);
  const first: string = dice.pick<string>(place.firsts);
  const dates = Array.from({ length: dice.between(1, 4) }, (_, index) => addDays(first, index));
  const starts = place.hasSavingTime
    ? ['00:00', '00:00', '02:00', '04:00', '04:00', '07:00']
    : ['04:00', '04:00', '04:00', '00:00', '05:30', '08:00', '12:00'];
  return { zone: place.zone, hasSavingTime: place.hasSavingTime, dayStart: dice.pick(starts), dates };
}

/** Contract 2 and rules 2: in order, at least a minute apart, inside the day, started on its civil date. */
export function isValidDay(sessions: readonly string[], dayStart: string): boolean {
  const opens = minutesOfDay(dayStart);
  let free = opens;
  for (const [index, text] of sessions.entries()) {
    const [from, to] = minutesOf(text);
    if (from < free + (index === 0 ? 0 : 1) || to > opens + 1440 || to <= from) return false;
    free = to;
  }
  return true;
}

function minutesOf(text: string): [number, number] {
  const [from = '', to = ''] = text.split('-');
  const start = minutesOfDay(from);
  const end = minutesOfDay(to);
  return [start, end > start ? end : end + 1440];
}

/** A boundary in the hour that one night lacks may pass its neighbour: then it must be alone and long enough. */
function survivesTheHole(sessions: readonly string[]): boolean {
  const isInHole = (minutes: number) => minutes % 1440 >= 120 && minutes % 1440 < 180;
  const touched = sessions.filter((text) => minutesOf(text).some(isInHole));
  return (
    touched.length === 0 ||
    (sessions.length === 1 && touched.every((text) => minutesOf(text)[1] - minutesOf(text)[0] > 90))
  );
}

function text(minutes: number): string {
  const inDay = minutes % 1440;
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(Math.floor(inDay / 60))}:${pad(inDay % 60)}`;
}

function randomDay(dice: Dice, dayStart: string): string[] {
  let clock = minutesOfDay(dayStart) + dice.pick([0, 30, 120, 240, 300]);
  return Array.from({ length: dice.between(1, 3) }, () => {
    const from = clock;
    const to = from + dice.pick([10, 20, 45, 60, 90, 180]);
    clock = to + dice.pick([1, 10, 29, 30, 31, 45, 60, 120]);
    return `${text(from)}-${text(to)}`;
  });
}

function sessionsOf(dice: Dice, stage: Stage): string[] {
  for (;;) {
    const sessions = dice.chance(0.3) ? randomDay(dice, stage.dayStart) : dice.pick(DAYS);
    const endsAtMidnight = sessions.some((session) => session.endsWith('-00:00'));
    const holds = !stage.hasSavingTime || survivesTheHole(sessions);
    if (!endsAtMidnight && holds && isValidDay(sessions, stage.dayStart)) return [...sessions];
  }
}

function weeklyOf(dice: Dice, stage: Stage): Weekly {
  const usual = sessionsOf(dice, stage);
  const weekly: Weekly = {};
  for (const day of WORKDAYS) {
    if (dice.chance(0.9)) weekly[day] = dice.chance(0.85) ? usual : sessionsOf(dice, stage);
  }
  if (dice.chance(stage.hasSavingTime ? 0.7 : 0.4)) weekly['sat'] = sessionsOf(dice, stage);
  if (dice.chance(stage.hasSavingTime ? 0.85 : 0.2)) weekly['sun'] = sessionsOf(dice, stage);
  return weekly;
}

function scheduleOf(dice: Dice, stage: Stage): OracleSchedule {
  const schedule: OracleSchedule = { punches: dice.pick(['session', 'session', 'session', 'day', 'in']) };
  const [first = ''] = stage.dates;
  if (dice.chance(0.3)) {
    const later = addDays(first, dice.between(0, stage.dates.length - 1));
    const versions = [{ from: later, weekly: weeklyOf(dice, stage) }];
    if (dice.chance(0.8)) versions.unshift({ from: addDays(first, -30), weekly: weeklyOf(dice, stage) });
    schedule.versions = versions;
  } else schedule.weekly = weeklyOf(dice, stage);
  if (dice.chance(0.3)) schedule.rules = rulesOf(dice, 0.15);
  return schedule;
}

function rulesOf(dice: Dice, probability: number): Rules {
  const names = dice.some(Object.keys(CHOICES), probability);
  return Object.fromEntries(names.map((name) => [name, dice.pick(CHOICES[name] ?? [])]));
}

function clocksOf(dice: Dice, employees: readonly OracleEmployee[]): OracleClock[] {
  const clocks: OracleClock[] = [{ id: 'k1' }];
  if (dice.chance(0.6)) {
    const serves = dice.chance(0.5)
      ? [dice.pick(['d1', 'd2'])]
      : dice.some(employees, 0.4).map((employee) => employee.id);
    clocks.push({ id: 'k2', kind: 'attendance', ...(serves.length > 0 ? { serves } : {}) });
  }
  if (dice.chance(0.5)) clocks.push({ id: 'door', kind: 'door', ...(dice.chance(0.3) ? { serves: ['d1'] } : {}) });
  return clocks;
}

function employeesOf(dice: Dice, stage: Stage, schedules: readonly string[]): OracleEmployee[] {
  const { dates } = stage;
  return Array.from({ length: dice.between(2, 6) }, (_, index) => {
    const employee: OracleEmployee = {
      id: `e${index + 1}`,
      name: `E${index + 1}`,
      department: dice.pick(['d1', 'd2']),
    };
    if (dice.chance(0.88)) employee.schedule = dice.chance(0.7) ? 's1' : dice.pick(schedules);
    if (dice.chance(0.7)) employee.credentials = [`10${index}`];
    if (dice.chance(0.08)) employee.from = dice.pick(dates);
    if (dice.chance(0.08)) employee.until = addDays(employee.from ?? dice.pick(dates), dice.between(0, 1));
    return employee;
  });
}

/** One id on two clocks, and one id handed from one person to the next. */
function shareCredentials(dice: Dice, stage: Stage, config: OracleConfig): void {
  const [first, second] = config.employees;
  const [oneClock, otherClock] = config.clocks ?? [];
  if (first === undefined || second === undefined) return;
  if (oneClock !== undefined && dice.chance(0.4)) {
    first.credentials = [...(first.credentials ?? []), { id: '5', device: oneClock.id }];
    if (otherClock !== undefined)
      second.credentials = [...(second.credentials ?? []), { id: '5', device: otherClock.id }];
  }
  if (dice.chance(0.4)) {
    const last = dice.pick(stage.dates);
    first.credentials = [...(first.credentials ?? []), { id: '77', to: last }];
    second.credentials = [...(second.credentials ?? []), { id: '77', from: addDays(last, 1) }];
  }
}

function windowsOf(
  dice: Dice,
  stage: Stage,
  employees: readonly OracleEmployee[],
  schedules: readonly string[],
): OracleWindow[] {
  const ids = employees.map((employee) => employee.id);
  const at = (index: number) => ids[index % ids.length] ?? '';
  const isRing = dice.chance(0.4);
  return Array.from({ length: dice.between(1, 4) }, (_, index) => {
    const as = [at(dice.chance(0.85) ? index : dice.between(0, ids.length - 1))];
    if (dice.chance(0.2))
      as.push(
        ...dice
          .some(ids, 0.3)
          .filter((id) => !as.includes(id))
          .slice(0, 1),
      );
    const neighbours = [at(index + 1), at(index + ids.length - 1)];
    const bs = isRing ? neighbours : dice.some(dice.shuffled(ids), 0.45);
    const window: OracleWindow = {
      id: `W${index + 1}`,
      name: `W${index + 1}`,
      department: dice.pick(['d1', 'd2']),
      schedule: dice.chance(0.85) ? 's1' : dice.pick(schedules),
      a: as.length === 1 && dice.chance(0.5) ? (as[0] ?? '') : as,
      b: [...new Set(bs)].filter((id) => !as.includes(id)),
    };
    if (dice.chance(0.3)) window.rules = rulesOf(dice, 0.2);
    if (dice.chance(0.05)) window.from = dice.pick(stage.dates);
    if (dice.chance(0.05)) window.until = addDays(window.from ?? dice.pick(stage.dates), 1);
    return window;
  });
}

function addCalendar(dice: Dice, stage: Stage, config: OracleConfig): void {
  const days: Record<string, 'rest' | 'work'> = {};
  for (const date of dice.some(stage.dates, 0.12)) days[date] = dice.pick(['rest', 'work']);
  const isNational = dice.chance(0.4);
  config.calendar = { country: isNational ? 'CN' : 'none' };
  if (dice.chance(0.5)) config.calendar.makeUpDayUses = dice.pick(WORKDAYS);
  if (Object.keys(days).length > 0) config.calendar.days = days;
  if (!isNational) return;
  const national: Record<string, 'rest' | 'work'> = {};
  for (const date of dice.some(stage.dates, 0.2)) national[date] = dice.pick(['rest', 'work', 'work']);
  const [first = ''] = stage.dates;
  const until = dice.chance(0.5) ? '2026-12-31' : addDays(first, dice.between(-4, stage.dates.length - 1));
  config.nationalDays = {
    from: '2025-01-01',
    until,
    days: Object.fromEntries(Object.entries(national).filter(([date]) => date <= until)),
  };
}

export function worldConfig(dice: Dice, stage: Stage): OracleConfig {
  const ids = ['s1', 's2', 's3'].slice(0, dice.between(1, 3));
  const employees = employeesOf(dice, stage, ids);
  const config: OracleConfig = {
    hall: { id: 'hall', name: 'Hall', timezone: stage.zone, dayStart: stage.dayStart },
    schedules: Object.fromEntries(ids.map((id) => [id, scheduleOf(dice, stage)])),
    departments: [
      { id: 'd1', name: 'D1' },
      { id: 'd2', name: 'D2' },
    ],
    employees,
    windows: windowsOf(dice, stage, employees, ids),
  };
  addCalendar(dice, stage, config);
  if (dice.chance(0.85)) config.clocks = clocksOf(dice, employees);
  shareCredentials(dice, stage, config);
  if (dice.chance(0.6)) config.rules = rulesOf(dice, 0.3);
  if (dice.chance(0.3)) config.rules = { leftPostTotal: '6m', ...config.rules };
  if (dice.chance(0.15)) config.rules = { ...config.rules, slipKinds: dice.pick([['事假'], ['病假', '年假']]) };
  if (dice.chance(0.1)) config.judgeFrom = dice.pick(stage.dates);
  return config;
}
