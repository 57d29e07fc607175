/** What is kept of days and months, for one report: what of it still holds, and what is kept for the next one. */
import { hash } from 'node:crypto';
import { NO_DEVICE_FIGURES } from '../../rules/device-measures.ts';
import { type Hall, startOfDay } from '../../rules/hall.ts';
import type { Day, Ms } from '../../rules/time.ts';
import type { DayFigures } from './day-figures.ts';
import type { Kept, KeptDays } from './kept-days.ts';
import type { Known } from './known.ts';
import type { Figures } from './sums.ts';

/** So many days are written at once: a year of them does not fit into memory. */
const DAYS_AT_ONCE = 8;

export class Keeping {
  readonly #known: Known;
  readonly #kept: KeptDays;
  /** Of days: what the figures follow from, by which what is kept is known to hold. */
  readonly #keys = new Map<Day, string | null>();
  readonly #keyOf: (day: Day, hall: Hall) => string;
  /** Of days that are kept, or about to be, and hold. */
  readonly #held = new Map<Day, Kept>();
  #fresh: (Kept & { readonly figures: DayFigures })[] = [];

  constructor(known: Known, kept: KeptDays, from: Day, to: Day) {
    this.#known = known;
    this.#kept = kept;
    const touchedAt = known.touches(from, to);
    const said = known.saidOf(from, to);
    const { purged } = known;
    this.#keyOf = (day, hall) =>
      hash('sha256', JSON.stringify([hall.config, touchedAt(day), purged, said.get(day) ?? null]));
    for (const one of kept.daysBetween(from, to)) {
      if (one.nextAt > known.now && one.key === this.#keyOn(one.day)) this.#held.set(one.day, one);
    }
  }

  /** Null of a day that nothing is known of. */
  #keyOn(day: Day): string | null {
    let key = this.#keys.get(day);
    if (key === undefined) {
      const hall = this.#known.configs.on(day);
      key = hall === null ? null : this.#keyOf(day, hall);
      this.#keys.set(day, key);
    }
    return key;
  }

  holds(day: Day): boolean {
    return this.#held.has(day);
  }

  /** The figures of a day that holds; null where they have gone meanwhile, because another release keeps its own. */
  figuresOf(day: Day, hall: Hall): DayFigures | null {
    const held = this.#held.get(day);
    const figures = held === undefined ? null : this.#kept.figuresOf(held);
    if (figures === null) this.#held.delete(day);
    return figures === null ? null : { ...figures, devices: this.#withNewDevices(figures, [{ day, hall }]) };
  }

  /** A device that spoke for the first time since then was not heard on any of the days. */
  #withNewDevices({ devices }: Figures, days: readonly HallOfDay[]): Figures['devices'] {
    const there = new Set(devices.map(([device]) => device));
    const unheard = [...this.#known.devices].filter((device) => !there.has(device));
    if (unheard.length === 0) return devices;
    const elapsed = days.reduce((sum, { day, hall }) => sum + startOfDay(hall, day + 1) - startOfDay(hall, day), 0);
    return [
      ...devices,
      ...unheard.map((device) => [device, { ...NO_DEVICE_FIGURES, elapsed, unheard: elapsed }] as const),
    ];
  }

  keep(day: Kept['day'], nextAt: Ms, figures: DayFigures): void {
    const key = this.#keyOn(day);
    if (key === null || this.#held.has(day)) return;
    const kept = { day, key, nextAt };
    this.#held.set(day, kept);
    this.#fresh.push({ ...kept, figures });
    if (this.#fresh.length >= DAYS_AT_ONCE) this.write();
  }

  /** What a whole month adds up to, by its days; null where that is not kept, or is of something else. */
  month(days: readonly HallOfDay[]): Figures | null {
    const [first] = days;
    const found = first === undefined ? null : this.#kept.month(first.day, this.#keyOfMonth(days));
    if (found === null || found.nextAt <= this.#known.now) return null;
    return { ...found.figures, devices: this.#withNewDevices(found.figures, days) };
  }

  /** Keeps what a whole month adds up to, if all of its days are kept. */
  keepMonth(days: readonly HallOfDay[], figures: Figures): void {
    const held = days.map(({ day }) => this.#held.get(day));
    const [first] = held;
    if (first === undefined || held.includes(undefined)) return;
    const nextAt = Math.min(...held.map((one) => one?.nextAt ?? 0));
    this.#kept.keepMonth({ day: first.day, key: this.#keyOfMonth(days), nextAt, figures });
  }

  #keyOfMonth(days: readonly HallOfDay[]): string {
    return hash('sha256', JSON.stringify(days.map(({ day }) => [day, this.#keyOn(day)])));
  }

  write(): void {
    if (this.#fresh.length > 0) this.#kept.keep(this.#fresh);
    this.#fresh = [];
  }
}

/** A day, and the configuration by which it is judged. */
export interface HallOfDay {
  readonly day: Day;
  readonly hall: Hall;
}
