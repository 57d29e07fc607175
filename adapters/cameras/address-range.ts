/** Ranges of IPv4 addresses as people write them: 192.168.1.0/24. */

/** A /22: what a hall has at most, and what is asked within a minute. */
const MOST_ADDRESSES = 1024;

export interface RangeRefused {
  /** Why it is none, as the end of a sentence. */
  readonly because: 'is not a range of addresses' | 'has too many addresses';
}

/** Every address of the range in its order, without those of the network itself and of everybody in it. */
export function addressesOf(range: string): readonly string[] | RangeRefused {
  const [, a, b, c, d, length] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(range) ?? [];
  const parts = [a, b, c, d].map(Number);
  const bits = Number(length ?? 32);
  if (a === undefined || parts.some((part) => part > 255) || bits > 32)
    return { because: 'is not a range of addresses' };
  const size = 2 ** (32 - bits);
  if (size > MOST_ADDRESSES) return { because: 'has too many addresses' };
  const given = parts.reduce((sum, part) => sum * 256 + part, 0);
  const first = given - (given % size);
  const all = Array.from({ length: size }, (_, i) => textOf(first + i));
  return size > 2 ? all.slice(1, -1) : all;
}

const textOf = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
