/** What one device reported of itself, and the outages that follow from it. */
import { drop, insert } from './fact-order.ts';
import type { DeviceFact } from './facts.ts';
import type { Span } from './intervals.ts';
import { MINUTE, type Ms } from './time.ts';

/** A stretch in which a device was offline; `to` null = it still is. */
export interface Outage {
  readonly from: Ms;
  readonly to: Ms | null;
}

export class DeviceLog {
  readonly #facts: DeviceFact[] = [];
  /** Of all that is known, in order; null = not worked out since something was entered. */
  #outages: readonly Outage[] | null = null;
  #losses: readonly Span[] | null = null;

  add(fact: DeviceFact): void {
    insert(this.#facts, fact);
    this.#forget();
  }

  remove(fact: DeviceFact): void {
    drop(this.#facts, fact);
    this.#forget();
  }

  #forget(): void {
    this.#outages = null;
    this.#losses = null;
  }

  /** In `(at, id)` order. */
  get facts(): readonly DeviceFact[] {
    return this.#facts;
  }

  /** When something was reported for the first time after an instant. */
  nextAfter(at: Ms): Ms | null {
    const last = this.#facts.at(-1);
    if (last === undefined || last.at <= at) return null;
    return this.#facts.find((fact) => fact.at > at)?.at ?? null;
  }

  /** The outages that had begun by an instant; the last may have ended after it. */
  outagesBy(at: Ms): readonly Outage[] {
    this.#outages ??= outagesIn(this.#facts);
    const last = this.#outages.at(-1);
    return last === undefined || last.from <= at ? this.#outages : this.#outages.filter(({ from }) => from <= at);
  }

  /** Stretches of which what had been taken in was lost. */
  get losses(): readonly Span[] {
    this.#losses ??= this.#facts.map(lossOf).filter((loss) => loss !== null);
    return this.#losses;
  }
}

/** What a clock recorded just before may still have been on its way when the ledger was saved. */
const ON_THE_WAY_MS: Ms = 10 * MINUTE;

/** Of which stretch a fact says that what had been taken in was lost; null = of none. */
function lossOf({ at, lostUntil }: DeviceFact): Span | null {
  return lostUntil === undefined || lostUntil <= at ? null : { from: at - ON_THE_WAY_MS, to: lostUntil };
}

function outagesIn(facts: readonly DeviceFact[]): Outage[] {
  const outages: { from: Ms; to: Ms | null }[] = [];
  for (const fact of facts) {
    const last = outages.at(-1);
    const down = last !== undefined && last.to === null;
    if (fact.state === 'offline' && !down) outages.push({ from: fact.at, to: null });
    if (fact.state === 'online' && down) last.to = fact.at;
  }
  return outages;
}

/** The place of the first outage that ends after an instant, or lasts. */
export function firstEndingAfter(outages: readonly Outage[], at: Ms): number {
  let low = 0;
  for (let high = outages.length; low < high; ) {
    const middle = (low + high) >> 1;
    const { to } = outages[middle] as Outage;
    if (to === null || to > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
