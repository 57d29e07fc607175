/**
 * Silences: what nobody is to be told of for a while, because somebody with a name has said so and why. What is silenced is still a
 * case and a figure. What goes on when a silence ends is told then; what ended within one never is. Whoever was told of something
 * before hears of how it went on, and of its retraction, as ever.
 */
import type { Config } from '../../config/schema.ts';
import type { OtherFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Holders } from '../../rules/plan.ts';
import { DAY_LENGTH, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { FactStore } from '../ledger/facts.ts';
import { departmentOf } from './audiences.ts';

/** What is silenced: whatever fits all that is not null, and of each at least one. */
export interface Scope {
  readonly windows: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly rules: readonly string[] | null;
  /** Cameras and other witnesses: the windows that they see. Clocks: the people who punch there, and their windows. */
  readonly devices: readonly string[] | null;
}

export interface Silence extends Scope {
  readonly id: string;
  readonly from: Ms;
  /** As it was made. */
  readonly to: Ms;
  readonly reason: string;
  /** Null of what was imported without saying. */
  readonly by: string | null;
  readonly madeAt: Ms;
  /** When somebody ended it early, and who; null = nobody has. */
  readonly ended: { readonly at: Ms; readonly by: string | null } | null;
}

/** No silence is longer than this, whatever the configuration allows: how far back has to be looked. */
export const LONGEST_SILENCE_MS: Ms = 31 * DAY_LENGTH;

/** Those in force at an instant or later, as people's facts have them; `facts` in the order in which they were recorded. */
export function silencesOf(facts: readonly OtherFact[]): Silence[] {
  const found = new Map<string, Silence>();
  for (const fact of facts) {
    if (fact.fact === 'silence') found.set(fact.id, silenceOf(fact));
    const ended = found.get(String(fact['silence']));
    if (fact.fact !== 'silence-end' || ended === undefined || ended.ended !== null) continue;
    found.set(ended.id, { ...ended, ended: { at: fact.at, by: fact.by ?? null } });
  }
  return [...found.values()];
}

function silenceOf(fact: OtherFact): Silence {
  const from = fact['from'] as Ms;
  const list = (key: keyof Scope): readonly string[] | null => (fact[key] as readonly string[] | undefined) ?? null;
  return {
    id: fact.id,
    from,
    // One that was imported may claim more.
    to: Math.min(fact['to'] as Ms, from + LONGEST_SILENCE_MS),
    reason: String(fact['reason']),
    by: fact.by ?? null,
    madeAt: fact.at,
    ended: null,
    windows: list('windows'),
    departments: list('departments'),
    rules: list('rules'),
    devices: list('devices'),
  };
}

/** When it ends, or ended. */
export const endOf = ({ to, ended }: Silence): Ms => (ended === null ? to : Math.min(to, ended.at));

export const isInForce = (silence: Silence, at: Ms): boolean => silence.from <= at && at < endOf(silence);

export interface SilencesOptions {
  readonly facts: FactStore;
  readonly config: Pick<Config, 'cameras'>;
  readonly holders: Holders;
}

export class Silences {
  readonly #facts: FactStore;
  readonly #config: SilencesOptions['config'];
  readonly #holders: Holders;

  constructor({ facts, config, holders }: SilencesOptions) {
    this.#facts = facts;
    this.#config = config;
    this.#holders = holders;
  }

  /** All that have been in force since an instant, or will be, the earliest first. */
  since(at: Ms): Silence[] {
    const silences = silencesOf(this.#facts.silencesSince(at - LONGEST_SILENCE_MS));
    return silences.filter((silence) => endOf(silence) > at).sort((x, y) => x.from - y.from || (x.id < y.id ? -1 : 1));
  }

  /**
   * Until when those who know nothing of a verdict are not to be told of it: null = they may be, infinity = never, since what it
   * speaks of was over before a silence was.
   */
  until(hall: Hall, verdict: Verdict, now: Ms): Ms | null {
    const { to } = verdict;
    const fitting = this.since(Math.min(to ?? now, now)).filter((silence) => this.#fits(silence, hall, verdict));
    if (to !== null && fitting.some((silence) => isInForce(silence, to))) return Number.POSITIVE_INFINITY;
    const inForce = fitting.filter((silence) => isInForce(silence, now));
    return inForce.length === 0 ? null : Math.max(...inForce.map(endOf));
  }

  #fits({ windows, departments, rules, devices }: Scope, hall: Hall, verdict: Verdict): boolean {
    const { window, rule } = verdict;
    const has = (list: readonly string[] | null, one: string | null): boolean =>
      list === null || (one !== null && list.includes(one));
    return (
      has(windows, window) &&
      has(departments, departmentOf(hall, verdict)) &&
      has(rules, rule) &&
      (devices === null || devices.some((device) => this.#bears(device, hall, verdict)))
    );
  }

  /** Whether a verdict can rest on what a device says. */
  #bears(device: string, hall: Hall, { window, employee, from }: Verdict): boolean {
    if (this.#config.cameras.some(({ id, seats }) => id === device && seats.some((seat) => seat.window === window)))
      return true;
    const post = window === null ? undefined : hall.windows.get(window);
    const own = employee === null ? [] : [employee];
    const people = post === undefined ? own : (['A', 'B'] as const).flatMap((role) => this.#holders(post, role, from));
    return people.some((person) => hall.employees.get(person)?.clocks.includes(device) ?? false);
  }
}
