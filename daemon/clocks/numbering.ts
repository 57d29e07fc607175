/** The numbers that a clock gives its touches: which of them have not come, and whether one clock gives them. */
import { DAY_LENGTH, MINUTE, type Ms } from '../../rules/time.ts';

export interface Numbers {
  readonly from: number;
  readonly to: number;
}

interface Missing extends Numbers {
  readonly noticedAt: Ms;
}

/** What is on its way may overtake: a gap is one when it has lasted so long. */
const LASTS_MS: Ms = MINUTE;
/** Older ones are forgotten: somebody has looked by then, or nobody will. */
const MOST = 20;

/** A number that falls so often within ten minutes comes from two devices, not from one that was reset. */
const FALLS_OF_TWO = 3;
const FALLS_MS: Ms = 10 * MINUTE;
/** So long after the last fall there are not two any more: shorter, every night and every lunch would end it. */
const ALONE_MS: Ms = DAY_LENGTH;

/** What has not come, of a clock that numbers its touches only, without gaps. */
export class Numbering {
  #newest: number | null = null;
  #missing: Missing[] = [];

  /** Takes the next number, and returns what is missing by now. */
  came(number: number, now: Ms): readonly Numbers[] {
    if (this.#newest !== null && number > this.#newest + 1)
      this.#missing.push({ from: this.#newest + 1, to: number - 1, noticedAt: now });
    this.#missing = this.#missing.flatMap((missing) => without(missing, number)).slice(-MOST);
    this.#newest = Math.max(this.#newest ?? number, number);
    return this.#missing.filter(({ noticedAt }) => now - noticedAt >= LASTS_MS);
  }

  /** It counts anew: what was missing before can be told from nothing. */
  restart(): void {
    this.#newest = null;
    this.#missing = [];
  }
}

/** When a clock's numbers fell, lately: as many as tell two devices from a reset. */
export class NumberFalls {
  #falls: Ms[] = [];

  /** A number was not greater than that of an earlier touch; whether two devices give them. */
  fell(now: Ms): boolean {
    this.#falls = [...this.#falls.filter((fell) => fell > now - FALLS_MS), now].slice(-FALLS_OF_TWO);
    return this.#falls.length === FALLS_OF_TWO;
  }

  /** Whether the last one is so long ago that there is one device again. */
  isOver(now: Ms): boolean {
    const last = this.#falls.at(-1);
    return last !== undefined && now - last >= ALONE_MS;
  }
}

/** What of a gap is left when one of its numbers has come. */
function without({ from, to, noticedAt }: Missing, number: number): Missing[] {
  if (number < from || number > to) return [{ from, to, noticedAt }];
  return [
    { from, to: number - 1, noticedAt },
    { from: number + 1, to, noticedAt },
  ].filter((left) => left.from <= left.to);
}
