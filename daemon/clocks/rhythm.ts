/**
 * When a clock that says nothing of itself usually speaks. Such a clock is silent whenever nobody touches it, and when it is dead: it is
 * doubted when, on a worked day, it has said nothing in a stretch in which it spoke on every worked day before, and more than once or twice.
 */
import type { ClockMemory } from '../../adapters/clock.ts';
import { civilDay, instantOf, MINUTE, type Ms, type Zone } from '../../rules/time.ts';

const SLOT_MS: Ms = 10 * MINUTE;
/** Days that are compared with; and how many there have to be before anything is unusual. */
const MOST_DAYS = 10;
const FEWEST_DAYS = 5;
/** So often it spoke in the same stretch on each of those days: what nobody does on one day is then no chance. */
const FEWEST_TOUCHES = 3;
/** What is older when it comes was kept somewhere, and says nothing of when a clock speaks. */
const FRESH_MS: Ms = 10 * MINUTE;
const NOTE_EVERY_MS: Ms = 10 * MINUTE;
const RHYTHM = 'rhythm';

/** By day: how many touches came in which part of it. */
type Days = Map<number, Map<number, number>>;

export class ClockRhythm {
  readonly #memory: ClockMemory;
  readonly #zone: () => Zone;
  readonly #days: Days;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(memory: ClockMemory, zone: () => Zone) {
    this.#memory = memory;
    this.#zone = zone;
    this.#days = daysOf(memory.get(RHYTHM));
  }

  /** A touch came that was made at an instant. `isWorkday` is asked of what is fresh only: a backlog is not. */
  touched(at: Ms, now: Ms, isWorkday: () => boolean): void {
    if (Math.abs(now - at) > FRESH_MS || !isWorkday()) return;
    const day = civilDay(this.#zone(), now);
    const slots = this.#days.get(day) ?? new Map<number, number>();
    const slot = this.#slot(now, day);
    slots.set(slot, (slots.get(slot) ?? 0) + 1);
    this.#days.set(day, slots);
    for (const oldest of this.#days.keys()) {
      if (this.#days.size <= MOST_DAYS + 1) break;
      this.#days.delete(oldest);
    }
    if (now - this.#notedAt < NOTE_EVERY_MS) return;
    this.#notedAt = now;
    this.#memory.set(RHYTHM, JSON.stringify([...this.#days].map(([one, counts]) => [one, [...counts]])));
  }

  /** Since when its silence from an instant on is unusual by now; null = it is not. Never since before the day began: of those before, more was known. */
  unusualSince(silentFrom: Ms, now: Ms): Ms | null {
    const day = civilDay(this.#zone(), now);
    const from = Math.max(silentFrom, instantOf(this.#zone(), day, 0));
    const [first, end] = [this.#slot(from, day) + 1, this.#slot(now, day)];
    const others = [...this.#days].filter(([one]) => one !== day);
    if (others.length < FEWEST_DAYS || first >= end) return null;
    const isUsual = others.every(([, slots]) => {
      let touches = 0;
      for (const [slot, count] of slots) if (slot >= first && slot < end) touches += count;
      return touches >= FEWEST_TOUCHES;
    });
    return isUsual ? from : null;
  }

  #slot(at: Ms, day: number): number {
    return Math.floor((at - instantOf(this.#zone(), day, 0)) / SLOT_MS);
  }
}

function daysOf(text: string | null): Days {
  if (text === null) return new Map();
  const days = JSON.parse(text) as readonly (readonly [number, readonly (readonly [number, number])[]])[];
  return new Map(days.map(([day, slots]) => [day, new Map(slots)]));
}
