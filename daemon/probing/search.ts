/** Which ONVIF cameras there are: asked on network cards, and address by address. No login is sent to anybody. */
import { networkInterfaces } from 'node:os';
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import {
  type FoundDevice,
  introduction,
  knock,
  searchAddresses,
  searchCard,
} from '../../adapters/cameras/onvif-discovery.ts';
import type { HttpSurroundings } from '../../adapters/device-http.ts';
import type { CameraEntry } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';

/** Cameras may take up to two seconds to answer, so as not to answer all at once. */
const CARD_WAIT_MS: Ms = 3_000;
const RANGE_WAIT_MS: Ms = 2_000;
/** For an address of a range that answered no question by UDP: most are nobody's. */
const KNOCK_MS: Ms = 1_500;
const KNOCKS_AT_ONCE = 32;
/** Knocking ends after so long, whatever is left. */
const KNOCKING_MS: Ms = 60_000;
const INTRODUCTION_MS: Ms = 3_000;
const INTRODUCTIONS_AT_ONCE = 8;

/** What is told while it goes on. */
export type SearchNews =
  | { readonly news: 'card'; readonly name: string; readonly address: string }
  | { readonly news: 'card-unusable'; readonly address: string; readonly because: string }
  | { readonly news: 'range'; readonly addresses: number }
  /** Time was up before these were asked. */
  | { readonly news: 'left'; readonly addresses: number };

export interface Card {
  readonly name: string;
  readonly address: string;
}

export interface SearchOptions {
  readonly cards: readonly Card[];
  /** To be asked one by one. */
  readonly addresses: readonly string[];
  readonly around: HttpSurroundings;
  readonly told: (news: SearchNews) => void;
}

/** In the order of their addresses. Null = no card could be asked on, and no addresses were named. */
export async function searchCameras({ cards, addresses, around, told }: SearchOptions): Promise<FoundDevice[] | null> {
  const found = new Map<string, FoundDevice>();
  const add = (devices: readonly FoundDevice[]): void => {
    for (const device of devices) if (!found.has(device.url)) found.set(device.url, device);
  };
  const asked = await searchCards(cards, add, told);
  if (addresses.length > 0) add(await searchRange(addresses, found, around, told));
  if (!asked && addresses.length === 0) return null;
  const devices = await introduced([...found.values()], around);
  return devices.sort((x, y) => sortKey(x.host).localeCompare(sortKey(y.host)));
}

/** By host, the ids of a configuration's cameras. */
export function hostsOf(cameras: readonly CameraEntry[]): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { id, source, witness } of cameras) {
    for (const text of [source, witness !== null && 'url' in witness ? witness.url : null]) {
      const address = text === null ? null : readAddress(text);
      if (address === null || 'because' in address || hosts.get(address.host)?.includes(id)) continue;
      hosts.set(address.host, [...(hosts.get(address.host) ?? []), id]);
    }
  }
  return hosts;
}

/** The cameras of a configuration that are at a device's address. */
export const idsOf = (
  { host, namedHost }: FoundDevice,
  hosts: ReadonlyMap<string, readonly string[]>,
): readonly string[] => hosts.get(host) ?? hosts.get(namedHost?.toLowerCase() ?? '') ?? [];

/** The cards with these addresses, or all that lead somewhere. */
export function cardsOf(wanted: readonly string[]): readonly Card[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ address, family, internal }) => (family === 'IPv4' ? [{ name, address, internal }] : [])),
  );
  if (wanted.length === 0) return all.filter(({ internal }) => !internal);
  return wanted.map((address) => all.find((card) => card.address === address) ?? { name: '?', address });
}

/** Whether any card could be asked on. */
async function searchCards(
  cards: readonly Card[],
  add: (devices: readonly FoundDevice[]) => void,
  told: SearchOptions['told'],
): Promise<boolean> {
  let asked = false;
  for (const { name, address } of cards) {
    told({ news: 'card', name, address });
    try {
      add(await searchCard(address, CARD_WAIT_MS));
      asked = true;
    } catch (error) {
      const because = (error as Error).message;
      told({ news: 'card-unusable', address, because });
    }
  }
  return asked;
}

async function searchRange(
  addresses: readonly string[],
  found: ReadonlyMap<string, FoundDevice>,
  around: HttpSurroundings,
  told: SearchOptions['told'],
): Promise<FoundDevice[]> {
  told({ news: 'range', addresses: addresses.length });
  const answered = await searchAddresses({ addresses, waitMs: RANGE_WAIT_MS });
  const heard = new Set([...answered, ...found.values()].map(({ host }) => host));
  const silent = addresses.filter((address) => !heard.has(address));
  const endsAt = around.clock.elapsed() + KNOCKING_MS;
  let left = 0;
  const knocked = await inTurns(silent, KNOCKS_AT_ONCE, async (host) => {
    if (around.clock.elapsed() < endsAt) return await knock(around, host, KNOCK_MS);
    left++;
    return null;
  });
  if (left > 0) told({ news: 'left', addresses: left });
  return [...answered, ...knocked.filter((device) => device !== null)];
}

/** What a search did not tell, where the camera tells it to anybody. */
async function introduced(devices: readonly FoundDevice[], around: HttpSurroundings): Promise<FoundDevice[]> {
  return await inTurns(devices, INTRODUCTIONS_AT_ONCE, async (device) => {
    if (device.maker !== null && device.model !== null) return device;
    const said = await introduction(around, device, INTRODUCTION_MS);
    return { ...device, maker: device.maker ?? said?.maker ?? null, model: device.model ?? said?.model ?? null };
  });
}

/** Does `work` on all, so many at a time; the answers in the order of the items. */
async function inTurns<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const place = next++;
      results[place] = await work(items[place] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

const sortKey = (host: string): string => host.replaceAll(/\d+/g, (digits) => digits.padStart(3, '0'));
