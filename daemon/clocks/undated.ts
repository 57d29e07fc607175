/**
 * Clocks whose touches cannot be dated. A touch that is kept aside because its time cannot be believed would have shown that somebody
 * was there; where that happens to one person after the other, the clock counts as away from the last touch that could be dated until
 * the next, and what hangs on its missing punches is pending instead of an accusation (rules.md section 1.3).
 */
import type { DeviceFact } from '../../rules/facts.ts';
import { dayAt, type Hall, startOfDay } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';

export interface UndatedOptions {
  readonly hall: () => Hall;
  readonly now: () => Ms;
  /** What was last recorded of a clock's being there; null = nothing. */
  readonly lastSaid: (clock: string) => DeviceFact | null;
  /** Whether a start was doubted: then nothing is known by what a touch is dated. */
  readonly isDoubted: () => boolean;
  /** From then on it counts as away, or as there again. */
  readonly say: (fact: DeviceFact, kept: () => void) => void;
}

/** Of so many people in a row: one message may be broken, or made up; three people's are no accident. */
const PEOPLE = 3;
const OURS = 'undated-';

export class Undated {
  readonly #options: UndatedOptions;
  /** Whose touches could not be dated since the last that could, by clock. */
  readonly #people = new Map<string, Set<string>>();
  /** When the newest touch was that could. */
  readonly #datedAt = new Map<string, Ms>();
  /** Since when clocks are away for this reason. */
  readonly #awayFrom = new Map<string, Ms>();

  constructor(options: UndatedOptions) {
    this.#options = options;
  }

  /** Takes up what was said before the daemon began; the answer: the clocks that are away. */
  resume(): readonly string[] {
    for (const clock of this.#options.hall().clocks.keys()) {
      const said = this.#options.lastSaid(clock);
      if (said?.state === 'offline' && isOurs(said)) this.#awayFrom.set(clock, said.at);
    }
    return [...this.#awayFrom.keys()];
  }

  /** A touch of somebody was kept aside for its time. */
  undated(clock: string, person: string): void {
    const { hall, now, lastSaid } = this.#options;
    if (!hall().clocks.has(clock)) return;
    const people = (this.#people.get(clock) ?? new Set()).add(person);
    this.#people.set(clock, people);
    const said = lastSaid(clock);
    if (people.size < PEOPLE || said?.state === 'offline') return;
    const today = startOfDay(hall(), dayAt(hall(), now()));
    const before = today - 1;
    const from = Math.max(this.#datedAt.get(clock) ?? before, said?.at ?? before, before) + 1;
    this.#awayFrom.set(clock, from);
    this.#say(clock, 'offline', from);
  }

  /** A touch could be dated, and is kept. */
  dated(clock: string, at: Ms): void {
    if (this.#options.isDoubted()) return;
    this.#people.delete(clock);
    this.#datedAt.set(clock, Math.max(at, this.#datedAt.get(clock) ?? at));
    const from = this.#awayFrom.get(clock);
    // What it had stored from before is no word on how it is now.
    if (from === undefined || at <= from) return;
    this.#awayFrom.delete(clock);
    const said = this.#options.lastSaid(clock);
    if (said === null || said.at <= from || isOurs(said)) this.#say(clock, 'online', at);
  }

  /**
   * Touches of a time that has not come were kept: the clock had it from ours, while that was wrong, from `from` on. `kept` is called when
   * that is durable.
   */
  misdated(clock: string, from: Ms, kept: () => void): void {
    if (!this.#options.hall().clocks.has(clock)) return;
    this.#awayFrom.set(clock, from);
    this.#say(clock, 'offline', from, kept);
  }

  #say(clock: string, state: 'offline' | 'online', at: Ms, kept = (): void => {}): void {
    const id = `${OURS}${clock}-${state}-${at}`;
    this.#options.say({ fact: 'device', id, recordedAt: at, at, device: clock, state }, kept);
  }
}

const isOurs = ({ id }: DeviceFact): boolean => id.startsWith(OURS);
