/**
 * Worlds whose people and machines have habits that chance alone seldom has, so that every rule is seen in everything that can become
 * of it: people who come late and go early, and of whom that is known late; clocks that nobody vouches for; seats left for minutes;
 * leaves that add up in any order; and the days on which the published calendar ends.
 */
import { type Dice, diceOf } from '../oracle/dice.ts';
import { employeeSessions, scheduledSessions } from '../oracle/plan.ts';
import { dayStartOf, type OracleConfig, slipKindsOf, thresholdsOf } from '../oracle/shape.ts';
import { addDays, type HallDay, HOUR, hallDay, hallDayOf, instantOf, MINUTE, type Ms } from '../oracle/time.ts';
import { NO_FACTS } from '../oracle/world-facts.ts';
import { type World, world } from '../oracle/worlds.ts';

type Line = Record<string, unknown>;
type Played = Pick<World, 'config' | 'facts'>;

/** The seeds from here on have habits; those before are worlds as they come. */
export const FIRST_HABITUAL = 10_000;

/** What is published ends with this date. */
const LAST_PUBLISHED = '2026-12-31';

interface Course {
  readonly dice: Dice;
  readonly config: OracleConfig;
  readonly days: readonly HallDay[];
  facts: Line[];
  add(fact: string, line: Line): Line;
  /** As `add`, and mostly known at once. */
  see(fact: string, at: Ms, line: Line): void;
}

const iso = (at: Ms): string => new Date(at).toISOString();

export function habitualWorld(seed: number): Played {
  const made = world(seed);
  const dice = diceOf(~seed);
  const course = courseOf(dice, made);
  if (course.days.length === 0) return made;
  const habits = HABITS[seed % HABITS.length] ?? [];
  for (const habit of habits) habit(course);
  const played: Played = { config: course.config, facts: course.facts };
  return dice.chance(habits.includes(manyLeaves) ? 0.75 : 0.15) ? atTheEnd(played, course) : played;
}

function courseOf(dice: Dice, { config, facts }: World): Course {
  const zone = config.hall.timezone;
  const instants = facts.filter(({ fact }) => fact === 'punch' || fact === 'presence').map(({ at }) => String(at));
  const dates = new Set(instants.map((at) => hallDayOf(zone, dayStartOf(config), instantOf(at)).date));
  const days = [...dates].sort().map((date) => hallDay(zone, dayStartOf(config), date));
  let count = 0;
  const course: Course = {
    dice,
    config,
    days,
    facts: [...facts],
    add(fact, line) {
      const added = { fact, id: `habit-${count++}`, ...line };
      course.facts.push(added);
      return added;
    },
    see(fact, at, line) {
      const late = dice.chance(0.25) ? { recordedAt: iso(at + dice.pick([9 * MINUTE, 2 * HOUR, 26 * HOUR])) } : {};
      course.add(fact, { at: iso(at), ...line, ...late });
    },
  };
  return course;
}

/** Facts of a kind are not what they were; those that others speak of stay. */
function forget(course: Course, kind: string): void {
  const spokenOf = new Set(course.facts.map(({ target }) => target));
  course.facts = course.facts.filter(({ fact, id }) => fact !== kind || spokenOf.has(id));
}

// ---- people ----------------------------------------------------------------------------------------------------

/** Everybody is somewhat late, goes somewhat early, and hands in forms the day after. */
function unpunctual(course: Course): void {
  const { dice, config, days } = course;
  forget(course, 'punch');
  const clocks = (config.clocks ?? []).map(({ id }) => id);
  for (const employee of config.employees) {
    const { joinGap, lateGrace, earlyGrace } = thresholdsOf(config, employee.schedule);
    const touch = (at: Ms): void => {
      const device = clocks.length === 0 ? {} : { device: dice.pick(clocks) };
      course.see('punch', at, { employee: employee.id, ...device });
    };
    const form = (at: Ms): void => {
      const recordedAt = iso(at + dice.pick([5 * HOUR, 25 * HOUR]));
      course.add('punch', { at: iso(at), employee: employee.id, method: 'correction', recordedAt });
    };
    // Some forget to touch a clock when they go, and nobody writes it down for them.
    const forgets = dice.chance(0.5) ? 0.7 : 0.15;
    for (const day of days) {
      for (const { from, to } of employeeSessions(config, NO_FACTS, employee, day, joinGap)) {
        const lateMs = lateGrace + dice.between(1, 25) * MINUTE;
        const earlyMs = earlyGrace + dice.between(8, 50) * MINUTE;
        if (dice.chance(0.35)) touch(from - dice.between(0, 15) * MINUTE);
        else if (dice.chance(0.7)) touch(from + lateMs);
        if (dice.chance(0.3)) form(from + Math.floor(lateMs / 2));
        if (dice.chance(forgets)) continue;
        touch(dice.chance(0.4) ? to + dice.between(0, 9) * MINUTE : to - earlyMs);
        if (dice.chance(0.3)) form(to - Math.floor(earlyMs / 2));
      }
    }
  }
}

