/** The numbers that a clock gives its touches: which of them have not come. For clocks that number touches only, without gaps. */
import { MINUTE, type Ms } from '../../rules/time.ts';

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

/** What of a gap is left when one of its numbers has come. */
function without({ from, to, noticedAt }: Missing, number: number): Missing[] {
  if (number < from || number > to) return [{ from, to, noticedAt }];
  return [
    { from, to: number - 1, noticedAt },
    { from: number + 1, to, noticedAt },
  ].filter((left) => left.from <= left.to);
}
