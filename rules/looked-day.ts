/** Days looked at as a whole, one after the other, for the figures of a stretch of days. */
import type { Book } from './book.ts';
import type { Configs } from './configs.ts';
import { lookAtWindows, planDay } from './day.ts';
import { type CountedDay, countedDay } from './measures.ts';
import { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import { Attendances } from './punches.ts';
import type { Day, Ms } from './time.ts';
import type { Verdict } from './verdict.ts';
import type { CountedWindow } from './window-measures.ts';

/** Everybody's and every window's day, in the configuration's order, as seen at an instant. */
export interface LookedDay {
  readonly today: HallDay;
  readonly people: readonly CountedDay[];
  readonly windows: readonly CountedWindow[];
}

export interface LookOptions {
  /** What is known, of those days at least. */
  readonly book: Book;
  readonly configs: Configs;
  /** What is said of a day's people and windows. */
  readonly verdictsOn: (day: Day) => readonly Verdict[];
  readonly now: Ms;
}

/** A day as seen at `now`; null while no configuration is known. */
export function lookAtDay(day: Day, { book, configs, verdictsOn, now }: LookOptions): LookedDay | null {
  const hall = configs.on(day);
  if (hall === null) return null;
  const plan = planDay(hall, book, day);
  const moment = new Moment(now);
  const attendances = new Attendances(plan.today, book, now);
  const said = verdictsOn(day);
  const ofWindow = Map.groupBy(said, ({ window }) => window);
  const ofPerson = Map.groupBy(
    said.filter(({ window }) => window === null),
    ({ employee }) => employee,
  );
  const windows = plan.components
    .flatMap((component) => lookAtWindows(plan, book, component, moment, attendances))
    .sort((x, y) => x.window.order - y.window.order);
  return {
    today: plan.today,
    people: [...hall.employees.values()].map((employee) =>
      countedDay(attendances.of(employee, moment), ofPerson.get(employee.id) ?? [], book, now),
    ),
    windows: windows.map((one) => ({ day: one, verdicts: ofWindow.get(one.window.id) ?? [] })),
  };
}
