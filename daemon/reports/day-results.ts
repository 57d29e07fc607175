/** What is counted of days: taken from what was kept of them where nothing has changed since, and counted anew where something has. */
import { DAEMON } from '../../rules/book.ts';
import { deviceFigures } from '../../rules/device-measures.ts';
import { type Hall, startOfDay } from '../../rules/hall.ts';
import type { LookedDay } from '../../rules/looked-day.ts';
import { marksOf, personFigures } from '../../rules/measures.ts';
import { Moment } from '../../rules/moment.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { windowFigures } from '../../rules/window-measures.ts';
import type { DayFigures } from './day-figures.ts';
import type { HallOfDay, Keeping } from './keeping.ts';
import type { Known } from './known.ts';

/** The figures of a day, and the configuration by which it was judged. */
export interface DayResult extends DayFigures, HallOfDay {
  /** The day itself; null where only its figures were kept. */
  readonly looked: LookedDay | null;
}

export interface ResultOptions {
  /** Null = nothing is kept, and every day is looked at. */
  readonly keeping: Keeping | null;
  /** More than the figures is wanted. */
  readonly asLooked: boolean;
}

/** The results of days, one after the other. */
export function* dayResults(known: Known, from: Day, to: Day, options: ResultOptions): Iterable<DayResult> {
  const { keeping, asLooked } = options;
  const isHeld = (day: Day): boolean => !asLooked && keeping !== null && keeping.holds(day);
  for (let day = from; day <= to; ) {
    const hall = known.configs.on(day);
    const figures = hall !== null && isHeld(day) ? (keeping?.figuresOf(day, hall) ?? null) : null;
    if (hall !== null && figures !== null) {
      yield { ...figures, day, hall, looked: null };
      day += 1;
      continue;
    }
    const first = day++;
    while (day <= to && !isHeld(day)) day += 1;
    for (const { nextAt, ...result } of counted(known, first, day - 1)) {
      if (isOver(result.looked, known.now)) keeping?.keep(result.day, nextAt, result);
      yield result;
    }
  }
  keeping?.write();
}

interface CountedResult extends DayResult {
  readonly looked: LookedDay;
  /** The earliest instant at which any of it may be otherwise without new facts. */
  readonly nextAt: Ms;
}

function* counted(known: Known, from: Day, to: Day): Iterable<CountedResult> {
  for (const { looked, book } of known.days(from, to)) {
    const { today, moment } = looked;
    let { nextAt } = moment;
    const devices = [...devicesOf(known, today.hall)].map((device) => {
      const of = new Moment(known.now);
      const figures = deviceFigures(device, today, book, of);
      nextAt = Math.min(nextAt, of.nextAt);
      return [device, figures] as const;
    });
    yield {
      day: today.day,
      hall: today.hall,
      people: looked.people.map((person) => {
        const { id, department } = person.attendance.employee;
        return { id, department, figures: personFigures(person), marks: marksOf(person) };
      }),
      windows: looked.windows.map((window) => {
        const { id, department } = window.day.window;
        return { id, department, figures: windowFigures(window) };
      }),
      devices,
      looked,
      nextAt: Math.min(nextAt, moment.nextAt),
    };
  }
}

/** The daemon, the configured clocks, and whatever else spoke of itself. */
export function devicesOf(known: Known, { clocks }: Hall): ReadonlySet<string> {
  return new Set([DAEMON, ...clocks.keys(), ...known.devices]);
}

/** Whether nothing of a day grows any more: it has ended, and so have its sessions and everything that is said of it. */
function isOver({ today, people, windows }: LookedDay, now: Ms): boolean {
  // What goes on past midnight belongs to the day before.
  if (now < startOfDay(today.hall, today.day + 2)) return false;
  const verdicts = [...people, ...windows].flatMap((one) => [...one.verdicts, ...one.waived]);
  if (verdicts.some(({ to }) => to === null)) return false;
  return people.every(({ sessions }) => sessions.every(({ to }) => to <= now));
}
