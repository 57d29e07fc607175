/** An exact share: leave days are compared with whole numbers, and one day exactly must never look like more. */
export interface Fraction {
  over: bigint;
  /** Never 0. */
  under: bigint;
}

export const NOTHING: Fraction = { over: 0n, under: 1n };

export function share(part: number, whole: number): Fraction {
  return { over: BigInt(part), under: BigInt(whole) };
}

export function sum(fractions: readonly Fraction[]): Fraction {
  return fractions.reduce(
    (one, other) => ({ over: one.over * other.under + other.over * one.under, under: one.under * other.under }),
    NOTHING,
  );
}

export function isMoreThan(fraction: Fraction, limit: number): boolean {
  return fraction.over > BigInt(limit) * fraction.under;
}
