/** JSON messages that went wrong on the way: seeded, so that a failure can be seen again. */
import { Dice } from '../../daemon/demo/dice.ts';

const STRANGE: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1e308, 1.5, '', ' ', '0', '\u0000', '\ud800', '2026-02-30 08:00:00', '9'.repeat(70)],
  ...[[], {}, [[]], { ptr: '/' }, '__proto__', 'constructor', '徐敏', 'x'.repeat(5_000)],
];

/** Made of these: values replaced, keys lost, doubled or renamed, bytes flipped, cut off, or nested for ever. */
export function* garbled(originals: readonly unknown[], count: number, seed: number): Iterable<Buffer> {
  const dice = new Dice(seed);
  const roll = (): number => dice.next();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  const change = (value: unknown, depth = 0): unknown => {
    if (roll() < 0.08) return pick(STRANGE);
    if (typeof value !== 'object' || value === null || depth > 8) return value;
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown) =>
        roll() < 0.1 ? [] : [change(item, depth + 1), ...(roll() < 0.1 ? [item] : [])],
      );
    }
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (roll() < 0.06) return [];
        return [[roll() < 0.03 ? `${key}${pick(['x', '', ' ', '/', '~'])}` : key, change(inner, depth + 1)]];
      }),
    );
  };
  for (let i = 0; i < count; i++) {
    const kind = roll();
    const original = pick(originals);
    if (kind < 0.02) yield Buffer.from('['.repeat(1 + Math.floor(roll() * 3_000)));
    else if (kind < 0.7) yield Buffer.from(JSON.stringify(change(original)) ?? '');
    else {
      const bytes = Buffer.from(JSON.stringify(original));
      const flips = 1 + Math.floor(roll() * 4);
      for (let flip = 0; flip < flips; flip++) bytes[Math.floor(roll() * bytes.length)] = Math.floor(roll() * 256);
      yield kind < 0.85 ? bytes : bytes.subarray(0, Math.floor(roll() * bytes.length));
    }
  }
}
