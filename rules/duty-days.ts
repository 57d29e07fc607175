/** A duty belongs to the day on which it begins and may last beyond it: into the next day, or further. */
import type { Book } from './book.ts';
import { dayAt, type Hall } from './hall.ts';
import type { HallDay } from './plan.ts';
import type { Day, Ms } from './time.ts';

/** The first day to which a duty that lasts at an instant can belong; that of the instant where there are no duties. */
export function firstDutyDay(hall: Hall, at: Ms, { longestDuty }: Book): Day {
  return dayAt(hall, at - longestDuty);
}

/** The last day into which a duty of a day can last; the day itself where there are no duties. */
export function lastDutyDay({ hall, to }: Pick<HallDay, 'hall' | 'to'>, { longestDuty }: Book): Day {
  return dayAt(hall, to - 1 + longestDuty);
}
