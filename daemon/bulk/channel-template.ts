/** From the addresses of a recorder's channels to the one that stands for all of them. */
import { channelSource } from '../../config/recorders.ts';

export interface ChannelTemplate {
  /** With `{n}` where they differ. */
  readonly template: string;
  /** What stands there in each of them, in their order. */
  readonly channels: readonly number[];
}

/** Null where they differ in more than one number. At least two are needed to see where they do. */
export function templateOf(addresses: readonly string[]): ChannelTemplate | null {
  const [first = ''] = addresses;
  if (addresses.length < 2 || new Set(addresses).size < addresses.length) return null;
  const isShared = (same: (address: string) => boolean): boolean => addresses.every(same);
  const shortest = Math.min(...addresses.map(({ length }) => length));
  let before = 0;
  while (before < shortest && isShared((address) => address[before] === first[before])) before++;
  // `101` and `1101` share a `1` that belongs to the number.
  while (before > 0 && /\d/.test(first[before - 1] ?? '')) before--;
  let after = 0;
  while (after < shortest - before && isShared((address) => address.at(-1 - after) === first.at(-1 - after))) after++;
  // A number has to be left of each of them.
  while (after > 0 && addresses.some((address) => address.length - after <= before)) after--;
  const numbers = addresses.map((address) => address.slice(before, address.length - after));
  if (!numbers.every((number) => /^[1-9]\d{0,3}$/.test(number))) return null;
  const template = `${first.slice(0, before)}{n}${after === 0 ? '' : first.slice(-after)}`;
  const channels = numbers.map(Number);
  // A recorder with a port for each channel has no path in which they differ.
  const isMeant = channels.every((channel, i) => channelSource(template, channel) === addresses[i]);
  return isMeant ? { template, channels } : null;
}

/** `1-4,7` as numbers, in their order; null where it is not such a list, or of more than `most`. */
export function channelList(text: string, most: number): readonly number[] | null {
  const parts = text.split(/[,，、;；\s]+/).filter((part) => part !== '');
  const numbers = new Set<number>();
  for (const part of parts) {
    const [, from = '', to = from] = /^(\d{1,4})(?:[-–—~](\d{1,4}))?$/.exec(part) ?? [];
    if (from === '' || Number(from) < 1 || Number(to) > 4096 || Number(to) < Number(from)) return null;
    for (let number = Number(from); number <= Number(to) && numbers.size <= most; number++) numbers.add(number);
  }
  return numbers.size === 0 || numbers.size > most ? null : [...numbers].sort((a, b) => a - b);
}
