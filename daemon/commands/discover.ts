import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { addressesOf } from '../../adapters/cameras/address-range.ts';
import type { FoundDevice } from '../../adapters/cameras/onvif-discovery.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { HttpSurroundings } from '../../adapters/device-http.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { systemAfter, systemClock, systemElapsed } from '../clock.ts';
import { cardsOf, hostsOf, idsOf, type SearchNews, searchCameras } from '../probing/search.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadWithoutSecrets } from './load.ts';

interface Options {
  readonly card: readonly string[];
  readonly range: readonly string[];
  readonly config?: string;
  readonly json?: boolean;
}

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
  const clock: DeviceClock = { now: systemClock().now, elapsed: systemElapsed, after: systemAfter };
  const around: HttpSurroundings = { clock, gate: new LoginGate(clock) };
  const cards = cardsOf(options.card);
  const devices = await searchCameras({ cards, addresses, around, told: (news) => io.say(newsText(news, io)) });
  if (devices === null) {
    const said = tell(
      io,
      '没有可用的网卡；可用 --range 指定地址',
      'no network card can be used; name addresses with --range',
    );
    throw new Exit(EXIT.unavailable, said);
  }
  const list = devices.map((device): Listed => ({ ...device, configured: idsOf(device, configured) }));
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
  if (config === undefined && !existsSync('hall.yaml')) return new Map();
  return hostsOf((await loadWithoutSecrets(config ?? 'hall.yaml', io)).config.cameras);
}

function newsText(news: SearchNews, io: Io): string {
  switch (news.news) {
    case 'card':
      return tell(
        io,
        `在网卡 ${news.name}（${news.address}）上询问…`,
        `asking on network card ${news.name} (${news.address})…`,
      );
    case 'card-unusable':
      return tell(
        io,
        `网卡 ${news.address} 不能用：${news.because}`,
        `the network card ${news.address} cannot be used: ${news.because}`,
      );
    case 'range':
      return tell(io, `逐个询问 ${news.addresses} 个地址…`, `asking ${news.addresses} addresses one by one…`);
    case 'left':
      return tell(
        io,
        `时间到，还有 ${news.addresses} 个地址没有问；请缩小范围`,
        `time is up, ${news.addresses} addresses were not asked; name a smaller range`,
      );
  }
}

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