/** Leaves of a day each that together are too many, known in any order, some of them taken back, few with a slip. */
function manyLeaves(course: Course): void {
  const { dice, config, days } = course;
  const first = days[0];
  if (first === undefined) return;
  const around = Array.from({ length: 11 }, (_, i) => addDays(first.date, i - 4));
  const monthOf = (date: string): string => date.slice(0, 7);
  const months = around.map(monthOf).sort();
  const dates = around.filter((date) => monthOf(date) === months[5]);
  const known = (): Ms => first.from + dice.between(1, 5 * 24) * HOUR;
  for (const employee of config.employees.slice(0, 3)) {
    for (const date of dates) {
      const { from, to } = hallDay(config.hall.timezone, dayStartOf(config), date);
      const kind = dice.pick(slipKindsOf(config));
      const line = { employee: employee.id, kind, from: iso(from), to: iso(to), recordedAt: iso(known()) };
      const leave = course.add('leave', line);
      if (dice.chance(0.25)) course.add('cancel', { at: iso(known() + 20 * HOUR), target: leave['id'] });
      else if (dice.chance(0.2)) course.add('slip', { at: iso(known()), leave: leave['id'] });
    }
  }
}

// ---- machines --------------------------------------------------------------------------------------------------

/** Clocks are away around the hours of work, and not always does somebody say later that all of it is in. */
function unsure(course: Course): void {
  const { dice, config, days } = course;
  config.clocks ??= [{ id: 'k1' }];
  for (const { id: device } of config.clocks) {
    for (const day of days) {
      if (!dice.chance(0.7)) continue;
      const from = day.from + dice.between(0, 10) * HOUR;
      const to = from + dice.pick([20 * MINUTE, 2 * HOUR, 5 * HOUR]);
      const heardOf = dice.chance(0.4) ? { recordedAt: iso(to + dice.between(1, 8) * HOUR) } : {};
      course.add('device', { at: iso(from), device, state: 'offline', ...heardOf });
      course.add('device', { at: iso(to), device, state: 'online' });
      if (dice.chance(0.4))
        course.add('device', { at: iso(to + dice.pick([MINUTE, 20 * HOUR])), device, state: 'complete' });
    }
  }
}

/** Seats that are left again and again, mostly for less than what counts by itself. */
function restless(course: Course): void {
  const { dice, config, days } = course;
  forget(course, 'presence');
  config.rules = { ...config.rules, leftPostTotal: '5m' };
  for (const window of config.windows) {
    const { minAway, leftPostAfter } = thresholdsOf(config, window.schedule, window.rules);
    for (const { date } of days) {
      for (const { from, to } of scheduledSessions(config, NO_FACTS, window.schedule, date)) {
        let at = from - 5 * MINUTE;
        for (let count = 0; count < 14 && at < to; count += 1) {
          const isEmpty = count % 2 === 1;
          course.see('presence', at, { window: window.id, state: isEmpty ? 'empty' : 'occupied' });
          const awayMs = dice.between(minAway, dice.chance(0.2) ? leftPostAfter + 5 * MINUTE : leftPostAfter);
          at += isEmpty ? awayMs : dice.between(2, 15) * MINUTE;
        }
      }
    }
  }
}

/** By the seed. */
const HABITS: readonly (readonly ((course: Course) => void)[])[] = [
  [unpunctual, unsure],
  [unpunctual, unsure, restless],
  [manyLeaves, unpunctual, unsure],
  [restless, unsure],
  [manyLeaves],
];

// ---- the calendar ----------------------------------------------------------------------------------------------

/** The same weeks later, around the last date that the calendar has: what is beyond it is in doubt until somebody says what it is. */
function atTheEnd({ config, facts }: Played, { dice, days }: Course): Played {
  const first = days[0]?.date ?? LAST_PUBLISHED;
  const weeks = (Date.parse(LAST_PUBLISHED) - Date.parse(first)) / (7 * 24 * HOUR);
  const moved = dice.chance(0.4) ? Math.floor(weeks) : Math.ceil(weeks);
  const dates = Array.from({ length: 8 }, (_, i) => addDays(first, i - 2));
  const said = dates.flatMap((date): Line[] => {
    const recordedAt = iso(Date.parse(date) + dice.between(-10, 60) * HOUR);
    return dice.chance(0.5) ? [{ fact: 'day', id: `day-${date}`, date, kind: 'work', recordedAt }] : [];
  });
  const calendar = { ...config.calendar, country: 'CN' };
  return later({ config: { ...config, calendar }, facts: [...facts, ...said] }, 7 * moved) as Played;
}

/** The same with every date and instant so many days later. */
function later(value: unknown, days: number): unknown {
  if (typeof value === 'string') return value.replace(/^\d{4}-\d\d-\d\d(?=T|$)/, (date) => addDays(date, days));
  if (Array.isArray(value)) return value.map((one) => later(one, days));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [String(later(key, days)), later(one, days)]);
  return Object.fromEntries(entries);
}
