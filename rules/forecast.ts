/** 明日缺岗预警: sessions that nobody can hold even if everybody comes, by the leave and assignments known (rules.md section 5). */
import type { Book } from './book.ts';
import { planDay } from './day-plan.ts';
import { dayAt, type Hall } from './hall.ts';
import { type Span, subtract } from './intervals.ts';
import { type HallDay, hallDay, owedSessions, scheduledSessions, serviceIntervals } from './plan.ts';
import { unseen } from './presence.ts';
import { ServedWindows, Situations } from './situations.ts';
import type { Day, Ms } from './time.ts';

/** A session of a window with the stretches of it that nobody could hold. */
export interface Shortage {
  readonly day: Day;
  readonly window: string;
  readonly session: number;
  readonly uncovered: readonly Span[];
}

/** How far ahead working days are looked for: a hall that closes for good has none. */
const HORIZON_DAYS = 400;

/**
 * What will be missing on the next `forecastDays` working days of each window of a hall, as known at `now`; `book` holds what is known,
 * and `hallOn` who is there on a day.
 */
export function forecastAt(hall: Hall, hallOn: (day: Day) => Hall, book: Book, now: Ms): Shortage[] {
  const windows = [...hall.windows.values()];
  const most = Math.max(0, ...windows.map(({ thresholds }) => thresholds.forecastDays));
  return workingDays(hall, book, now, most).flatMap((day, ahead) =>
    shortagesOn(hallOn(day), book, day).filter(
      ({ window }) => ahead < (hall.windows.get(window)?.thresholds.forecastDays ?? 0),
    ),
  );
}

/** The days after that of `now` on which some window of the hall has a session. */
function workingDays(hall: Hall, book: Book, now: Ms, count: number): Day[] {
  const found: Day[] = [];
  const today = dayAt(hall, now);
  const schedules = new Set([...hall.windows.values()].map(({ schedule }) => schedule));
  for (let day = today + 1; day <= today + HORIZON_DAYS && found.length < count; day++) {
    const then = hallDay(hall, book, day);
    if ([...schedules].some((schedule) => scheduledSessions(then, schedule).length > 0)) found.push(day);
  }
  return found;
}

/** The sessions of a day that nobody could hold, in the configuration's order. */
export function shortagesOn(hall: Hall, book: Book, day: Day): Shortage[] {
  const { today, components } = planDay(hall, book, day);
  const found = components.flatMap(({ windows, people }) => {
    const served = windows.map((window) => ({
      window,
      service: serviceIntervals(today, book, window),
    }));
    const servedWindows = new ServedWindows(today, book, served);
    const situations = new Situations(servedWindows, bestCase(today, book, people), today.to);
    const holdings = situations.holdings(windows.map(() => unseen(today)));
    return windows.flatMap((window, i) => {
      const uncovered = (holdings[i] ?? []).filter(({ holder }) => holder === null);
      const bySession = Map.groupBy(uncovered, ({ interval }) => interval.session);
      return [...bySession].map(([session, spans]) => ({
        order: window.order,
        shortage: { day, window: window.id, session, uncovered: spans.map(({ from, to }) => ({ from, to })) },
      }));
    });
  });
  return found.sort((x, y) => x.order - y.order).map(({ shortage }) => shortage);
}

/** Everybody who owes a session that day, present whenever they are not on leave. */
function bestCase(today: HallDay, book: Book, people: readonly string[]): Map<string, readonly Span[]> {
  const present = new Map<string, readonly Span[]>();
  for (const person of people) {
    const employee = today.hall.employees.get(person);
    if (employee === undefined || owedSessions(today, book, employee).length === 0) continue;
    present.set(person, subtract(today, book.leavesOf(person)));
  }
  return present;
}
