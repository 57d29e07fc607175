/** What is counted of days: taken from what was kept of them where nothing has changed since, and counted anew where something has. */
import { hash } from 'node:crypto';
import { DAEMON } from '../../rules/book.ts';
import { deviceFigures, NO_DEVICE_FIGURES } from '../../rules/device-measures.ts';
import { type Hall, startOfDay } from '../../rules/hall.ts';
import type { LookedDay } from '../../rules/looked-day.ts';
import { marksOf, personFigures } from '../../rules/measures.ts';
import { Moment } from '../../rules/moment.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { windowFigures } from '../../rules/window-measures.ts';
import type { DayFigures } from './day-figures.ts';
import type { KeptDays } from './kept-days.ts';
import type { Known } from './known.ts';

export interface DayResult extends DayFigures {
  readonly day: Day;
  /** The configuration by which it was judged. */
  readonly hall: Hall;
  /** The day itself; null where only its figures were kept. */
  readonly looked: LookedDay | null;
}

export interface ResultOptions {
  /** Null = nothing is kept, and every day is looked at. */
  readonly kept: KeptDays | null;
  /** More than the figures is wanted. */
  readonly asLooked: boolean;
}

/** The results of days, one after the other. */
export function* dayResults(known: Known, from: Day, to: Day, { kept, asLooked }: ResultOptions): Iterable<DayResult> {
  // As it was known then, nothing is kept.
  const keep = kept === null || known.now < known.latest ? null : new Keeping(known, kept, from, to);
  for (let day = from; day <= to; ) {
    const found = asLooked ? null : (keep?.found(day) ?? null);
    if (found !== null) {
      yield found;
      day += 1;
      continue;
    }
    const first = day;
    while (day <= to && (asLooked || keep === null || keep.found(day) === null)) day += 1;
    for (const result of counted(known, first, day - 1)) {
      keep?.note(result);
      yield result;
    }
  }
  keep?.write();
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
function devicesOf(known: Known, { clocks }: Hall): ReadonlySet<string> {
  return new Set([DAEMON, ...clocks.keys(), ...known.devices]);
}

/** Results of days that are kept, for one report. */
class Keeping {
  readonly #known: Known;
  readonly #kept: KeptDays;
  readonly #found = new Map<Day, DayResult>();
  readonly #keyOf: (day: Day, hall: Hall) => string;
  readonly #fresh: { readonly day: Day; readonly key: string; readonly nextAt: Ms; readonly figures: DayFigures }[] =
    [];

  constructor(known: Known, kept: KeptDays, from: Day, to: Day) {
    this.#known = known;
    this.#kept = kept;
    const touchedAt = known.touches(from, to);
    const said = Map.groupBy(known.verdicts(from, to), ({ day }) => day);
    const { isWaived } = known.decisions(from, to);
    this.#keyOf = (day, hall) => {
      const verdicts = (said.get(day) ?? []).map((verdict) => [verdict, isWaived(verdict)]);
      return hash('sha256', JSON.stringify([hall.config, touchedAt(day), known.purged, verdicts]));
    };
    for (const { day, key, nextAt, figures } of kept.between(from, to)) {
      const hall = known.configs.on(day);
      if (hall === null || nextAt <= known.now || key !== this.#keyOf(day, hall)) continue;
      this.#found.set(day, { ...this.#withNewDevices(figures(), day, hall), day, hall, looked: null });
    }
  }

  /** Null = it has to be looked at. */
  found(day: Day): DayResult | null {
    return this.#found.get(day) ?? null;
  }

  /** A device that spoke for the first time since then has not been heard on the day. */
  #withNewDevices(figures: DayFigures, day: Day, hall: Hall): DayFigures {
    const ofDevice = new Map(figures.devices);
    const elapsed = startOfDay(hall, day + 1) - startOfDay(hall, day);
    const unheard = { ...NO_DEVICE_FIGURES, elapsed, unheard: elapsed };
    const devices = [...devicesOf(this.#known, hall)].map((one) => [one, ofDevice.get(one) ?? unheard] as const);
    return { ...figures, devices };
  }

  /** Notes what was counted, if time alone does not change it soon. */
  note({ day, hall, looked, nextAt, people, windows, devices }: CountedResult): void {
    if (this.#found.has(day) || !isOver(looked, this.#known.now)) return;
    this.#fresh.push({ day, key: this.#keyOf(day, hall), nextAt, figures: { people, windows, devices } });
  }

  write(): void {
    if (this.#fresh.length > 0) this.#kept.keep(this.#fresh);
  }
}

/** Whether nothing of a day grows any more: it has ended, and so have its sessions and everything that is said of it. */
function isOver({ today, people, windows }: LookedDay, now: Ms): boolean {
  // What goes on past midnight belongs to the day before.
  if (now < startOfDay(today.hall, today.day + 2)) return false;
  const verdicts = [...people, ...windows].flatMap((one) => [...one.verdicts, ...one.waived]);
  if (verdicts.some(({ to }) => to === null)) return false;
  return people.every(({ sessions }) => sessions.every(({ to }) => to <= now));
}
