/** How long an appeal has time: working days of the person, by the hall's calendar and without their leave (rules.md section 7). */
import type { Book } from './book.ts';
import { type Hall, startOfDay } from './hall.ts';
import { hallDay, isWorkedOn, owedSessions } from './plan.ts';
import type { Day, Ms } from './time.ts';

/** A calendar without working days is a mistake; nobody waits for ever because of it. */
const LONGEST: Day = 400;

/**
 * The end of the last of `days` working days after the one on which a person was told. `employee` null: of a window's case that
 * speaks against nobody; the working days of the hall count.
 */
export function appealUntil(
  hallOn: (day: Day) => Hall,
  book: Book,
  employee: string | null,
  told: { readonly on: Day; readonly days: number },
): Ms {
  let day = told.on;
  for (let left = told.days; left > 0 && day < told.on + LONGEST; ) {
    day++;
    if (isWorkingDay(hallOn(day), book, employee, day)) left--;
  }
  return startOfDay(hallOn(day), day + 1);
}

function isWorkingDay(hall: Hall, book: Book, employee: string | null, day: Day): boolean {
  const today = hallDay(hall, book, day);
  const known = employee === null ? undefined : hall.employees.get(employee);
  // Whoever has left the hall has no working days of their own any more.
  if (known !== undefined && known.schedule !== null && day <= known.until) {
    return owedSessions(today, book, known).length > 0;
  }
  return isWorkedOn(today);
}
