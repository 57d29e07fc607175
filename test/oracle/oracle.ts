/*
 * The oracle: what the rules say, worked out the slow way, from their text alone and from none of the product's code.
 * Cover and presence are looked up at every instant at which they can change; nothing is kept from one call to the next.
 *
 * Readings. Where the text is silent, or two passages could be read against each other, this is what the oracle does;
 * the doubt goes to the person judged.
 *
 * Time and plan
 *  1. A local time in the hole of a clock change moves forward by the length of the hole (02:30 → 03:30), as if the old
 *     offset still held. A session that is empty or reversed after that does not exist; the others keep their number.
 *  2. `dayStart` is a reading of the local clock, not so many hours after midnight: days are 23 or 25 h long on such nights.
 *  3. A calendar that names no country is `none`; CN without a national calendar handed in confirms no date by itself.
 *     `from` and `until` of the national calendar belong to it. `calendar.days` or a `day` fact confirms a date beyond it.
 *  4. A duty belongs to the day its start lies in and is not clipped at that day's end. Punches after the day's end are
 *     the next day's; `outDeadline` is then the day's end as the formula says, even if that is before `z`.
 *     On the next day its person is present only through that day's own sessions.
 *  5. Only an employee's sessions are joined; a window's are its schedule's, with the schedule's numbers.
 *  6. Someone without a schedule has policy `session` and the hall's thresholds; a window's `rules` never reach a person.
 *  7. The first day judged is the earliest civil date of any `at`, `from` or `date`, of cancelled and not yet recorded
 *     facts too, except of `employee` facts. Without facts and without a date given nothing is judged.
 *
 * Punches
 *  8. The same punch counts once, the smaller `(at, id)` kept, also as a proof that a clock kept recording. A punch with
 *     a credential is known by it, one without by its employee; without `deviceAt` the device time is `at`.
 *     A punch with a number and one without are two.
 *  9. Policy `in`: "the last punch of a gap" is that of a gap between two sessions; the first session is still begun by
 *     the earliest punch before it (she is present from then on).
 * 10. A correction or manual sign-in came out of no clock, whatever `device` it names: inside a session it is a departure
 *     even if that device is a door.
 * 11. A departure in the gap or after the last session is known, and makes `missing-punch` in, at once; no deadline.
 * 12. Policy `day`: whether `z` is a session's own end is asked of the last remaining session.
 *
 * Coverage
 * 13. Device facts count with `at ≤ now` only, in `(at, id)` order; `offline` while offline changes nothing, and `online`
 *     while online neither. "Inside" an outage is by the punch's `at`, half-open. Unmatched punches and those set aside
 *     prove as well; cancelled and simulated ones do not.
 * 14. All overlaps are half-open, so an empty stretch overlaps nothing. Devices that are not among the config's `clocks`
 *     never count, except `daemon`. `settle` is the judged person's or window's.
 * 15. Who could hold a window: whoever is A or B of it by config or assignment at some instant of the day (a role filled
 *     otherwise all day long does not count), and the people of its cover facts that overlap the day.
 * 16. seat-occupied looks at `unverified-occupant` verdicts of every judged day, pending ones included; only verdicts,
 *     so neither shorter stays nor days that are not judged.
 *
 * Windows
 * 17. Presence without `source` is one source of its own, whose device cannot be offline (the daemon can).
 *     While a source is offline what it said then is not seen, but it is "what it said last" once it is back.
 *     A window's sources are those with a fact that day; each is `unknown` before its own first one.
 * 18. Presence is smoothed over the whole day, not within the service interval. First all `unknown` stretches at once,
 *     then all `occupied` ones at once. A stretch at the day's start or end is between nothing, as one that reaches `now`.
 * 19. What is seen at `now` itself has no length yet: a run that a fact of exactly `now` ends still reaches `now`, is open,
 *     and does not count for `left-post-total`.
 * 20. "No present A" in steps 1 and 2 is true of the A as a person, even if she holds another window.
 * 21. `atOpening` is said of every `missing-cover`, true where the run starts at the session's own start; after a pause at
 *     the beginning it is false.
 * 22. `left-post-total` adds up over all service intervals of a session. It is closed, or pending, never open.
 * 23. More than one present A at the run's start names nobody, even if someone else held the window.
 * 24. `department` is the person's for attendance and the window's for the rest, `left-post` included.
 * 25. `blind` asks for presence facts of that day up to `now`, before or after the run.
 *
 * Leave slips
 * 26. Every leave is a verdict of its own, also where one person's two start at one instant: then they are told apart by
 *     `from` and, that failing, by the leave itself, which is the last id of the evidence.
 * 27. The month and the `date` are civil, by the hall's zone; the dates whose session time is counted are the plan's (a
 *     night session has the date it starts on). A month's days are those of its dates.
 * 28. Session time is that of the person's sessions (schedule and duty, joined, whatever the policy) before any leave or
 *     pause is taken from them. A date without sessions has no days, and a date without confirmation those of its weekday.
 * 29. A date before `judgeFrom` or outside the person's dates has no sessions here either: such days add to no total.
 *     Days from there on do, of a leave that started before as well.
 * 30. "Each with its days": where leaves overlap, each counts its own days whole. A leave whose total is already beyond 3
 *     fires with any days of its own in the month, however few.
 * 31. A slip is there from the later of its `at` and its `recordedAt`. `slip: true` needs neither.
 * 32. "Always closed" yields to "every verdict on it is pending": the date that must be confirmed is the verdict's own.
 * 33. Evidence: the leave, where it is longer than 1 day by itself; else the leaves that add up, those with days in the
 *     month, in order of `from` and `id`, the leave itself last.
 * 34. A leave is judged as soon as it has started, even where its civil date is the one after the hall's day of `now`;
 *     one from before the first date judged is not printed, but counts in the total.
 * 35. The person is the one of the civil date of the leave's start, and so are the schedule and the dates by which all leaves are measured.
 */

