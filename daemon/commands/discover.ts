import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Command } from 'commander';
import { addressesOf } from '../../adapters/cameras/address-range.ts';
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import type { CameraClock } from '../../adapters/cameras/camera-clock.ts';
import type { HttpSurroundings } from '../../adapters/cameras/camera-http.ts';
import { LoginGate } from '../../adapters/cameras/login-gate.ts';
import {
  type FoundDevice,
  introduction,
  knock,
  searchAddresses,
  searchCard,
} from '../../adapters/cameras/onvif-discovery.ts';
import type { Ms } from '../../rules/time.ts';
import { systemAfter, systemClock, systemElapsed } from '../clock.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadWithoutSecrets } from './load.ts';

interface Options {
  readonly card: readonly string[];
  readonly range: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

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

/** `discover`: which ONVIF cameras there are. No login is sent to anybody. */
export function discoverCommand(program: Command, io: Io): void {
  program
    .command('discover')
    .option(
      '--card <address>',
      tell(
        io,
        '只在这块网卡上找（写它的 IPv4 地址；可写多次），默认所有网卡',
        'only on the network card with this IPv4 address (may be repeated); all by default',
      ),
      (text: string, before: readonly string[] = []) => [...before, text],
      [],
    )
    .option(
      '--range <cidr>',
      tell(
        io,
        '再逐个询问一段地址，如 192.168.1.0/24（跨网段时用；可写多次）',
        'ask a range of addresses one by one as well, such as 192.168.1.0/24 (beyond a router; may be repeated)',
      ),
      (text: string, before: readonly string[] = []) => [...before, text],
      [],
    )
    .option(
      '--config <file>',
      tell(io, '配置文件，用来标出已配置的', 'the configuration, to tell which are in it already'),
    )
    .option('--json', tell(io, '以 JSON 输出', 'as JSON'))
    .description(tell(io, '查找局域网里的 ONVIF 摄像头', 'find the ONVIF cameras of the network'))
    .action((options: Options) => discover(options, io));
}

/** What is printed of a camera; the keys of `--json`. */
interface Listed extends FoundDevice {
  /** The cameras of hall.yaml at this address. */
  readonly configured: readonly string[];
}

async function discover(options: Options, io: Io): Promise<void> {
  const addresses = [...new Set(options.range.flatMap((range) => rangeOf(range, io)))];
  const configured = await configuredHosts(options, io);
  const clock: CameraClock = { now: systemClock().now, elapsed: systemElapsed, after: systemAfter };
  const around: HttpSurroundings = { clock, gate: new LoginGate(clock) };
  const found = new Map<string, FoundDevice>();
  const add = (devices: readonly FoundDevice[]): void => {
    for (const device of devices) if (!found.has(device.url)) found.set(device.url, device);
  };
  const asked = await searchCards(cardsOf(options.card), add, io);
  if (addresses.length > 0) add(await searchRange(addresses, found, around, io));
  if (!asked && addresses.length === 0) {
    const said = tell(
      io,
      '没有可用的网卡；可用 --range 指定地址',
      'no network card can be used; name addresses with --range',
    );
    throw new Exit(EXIT.unavailable, said);
  }
  const listed = await introduced([...found.values()], around);
  const list = listed
    .map((device): Listed => ({ ...device, configured: idsOf(device, configured) }))
    .sort((x, y) => sortKey(x.host).localeCompare(sortKey(y.host)));
  if (options.json === true) io.out(`${JSON.stringify(list)}\n`);
  else for (const device of list) io.out(`${lineOf(device, io)}\n`);
  if (list.length === 0) throw new Exit(EXIT.no, nothingFound(io));
  const isNew = list.filter(({ configured: ids }) => ids.length === 0).length;
  io.say(
    tell(
      io,
      `找到 ${list.length} 台，其中 ${isNew} 台未配置。下一步：zaigang probe onvif://用户名:密码@地址`,
      `${list.length} found, ${isNew} of them not configured. Next: zaigang probe onvif://USER:PASSWORD@ADDRESS`,
    ),
  );
}

function rangeOf(text: string, io: Io): readonly string[] {
  const addresses = addressesOf(text);
  if (!('because' in addresses)) return addresses;
  const because =
    addresses.because === 'has too many addresses'
      ? tell(io, '地址太多，最多一千个（/22）', 'has too many addresses; at most a thousand (/22)')
      : tell(io, '应为 192.168.1.0/24 这样的地址段', 'expected a range such as 192.168.1.0/24');
  throw new Exit(EXIT.usage, `--range "${text}"${tell(io, '：', ': ')}${because}`);
}

/** By host, the ids of the cameras of hall.yaml; without `--config` a hall.yaml that is there is looked into. */
async function configuredHosts({ config }: Options, io: Io): Promise<ReadonlyMap<string, readonly string[]>> {
  const hosts = new Map<string, string[]>();
  if (config === undefined && !existsSync('hall.yaml')) return hosts;
  const loaded = await loadWithoutSecrets(config ?? 'hall.yaml', io);
  for (const { id, source, witness } of loaded.config.cameras) {
    for (const text of [source, witness !== null && 'url' in witness ? witness.url : null]) {
      const address = text === null ? null : readAddress(text);
      if (address === null || 'because' in address || hosts.get(address.host)?.includes(id)) continue;
      hosts.set(address.host, [...(hosts.get(address.host) ?? []), id]);
    }
  }
  return hosts;
}

const idsOf = ({ host, namedHost }: FoundDevice, hosts: ReadonlyMap<string, readonly string[]>): readonly string[] =>
  hosts.get(host) ?? hosts.get(namedHost?.toLowerCase() ?? '') ?? [];

interface Card {
  readonly name: string;
  readonly address: string;
}

/** Those that were named, or all that lead somewhere. */
function cardsOf(wanted: readonly string[]): readonly Card[] {
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
  io: Io,
): Promise<boolean> {
  let asked = false;
  for (const { name, address } of cards) {
    io.say(tell(io, `在网卡 ${name}（${address}）上询问…`, `asking on network card ${name} (${address})…`));
    try {
      add(await searchCard(address, CARD_WAIT_MS));
      asked = true;
    } catch (error) {
      const because = (error as Error).message;
      io.say(tell(io, `网卡 ${address} 不能用：${because}`, `the network card ${address} cannot be used: ${because}`));
    }
  }
  return asked;
}

async function searchRange(
  addresses: readonly string[],
  found: ReadonlyMap<string, FoundDevice>,
  around: HttpSurroundings,
  io: Io,
): Promise<FoundDevice[]> {
  io.say(tell(io, `逐个询问 ${addresses.length} 个地址…`, `asking ${addresses.length} addresses one by one…`));
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
  if (left > 0)
    io.say(
      tell(
        io,
        `时间到，还有 ${left} 个地址没有问；请缩小范围`,
        `time is up, ${left} addresses were not asked; name a smaller range`,
      ),
    );
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

function lineOf(device: Listed, io: Io): string {
  const { host, url, name, maker, model, location, namedHost, configured } = device;
  const { port } = new URL(url);
  const who = [maker, model, name === maker || name === model ? null : name].filter((text) => text !== null);
  const place = location === null ? [] : [location];
  const odd = namedHost === null ? [] : [tell(io, `自称 ${namedHost}`, `calls itself ${namedHost}`)];
  const state =
    configured.length === 0
      ? tell(io, '未配置', 'not configured')
      : tell(io, `已配置：${configured.join('、')}`, `configured as ${configured.join(', ')}`);
  const known = who.length === 0 ? [tell(io, '（不肯说型号）', '(does not say what it is)')] : who;
  return [`${host}${port === '' ? '' : `:${port}`}`, known.join(' '), ...place, ...odd, state].join('  ');
}

function nothingFound(io: Io): string {
  return tell(
    io,
    '没有找到 ONVIF 摄像头。请检查：摄像头里 ONVIF（有的叫“集成协议”）是否打开；是否在同一网段，不在则用 --range 192.168.1.0/24；本机防火墙是否放行 UDP 3702。',
    'No ONVIF camera was found. Is ONVIF turned on in the camera (some call it "integration protocol")? Is it in the same network, or else try --range 192.168.1.0/24? Does the firewall here let UDP 3702 through?',
  );
}
