/** What the sentences of an explanation are made with, in every language: times, names, and what is looked up again and again. */
import type { Explanation, UsedFact } from '../../rules/explanation.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import type { Thresholds } from '../../rules/thresholds.ts';
import { formatInstant, HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { SOMEBODY_ELSE } from './reading.ts';

/** The parts of an explanation, in the order in which they are read. */
export const SECTIONS = [
  'conclusion',
  'regulation',
  'plan',
  'punches',
  'seat',
  'leave',
  'devices',
  'parameters',
  'arithmetic',
  'aside',
] as const;

export type Section = (typeof SECTIONS)[number];

/** What a language has to say. A section without lines is left out. */
export interface Phrases {
  title(id: string): string;
  /** `number` from 1. */
  heading(number: number, section: Section): string;
  readonly sections: Readonly<Record<Section, (e: Explanation, t: Terms) => readonly string[]>>;
  /** That what concerns others is not in it. */
  readonly leftOut: string;
  withdrawn(withdrawal: WithdrawnTerms): readonly string[];
  unknown(id: string, near: readonly string[]): readonly string[];
}

/** A verdict that holds no longer, ready to be said. */
export interface WithdrawnTerms {
  readonly id: string;
  readonly rule: string;
  readonly at: string;
  /** The facts because of which it was withdrawn; without any, time passed, or a new release judges otherwise. */
  readonly because: readonly Fact[] | 'deadline' | 'upgrade';
  /** Verdicts of the same subject and date that hold. */
  readonly near: readonly string[];
  readonly terms: Terms;
}

/** The names of the parts of a length of time, longest first: hours, minutes, seconds, milliseconds. */
export interface LengthUnits {
  readonly h: string;
  readonly min: string;
  /** Minutes where nothing follows them. */
  readonly lastMin: string;
  readonly s: string;
  readonly ms: string;
}

export interface TermsOptions {
  readonly hall: Hall;
  /** The date that times are of where none is said. */
  readonly date: string;
  readonly units: LengthUnits;
  /** Between the two ends of a stretch of time. */
  readonly dash: string;
  /** A name with the id behind it. */
  readonly named: (name: string, id: string) => string;
  /** What whoever may not be named is called. */
  readonly somebodyElse: string;
}

export class Terms {
  readonly hall: Hall;
  readonly #options: TermsOptions;

  constructor(options: TermsOptions) {
    this.hall = options.hall;
    this.#options = options;
  }

  /** `09:07:30`, with the date where it is another, and milliseconds where there are any. */
  time(at: Ms): string {
    const text = this.dateTime(at);
    return text.startsWith(`${this.#options.date} `) ? text.slice(11) : text;
  }

  dateTime(at: Ms): string {
    return formatInstant(this.hall.zone, at)
      .replace('T', ' ')
      .replace(/(?:Z|[+-]\d{2}:\d{2})$/, '');
  }

  span({ from, to }: Span): string {
    return `${this.time(from)}${this.#options.dash}${this.time(to)}`;
  }

  length(length: Ms): string {
    const { h, min, lastMin, s, ms } = this.#options.units;
    const [hours, minutes] = [Math.floor(length / HOUR), Math.floor(length / MINUTE) % 60];
    const [seconds, millis] = [Math.floor(length / SECOND) % 60, length % SECOND];
    const parts: string[] = [];
    if (hours > 0) parts.push(`${hours} ${h}`);
    if (minutes > 0) parts.push(`${minutes} ${seconds + millis > 0 ? min : lastMin}`);
    if (seconds > 0 || length === 0) parts.push(`${seconds} ${s}`);
    if (millis > 0) parts.push(`${millis} ${ms}`);
    return parts.join(' ');
  }

  person(id: string): string {
    if (id === SOMEBODY_ELSE) return this.#options.somebodyElse;
    return this.#named(this.hall.employees.get(id)?.name, id);
  }

  window(id: string): string {
    return this.#named(this.hall.windows.get(id)?.name, id);
  }

  #named(name: string | undefined, id: string): string {
    return name === undefined || name === id ? id : this.#options.named(name, id);
  }
}

/** A threshold that is a length of time, as the verdict was judged by it. */
export function lengthOf({ parameters }: Explanation, name: keyof Thresholds): Ms {
  const parameter = parameters.find((one) => one.name === name);
  if (parameter?.unit !== 'ms') throw new Error(`${name} is no length of time that was used`);
  return parameter.value;
}

/** The first twelve digits tell configurations apart; the whole hash is in the structure. */
export function shortHash(hash: string): string {
  return hash.length > 20 ? `${hash.slice(0, 19)}…` : hash;
}

export function usedIn<R extends UsedFact['role']>(e: Explanation, ...roles: readonly R[]): UsedFact[] {
  return e.used.filter(({ role }) => (roles as readonly string[]).includes(role));
}

/** When a fact speaks of an instant: that. */
export function atOf(fact: Fact): Ms | null {
  return 'at' in fact && typeof fact.at === 'number' ? fact.at : null;
}

/** A number of days to four places, and whether that is all of it. */
export function daysOf(dates: readonly { readonly coveredMs: Ms; readonly ofMs: Ms }[]): {
  text: string;
  exact: boolean;
} {
  const sum = dates.reduce((total, { coveredMs, ofMs }) => total + coveredMs / ofMs, 0);
  const rounded = Math.round(sum * 10_000) / 10_000;
  return { text: `${rounded}`, exact: Math.abs(sum - rounded) < 1e-9 };
}
