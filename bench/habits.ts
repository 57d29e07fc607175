/** What people do with a session, and what the rules have to say of it: the year is made of these, so it is known what follows. */

import { MINUTE, type Ms, SECOND } from '../rules/time.ts';
import type { PendingReason } from '../rules/verdict.ts';
import type { Dice } from '../test/oracle/dice.ts';

/** From when to when, in whole seconds counted from a session's start or end, a touch lies; null = there is none. */
type Range = readonly [earliest: Ms, latest: Ms] | null;

export interface Habit {
  readonly arrives: Range;
  readonly leaves: Range;
  /** The one rule that this breaks. */
  readonly rule: string | null;
  /** Whether the window of whoever does this is left alone for `coverGrace` or longer. */
  readonly uncovers: boolean;
}

const IN_TIME: Range = [-20 * MINUTE, 0];
const AFTERWARDS: Range = [0, 12 * MINUTE];
const habit = (arrives: Range, leaves: Range, rule: string | null, uncovers = false): Habit => ({
  arrives,
  leaves,
  rule,
  uncovers,
});

export const NORMAL = habit(IN_TIME, AFTERWARDS, null);
/** To the second within what is allowed. */
export const GRACE = habit([0, 5 * MINUTE], [-5 * MINUTE, 0], null);
export const AWAY = habit(null, null, 'absent', true);
export const FORGETS_IN = habit(null, AFTERWARDS, 'missing-punch');

/** What everybody does now and then. */
export const HABITS: readonly Habit[] = [
  habit([5 * MINUTE + SECOND, 10 * MINUTE - SECOND], AFTERWARDS, 'late'),
  habit([10 * MINUTE, 30 * MINUTE], AFTERWARDS, 'late', true),
  habit([30 * MINUTE + SECOND, 90 * MINUTE], AFTERWARDS, 'absent', true),
  habit(IN_TIME, [-10 * MINUTE + SECOND, -5 * MINUTE - SECOND], 'early-leave'),
  habit(IN_TIME, [-30 * MINUTE, -10 * MINUTE], 'early-leave', true),
  habit(IN_TIME, null, 'missing-punch'),
];

/** What was planted: how often each rule has to speak, and in which state. */
export class Planted {
  readonly #verdicts = new Map<string, number>();
  #isClockSilent = false;

  /** On days on which a clock is down and proves nothing, whatever a punch could excuse is pending. */
  beginDay(isClockSilent: boolean): void {
    this.#isClockSilent = isClockSilent;
  }

  /** `evident`: no punch could change it. */
  plant(rule: string, { because = null, evident = false }: PlantOptions = {}): void {
    const reason = this.#isClockSilent && !evident ? 'uncovered' : because;
    const key = verdictSort({ rule, state: reason === null ? 'closed' : 'pending', because: reason });
    this.#verdicts.set(key, (this.#verdicts.get(key) ?? 0) + 1);
  }

  get verdicts(): ReadonlyMap<string, number> {
    return this.#verdicts;
  }
}

interface PlantOptions {
  readonly because?: PendingReason | null;
  readonly evident?: boolean;
}

/** Verdicts are counted by rule, state and reason. */
export function verdictSort(verdict: { rule: string; state: string; because?: string | null }): string {
  return [verdict.rule, verdict.state, verdict.because].filter((part) => part != null).join(' ');
}

/** A whole second of a range. */
export function secondIn(dice: Dice, [from, to]: readonly [Ms, Ms]): Ms {
  return dice.between(from / SECOND, to / SECOND) * SECOND;
}
