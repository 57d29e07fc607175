/** The hall of the benchmarks: 400 people, 104 windows, six clocks, and what is punched on its working days. */
import {
  BEGINNING,
  DAY_LENGTH,
  type Day,
  formatInstant,
  HOUR,
  MINUTE,
  type Ms,
  SECOND,
  weekdayOf,
  type Zone,
} from '../rules/time.ts';
import { diceOf } from '../test/oracle/dice.ts';

export const HALL = 'bench';
export const PEOPLE = 400;
const CLOCKS = 6;
export const DEPARTMENTS = 26;
export const WINDOWS_OF_DEPARTMENT = 4;
/** B's of a department, each of whom may stand in at every window of it. */
const STAND_INS = 3;

/** Local times of day; China's offices close for lunch. */
export const SESSIONS = [
  { from: 9 * HOUR, to: 12 * HOUR },
  { from: 14 * HOUR, to: 17 * HOUR },
] as const;
/** Asia/Shanghai has had no other offset since 1991. */
export const SHANGHAI: Zone = { id: 'Asia/Shanghai', starts: [BEGINNING], offsets: [8 * HOUR] };

/** A touch of a clock as its device reports it. */
export interface Punch {
  readonly clock: string;
  readonly seq: number;
  readonly payload: string;
}

export interface HallSettings {
  readonly timezone: string;
  readonly weekly: Readonly<Record<string, readonly string[]>>;
  /** Dates on which nobody works. */
  readonly rest: readonly string[];
  readonly data: string;
  readonly mqtt: object;
  /** The environment variable that holds the password of every clock; null = they have none. */
  readonly passwordEnv: string | null;
}

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const pad = (n: number, width: number): string => String(n).padStart(width, '0');
export const employeeId = (i: number): string => `e${pad(i + 1, 3)}`;
export const credentialOf = (i: number): string => String(1001 + i);
export const windowId = (w: number): string => `W${pad(w + 1, 3)}`;
const departmentId = (k: number): string => `d${pad(k + 1, 2)}`;
export const clockIds = Array.from({ length: CLOCKS }, (_, i) => `clock-${i + 1}`);

/** Nine to twelve and two to five, Monday to Friday. */
export const OFFICE_WEEK = Object.fromEntries(WORKDAYS.map((weekday) => [weekday, ['09:00-12:00', '14:00-17:00']]));

/** hall.yaml; JSON is YAML too. */
export function hallYaml({ timezone, weekly, rest, data, mqtt, passwordEnv }: HallSettings): string {
  return JSON.stringify({
    hall: { id: HALL, name: '基准大厅', timezone, dayStart: '04:00' },
    calendar: { country: 'none', days: Object.fromEntries(rest.map((date) => [date, 'rest'])) },
    schedules: { standard: { punches: 'session', weekly } },
    departments: Array.from({ length: DEPARTMENTS }, (_, k) => ({ id: departmentId(k), name: `部门${k + 1}` })),
    employees: Array.from({ length: PEOPLE }, (_, i) => ({
      id: employeeId(i),
      name: `员工${i + 1}`,
      department: departmentId(i % DEPARTMENTS),
      schedule: 'standard',
      credentials: [credentialOf(i)],
    })),
    windows: Array.from({ length: DEPARTMENTS * WINDOWS_OF_DEPARTMENT }, (_, w) => windowOf(w)),
    clocks: clockIds.map((id) => ({ id, ...(passwordEnv === null ? {} : { password: `\${${passwordEnv}}` }) })),
    mqtt,
    metrics: { driver: 'embedded' },
    http: { listen: '127.0.0.1:0' },
    data,
  });
}

/** A department's first people are the A's of its windows, the next ones stand in for each other at all of them. */
function windowOf(w: number): object {
  const department = w % DEPARTMENTS;
  const place = Math.floor(w / DEPARTMENTS);
  const member = (n: number): string => employeeId(department + n * DEPARTMENTS);
  const b = Array.from({ length: STAND_INS }, (_, k) => member(WINDOWS_OF_DEPARTMENT + ((place + k) % STAND_INS)));
  return {
    id: windowId(w),
    name: `${w + 1}号窗口`,
    department: departmentId(department),
    schedule: 'standard',
    a: member(place),
    b,
  };
}

/** The people of a department by their numbers, and its windows: each has the A of its place. */
export interface Staff {
  readonly windows: readonly string[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Those who work behind the windows. */
  readonly others: readonly number[];
}

export function staffOf(department: number): Staff {
  const people = Array.from({ length: PEOPLE }, (_, person) => person).filter((p) => p % DEPARTMENTS === department);
  const places = Array.from({ length: WINDOWS_OF_DEPARTMENT }, (_, place) =>
    windowId(department + place * DEPARTMENTS),
  );
  const first = WINDOWS_OF_DEPARTMENT;
  return {
    windows: places,
    a: people.slice(0, first),
    b: people.slice(first, first + STAND_INS),
    others: people.slice(first + STAND_INS),
  };
}

/** The last `count` punches before a day, in the order in which they were made: about four a person and working day. */
export function punchesBefore(today: Day, count: number): Punch[] {
  const days: Touch[][] = [];
  let made = 0;
  for (let day = today - 1; made < count; day--) {
    if (weekdayOf(day) > WORKDAYS.length) continue;
    const touches = touchesOf(day);
    made += touches.length;
    days.unshift(touches);
  }
  const clocks = new Numbering();
  const touches = days.flat().slice(made - count);
  return touches.map(({ at, person }) => clocks.punch(person, formatInstant(SHANGHAI, at)));
}

/** Clocks number what they report, each for itself. */
export class Numbering {
  readonly #last = new Map<string, number>();

  /** The next punch of a person, at the clock that they always use; the payload has a key of the device's own, as real ones have. */
  punch(person: number, at: string): Punch {
    const clock = clockIds[person % CLOCKS] as string;
    const seq = (this.#last.get(clock) ?? 100_000) + 1;
    this.#last.set(clock, seq);
    const credential = credentialOf(person % PEOPLE);
    return { clock, seq, payload: JSON.stringify({ credential, at, seq, method: 'face', sn: `ZG7A310488-${clock}` }) };
  }
}

interface Touch {
  readonly at: Ms;
  readonly person: number;
}

/** A day as people make it: most in time, some late, some early, a few forget a touch, a few do not come. */
function touchesOf(day: Day): Touch[] {
  const midnight = day * DAY_LENGTH - (SHANGHAI.offsets[0] as Ms);
  const dice = diceOf(day);
  const within = (length: Ms): Ms => dice.between(0, length / SECOND) * SECOND;
  const touches: Touch[] = [];
  for (let person = 0; person < PEOPLE; person++) {
    if (dice.chance(0.02)) continue;
    for (const { from, to } of SESSIONS) {
      const arrives = dice.chance(0.04) ? from + within(45 * MINUTE) : from - within(20 * MINUTE);
      const leaves = dice.chance(0.02) ? to - within(30 * MINUTE) : to + within(12 * MINUTE);
      for (const at of [arrives, leaves]) if (!dice.chance(0.01)) touches.push({ at: midnight + at, person });
    }
  }
  return touches.sort((x, y) => x.at - y.at || x.person - y.person);
}
