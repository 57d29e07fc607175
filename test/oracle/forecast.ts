import { coverAt, type Posts, type WindowDay } from './cover.ts';
import { type FactLine, type Known, knownFacts } from './known.ts';
import { configOn } from './people.ts';
import {
  dueSessions,
  employeeSessions,
  leavesOf,
  policyOf,
  serviceIntervals,
  windowRules,
  windowSessions,
} from './plan.ts';
import { isOnLeave } from './punches.ts';
import { dayStartOf, forecastDaysOf, isJudgedDate, type OracleConfig, thresholdsOf } from './shape.ts';
import { addDays, type HallDay, hallDay, hallDayOf, instantOf, type Ms } from './time.ts';

/** A session of a window that nobody could hold. */
export interface Shortage {
  date: string;
  window: string;
  session: number;
}

/** Further ahead no working day is looked for: a hall that closes for good has none. */
const HORIZON_DAYS = 400;

/**
 * Section 5, forecast, by date, window in config order, session. Readings:
 *  - A working day is a date, after the hall's day of `now`, on which some window of the hall has a session; how many
 *    of them are looked at, `forecastDays`, is each window's own threshold.
 *  - A session counts if at any instant of its service time the steps leave the window without a holder. Pauses are no
 *    service; where a session is all pause nothing is foretold.
 *  - "Even if everyone not on leave were present": at any instant of the day, but only who has a session left on it;
 *    "someone without sessions that day is never present" (section 3), and a duty fact gives a session.
 *  - Assignments known include cover facts (step 1). No seat is looked at, so none is empty. Before `judgeFrom` nothing.
 */
export function forecastAt(
  { config, facts }: { config: OracleConfig; facts: readonly FactLine[] },
  now: string | number,
): Shortage[] {
  const at = typeof now === 'number' ? now : instantOf(now);
  const known = knownFacts(facts, at);
  const most = Math.max(0, ...config.windows.map((window) => forecastDaysOf(config, window)));
  return workingDays(config, known, at, most).flatMap((day, index) => {
    if (!isJudgedDate(config, day.date)) return [];
    const posts = bestCase(configOn(config, known, day.date), known, day);
    return posts.windows
      .filter(({ window }) => index < forecastDaysOf(config, window))
      .flatMap((entry) => shortagesOf(posts, entry, day));
  });
}

function workingDays(config: OracleConfig, known: Known, now: Ms, count: number): HallDay[] {
  const zone = config.hall.timezone;
  const dayStart = dayStartOf(config);
  const today = hallDayOf(zone, dayStart, now).date;
  const found: HallDay[] = [];
  for (let ahead = 1; ahead <= HORIZON_DAYS && found.length < count; ahead += 1) {
    const day = hallDay(zone, dayStart, addDays(today, ahead));
    if (config.windows.some((window) => windowSessions(config, known, window, day).length > 0)) found.push(day);
  }
  return found;
}

/** The day with everyone who has a session left on it present whenever not on leave, and nothing seen of any seat. */
function bestCase(config: OracleConfig, known: Known, day: HallDay): Posts {
  const windows = config.windows.map((window): WindowDay => {
    const sessions = windowSessions(config, known, window, day);
    return {
      window,
      rules: windowRules(config, window),
      sessions,
      intervals: serviceIntervals(known, window.id, sessions),
      seat: { isWatched: false, stretches: [] },
    };
  });
  const expected = config.employees.filter((employee) => {
    const rules = thresholdsOf(config, employee.schedule);
    const sessions = employeeSessions(config, known, employee, day, rules.joinGap);
    return dueSessions(sessions, leavesOf(known, employee.id), policyOf(config, employee), rules).length > 0;
  });
  const ids = new Set(expected.map((employee) => employee.id));
  return { known, windows, isPresent: (id, t) => ids.has(id) && !isOnLeave(leavesOf(known, id), t) };
}

/** Asks who holds the window at every instant of its service at which plans can change. */
function shortagesOf(posts: Posts, { window, sessions, intervals }: WindowDay, day: HallDay): Shortage[] {
  const { known, windows } = posts;
  const edges = [
    ...windows.flatMap((entry) => entry.intervals),
    ...known.leaves,
    ...known.pauses,
    ...known.covers,
    ...known.assigns,
  ].flatMap((span) => [span.from, span.to]);
  return sessions
    .filter((session) =>
      intervals
        .filter((interval) => interval.session === session)
        .some((interval) =>
          edges.some((t) => interval.from <= t && t < interval.to && !coverAt(posts, t).has(window.id)),
        ),
    )
    .map((session) => ({ date: day.date, window: window.id, session: session.number }));
}