import { attendanceFindings } from './attendance.ts';
import type { Scene } from './cover.ts';
import { type FactLine, type Known, knownFacts } from './known.ts';
import { leaveSlips } from './leave-slip.ts';
import { configOn } from './people.ts';
import { serviceIntervals, windowRules, windowSessions } from './plan.ts';
import { momentsOf, postFindings } from './posts.ts';
import { seatOf } from './presence.ts';
import { employeeDay, isPresent } from './punches.ts';
import { dayStartOf, isJudgedDate, type OracleConfig } from './shape.ts';
import { addDays, civilDateOf, type HallDay, hallDay, hallDayOf, instantOf, type Ms } from './time.ts';
import { compareFindings, type Finding, type OracleVerdict, printed } from './verdict.ts';

export type { OracleConfig } from './shape.ts';
export type { OracleVerdict } from './verdict.ts';

/** What the facts known at `now` say under the config; the slow way, sections 2–5 and `leave-slip` only. */
export function oracle(
  config: OracleConfig,
  facts: readonly Record<string, unknown>[],
  now: string | number,
  options: { from?: string } = {},
): OracleVerdict[] {
  const at = typeof now === 'number' ? now : instantOf(now);
  const known = knownFacts(facts, at);
  const first = options.from ?? firstDate(config, facts);
  if (first === undefined) return [];
  const scenes = judgedDays(config, first, at).map((day) => {
    const today = configOn(config, known, day.date);
    return { today, scene: sceneOf(today, known, day, at) };
  });
  const posts = scenes.flatMap(({ today, scene }) => {
    const moments = momentsOf(scene);
    return scene.windows.flatMap((entry) => postFindings(today, scene, moments, entry));
  });
  const occupied = posts.filter((finding) => finding.rule === 'unverified-occupant');
  const attendance = scenes.flatMap(({ today, scene }) =>
    [...scene.people.values()].flatMap((person): Finding[] =>
      attendanceFindings({ config: today, known, day: scene.day, now: at, person, occupied }),
    ),
  );
  const zone = config.hall.timezone;
  const slips = leaveSlips(config, known, first, at);
  return [...posts, ...attendance, ...slips].sort(compareFindings).map((finding) => printed(finding, zone));
}

/** Contract 4: the civil date of the earliest `at`, `from` or `date` in all the facts. */
function firstDate(config: OracleConfig, facts: readonly FactLine[]): string | undefined {
  const dates = facts
    .filter(({ fact }) => fact !== 'employee')
    .flatMap((line) => [
      ...[line['at'], line['from']]
        .filter((value) => typeof value === 'string')
        .map((value) => civilDateOf(config.hall.timezone, instantOf(value))),
      ...[line['date']].filter((value) => typeof value === 'string'),
    ]);
  return dates.sort()[0];
}

/** Contract 4: from that date (or the one given) to the day of `now`. */
function judgedDays(config: OracleConfig, first: string, now: Ms): HallDay[] {
  const zone = config.hall.timezone;
  const dayStart = dayStartOf(config);
  const last = hallDayOf(zone, dayStart, now).date;
  const days: HallDay[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    if (isJudgedDate(config, date)) days.push(hallDay(zone, dayStart, date));
  }
  return days;
}

/** One hall day as known at `now`, ready to be asked who holds what. */
export function sceneOf(config: OracleConfig, known: Known, day: HallDay, now: Ms): Scene {
  const people = new Map(
    config.employees.map((employee) => [employee.id, employeeDay(config, known, employee, day, now)]),
  );
  const windows = config.windows.map((window) => {
    const rules = windowRules(config, window);
    const sessions = windowSessions(config, known, window, day);
    return {
      window,
      rules,
      sessions,
      intervals: serviceIntervals(known, window.id, sessions),
      seat: seatOf(known, window.id, day, rules, now),
    };
  });
  return {
    known,
    day,
    now,
    windows,
    people,
    isPresent: (id, t) => {
      const person = people.get(id);
      return person !== undefined && isPresent(person, t, now);
    },
  };
}
