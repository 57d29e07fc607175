/** Seeded chance: the same seed throws the same dice on every machine. */
export interface Dice {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** Each element with this probability, in order. */
  some<T>(list: readonly T[], probability: number): T[];
  shuffled<T>(list: readonly T[]): T[];
}

/** Mulberry32, a small generator with 32 bits of state. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[between(0, list.length - 1)] as T;
  };
  return {
    chance: (probability) => next() < probability,
    between,
    pick,
    some: (list, probability) => list.filter(() => next() < probability),
    shuffled: (list) => {
      const rest = [...list];
      return list.map(() => {
        const [taken] = rest.splice(between(0, rest.length - 1), 1);
        return taken as (typeof list)[number];
      });
    },
  };
}
