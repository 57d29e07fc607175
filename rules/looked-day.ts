/** Days looked at as a whole, one after the other, for the figures of a stretch of days. */
import type { Book } from './book.ts';
import { ComponentDay } from './component-day.ts';
import type { Configs } from './configs.ts';
import { planDay } from './day-plan.ts';
import { peopleOf } from './hall.ts';
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
  /** When it was looked at, and the earliest later instant at which it may look otherwise without new facts. */
  readonly moment: Moment;
  readonly people: readonly CountedDay[];
  readonly windows: readonly CountedWindow[];
}

export interface LookOptions {
  /** What is known, of those days at least. */
  readonly book: Book;
  readonly configs: Configs;
  /** What is said of a day's people and windows. */
  readonly verdictsOn: (day: Day) => readonly Verdict[];
  /** Whether people set a verdict aside; left out, nothing was. */
  readonly isWaived?: (verdict: Verdict) => boolean;
  readonly now: Ms;
}

/** A day as seen at `now`; null while no configuration is known. */
export function lookAtDay(day: Day, options: LookOptions): LookedDay | null {
  const { book, configs, verdictsOn, now, isWaived = () => false } = options;
  const hall = configs.on(day);
  if (hall === null) return null;
  const plan = planDay(hall, book, day);
  const moment = new Moment(now);
  const attendances = new Attendances(plan.today, book);
  const said = verdictsOn(day);
  const ofWindow = Map.groupBy(said, ({ window }) => window);
  const ofPerson = Map.groupBy(
    said.filter(({ window }) => window === null),
    ({ employee }) => employee,
  );
  const windows = plan.components
    .flatMap((component) => new ComponentDay(plan, book, component, attendances).look(moment))
    .sort((x, y) => x.window.order - y.window.order);
  return {
    today: plan.today,
    moment,
    people: peopleOf(hall, day).map((employee) =>
      countedDay(attendances.of(employee, moment), ofPerson.get(employee.id) ?? [], book, now, isWaived),
    ),
    windows: windows.map((one) => {
      const about = ofWindow.get(one.window.id) ?? [];
      const verdicts = about.filter((verdict) => !isWaived(verdict));
      return { day: one, verdicts, waived: about.filter(isWaived) };
    }),
  };
}
