/** What one source says of windows, made into presence facts: only changes, in the order of time, and everything anew on each day. */
import type { PresenceFact, PresenceState } from '../../rules/facts.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { BEGINNING, type Day, type Ms } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';

export interface TestimonyOptions {
  readonly hall: Hall;
  /** As presence facts name it. */
  readonly source: string;
  readonly windows: readonly string[];
  readonly offer: (fact: PresenceFact) => void;
}

/** What was said last of a window. */
interface Said {
  /** null = to be said although nothing has changed. */
  state: PresenceState | null;
  at: Ms;
}

export class Testimony {
  readonly #options: TestimonyOptions;
  readonly #said: Map<string, Said>;
  #saidOn: Day | null = null;

  constructor(options: TestimonyOptions) {
    this.#options = options;
    this.#said = new Map(options.windows.map((window) => [window, { state: null, at: Number.NEGATIVE_INFINITY }]));
  }

  /** What a window is from `at` on. The answer: whether that is news. */
  say(window: string, state: PresenceState, at: Ms): boolean {
    const { hall, source, offer } = this.#options;
    const said = this.#said.get(window);
    if (said === undefined || said.state === state) return false;
    // Later than what was said before, whatever its clock and ours say: of two facts of one instant neither is the last word.
    said.at = Math.max(at, said.at + 1);
    said.state = state;
    const id = factId('presence', said.at, hall.id, window, source, state);
    offer({ fact: 'presence', id, recordedAt: BEGINNING, at: said.at, window, state, source });
    return true;
  }

  /** From `at` on nothing is known of any of its windows. */
  sayNothingKnown(at: Ms): void {
    for (const window of this.#said.keys()) this.say(window, 'unknown', at);
  }

  /** A day knows only what was said on it: on a new one, and at the start, what holds is said although nothing has changed. */
  sayAgain(now: Ms): void {
    const day = dayAt(this.#options.hall, now);
    if (this.#saidOn === day) return;
    this.#saidOn = day;
    for (const [window, said] of this.#said) {
      const state = said.state ?? 'unknown';
      said.state = null;
      this.say(window, state, now);
    }
  }
}
